// A transaction: the state change that the leader decided on, absolute and therefore idempotent to
// replay. A failed write is an `error` transaction: it consumes a zxid and is replicated like any
// other. [ZK-Java PrepRequestProcessor.pRequest2Txn, TxnHeader]
import { hashString } from '../base/digest.js';
import { unreachable } from '../base/assert.js';
import type { SessionId, Zxid } from './ids.js';

/** ZooKeeper's error codes, by name. */
export type ErrorCode =
  | 'NoNode'
  | 'NodeExists'
  | 'BadVersion'
  | 'NotEmpty'
  | 'NoChildrenForEphemerals'
  | 'BadArguments'
  | 'SessionExpired'
  | 'SessionMoved'
  | 'ConnectionLoss';

export type TxnOp =
  | {
      readonly kind: 'create';
      readonly path: string;
      readonly data: string;
      /** 0 for a persistent znode. */
      readonly ephemeralOwner: SessionId;
      /** The parent's cversion after this create. */
      readonly parentCversion: number;
    }
  | { readonly kind: 'delete'; readonly path: string }
  | {
      readonly kind: 'setData';
      readonly path: string;
      readonly data: string;
      /** The znode's version after this write. */
      readonly version: number;
    }
  | { readonly kind: 'createSession'; readonly timeoutMs: number }
  /** `paths`: the session's ephemerals as the leader's prep stage saw them. */
  | { readonly kind: 'closeSession'; readonly paths: readonly string[] }
  | { readonly kind: 'error'; readonly code: ErrorCode };

export interface Txn {
  readonly zxid: Zxid;
  readonly session: SessionId;
  /** The client's number of the request; 0 for requests that the server made itself. */
  readonly cxid: number;
  /** The leader's wall clock at prep. */
  readonly timeMs: number;
  readonly op: TxnOp;
  /** Identity of the whole content (uint32): what checkers compare instead of the content. */
  readonly digest: number;
  /** Size in the log, bytes. */
  readonly bytes: number;
}

function opText(op: TxnOp): string {
  switch (op.kind) {
    case 'create':
      return `c${op.path}=${op.data}@${String(op.ephemeralOwner)}`;
    case 'delete':
      return `d${op.path}`;
    case 'setData':
      return `s${op.path}=${op.data}#${String(op.version)}`;
    case 'createSession':
      return `+${String(op.timeoutMs)}`;
    case 'closeSession':
      return `-${op.paths.join(' ')}`;
    case 'error':
      return `e${op.code}`;
    default:
      return unreachable(op);
  }
}

export interface TxnHeader {
  readonly zxid: Zxid;
  readonly session: SessionId;
  readonly cxid: number;
  readonly timeMs: number;
}

export function makeTxn(header: TxnHeader, op: TxnOp): Txn {
  const { zxid, session, cxid, timeMs } = header;
  const text = opText(op);
  let digest = hashString(text) ^ Math.imul(zxid >>> 0, 0x9e3779b1);
  digest = Math.imul(digest ^ Math.floor(zxid / 2 ** 32), 0x85ebca6b);
  digest = Math.imul(digest ^ (session >>> 0) ^ (cxid << 7) ^ (digest >>> 13), 0xc2b2ae35);
  digest = (digest ^ (digest >>> 16)) >>> 0;
  return { zxid, session, cxid, timeMs, op, digest, bytes: 40 + text.length };
}
