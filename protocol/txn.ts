// A transaction: the state change that the leader decided on, absolute and therefore idempotent to
// replay. A failed write is an `error` transaction: it consumes a zxid and is replicated like any
// other. [ZK-Java PrepRequestProcessor.pRequest2Txn, TxnHeader]
import { hashString } from '../base/digest.js';
import { unreachable } from '../base/assert.js';
import type { Acl } from './acl.js';
import { OPEN_ACL } from './acl.js';
import type { ErrorCode } from './error-code.js';
import type { SessionId, Zxid } from './ids.js';
import type { Data } from './operation.js';

/**
 * How long a znode lives. In ZooKeeper's records all of this is folded into one 64-bit
 * ephemeralOwner. [ZK-Java EphemeralType]
 */
export type Life =
  | { readonly kind: 'persistent' }
  /** As long as the session. */
  | { readonly kind: 'ephemeral'; readonly owner: SessionId }
  /** Until its last child is gone and the reaper comes. */
  | { readonly kind: 'container' }
  /** Until it is childless and unchanged for this long. */
  | { readonly kind: 'ttl'; readonly ttlMs: number };

export const PERSISTENT: Life = Object.freeze({ kind: 'persistent' });
export const CONTAINER: Life = Object.freeze({ kind: 'container' });

/** What one write does. */
export type WriteTxn =
  | {
      readonly kind: 'create';
      readonly path: string;
      readonly data: Data;
      readonly acl: Acl;
      readonly life: Life;
      /** The parent's stored cversion after this create. */
      readonly parentCversion: number;
      /** Replies with a Stat: every opcode but create. */
      readonly withStat: boolean;
    }
  | { readonly kind: 'delete'; readonly path: string }
  | {
      readonly kind: 'setData';
      readonly path: string;
      readonly data: Data;
      /** The znode's version after this write. */
      readonly version: number;
    }
  | {
      readonly kind: 'setACL';
      readonly path: string;
      readonly acl: Acl;
      /** The znode's aversion after this write. */
      readonly version: number;
    }
  /** Changes nothing. */
  | { readonly kind: 'check'; readonly path: string; readonly version: number };

interface ErrorTxn {
  readonly kind: 'error';
  readonly code: ErrorCode;
}

/** One of several writes under one zxid. Where one is an error, the others are errors or undone. */
export type TxnPart =
  | WriteTxn
  | ErrorTxn
  /** This part would have succeeded. */
  | { readonly kind: 'undone' };

export type TxnOp =
  | WriteTxn
  | ErrorTxn
  | { readonly kind: 'multi'; readonly parts: readonly TxnPart[] }
  | { readonly kind: 'createSession'; readonly timeoutMs: number }
  /** `paths`: the session's ephemerals as the leader's prep stage saw them. */
  | { readonly kind: 'closeSession'; readonly paths: readonly string[] };

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

/** Of a null, which is not the empty text; no byte is beyond 255. */
const NULL_TEXT = '\u0100';

function lifeText(life: Life): string {
  switch (life.kind) {
    case 'persistent':
      return '';
    case 'ephemeral':
      return `@${String(life.owner)}`;
    case 'container':
      return '@c';
    case 'ttl':
      return `@t${String(life.ttlMs)}`;
    default:
      return unreachable(life);
  }
}

function aclText(acl: Acl): string {
  if (acl === OPEN_ACL) return '';
  return acl.map(({ perms, scheme, id }) => `!${String(perms)}:${scheme}:${id}`).join('');
}

function partText(part: TxnPart): string {
  switch (part.kind) {
    case 'create': {
      const { path, data, acl, life, parentCversion, withStat } = part;
      const rest = `${lifeText(life)}#${String(parentCversion)}${aclText(acl)}`;
      return `${withStat ? 'C' : 'c'}${path}=${data ?? NULL_TEXT}${rest}`;
    }
    case 'delete':
      return `d${part.path}`;
    case 'setData':
      return `s${part.path}=${part.data ?? NULL_TEXT}#${String(part.version)}`;
    case 'setACL':
      return `a${part.path}=${aclText(part.acl)}#${String(part.version)}`;
    case 'check':
      return `v${part.path}#${String(part.version)}`;
    case 'error':
      return `e${part.code}`;
    case 'undone':
      return 'u';
    default:
      return unreachable(part);
  }
}

function opText(op: TxnOp): string {
  switch (op.kind) {
    case 'multi':
      return `m${op.parts.map(partText).join('\n')}`;
    case 'createSession':
      return `+${String(op.timeoutMs)}`;
    case 'closeSession':
      return `-${op.paths.join(' ')}`;
    default:
      return partText(op);
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
