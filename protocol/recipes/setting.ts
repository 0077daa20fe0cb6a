// What a scenario says of a recipe: which one, where, how often, and, to see it fail, the mistake
// that its program makes.

export const RECIPE_KINDS = [
  ...(['lock', 'rwlock', 'leader', 'barrier', 'double-barrier', 'queue'] as const),
  ...(['priority-queue', 'counter', 'config', 'membership', 'registry'] as const),
  'two-phase-commit',
] as const;
export type RecipeKind = (typeof RECIPE_KINDS)[number];

/** Common wrong versions; each belongs to the recipes that name it in the registry. */
export const MISTAKES = [
  /** Asks again for a znode whose name the server picks, and cannot tell its own. */
  'no-guid',
  /** Believes in what went with its session. */
  'trusts-the-past',
  /** Everybody watches the parent. */
  'herd',
  /** Sorts by whole names and not by the server's numbers. */
  'sorts-by-name',
  /** A reader waits only for a writer that is first. */
  'overtakes',
  /** Any event is taken for the one that was waited for. */
  'trusts-the-event',
  /** One znode for all rounds, with what the last one left. */
  'leftover-ready',
  /** A lost answer is taken for a yes. */
  'trusts-in-doubt',
  /** Works through a list that was read long ago. */
  'stale-list',
  /** Writes without the version that was read. */
  'no-version',
  /** Reads first, and sets the watch afterwards. */
  'watches-late',
  /** Does not watch again what it was told of. */
  'watches-once',
  /** Always takes the first. */
  'no-balance',
  /** Silence is consent. */
  'no-check',
] as const;
export type Mistake = (typeof MISTAKES)[number];

export interface RecipeSetting {
  readonly kind: RecipeKind;
  /** The znode that it lives below. */
  readonly path: string;
  /** How often each client goes through it. */
  readonly rounds: number;
  /** How long something is held or worked on. */
  readonly holdMs: number;
  /** Participants of a double barrier or of a transaction. */
  readonly size: number;
  readonly mistake: Mistake | undefined;
}

export const RECIPE_DEFAULTS = { rounds: 5, holdMs: 50, size: 3 } as const;
