// A sequential znode tree, written from the service's contract and not from the tree that the
// servers run: the chosen history is replayed on it, one transaction at a time. It says what each
// request must lead to in the state just before its transaction, and what a read must see at any
// zxid that a server may still serve. [ZK-Java DataTree.processTxn]
import { unreachable } from '../../../base/assert.js';
import type { ErrorCode } from '../../../protocol/error-code.js';
import type { Data, MultiPart, WriteOperation } from '../../../protocol/operation.js';
import type { ServiceSettings } from '../../../protocol/service-settings.js';
import type { Txn, TxnOp, TxnPart, WriteTxn } from '../../../protocol/txn.js';
import type { Scene } from './service-rules.js';
import { decisionOf, isDeed, isOpen, isPlain, isRegular, parentOf } from './service-rules.js';
import type { StateFamily, StateLag, ZnodeState } from './znode-state.js';
import { believedAcl, changed, FIRST_ROOT, gone, nameHash, NOTHING } from './znode-state.js';

/** How a write ends: `done`, a code, or for a multi the code and the place of its failure. */
export type Outcome = ErrorCode | 'done' | `${ErrorCode} in part ${number}`;

/** What a request leads to; 'unclaimed': the model does not say. */
export type Expected = Outcome | 'unclaimed';

export interface Expectation {
  readonly expected: Expected;
  /** What was done is what the request asks for, given that it succeeds. */
  readonly carriesOut: boolean;
}

/** Transactions of one zxid, and what the leader knew when it decided them. */
interface Moment {
  readonly zxid: number;
  readonly timeMs: number;
  readonly appliedZxid: number;
}

const HISTORY_KEPT = 32;

/** States by path: the history, or what a multi will make of it. */
interface Pages {
  now(path: string): ZnodeState;
  put(path: string, state: ZnodeState): void;
}

/** What becomes of the lag of a znode that changes. */
function lagOf(before: ZnodeState, { zxid, appliedZxid }: Moment, more = 0): StateLag {
  const { lag } = before;
  const believed = believedAcl(before, appliedZxid);
  return {
    surplus: (lag.zxid > appliedZxid ? lag.surplus : 0) + more,
    believed: believed === before.guard.acl ? undefined : believed,
    zxid,
  };
}

/** What a child that comes or goes makes of its parent. */
interface FamilyChange {
  readonly by: 1 | -1;
  /** Undefined: as many as before. */
  readonly creates: number | undefined;
  readonly surplus: number;
}

function withFamily(pages: Pages, path: string, at: Moment, change: FamilyChange): void {
  const parent = parentOf(path);
  const found = pages.now(parent);
  if (!found.exists) return;
  const { children, names, creates } = found.family;
  const family: StateFamily = {
    children: children + change.by,
    names: names ^ nameHash(path.slice(path.lastIndexOf('/') + 1)),
    creates: change.creates ?? creates,
    pzxid: at.zxid,
  };
  pages.put(parent, changed(found, at.zxid, { family, lag: lagOf(found, at, change.surplus) }));
}

function removeZnode(pages: Pages, path: string, at: Moment, ofSession: boolean): void {
  const found = pages.now(path);
  if (!found.exists) return;
  pages.put(path, gone(at.zxid));
  withFamily(pages, path, at, { by: -1, creates: undefined, surplus: ofSession ? 1 : 0 });
}

function applyWrite(pages: Pages, write: WriteTxn, at: Moment): void {
  const { zxid, timeMs } = at;
  const { path } = write;
  const found = pages.now(path);
  switch (write.kind) {
    case 'create': {
      const { data, life, acl, parentCversion } = write;
      const owner = life.kind === 'ephemeral' ? life.owner : 0;
      const born = changed(NOTHING, zxid, {
        birth: { czxid: zxid, ctimeMs: timeMs, owner, life },
        content: { data, version: 0, mzxid: zxid, mtimeMs: timeMs },
        family: { children: 0, names: 0, creates: 0, pzxid: zxid },
        guard: { open: isOpen(acl), acl, aversion: 0 },
        lag: { surplus: 0, believed: undefined, zxid },
      });
      pages.put(path, born);
      withFamily(pages, path, at, { by: 1, creates: parentCversion, surplus: 0 });
      return;
    }
    case 'delete':
      return removeZnode(pages, path, at, false);
    case 'setData': {
      const { data, version } = write;
      const content = { data, version, mzxid: zxid, mtimeMs: timeMs };
      if (found.exists) pages.put(path, changed(found, zxid, { content, lag: lagOf(found, at) }));
      return;
    }
    case 'setACL': {
      const { acl } = write;
      const guard = { open: isOpen(acl), acl, aversion: write.version };
      const lag = { ...lagOf(found, at), believed: believedAcl(found, at.appliedZxid) };
      if (found.exists) pages.put(path, changed(found, zxid, { guard, lag }));
      return;
    }
    case 'check':
      return;
    default:
      unreachable(write);
  }
}

const DEEDS: ReadonlySet<string> = new Set<WriteTxn['kind']>([
  ...(['create', 'delete', 'setData', 'setACL', 'check'] as const),
]);

function isWriteTxn(part: TxnOp | TxnPart): part is WriteTxn {
  return DEEDS.has(part.kind);
}

