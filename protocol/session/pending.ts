// A request on its way through the server that received it. What it needs later is remembered as it
// was when it was read. [ZK-Java Request, CommitProcessor.pendingRequests]
import type { ErrorCode } from '../error-code.js';
import type { ConnId } from '../ids.js';
import type { Operation, ReadOperation } from '../operation.js';
import type { Identities } from './identities.js';

/** A request that was received and not answered. */
export interface Pending {
  /**
   * `write`, `close` and `sync` wait for the leader; the rest only for what is before it.
   * `refused`: it will not be carried out. `closeLocal`: no other server knows the session.
   */
  readonly kind: 'write' | 'close' | 'sync' | 'read' | 'ping' | 'refused' | 'closeLocal';
  /** Who asked; answers for an older connection of the session are dropped. */
  readonly conn: ConnId;
  readonly cxid: number;
  /** What a `read` wants to know, what a `sync` echoes. */
  readonly op: Operation | undefined;
  /** Of the connection, when the request was read. */
  readonly identities: Identities;
  /** What it comes to if the leader refuses it; of one that is `refused`, why. */
  readonly code: ErrorCode | undefined;
  /** A `sync` that the leader has released. */
  readonly released: boolean;
}

const NOBODY: Identities = [];

export function makePending(
  kind: Pending['kind'],
  conn: ConnId,
  cxid: number,
  op?: Operation,
  code?: ErrorCode,
): Pending {
  return { kind, conn, cxid, op, identities: NOBODY, code, released: false };
}

export function makeRead(
  conn: ConnId,
  cxid: number,
  op: ReadOperation,
  identities: Identities,
): Pending {
  return { kind: 'read', conn, cxid, op, identities, code: undefined, released: false };
}

export function releasedSync({ conn, cxid, op }: Pending): Pending {
  const released = true;
  return { kind: 'sync', conn, cxid, op, identities: NOBODY, code: undefined, released };
}
