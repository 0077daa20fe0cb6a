// What the program waits for, as its library remembers it: the server forgets with the connection,
// so each new one is told again. An exists that found nothing waits for the znode, one that found
// something for what becomes of it. The program is one watcher: what it asks for twice it hears
// once. [ZK-Java ZKWatchManager.materialize, ZooKeeper.WatchRegistration]
import { Set } from 'immutable';
import { unreachable } from '../../base/assert.js';
import { compareCodeUnits } from '../../base/order.js';
import type { Zxid } from '../ids.js';
import type { Operation } from '../operation.js';
import type { Result } from '../result.js';
import { parentOf, ROOT } from '../tree/path.js';
import type { WatchEvent } from '../watch-event.js';
import type { NewsType } from './hearing.js';

type Paths = Set<string>;

export interface ClientWatches {
  readonly data: Paths;
  readonly exist: Paths;
  readonly child: Paths;
  readonly persistent: Paths;
  readonly recursive: Paths;
}
type Table = keyof ClientWatches;

const NONE: Paths = Set();
export const NO_CLIENT_WATCHES: ClientWatches = {
  data: NONE,
  exist: NONE,
  child: NONE,
  persistent: NONE,
  recursive: NONE,
};

/** In the order in which servers are told. */
const TABLES: readonly Table[] = ['data', 'exist', 'child', 'persistent', 'recursive'];

function withTable(watches: ClientWatches, table: Table, paths: Paths): ClientWatches {
  if (watches[table] === paths) return watches;
  return {
    data: table === 'data' ? paths : watches.data,
    exist: table === 'exist' ? paths : watches.exist,
    child: table === 'child' ? paths : watches.child,
    persistent: table === 'persistent' ? paths : watches.persistent,
    recursive: table === 'recursive' ? paths : watches.recursive,
  };
}

function without(watches: ClientWatches, path: string, tables: readonly Table[]): ClientWatches {
  return tables.reduce((left, table) => withTable(left, table, left[table].delete(path)), watches);
}

/** Where a request leaves a watch, seen by its answer. */
function tableFor(op: Operation, result: Result): Table | undefined {
  const absent = result.kind === 'error' && result.code === 'NoNode';
  const ok = result.kind !== 'error';
  switch (op.kind) {
    case 'exists':
      if (!op.watch) return undefined;
      return ok ? 'data' : absent ? 'exist' : undefined;
    case 'getData':
      return op.watch && ok ? 'data' : undefined;
    case 'getChildren':
    case 'getChildren2':
      return op.watch && ok ? 'child' : undefined;
    case 'addWatch':
      if (!ok && !absent) return undefined;
      return op.mode === 1 ? 'recursive' : 'persistent';
    default:
      return undefined;
  }
}

/** An answer has come. */
export function registered(watches: ClientWatches, op: Operation, result: Result): ClientWatches {
  const table = tableFor(op, result);
  if (table === undefined || !('path' in op) || op.path === null) return watches;
  return withTable(watches, table, watches[table].add(op.path));
}

/** Which tables an event uses up. */
function usedUp({ type }: WatchEvent): readonly Table[] {
  switch (type) {
    case 'nodeCreated':
    case 'nodeDataChanged':
      return ['data', 'exist'];
    case 'nodeChildrenChanged':
      return ['child'];
    case 'nodeDeleted':
      return ['data', 'exist', 'child'];
    default:
      return unreachable(type);
  }
}

function isUnder(paths: Paths, path: string): boolean {
  if (paths.size === 0) return false;
  for (let above = path; ; above = parentOf(above)) {
    if (paths.has(above)) return true;
    if (above === ROOT) return false;
  }
}

export interface Heard {
  readonly watches: ClientWatches;
  /** Somebody waits for it. */
  readonly wanted: boolean;
}

/** An event has come from the server. */
export function heard(watches: ClientWatches, event: WatchEvent): Heard {
  const { type, path } = event;
  const tables = usedUp(event);
  const once = tables.some((table) => watches[table].has(path));
  const wanted =
    once ||
    watches.persistent.has(path) ||
    (type !== 'nodeChildrenChanged' && isUnder(watches.recursive, path));
  return { watches: once ? without(watches, path, tables) : watches, wanted };
}

/** By the number of removeWatches' type: which tables, and what the program hears for each. */
const REMOVED: readonly (readonly (readonly [NewsType, readonly Table[]])[])[] = [
  [],
  [['childWatchRemoved', ['child']]],
  [['dataWatchRemoved', ['data', 'exist']]],
  [
    ['childWatchRemoved', ['child']],
    ['dataWatchRemoved', ['data', 'exist']],
    ['persistentWatchRemoved', ['persistent', 'recursive']],
  ],
  [['persistentWatchRemoved', ['persistent']]],
  [['persistentWatchRemoved', ['recursive']]],
];

export interface Removed {
  readonly watches: ClientWatches;
  readonly news: readonly NewsType[];
}

/** A server has removed the watches of a path. */
export function removed(watches: ClientWatches, path: string, type: number): Removed {
  let left = watches;
  const news: NewsType[] = [];
  for (const [told, tables] of REMOVED[type] ?? []) {
    const after = without(left, path, tables);
    if (after !== left) news.push(told);
    left = after;
  }
  return { watches: left, news };
}

/** As much path text goes into one setWatches; the last one may go beyond it. */
const BATCH_LENGTH = 128 * 1024;

type Batch = Record<Table, string[]>;

function setWatches(batch: Batch, relativeZxid: Zxid): Operation {
  const { data, exist, child, persistent, recursive } = batch;
  const isOld = persistent.length === 0 && recursive.length === 0;
  const kind = isOld ? 'setWatches' : 'setWatches2';
  return { kind, relativeZxid, data, exist, child, persistent, recursive };
}

/** What a server is told by whoever comes to it with watches. */
export function toSetAgain(watches: ClientWatches, relativeZxid: Zxid): readonly Operation[] {
  if (watches === NO_CLIENT_WATCHES) return [];
  const operations: Operation[] = [];
  let batch: Batch = { data: [], exist: [], child: [], persistent: [], recursive: [] };
  let length = 0;
  let held = 0;
  for (const table of TABLES) {
    for (const path of [...watches[table]].sort(compareCodeUnits)) {
      if (length >= BATCH_LENGTH) {
        operations.push(setWatches(batch, relativeZxid));
        batch = { data: [], exist: [], child: [], persistent: [], recursive: [] };
        length = 0;
        held = 0;
      }
      batch[table].push(path);
      length += path.length;
      held += 1;
    }
  }
  if (held > 0) operations.push(setWatches(batch, relativeZxid));
  return operations;
}
