// The two tables of a server, data and child, and what the ways to register and to remove a watch
// mean in them. exists and getData wait in the data table, getChildren in the child table, a
// persistent watch in both, a recursive one in the data table. [ZK-Java DataTree.addWatch,
// DataTree.removeWatch, DataTree.containsWatcher]
import type { ConnId } from '../../ids.js';
import type { ServiceSettings } from '../../service-settings.js';
import type { Modes, WatchTable } from './table.js';
import {
  ANY_MODE,
  EMPTY_TABLE,
  modesAt,
  PERSISTENT,
  RECURSIVE,
  STANDARD,
  withModes,
  withoutWatcher,
} from './table.js';

export interface Watches {
  readonly data: WatchTable;
  readonly child: WatchTable;
}

/** Nobody watches anything; told by identity. */
export const NO_WATCHES: Watches = { data: EMPTY_TABLE, child: EMPTY_TABLE };

export function makeWatches(data: WatchTable, child: WatchTable): Watches {
  return data.paths.size === 0 && child.paths.size === 0 ? NO_WATCHES : { data, child };
}

/** Modes in the data table, modes in the child table. */
export interface Places {
  readonly data: Modes;
  readonly child: Modes;
}

/** By what registers it. */
export const WAYS = {
  data: { data: STANDARD, child: 0 },
  child: { data: 0, child: STANDARD },
  persistent: { data: PERSISTENT, child: PERSISTENT },
  recursive: { data: RECURSIVE, child: 0 },
} as const satisfies Record<string, Places>;
export type Way = keyof typeof WAYS;

/** As the trace has them (note.ts, watchSet). */
export const WAY_CODES: Readonly<Record<Way, number>> = {
  data: 1,
  child: 2,
  persistent: 3,
  recursive: 4,
};

/** 3.8 keeps a recursive watch in both tables (ZOOKEEPER-4466). */
const RECURSIVE_IN_38: Places = { data: RECURSIVE, child: RECURSIVE };

function placesOf(way: Way, { compatibility }: ServiceSettings): Places {
  return way === 'recursive' && compatibility === '3.8.0' ? RECURSIVE_IN_38 : WAYS[way];
}

/** 3.8 remembers one way for each connection and path, the latest (ZOOKEEPER-4466). */
function together(before: Modes, added: Modes, { compatibility }: ServiceSettings): Modes {
  if (added === 0) return before;
  return compatibility === '3.8.0' ? added : before | added;
}

export function withWatch(
  watches: Watches,
  path: string,
  conn: ConnId,
  way: Way,
  settings: ServiceSettings,
): Watches {
  const { data, child } = watches;
  const places = placesOf(way, settings);
  const inData = together(modesAt(data, path, conn), places.data, settings);
  const inChild = together(modesAt(child, path, conn), places.child, settings);
  return makeWatches(withModes(data, path, conn, inData), withModes(child, path, conn, inChild));
}

export function withoutWatches(watches: Watches, conn: ConnId): Watches {
  if (watches === NO_WATCHES) return watches;
  return makeWatches(withoutWatcher(watches.data, conn), withoutWatcher(watches.child, conn));
}

/** What removeWatches and checkWatches mean by a type, by its number; undefined: no such type. */
const TYPES: readonly (Places | undefined)[] = [
  undefined,
  WAYS.child,
  WAYS.data,
  { data: ANY_MODE, child: ANY_MODE },
  WAYS.persistent,
  WAYS.recursive,
];

/** 3.8 does not tell ways apart: the table is what counts (ZOOKEEPER-4472). */
const TYPES_IN_38: readonly (Places | undefined)[] = [
  undefined,
  { data: 0, child: ANY_MODE },
  { data: ANY_MODE, child: 0 },
  { data: ANY_MODE, child: ANY_MODE },
];

export function watcherType(type: number, settings: ServiceSettings): Places | undefined {
  return (settings.compatibility === '3.8.0' ? TYPES_IN_38 : TYPES)[type];
}

/** Without these modes of this connection at this path; the same object if there was none. */
export function withoutWatch(
  watches: Watches,
  path: string,
  conn: ConnId,
  places: Places,
): Watches {
  const { data, child } = watches;
  const dataLeft = modesAt(data, path, conn) & ~places.data;
  const childLeft = modesAt(child, path, conn) & ~places.child;
  const left = makeWatches(
    withModes(data, path, conn, dataLeft),
    withModes(child, path, conn, childLeft),
  );
  return left.data === data && left.child === child ? watches : left;
}

/** `failed`: the server trips over the path. */
export type Found = 'watched' | 'unwatched' | 'failed';

/**
 * In 3.8 it is enough that anybody watches the path. It is looked for from the path upwards, which
 * no path without a slash survives; above the path itself only if somebody watches recursively.
 */
function foundIn38(table: WatchTable, path: string): Found {
  if (path === '') return 'unwatched';
  if (!path.includes('/')) return 'failed';
  if (table.watchers.has(path)) return 'watched';
  return table.recursive > 0 && !path.startsWith('/') ? 'failed' : 'unwatched';
}

/** Does the connection watch the path so? */
export function lookFor(
  watches: Watches,
  path: string,
  conn: ConnId,
  places: Places,
  { compatibility }: ServiceSettings,
): Found {
  const { data, child } = watches;
  if (compatibility === '3.8.0') {
    const inData = places.data === 0 ? 'unwatched' : foundIn38(data, path);
    const inChild = places.child === 0 ? 'unwatched' : foundIn38(child, path);
    if (inData === 'failed' || inChild === 'failed') return 'failed';
    return inData === 'watched' ? inData : inChild;
  }
  const inData = modesAt(data, path, conn) & places.data;
  const inChild = modesAt(child, path, conn) & places.child;
  return inData === 0 && inChild === 0 ? 'unwatched' : 'watched';
}
