// A leader's decisions and their application without anything in between, for the tests of the
// tree: `ask` decides a request, `catchUp` applies what was decided.

import { compareCodeUnits } from '../../base/order.js';
import type { Acl, Identity } from '../../protocol/acl.js';
import { makeIdentity, OPEN_ACL } from '../../protocol/acl.js';
import type { SessionId, Zxid } from '../../protocol/ids.js';
import { serverId } from '../../protocol/ids.js';
import type {
  CreateKind,
  CreateMode,
  CreateOperation,
  Data,
  DeleteOperation,
  LeaderOperation,
  MultiPart,
  SetDataOperation,
  TreeRead,
} from '../../protocol/operation.js';
import { CREATE_FLAGS, makeRequest } from '../../protocol/operation.js';
import type { Result, Stat } from '../../protocol/result.js';
import type { ServiceSettings } from '../../protocol/service-settings.js';
import { DEFAULT_SERVICE } from '../../protocol/service-settings.js';
import type { SessionRefusals } from '../../protocol/tree/prepare.js';
import { NO_OUTSTANDING, prepare, settle } from '../../protocol/tree/prepare.js';
import type { Tree } from '../../protocol/tree/tree.js';
import { applyTxn, EMPTY_TREE, readTree } from '../../protocol/tree/tree.js';
import type { Znode } from '../../protocol/tree/znode.js';
import { statOf } from '../../protocol/tree/znode.js';
import type { Txn } from '../../protocol/txn.js';
import { makeTxn } from '../../protocol/txn.js';

export const U = makeIdentity('digest', 'u:Jq7wMyA/w2Vd5WIDAKdu4OIIFEQ=');
export const V = makeIdentity('digest', 'v:RylFHZNG40p+EX2Hf0QUdmqEStY=');
export const SUPER = makeIdentity('super', '');
export const LOCAL = makeIdentity('ip', '127.0.0.1');

export const TTL_ON: ServiceSettings = { ...DEFAULT_SERVICE, extendedTypesEnabled: true };
/** As the recorded answers of an older server were made. */
export const OLD: ServiceSettings = { ...TTL_ON, compatibility: '3.8.0' };

const KINDS: Partial<Record<CreateMode, CreateKind>> = {
  container: 'createContainer',
  ttl: 'createTTL',
  ttlSequential: 'createTTL',
};

interface More {
  readonly data?: Data;
  readonly acl?: Acl | null;
  readonly ttlMs?: number;
}

/** As a client library asks for it: the opcode goes with the mode. */
export function create(
  path: string,
  mode: CreateMode = 'persistent',
  { data = '', acl = OPEN_ACL, ttlMs = -1 }: More = {},
): CreateOperation {
  return { kind: KINDS[mode] ?? 'create', path, data, acl, flags: CREATE_FLAGS[mode], ttlMs };
}

/** As no client library asks for it. */
export function rawCreate(kind: CreateKind, path: string, flags: number, ttlMs = -1): MultiPart {
  return { kind, path, data: '', acl: OPEN_ACL, flags, ttlMs };
}

export function remove(path: string, version = -1): DeleteOperation {
  return { kind: 'delete', path, version };
}

export function setData(path: string, data: Data = '', version = -1): SetDataOperation {
  return { kind: 'setData', path, data, version };
}

export function setAcl(path: string, acl: Acl | null, version = -1): LeaderOperation {
  return { kind: 'setACL', path, acl, version };
}

export function check(path: string, version = -1): MultiPart {
  return { kind: 'check', path, version };
}

export function multi(...parts: readonly MultiPart[]): LeaderOperation {
  return { kind: 'multi', parts };
}

/** `ok`, or the error's code; of a multi and a multiRead, those of the parts. */
export function outcomeOf(result: Result): string {
  if (result.kind === 'error') return result.code;
  return result.kind === 'multi' ? result.results.map(outcomeOf).join(' ') : 'ok';
}