/** The writes of a transaction that were carried out. */
export function writesOf(op: TxnOp): readonly WriteTxn[] {
  if (op.kind !== 'multi') return isWriteTxn(op) ? [op] : [];
  const failed = op.parts.some(({ kind }) => kind === 'error');
  return failed ? [] : op.parts.filter(isWriteTxn);
}

/** How it ended. */
export function outcomeOf(op: TxnOp): Outcome {
  if (op.kind === 'error') return op.code;
  if (op.kind !== 'multi') return 'done';
  for (const [index, part] of op.parts.entries()) {
    if (part.kind === 'error') return `${part.code} in part ${index}`;
  }
  return 'done';
}

/** The code that a client may be told, whichever part of its request it is about. */
export function codeOf(outcome: Expected): ErrorCode | 'done' | 'unclaimed' {
  return outcome.split(' ', 1)[0] as ErrorCode | 'done' | 'unclaimed';
}

export class ServiceModel {
  readonly #znodes = new Map<string, ZnodeState[]>();
  /** By open session: the paths of its ephemeral znodes. */
  readonly #sessions = new Map<number, Set<string>>();
  #hasQuotas = false;
  /** Has any znode ever had an ACL that does not let everybody do everything? */
  hasLists = false;
  readonly #service: ServiceSettings;
  readonly #oldestRead: () => number;

  /** `oldestRead`: no server that serves is behind this zxid, so older states may be forgotten. */
  constructor(service: ServiceSettings, oldestRead: () => number) {
    this.#service = service;
    this.#oldestRead = oldestRead;
    this.#znodes.set('/', [FIRST_ROOT]);
  }

  now(path: string): ZnodeState {
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

  /** The data at a path as of `zxid`, system paths too; undefined: no znode, or too long ago. */
  dataAt(path: string, zxid: number): Data | undefined {
    const found = this.statesOf(path).findLast((state) => state.zxid <= zxid);
    return found?.exists === true ? found.content.data : undefined;
  }

  /** What a path has been, oldest first, as far as it is remembered. */
  statesOf(path: string): readonly ZnodeState[] {
    return this.#znodes.get(path) ?? [];
  }

  /** Every path that there has been. */
  paths(): Iterable<string> {
    return this.#znodes.keys();
  }

  /** What `op` must lead to here, held against what it was decided to be. */
  expect(op: WriteOperation, session: number, got: TxnOp, appliedZxid: number): Expectation {
    const local = this.#service.localSessionsEnabled;
    const sessionOpen = local || this.isOpen(session);
    const service = this.#service;
    const limited = this.#hasQuotas;
    const now = (path: string): ZnodeState => this.now(path);
    const scene: Scene = { service, session, sessionOpen, limited, appliedZxid, now };
    const done = got.kind === 'error' ? undefined : got;
    if (op.kind === 'multi') return this.#expectMulti(op.parts, scene, done);
    const verdict = decisionOf(scene, op);
    if (typeof verdict === 'string') return { expected: verdict, carriesOut: true };
    return { expected: 'done', carriesOut: done === undefined || isDeed(verdict, done) };
  }

  #expectMulti(parts: readonly MultiPart[], before: Scene, got: TxnOp | undefined): Expectation {
    const { service, session, sessionOpen, limited, appliedZxid } = before;
    const written = new Map<string, ZnodeState>();
    const now = (path: string): ZnodeState => written.get(path) ?? this.now(path);
    const scene: Scene = { service, session, sessionOpen, limited, appliedZxid, now };
    const pages: Pages = { now, put: (path, state) => void written.set(path, state) };
    const at: Moment = { zxid: Infinity, timeMs: 0, appliedZxid };
    const made = got?.kind === 'multi' && outcomeOf(got) === 'done' ? got.parts : undefined;
    let carriesOut = made === undefined || made.length === parts.length;
    if (!parts.every((part) => isRegular(part, scene))) {
      return { expected: 'unclaimed', carriesOut: true };
    }
    for (const [index, part] of parts.entries()) {
      const verdict = decisionOf(scene, part);
      if (verdict === 'unclaimed') return { expected: verdict, carriesOut: true };
      if (typeof verdict === 'string') {
        return { expected: `${verdict} in part ${index}`, carriesOut: true };
      }
      const deed = made?.[index];
      if (deed !== undefined && !isDeed(verdict, deed)) carriesOut = false;
      applyWrite(pages, verdict, at);
    }
    return { expected: 'done', carriesOut };
  }

  apply({ op, zxid, timeMs, session }: Txn, appliedZxid: number): void {
    const at: Moment = { zxid, timeMs, appliedZxid };
    const pages: Pages = {
      now: (path) => this.now(path),
      put: (path, state) => this.#put(path, state),
    };
    if (op.kind === 'createSession') {
      if (!this.#sessions.has(session)) this.#sessions.set(session, new Set());
    } else if (op.kind === 'closeSession') {
      for (const path of op.paths) removeZnode(pages, path, at, true);
      this.#sessions.delete(session);
    } else {
      for (const write of writesOf(op)) applyWrite(pages, write, at);
    }
  }

  #put(path: string, state: ZnodeState): void {
    if (this.#service.enforceQuota && path.startsWith('/zookeeper/quota/')) this.#hasQuotas = true;
    if (!state.guard.open) this.hasLists = true;
    const before = this.now(path);
    if (before.birth.owner !== state.birth.owner) {
      this.#sessions.get(before.birth.owner)?.delete(path);
      this.#sessions.get(state.birth.owner)?.add(path);
    }
    this.#push(path, state);
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
