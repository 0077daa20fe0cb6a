// A sequential znode tree, written from the service's contract and not from the tree that the
// servers run: the chosen history is replayed on it, one transaction at a time. It says what each
// request must lead to in the state just before its transaction, and what a read must see at any
// zxid that a server may still serve. Paths that the contract leaves to the parser (`/`, `//`,
// `.`) are not judged. [ZK-Java PrepRequestProcessor.pRequest2Txn, DataTree.processTxn]
import { hashString } from '../../../base/digest.js';
import { unreachable } from '../../../base/assert.js';
import type { WriteOperation } from '../../../protocol/operation.js';
import type { ErrorCode, Txn, TxnOp } from '../../../protocol/txn.js';

/** What a request leads to; 'unclaimed': the model does not say. */
export type Expected = ErrorCode | 'done' | 'unclaimed';

/** A znode as of `zxid`; `exists` false: as of then there is none. */
export interface ZnodeState {
  readonly zxid: number;
  readonly exists: boolean;
  readonly data: string;
  readonly version: number;
  readonly czxid: number;
  readonly owner: number;
  readonly children: number;
  /** Order-free hash of the children's names. */
  readonly names: number;
}

type Content = Pick<ZnodeState, 'data' | 'version' | 'czxid' | 'owner'>;
type Children = Pick<ZnodeState, 'children' | 'names'>;

function makeState(zxid: number, exists: boolean, content: Content, below: Children): ZnodeState {
  const { data, version, czxid, owner } = content;
  const { children, names } = below;
  return { zxid, exists, data, version, czxid, owner, children, names };
}

const NO_CONTENT: Content = { data: '', version: 0, czxid: 0, owner: 0 };
const NO_CHILDREN: Children = { children: 0, names: 0 };

const HISTORY_KEPT = 32;
const ANY_VERSION = -1;
const NOTHING = makeState(0, false, NO_CONTENT, NO_CHILDREN);

function parentOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash <= 0 ? '/' : path.slice(0, slash);
}

/** Adding a name twice is not seen, but a parent has no two children of one name. */
export function nameHash(name: string): number {
  return hashString(name) | 0;
}

function isPlain(path: string): boolean {
  return (
    /^(\/[^/\s]+)+$/.test(path) && !/\/\.\.?(\/|$)/.test(path) && !path.startsWith('/zookeeper')
  );
}

export class ServiceModel {
  readonly #znodes = new Map<string, ZnodeState[]>();
  /** By open session: the paths of its ephemeral znodes. */
  readonly #sessions = new Map<number, Set<string>>();
  readonly #oldestRead: () => number;

  /** `oldestRead`: no server that serves is behind this zxid, so older states may be forgotten. */
  constructor(oldestRead: () => number) {
    this.#oldestRead = oldestRead;
    this.#znodes.set('/', [makeState(0, true, NO_CONTENT, NO_CHILDREN)]);
  }

