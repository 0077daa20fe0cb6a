// What clients wait for, as they themselves must see it: each one-shot watch that a read has left,
// whatever servers the client goes to, with the first change that it is owed. [ZK-Java
// ZKWatchManager.materialize]
import type { Operation } from '../../protocol/operation.js';
import type { Result } from '../../protocol/result.js';
import type { WatchEventType } from '../../protocol/watch-event.js';
import type { ServiceModel } from './oracle/service-model.js';
import { isPlain } from './oracle/service-rules.js';
import type { NodeChange } from './oracle/txn-changes.js';
import type { ZnodeState } from './oracle/znode-state.js';
import { isPublic } from './permissions.js';

/** Where a read has left a watch: of what there is, of what there is not, of children. */
export type Table = 'data' | 'exist' | 'child';

export interface Wait {
  readonly session: number;
  readonly path: string;
  readonly table: Table;
  /** It has been waiting since the state of this zxid. */
  sinceZxid: number;
  /** The first change since then; Infinity while there is none. */
  dueZxid: number;
}

/** Where an answer leaves a watch. */
export function tableFor(op: Operation, result: Result): Table | undefined {
  if (!('watch' in op) || !op.watch || !isPlain(op.path)) return undefined;
  const ok = result.kind !== 'error';
  if (op.kind === 'exists') return ok ? 'data' : result.code === 'NoNode' ? 'exist' : undefined;
  if (!ok) return undefined;
  return op.kind === 'getData' ? 'data' : 'child';
}

const DATA: readonly Table[] = ['data', 'exist'];
const CHILD: readonly Table[] = ['child'];
const ALL: readonly Table[] = ['data', 'exist', 'child'];

/** What an event at a path is an answer to. */
function tablesHit(type: WatchEventType): readonly Table[] {
  if (type === 'nodeDeleted') return ALL;
  return type === 'nodeChildrenChanged' ? CHILD : DATA;
}

function isChange(before: ZnodeState | undefined, after: ZnodeState, table: Table): boolean {
  if (before === undefined) return after.exists;
  if (before.exists !== after.exists) return table !== 'child' || before.exists;
  if (before.birth.czxid !== after.birth.czxid) return true;
  return table === 'child'
    ? before.family.pzxid !== after.family.pzxid
    : before.content.mzxid !== after.content.mzxid;
}

/**
 * The first change after `zxid`; Infinity for none yet, undefined if that is too long ago or not
 * everybody may hear of it.
 */
function firstChange(
  model: ServiceModel,
  path: string,
  table: Table,
  zxid: number,
): number | undefined {
  if (model.stateAt(path, zxid) === undefined) return undefined;
  let before: ZnodeState | undefined;
  for (const state of model.statesOf(path)) {
    if (state.zxid > zxid && isChange(before, state, table)) {
      return isPublic(model, path, state.zxid) ? state.zxid : undefined;
    }
    before = state;
  }
  return Infinity;
}

export class Watchers {
  readonly #model: ServiceModel;
  readonly #byPath = new Map<string, Set<Wait>>();
  readonly #bySession = new Map<number, Set<Wait>>();
  /** Where, by session, no change of children is owed to anybody. */
  readonly #deaf = new Map<number, Set<string>>();

  constructor(model: ServiceModel) {
    this.#model = model;
  }

  get isEmpty(): boolean {
    return this.#byPath.size === 0;
  }

  #find(session: number, path: string, table: Table): Wait | undefined {
    for (const wait of this.#byPath.get(path) ?? []) {
      if (wait.session === session && wait.table === table) return wait;
    }
    return undefined;
  }

  drop(wait: Wait): void {
    const here = this.#byPath.get(wait.path);
    here?.delete(wait);
    if (here?.size === 0) this.#byPath.delete(wait.path);
    const own = this.#bySession.get(wait.session);
    own?.delete(wait);
    if (own?.size === 0) this.#bySession.delete(wait.session);
  }

  /** A read at `zxid` has left a watch. One that waits there already goes on waiting. */
  add(session: number, path: string, table: Table, zxid: number): void {
    if (this.#find(session, path, table) !== undefined) return;
    if (table === 'child' && this.#deaf.get(session)?.has(path) === true) return;
    const dueZxid = firstChange(this.#model, path, table, zxid);
    if (dueZxid === undefined) return;
    const wait: Wait = { session, path, table, sinceZxid: zxid, dueZxid };
    this.#byPath.set(path, (this.#byPath.get(path) ?? new Set()).add(wait));
    this.#bySession.set(session, (this.#bySession.get(session) ?? new Set()).add(wait));
  }

  /** A server was asked anew, in the state of `zxid`, to tell when there is such a znode. */
  renewed(session: number, path: string, zxid: number): void {
    const wait = this.#find(session, path, 'exist');
    if (wait === undefined || this.#model.stateAt(path, zxid)?.exists !== false) return;
    const dueZxid = firstChange(this.#model, path, 'exist', zxid);
    if (dueZxid === undefined) return this.drop(wait);
    wait.sinceZxid = zxid;
    wait.dueZxid = dueZxid;
  }

  /** The session is told; returns what that is an answer to. */
  told(session: number, { type, path }: NodeChange): readonly Wait[] {
    const found = tablesHit(type).map((table) => this.#find(session, path, table));
    const hit = found.filter((wait) => wait !== undefined);
    for (const wait of hit) this.drop(wait);
    return hit;
  }

  /** From now on the session need not be told of changed children here, whatever it asked for. */
  childrenUnheard(session: number, path: string): void {
    this.#deaf.set(session, (this.#deaf.get(session) ?? new Set()).add(path));
    const wait = this.#find(session, path, 'child');
    if (wait !== undefined) this.drop(wait);
  }

  /** Nothing at this path is waited for any more. */
  forgetPath(session: number, path: string): void {
    for (const wait of this.#bySession.get(session) ?? []) if (wait.path === path) this.drop(wait);
  }

  forget(session: number): void {
    this.#deaf.delete(session);
    for (const wait of this.#bySession.get(session) ?? []) this.drop(wait);
  }

  /** A change is chosen. Whoever might not be allowed to hear of it waits no longer. */
  changed({ type, path }: NodeChange, zxid: number, isSecret: () => boolean): void {
    const here = this.#byPath.get(path);
    if (here === undefined) return;
    const tables = tablesHit(type);
    const hit = [...here].filter(({ table, sinceZxid, dueZxid }) => {
      return tables.includes(table) && sinceZxid < zxid && zxid < dueZxid;
    });
    if (hit.length === 0) return;
    const secret = isSecret();
    for (const wait of hit) {
      if (secret) this.drop(wait);
      else wait.dueZxid = zxid;
    }
  }

  /** What a session should have been told of before it sees a state of `zxid`. */
  overdue(session: number, zxid: number): readonly Wait[] {
    const own = this.#bySession.get(session);
    if (own === undefined) return NONE;
    let late: Wait[] | undefined;
    for (const wait of own) {
      if (wait.dueZxid > zxid) continue;
      late ??= [];
      late.push(wait);
    }
    return late ?? NONE;
  }
}

const NONE: readonly Wait[] = [];
