// What a client asks for. The unions are closed: what cannot be parsed as one of these arrives as
// `malformedWrite`, `malformedRead` or `unknown`, and is answered as a real server answers it.
// [ZK-Java ZooDefs.OpCode, org.apache.zookeeper.proto]
import type { Acl, Identity } from './acl.js';
import { OPEN_ACL } from './acl.js';
import type { ServerId, SessionId, Zxid } from './ids.js';

/**
 * Content of a znode: one UTF-16 unit, 0 to 255, for each byte, so that its length is its size.
 * `null` (length -1 on the wire) and empty are different and kept apart.
 */
export type Data = string | null;

/** Flags of a create, as on the wire; a client may send any number. [ZK-Java CreateMode] */
export const CREATE_FLAGS = {
  persistent: 0,
  ephemeral: 1,
  persistentSequential: 2,
  ephemeralSequential: 3,
  container: 4,
  ttl: 5,
  ttlSequential: 6,
} as const;
export type CreateMode = keyof typeof CREATE_FLAGS;

/** The four opcodes that create; they differ in what flags mean and in the reply. */
export type CreateKind = 'create' | 'create2' | 'createContainer' | 'createTTL';

export interface CreateOperation {
  readonly kind: CreateKind;
  readonly path: string;
  readonly data: Data;
  /** `null`: the client sent no list. */
  readonly acl: Acl | null;
  readonly flags: number;
  /** -1 but for createTTL. */
  readonly ttlMs: number;
}

export interface DeleteOperation {
  readonly kind: 'delete';
  readonly path: string;
  /** Expected version, or -1 for any; so everywhere below. */
  readonly version: number;
}

export interface SetDataOperation {
  readonly kind: 'setData';
  readonly path: string;
  readonly data: Data;
  readonly version: number;
}

/** Alone it is unknown to a server of the baseline; older ones carry it out. */
export interface CheckOperation {
  readonly kind: 'check';
  readonly path: string;
  readonly version: number;
}

/** What a multi may hold; anything else makes all of it `malformed`. */
export type MultiPart = CreateOperation | DeleteOperation | SetDataOperation | CheckOperation;

export type WriteOperation =
  | CreateOperation
  | DeleteOperation
  | SetDataOperation
  | CheckOperation
  | {
      readonly kind: 'setACL';
      readonly path: string;
      readonly acl: Acl | null;
      /** Of the ACL: Stat.aversion. */
      readonly version: number;
    }
  | { readonly kind: 'multi'; readonly parts: readonly MultiPart[] }
  /** What the leader's reaper asks for; a client that sends it is carried out, too. */
  | { readonly kind: 'deleteContainer'; readonly path: string }
  /** Reconfiguration is not built: always refused, as where it is disabled or by a server alone. */
  | { readonly kind: 'reconfig' }
  /** A write whose body the server cannot parse; `opcode` is ZooKeeper's number. */
  | { readonly kind: 'malformedWrite'; readonly opcode: number };

export interface GetDataOperation {
  readonly kind: 'getData';
  readonly path: string;
  readonly watch: boolean;
}

/** The older one replies without a Stat. */
export interface GetChildrenOperation {
  readonly kind: 'getChildren' | 'getChildren2';
  readonly path: string;
  readonly watch: boolean;
}

/** What a multiRead may hold. */
export type MultiReadPart = GetDataOperation | GetChildrenOperation;

/** What is read from the tree alone (and a watch left, where one is asked for). */
export type TreeRead =
  | GetDataOperation
  | GetChildrenOperation
  | { readonly kind: 'exists'; readonly path: string; readonly watch: boolean }
  | { readonly kind: 'getACL'; readonly path: string }
  | { readonly kind: 'getAllChildrenNumber'; readonly path: string }
  | { readonly kind: 'multiRead'; readonly parts: readonly MultiReadPart[] }
  /** Of the asking session, by raw string prefix. */
  | { readonly kind: 'getEphemerals'; readonly prefix: string };