export class Leader {
  tree: Tree = EMPTY_TREE;
  outstanding = NO_OUTSTANDING;
  settings: ServiceSettings;
  /** Of every request from now on. */
  identities: readonly Identity[] = [LOCAL];
  refusals: SessionRefusals = { any: undefined, ephemeral: undefined };
  nowMs = 0;
  /** Every decision, in order. */
  readonly txns: Txn[] = [];
  /** Of the applied ones, in order. */
  readonly results: Result[] = [];

  constructor(settings: ServiceSettings = DEFAULT_SERVICE) {
    this.settings = settings;
  }

  ask(op: LeaderOperation, session = 1): Txn {
    const zxid = (this.txns.length + 1) as Zxid;
    const cxid = this.txns.length;
    const { tree, outstanding, settings, identities, refusals } = this;
    const request = makeRequest(session as SessionId, cxid, op, serverId(1), identities);
    const prepared = prepare({ tree, outstanding, settings }, request, zxid, refusals);
    this.outstanding = prepared.outstanding;
    const header = { zxid, session: request.session, cxid, timeMs: this.nowMs };
    const txn = makeTxn(header, prepared.op);
    this.txns.push(txn);
    return txn;
  }

  /** Applies what is decided, but for the last `lag` decisions. */
  catchUp(lag = 0): void {
    while (this.results.length < this.txns.length - lag) {
      const txn = this.txns[this.results.length]!;
      const { tree, result } = applyTxn(this.tree, txn);
      this.tree = tree;
      this.results.push(result);
      this.outstanding = settle(this.outstanding, txn.zxid);
    }
  }

  answer(op: LeaderOperation, session = 1): Result {
    this.ask(op, session);
    this.catchUp();
    return this.results.at(-1)!;
  }

  /** Decides and applies; the error's code or `ok`. */
  do(op: LeaderOperation, session = 1): string {
    return outcomeOf(this.answer(op, session));
  }

  /** Decides all before any is applied. */
  pipeline(...ops: readonly LeaderOperation[]): string[] {
    const from = this.results.length;
    for (const op of ops) this.ask(op);
    this.catchUp();
    return this.results.slice(from).map(outcomeOf);
  }

  /** The name that was made. */
  made(op: LeaderOperation): string {
    const result = this.answer(op);
    return result.kind === 'created' ? result.path : outcomeOf(result);
  }

  read(op: TreeRead, session = 1): Result {
    const { identities, settings } = this;
    return readTree(this.tree, op, { session: session as SessionId, identities, settings });
  }

  stat(path: string): Stat {
    const znode = this.tree.znodes.get(path);
    if (znode === undefined) throw new Error(`no znode ${path}`);
    return statOf(znode);
  }

  names(path: string): readonly string[] {
    return [...(this.tree.znodes.get(path)?.family.names ?? [])].sort(compareCodeUnits);
  }
}

function describe(path: string, znode: Znode): unknown {
  const { origin, content, family, guard } = znode;
  const names = [...family.names].sort(compareCodeUnits);
  return { path, data: content.data, names, acl: guard.acl, life: origin.life, ...statOf(znode) };
}

/** Everything that a tree holds, comparable and readable. */
export function contentOf(tree: Tree): unknown {
  const paths = [...tree.znodes.keys()].sort(compareCodeUnits);
  const owners = [...tree.ephemerals.entries()].sort(([a], [b]) => a - b);
  const { containers, ttls, quotas } = tree.registers;
  return {
    znodes: paths.map((path) => describe(path, tree.znodes.get(path)!)),
    ephemerals: owners.map(([session, owned]) => [session, [...owned].sort(compareCodeUnits)]),
    sessions: [...tree.sessions.timeouts.entries()].sort(([a], [b]) => a - b),
    registers: [containers, ttls, quotas].map((paths) => [...paths].sort(compareCodeUnits)),
    digest: tree.digest,
  };
}

/** The digest, computed from everything anew. */
export function digestAnew(tree: Tree): number {
  let digest = 0;
  for (const znode of tree.znodes.values()) digest = (digest + znode.hash) >>> 0;
  return digest;
}
