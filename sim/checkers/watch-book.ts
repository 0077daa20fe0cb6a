// Who waits for what at one server, as the trace has it: every connection's watches, by the rules
// of the contract and not by the server's own tables. A session stands for its connection: it has
// one at a time here, and a new one begins with nothing. [ZK-Java WatchManager, WatcherMode]
import type { Compatibility } from '../../protocol/service-settings.js';
import type { NodeChange } from './oracle/txn-changes.js';
import { parentOf } from './oracle/service-rules.js';

// Three ways to wait in each of the two tables, data and child.
const ONCE = 1;
const STAYS = 2;
const BELOW = 4;
const CHILD = 8;
const DATA_TABLE = ONCE + STAYS + BELOW;
const CHILD_TABLE = DATA_TABLE * CHILD;
const REACHING = BELOW + BELOW * CHILD;

/** By the code of a `watchSet` record: data, child, persistent, recursive. */
const SET: readonly number[] = [0, ONCE, ONCE * CHILD, STAYS + STAYS * CHILD, BELOW];
/** 3.8 keeps recursive watches in both tables. */
const SET_38: readonly number[] = [...SET.slice(0, 4), BELOW + BELOW * CHILD];

/** By the type that `removeWatches` names: children, data, any, persistent, recursive. */
const REMOVED: readonly number[] = [
  ...[0, ONCE * CHILD, ONCE, DATA_TABLE + CHILD_TABLE, STAYS + STAYS * CHILD, BELOW],
];
/** In 3.8 the table is what counts. */
const REMOVED_38: readonly number[] = [0, CHILD_TABLE, DATA_TABLE, DATA_TABLE + CHILD_TABLE];

/** 3.8 remembers the latest way only, in each table. */
function together38(before: number, added: number): number {
  const data = (added & DATA_TABLE) === 0 ? before & DATA_TABLE : added & DATA_TABLE;
  const child = (added & CHILD_TABLE) === 0 ? before & CHILD_TABLE : added & CHILD_TABLE;
  return data + child;
}

export class WatchBook {
  readonly #old: boolean;
  readonly #byPath = new Map<string, Map<number, number>>();
  readonly #bySession = new Map<number, Set<string>>();
  /** How many of them reach below their path. */
  #reaching = 0;

  constructor(compatibility: Compatibility) {
    this.#old = compatibility === '3.8.0';
  }

  get isEmpty(): boolean {
    return this.#byPath.size === 0;
  }

  #put(path: string, session: number, ways: number): void {
    const here = this.#byPath.get(path) ?? new Map<number, number>();
    const before = here.get(session) ?? 0;
    this.#reaching += Number((ways & REACHING) !== 0) - Number((before & REACHING) !== 0);
    if (ways === 0) {
      here.delete(session);
      this.#bySession.get(session)?.delete(path);
      if (here.size === 0) this.#byPath.delete(path);
      return;
    }
    here.set(session, ways);
    this.#byPath.set(path, here);
    const paths = this.#bySession.get(session) ?? new Set();
    this.#bySession.set(session, paths.add(path));
  }

  set(session: number, path: string, code: number): void {
    const added = (this.#old ? SET_38 : SET)[code] ?? 0;
    const before = this.#byPath.get(path)?.get(session) ?? 0;
    this.#put(path, session, this.#old ? together38(before, added) : before | added);
  }

  remove(session: number, path: string, type: number): void {
    const gone = (this.#old ? REMOVED_38 : REMOVED)[type] ?? 0;
    const before = this.#byPath.get(path)?.get(session) ?? 0;
    if (before !== 0) this.#put(path, session, before & ~gone);
  }

  forget(session: number): void {
    for (const path of this.#bySession.get(session) ?? []) this.#put(path, session, 0);
    this.#bySession.delete(session);
  }

  clear(): void {
    this.#byPath.clear();
    this.#bySession.clear();
    this.#reaching = 0;
  }

  /** Who is to be told of the change; what waits once waits no longer. */
  fire({ type, path }: NodeChange): readonly number[] {
    const told: number[] = [];
    const here = this.#byPath.get(path);
    const heard = waysThatHear(type);
    if (here !== undefined) {
      for (const [session, ways] of here) {
        if ((ways & heard) === 0) continue;
        told.push(session);
        const spent = ways & heard & (ONCE + ONCE * CHILD);
        if (spent !== 0) this.#put(path, session, ways - spent);
      }
    }
    const reaching = heard & REACHING;
    if (this.#reaching > 0 && reaching !== 0) this.#above(path, reaching, told);
    return told;
  }

  /** In 3.8 the child table alone can reach this far; of a deletion both are told. */
  #above(path: string, heard: number, told: number[]): void {
    for (let at = path; at !== '/';) {
      at = parentOf(at);
      for (const [session, ways] of this.#byPath.get(at) ?? []) {
        if ((ways & heard) !== 0 && !told.includes(session)) told.push(session);
      }
    }
  }
}

function waysThatHear(type: NodeChange['type']): number {
  if (type === 'nodeChildrenChanged') return (ONCE + STAYS) * CHILD;
  return type === 'nodeDeleted' ? DATA_TABLE + CHILD_TABLE : DATA_TABLE;
}