/** Numbers of the wire: 1 children, 2 data, 3 any, 4 persistent, 5 persistent recursive. */
export type WatcherTypeNumber = number;

/** What is about the connection's own watches and identities. */
export type ConnectionRead =
  | { readonly kind: 'whoAmI' }
  /** 0 persistent, 1 persistent recursive. */
  | { readonly kind: 'addWatch'; readonly path: string; readonly mode: number }
  | {
      readonly kind: 'removeWatches' | 'checkWatches';
      readonly path: string;
      readonly type: WatcherTypeNumber;
    }
  | {
      readonly kind: 'setWatches' | 'setWatches2';
      /** Newest zxid that the client has seen. */
      readonly relativeZxid: Zxid;
      readonly data: readonly string[];
      readonly exist: readonly string[];
      readonly child: readonly string[];
      /** Empty in setWatches; so `recursive`. */
      readonly persistent: readonly string[];
      readonly recursive: readonly string[];
    }
  /** A read whose body the server cannot parse. */
  | { readonly kind: 'malformedRead'; readonly opcode: number };

export type ReadOperation = TreeRead | ConnectionRead;

/** What a client program can ask for. */
export type Operation =
  | WriteOperation
  | ReadOperation
  | { readonly kind: 'sync'; readonly path: string | null }
  /** Carried out as soon as it is read, before whatever waits. */
  | { readonly kind: 'addAuth'; readonly scheme: string; readonly auth: string }
  /** An opcode that the server does not know: Unimplemented, and the connection is closed. */
  | { readonly kind: 'unknown'; readonly opcode: number };

/** What travels from a server to the leader to become a transaction. */
export type LeaderOperation =
  | WriteOperation
  | { readonly kind: 'createSession'; readonly timeoutMs: number }
  | { readonly kind: 'closeSession' };

const NO_IDENTITIES: readonly Identity[] = Object.freeze([]);

/** A request on its way to the leader's prep stage. */
export interface Request {
  readonly session: SessionId;
  /** The client's number of this request; 0 for requests a server makes itself. */
  readonly cxid: number;
  readonly op: LeaderOperation;
  /** The server whose client asked: the only one that replies. */
  readonly origin: ServerId;
  /** Of the connection, when the request was read. */
  readonly identities: readonly Identity[];
}

export function makeRequest(
  session: SessionId,
  cxid: number,
  op: LeaderOperation,
  origin: ServerId,
  identities: readonly Identity[] = NO_IDENTITIES,
): Request {
  return { session, cxid, op, origin, identities };
}

/** An open create as most programs want it. */
export function createOperation(
  path: string,
  data: Data,
  mode: CreateMode = 'persistent',
  acl: Acl | null = OPEN_ACL,
): CreateOperation {
  return { kind: 'create', path, data, acl, flags: CREATE_FLAGS[mode], ttlMs: -1 };
}

/** Flags do not matter to this opcode, but upstream's client sends these. */
export function containerOperation(path: string, data: Data): CreateOperation {
  const flags = CREATE_FLAGS.container;
  return { kind: 'createContainer', path, data, acl: OPEN_ACL, flags, ttlMs: -1 };
}

export function ttlOperation(path: string, data: Data, ttlMs: number): CreateOperation {
  return { kind: 'createTTL', path, data, acl: OPEN_ACL, flags: CREATE_FLAGS.ttl, ttlMs };
}

export function isCreate(op: { readonly kind: string }): op is CreateOperation {
  const { kind } = op;
  return (
    kind === 'create' || kind === 'create2' || kind === 'createContainer' || kind === 'createTTL'
  );
}

const WRITE_KINDS: ReadonlySet<string> = new Set<WriteOperation['kind']>([
  ...(['create', 'create2', 'createContainer', 'createTTL', 'delete', 'deleteContainer'] as const),
  ...(['setData', 'setACL', 'check', 'multi', 'reconfig', 'malformedWrite'] as const),
]);

/** Does it need the leader and become a transaction? */
export function isWrite(op: Operation): op is WriteOperation {
  return WRITE_KINDS.has(op.kind);
}
