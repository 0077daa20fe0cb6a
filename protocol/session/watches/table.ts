// One table of watches: who waits for news of which path, and in which ways. Watches belong to the
// connection and go with it. A connection stands once under a path, however often it asked.
// [ZK-Java WatchManager, WatcherMode]
import { Map, Set } from 'immutable';
import { compareNumbers } from '../../../base/order.js';
import type { ConnId } from '../../ids.js';
import { parentOf, ROOT } from '../../tree/path.js';
import type { WatchEventType } from '../../watch-event.js';

/** A sum of ways to watch. */
export type Modes = number;

/** Once. */
export const STANDARD: Modes = 1;
/** Until it is removed. */
export const PERSISTENT: Modes = 2;
/** Until it is removed, and everything below as well. */
export const RECURSIVE: Modes = 4;
export const ANY_MODE: Modes = 7;

type Watchers = Map<ConnId, Modes>;

export interface WatchTable {
  readonly watchers: Map<string, Watchers>;
  readonly paths: Map<ConnId, Set<string>>;
  /** How many entries are recursive: only if there is one, ancestors are looked at. */
  readonly recursive: number;
}

function makeTable(
  watchers: Map<string, Watchers>,
  paths: Map<ConnId, Set<string>>,
  recursive: number,
): WatchTable {
  return { watchers, paths, recursive };
}

export const EMPTY_TABLE: WatchTable = makeTable(Map(), Map(), 0);

const NOT: Modes = 0;
const NO_WATCHERS: Watchers = Map();
const NO_PATHS: Set<string> = Set();

export function modesAt(table: WatchTable, path: string, conn: ConnId): Modes {
  return table.watchers.get(path)?.get(conn, NOT) ?? NOT;
}

/** With exactly these modes for this connection and path; none: without the entry. */
export function withModes(table: WatchTable, path: string, conn: ConnId, modes: Modes): WatchTable {
  const { watchers, paths, recursive } = table;
  const here = watchers.get(path, NO_WATCHERS);
  const before = here.get(conn, NOT);
  if (before === modes) return table;
  const now = modes === NOT ? here.delete(conn) : here.set(conn, modes);
  let mine = paths;
  if (before === NOT) mine = paths.set(conn, paths.get(conn, NO_PATHS).add(path));
  if (modes === NOT) {
    const left = paths.get(conn, NO_PATHS).delete(path);
    mine = left.size === 0 ? paths.delete(conn) : paths.set(conn, left);
  }
  const more = (modes & RECURSIVE) - (before & RECURSIVE);
  return makeTable(
    now.size === 0 ? watchers.delete(path) : watchers.set(path, now),
    mine,
    recursive + more / RECURSIVE,
  );
}

/** Without everything that a connection waits for. */
export function withoutWatcher(table: WatchTable, conn: ConnId): WatchTable {
  let left = table;
  for (const path of table.paths.get(conn, NO_PATHS)) left = withModes(left, path, conn, NOT);
  return left;
}

export interface Fired {
  readonly table: WatchTable;
  /** Ascending, each once. */
  readonly hit: readonly ConnId[];
}

const NOBODY_HIT: readonly ConnId[] = [];

/** The recursive watches of everything above. */
function watchersAbove(table: WatchTable, path: string, hit: ConnId[]): void {
  for (let above = path; above !== ROOT;) {
    above = parentOf(above);
    const watchers = table.watchers.get(above);
    if (watchers === undefined) continue;
    for (const [conn, modes] of watchers) {
      if ((modes & RECURSIVE) !== 0 && !hit.includes(conn)) hit.push(conn);
    }
  }
}

/**
 * Something happened at a path. Whoever waits there is hit, in whatever way; a recursive watch of
 * it or of anything above hears of everything but changed children, which it hears of itself.
 */
export function fire(table: WatchTable, path: string, type: WatchEventType): Fired {
  const ofChildren = type === 'nodeChildrenChanged';
  const here = table.watchers.get(path);
  const above = table.recursive > 0 && !ofChildren;
  if (here === undefined && !above) return { table, hit: NOBODY_HIT };
  const hit: ConnId[] = [];
  let after = table;
  if (here !== undefined) {
    for (const [conn, modes] of here) {
      if (ofChildren && modes === RECURSIVE) continue;
      hit.push(conn);
      if ((modes & STANDARD) !== 0) after = withModes(after, path, conn, modes - STANDARD);
    }
  }
  if (above) watchersAbove(table, path, hit);
  return { table: after, hit: hit.sort(compareNumbers) };
}
