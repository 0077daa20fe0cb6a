// What a client asks for and what it is told. The service issue widens these unions; nothing else
// in the protocol looks inside them. [ZK-Java ZooDefs.OpCode]
import type { ServerId, SessionId, Zxid } from './ids.js';
import type { ErrorCode } from './txn.js';

export type WriteOperation =
  | {
      readonly kind: 'create';
      readonly path: string;
      readonly data: string;
      readonly ephemeral: boolean;
    }
  | { readonly kind: 'delete'; readonly path: string; readonly version: number }
  | {
      readonly kind: 'setData';
      readonly path: string;
      readonly data: string;
      /** Expected version, or -1 for any. */
      readonly version: number;
    };

export type ReadOperation =
  | { readonly kind: 'getData'; readonly path: string }
  | { readonly kind: 'exists'; readonly path: string }
  | { readonly kind: 'getChildren'; readonly path: string };

/** What a client program can ask for. */
export type Operation =
  WriteOperation | ReadOperation | { readonly kind: 'sync'; readonly path: string };

/** What travels from a server to the leader to become a transaction. */
export type LeaderOperation =
  | WriteOperation
  | { readonly kind: 'createSession'; readonly timeoutMs: number }
  | { readonly kind: 'closeSession' };

/** A request on its way to the leader's prep stage. */
export interface Request {
  readonly session: SessionId;
  /** The client's number of this request; 0 for requests a server makes itself. */
  readonly cxid: number;
  readonly op: LeaderOperation;
  /** The server whose client asked: the only one that replies. */
  readonly origin: ServerId;
}

export function makeRequest(
  session: SessionId,
  cxid: number,
  op: LeaderOperation,
  origin: ServerId,
): Request {
  return { session, cxid, op, origin };
}

export interface Stat {
  readonly czxid: Zxid;
  readonly mzxid: Zxid;
  readonly version: number;
  readonly cversion: number;
  readonly ephemeralOwner: SessionId;
}

/** The body of a reply. */
export type Result =
  | { readonly kind: 'done'; readonly stat: Stat | undefined }
  | { readonly kind: 'data'; readonly data: string; readonly stat: Stat }
  | { readonly kind: 'children'; readonly names: readonly string[]; readonly stat: Stat }
  | { readonly kind: 'error'; readonly code: ErrorCode };
