// What the decision about a write is made of: what it sees, and what comes of it. A write is
// refused with a code, or it is a part of a transaction and changes what later ones will see.
import type { Identity } from '../acl.js';
import type { ErrorCode } from '../error-code.js';
import type { SessionId, Zxid } from '../ids.js';
import type { ServiceSettings } from '../service-settings.js';
import type { WriteTxn } from '../txn.js';
import type { Outstanding } from './outstanding.js';
import type { Tree } from './store.js';

/** What the session may not do; each kind of write asks when its turn has come. */
export interface SessionRefusals {
  /** Any write at all. */
  readonly any: ErrorCode | undefined;
  /** Creating an ephemeral; at least as strict. */
  readonly ephemeral: ErrorCode | undefined;
}

/** A session in good order. */
export const WELCOME: SessionRefusals = Object.freeze({ any: undefined, ephemeral: undefined });

/** What does not change while one request is decided. */
export interface Deciding {
  /** As it is applied. */
  readonly tree: Tree;
  readonly settings: ServiceSettings;
  readonly session: SessionId;
  readonly identities: readonly Identity[];
  readonly zxid: Zxid;
  readonly refusals: SessionRefusals;
}

export interface Decided {
  readonly part: WriteTxn;
  readonly outstanding: Outstanding;
}

export function makeDecided(part: WriteTxn, outstanding: Outstanding): Decided {
  return { part, outstanding };
}

export type Decision = Decided | ErrorCode;

export function isRefused(decision: Decision): decision is ErrorCode {
  return typeof decision === 'string';
}
