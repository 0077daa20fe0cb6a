// What a scenario says of a recipe: which one, where, how often, and, to see it fail, the mistake
// that its program makes.

export const RECIPE_KINDS = ['lock', 'rwlock', 'leader'] as const;
export type RecipeKind = (typeof RECIPE_KINDS)[number];

/** Common wrong versions; each belongs to the recipes that name it in the registry. */
export const MISTAKES = ['no-guid', 'trusts-the-past', 'herd'] as const;
export type Mistake = (typeof MISTAKES)[number];

export interface RecipeSetting {
  readonly kind: RecipeKind;
  /** The znode that it lives below. */
  readonly path: string;
  /** How often each client goes through it. */
  readonly rounds: number;
  /** How long something is held or worked on. */
  readonly holdMs: number;
  /** Participants of a barrier, slots of a registry. */
  readonly size: number;
  readonly mistake: Mistake | undefined;
}

export const RECIPE_DEFAULTS = { rounds: 5, holdMs: 50, size: 3 } as const;
