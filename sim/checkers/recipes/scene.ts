// What checkers of recipes have in common: they judge runs of their own recipes only, and fold over
// two things, the points that programs say they have reached and the chosen writes below the
// recipe's znode. What a program has been told was chosen before, so a point is held against the
// history as it stands.
import type { RecipeKind, RecipeSetting } from '../../../protocol/recipes/setting.js';
import type { RecordKind, TraceRecord } from '../../trace/record.js';
import type { About, Checker } from '../checker.js';
import type { Chosen, Oracle } from '../oracle/oracle.js';
import { writesOf } from '../oracle/service-model.js';
import { Findings } from '../verdict.js';
import { recipeBoundUs } from './bound.js';

/** A change of one znode at or below that of the recipe. */
export interface Deed {
  readonly kind: 'created' | 'deleted' | 'written';
  /** Below the recipe's: `items/p0-0000000003`; '' for itself. */
  readonly name: string;
  readonly data: string;
  readonly zxid: number;
  readonly session: number;
  /** Who asked for it; 0 for a session's end and for what nobody of ours asked for. */
  readonly client: number;
}

export interface Znode {
  readonly czxid: number;
  readonly data: string;
}

export interface Scene {
  readonly oracle: Oracle;
  readonly found: Findings;
  readonly setting: RecipeSetting;
  /** What is there in the chosen history; while a deed is judged, without it. */
  readonly znodes: ReadonlyMap<string, Znode>;
}

export interface Watcher {
  /** A write is chosen. */
  readonly deed?: (deed: Deed, record: TraceRecord) => void;
  /** A program has reached `acquired`, `acquired read`, ... */
  readonly point?: (what: string, record: TraceRecord) => void;
  readonly done?: (record: TraceRecord) => void;
  /** Further kinds of records. */
  readonly other?: (record: TraceRecord) => void;
  /** All programs are done, or have had the time for it. */
  readonly atEnd?: (end: TraceRecord) => void;
}

const CHOOSING: readonly RecordKind[] = ['committed', 'newLeaderAcked'];
/** A server that starts or ends, and a counter that runs out, give everybody their time again. */
const DISTURBANCES: readonly RecordKind[] = ['quiet', 'boot', 'crash', 'halted', 'rollover'];

function inside(base: string, path: string): string | undefined {
  if (path === base) return '';
  return path.startsWith(`${base}/`) ? path.slice(base.length + 1) : undefined;
}

function deedsOf({ txn, operation, ephemerals }: Chosen, base: string): Deed[] {
  const { zxid, session, op } = txn;
  const deeds: Deed[] = [];
  const add = (kind: Deed['kind'], path: string, data: string | null): void => {
    const name = inside(base, path);
    if (name === undefined) return;
    deeds.push({ kind, name, data: data ?? '', zxid, session, client: operation?.client ?? 0 });
  };
  for (const write of writesOf(op)) {
    if (write.kind === 'create') add('created', write.path, write.data);
    else if (write.kind === 'delete') add('deleted', write.path, null);
    else if (write.kind === 'setData') add('written', write.path, write.data);
  }
  if (op.kind === 'closeSession') for (const path of ephemerals) add('deleted', path, null);
  return deeds;
}

/** Who is done, and since when nothing has disturbed the others. */
class Ending {
  readonly #done = new Set<number>();
  #undisturbedSinceUs = -1;

  onRecord(record: TraceRecord, quietAtUs: number): void {
    if (DISTURBANCES.includes(record.kind) && quietAtUs >= 0) {
      this.#undisturbedSinceUs = record.atUs;
    }
    if (record.kind === 'recipe' && record.text.endsWith('/done')) this.#done.add(record.actor);
  }

  isOver(end: TraceRecord, oracle: Oracle): boolean {
    const { setup } = oracle;
    if (this.#undisturbedSinceUs < 0) return false;
    if (this.#done.size >= setup.clients) return true;
    return end.atUs >= this.#undisturbedSinceUs + recipeBoundUs(setup);
  }
}

class Fold {
  readonly #scene: Scene;
  readonly #znodes: Map<string, Znode>;
  readonly #watcher: Watcher;

  constructor(scene: Scene, znodes: Map<string, Znode>, watcher: Watcher) {
    this.#scene = scene;
    this.#znodes = znodes;
    this.#watcher = watcher;
  }

  onRecord(record: TraceRecord): void {
    const { point, done, other } = this.#watcher;
    if (CHOOSING.includes(record.kind)) this.#chosen(record);
    else if (record.kind !== 'recipe') other?.(record);
    else if (record.text.endsWith('/done')) done?.(record);
    else point?.(record.text.slice(record.text.indexOf('/') + 1), record);
  }

  #chosen(record: TraceRecord): void {
    const { oracle, setting } = this.#scene;
    for (const chosen of oracle.justChosen) {
      for (const deed of deedsOf(chosen, setting.path)) {
        if (deed.kind === 'deleted') this.#znodes.delete(deed.name);
        this.#watcher.deed?.(deed, record);
        if (deed.kind !== 'deleted') this.#keep(deed);
      }
    }
  }

  #keep({ kind, name, zxid, data }: Deed): void {
    const czxid = kind === 'created' ? zxid : (this.#znodes.get(name)?.czxid ?? 0);
    this.#znodes.set(name, { czxid, data });
  }
}

export interface AboutRecipe extends Pick<About, 'id' | 'claim' | 'kind'> {
  readonly recipes: readonly RecipeKind[] | 'all';
  /** Besides points and chosen writes. */
  readonly more?: readonly RecordKind[];
}

/** A checker for runs of some recipes. */
export function recipeChecker(about: AboutRecipe, watch: (scene: Scene) => Watcher): Checker {
  const { id, kind, claim, recipes, more = [] } = about;
  const kinds: RecordKind[] = ['recipe', ...CHOOSING, ...DISTURBANCES, ...more];
  return {
    ...{ id, kind, claim, cites: ['ZK-Recipes'], kinds },
    start(oracle) {
      const found = new Findings(id);
      const setting = oracle.setup.recipe;
      if (setting === undefined || (recipes !== 'all' && !recipes.includes(setting.kind))) {
        const isBroken = (): boolean => false;
        return { onRecord: undefined, isBroken, onEnd: () => found.verdict() };
      }
      const znodes = new Map<string, Znode>();
      const scene = { oracle, found, setting, znodes };
      const watcher = watch(scene);
      const fold = new Fold(scene, znodes, watcher);
      const ending = new Ending();
      return {
        onRecord: (record) => {
          ending.onRecord(record, oracle.quietAtUs);
          fold.onRecord(record);
        },
        isBroken: () => found.any,
        onEnd: (end) => {
          if (ending.isOver(end, oracle)) watcher.atEnd?.(end);
          return found.verdict();
        },
      };
    },
  };
}