  #now(path: string): ZnodeState {
    const states = this.#znodes.get(path);
    return states?.[states.length - 1] ?? NOTHING;
  }

  isOpen(session: number): boolean {
    return this.#sessions.has(session);
  }

  ephemeralsOf(session: number): ReadonlySet<string> {
    return this.#sessions.get(session) ?? new Set();
  }

  /** The state of a path at `zxid`; undefined when that is too long ago or not judged. */
  stateAt(path: string, zxid: number): ZnodeState | undefined {
    if (path !== '/' && !isPlain(path)) return undefined;
    const states = this.#znodes.get(path);
    if (states === undefined) return NOTHING;
    for (let index = states.length - 1; index >= 0; index--) {
      const state = states[index];
      if (state !== undefined && state.zxid <= zxid) return state;
    }
    return states.length >= HISTORY_KEPT ? undefined : NOTHING;
  }

  expect(op: WriteOperation, session: number): Expected {
    if (!isPlain(op.path)) return 'unclaimed';
    if (!this.isOpen(session)) return 'SessionExpired';
    const found = this.#now(op.path);
    switch (op.kind) {
      case 'create': {
        const parent = this.#now(parentOf(op.path));
        if (!parent.exists) return 'NoNode';
        if (found.exists) return 'NodeExists';
        return parent.owner === 0 ? 'done' : 'NoChildrenForEphemerals';
      }
      case 'delete':
        if (!found.exists) return 'NoNode';
        if (op.version !== ANY_VERSION && op.version !== found.version) return 'BadVersion';
        return found.children > 0 ? 'NotEmpty' : 'done';
      case 'setData':
        if (!found.exists) return 'NoNode';
        if (op.version !== ANY_VERSION && op.version !== found.version) return 'BadVersion';
        return 'done';
      default:
        return unreachable(op);
    }
  }

  /** Is `txnOp` what `op` must become when it succeeds? */
  carriesOut(op: WriteOperation, session: number, txnOp: TxnOp): boolean {
    if (op.kind === 'create') {
      return (
        txnOp.kind === 'create' &&
        txnOp.path === op.path &&
        txnOp.data === op.data &&
        txnOp.ephemeralOwner === (op.ephemeral ? session : 0)
      );
    }
    if (op.kind === 'delete') return txnOp.kind === 'delete' && txnOp.path === op.path;
    return (
      txnOp.kind === 'setData' &&
      txnOp.path === op.path &&
      txnOp.data === op.data &&
      txnOp.version === ((this.#now(op.path).version + 1) | 0)
    );
  }

  apply(txn: Txn): void {
    const { op, zxid, session } = txn;
    switch (op.kind) {
      case 'create':
        this.#create(op, zxid);
        return;
      case 'delete':
        this.#remove(op.path, zxid);
        return;
      case 'setData': {
        const found = this.#now(op.path);
        if (!found.exists) return;
        const { czxid, owner } = found;
        const content = { data: op.data, version: op.version, czxid, owner };
        this.#push(op.path, makeState(zxid, true, content, found));
        return;
      }
      case 'createSession':
        if (!this.#sessions.has(session)) this.#sessions.set(session, new Set());
        return;
      case 'closeSession':
        for (const path of op.paths) this.#remove(path, zxid);
        this.#sessions.delete(session);
        return;
      case 'error':
        return;
      default:
        unreachable(op);
    }
  }

  #create(op: Extract<TxnOp, { kind: 'create' }>, zxid: number): void {
    const { path, data, ephemeralOwner: owner } = op;
    const content = { data, version: 0, czxid: zxid, owner };
    this.#push(path, makeState(zxid, true, content, NO_CHILDREN));
    this.#countChild(path, zxid, 1);
    if (owner !== 0) this.#sessions.get(owner)?.add(path);
  }

  #remove(path: string, zxid: number): void {
    const found = this.#now(path);
    if (!found.exists) return;
    this.#push(path, makeState(zxid, false, NO_CONTENT, NO_CHILDREN));
    this.#countChild(path, zxid, -1);
    if (found.owner !== 0) this.#sessions.get(found.owner)?.delete(path);
  }

  #countChild(path: string, zxid: number, change: number): void {
    const parent = parentOf(path);
    const found = this.#now(parent);
    const names = found.names ^ nameHash(path.slice(path.lastIndexOf('/') + 1));
    if (!found.exists) return;
    const children = found.children + change;
    this.#push(parent, makeState(zxid, true, found, { children, names }));
  }

  #push(path: string, state: ZnodeState): void {
    const states = this.#znodes.get(path);
    if (states === undefined) {
      this.#znodes.set(path, [state]);
      return;
    }
    states.push(state);
    if (states.length < 2 * HISTORY_KEPT) return;
    const oldest = this.#oldestRead();
    let keep = states.length - HISTORY_KEPT;
    while (keep > 0 && (states[keep]?.zxid ?? 0) > oldest) keep -= 1;
    states.splice(0, keep);
  }
}
