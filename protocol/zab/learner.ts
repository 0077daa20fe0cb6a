// A learner, that is a follower or an observer, as a record: whom it follows, over which
// connection, and how far it has come. Every blocking wait of the Java code is a phase.
// [ZK-Java Learner, Follower, Observer]
import { emptyFifo, Fifo } from '../fifo.js';
import type { Mutable } from '../../base/mutable.js';
import type { ConnId, Epoch, ServerId, Zxid } from '../ids.js';
import { NO_ZXID } from '../ids.js';
import type { Message } from '../message.js';
import type { Txn } from '../txn.js';
import type { Pipeline } from './pipeline.js';
import type { SyncMode } from './sync-plan.js';

/** What arrives between the plan and UPTODATE, not yet logged or not yet committed. */
export interface Backlog {
  readonly proposals: Fifo<Txn>;
  readonly commits: Fifo<Zxid>;
  /** Last zxid put into `proposals`; NO_ZXID before the first. */
  readonly lastQueued: Zxid;
}

export const NO_BACKLOG: Backlog = {
  proposals: emptyFifo(),
  commits: emptyFifo(),
  lastQueued: NO_ZXID,
};

export type LearnerPhase =
  | { readonly kind: 'connecting'; readonly tries: number }
  | { readonly kind: 'awaitLeaderInfo' }
  /** acceptedEpoch is on its way to the disk. */
  | { readonly kind: 'promising'; readonly epoch: Epoch; readonly step: number }
  /** ACKEPOCH is sent; DIFF, TRUNC or SNAP comes next. */
  | { readonly kind: 'awaitPlan'; readonly epoch: Epoch }
  | { readonly kind: 'truncating'; readonly epoch: Epoch; readonly zxid: Zxid }
  | {
      readonly kind: 'receiving';
      readonly epoch: Epoch;
      readonly mode: SyncMode;
      readonly backlog: Backlog;
    }
  /** Between NEWLEADER and its ACK: `step` indexes rules.onNewLeader. */
  | {
      readonly kind: 'newLeader';
      readonly epoch: Epoch;
      readonly mode: SyncMode;
      readonly backlog: Backlog;
      readonly step: number;
      /** Committed transactions that `append` has moved to the log and `apply` will apply. */
      readonly appended: Fifo<Txn>;
      /** Uncommitted ones that it has moved to the log: none, by rules.loggedAtNewLeader. */
      readonly ahead: Fifo<Txn>;
    }
  | {
      readonly kind: 'awaitUpToDate';
      readonly epoch: Epoch;
      readonly backlog: Backlog;
      /** In the log, not applied: none, unless rules.onNewLeader leaves some. */
      readonly logged: Fifo<Txn>;
    }
  | {
      readonly kind: 'broadcast';
      readonly epoch: Epoch;
      /** Proposed, not known committed (Java pendingTxns). */
      readonly pending: Fifo<Txn>;
      readonly pipeline: Pipeline;
    };

export interface Learner {
  readonly kind: 'following' | 'observing';
  readonly leader: ServerId;
  /** 0 until connected. */
  readonly conn: ConnId;
  readonly lastHeardUs: number;
  /** Silence beyond this ends the connection, milliseconds. */
  readonly readTimeoutMs: number;
  /** Packets that arrived while this thread waits for its disk. */
  readonly inbox: Fifo<Message>;
  readonly phase: LearnerPhase;
}

const NO_CONN = 0 as ConnId;

export function makeLearner(
  kind: Learner['kind'],
  leader: ServerId,
  nowUs: number,
  readTimeoutMs: number,
): Learner {
  return {
    kind,
    leader,
    conn: NO_CONN,
    lastHeardUs: nowUs,
    readTimeoutMs,
    inbox: emptyFifo(),
    phase: { kind: 'connecting', tries: 1 },
  };
}

export function copyLearner(role: Learner): Mutable<Learner> {
  return {
    kind: role.kind,
    leader: role.leader,
    conn: role.conn,
    lastHeardUs: role.lastHeardUs,
    readTimeoutMs: role.readTimeoutMs,
    inbox: role.inbox,
    phase: role.phase,
  };
}

export function withPhase(role: Learner, phase: LearnerPhase): Learner {
  const next = copyLearner(role);
  next.phase = phase;
  return next;
}

/** Why a learner leaves that is told to commit what it was never sent. */
export const NO_PROPOSAL = 'COMMIT without its proposal';

/** Does this learner's thread wait for its disk, so that packets must wait too? */
export function isBlocked(phase: LearnerPhase): boolean {
  return phase.kind === 'promising' || phase.kind === 'truncating' || phase.kind === 'newLeader';
}
