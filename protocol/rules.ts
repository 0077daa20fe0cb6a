// The decisions that a historical bug or a version changes, each named for the decision. The core
// asks the rules and never asks "which bug?". SAFE_RULES has every known bug fixed, those still
// open upstream included; docs/divergence.md has a row for each departure.
import type { Ensemble, Limits } from './config.js';
import { supersedesInEnsemble } from './election/order.js';
import type { Epoch } from './ids.js';
import type { Vote } from './vote.js';
import type { SyncInput, SyncPlan } from './zab/sync-plan.js';
import { chooseSync } from './zab/sync-plan.js';

/**
 * What a learner does between NEWLEADER and its ACK; a crash may fall between any two. `snapshot`
 * and `resetLog` act only after SNAP, `append`, `flush` and `apply` only on committed transactions.
 */
export type NewLeaderStep =
  | 'snapshot'
  | 'resetLog'
  | 'append'
  | 'flush'
  | 'apply'
  | 'writeCurrentEpoch'
  | 'ack'
  /** In place of `append` and `flush`: the disk thread gets them, and nobody waits for it. */
  | 'enqueue';

/** What a server does between giving up a role and looking for a leader. */
export type LeaveStep = 'stopQueue' | 'drain' | 'fastForward' | 'discardPartial' | 'readLastZxid';

/** Why a server that leaves its role may not trust its memory: a sync cut short, or its disk. */
export type Doubt = 'snap' | 'trunc' | 'disk';

export interface Rules {
  /** Is `candidate` the better vote? */
  readonly supersedes: (candidate: Vote, current: Vote, ensemble: Ensemble) => boolean;
  /** The epoch to propose, given the largest acceptedEpoch heard of. */
  readonly proposeEpoch: (largestAccepted: Epoch) => Epoch;
  /** DIFF, TRUNC or SNAP for one learner, and the transactions that go with it. */
  readonly chooseSync: (input: SyncInput, limits: Limits) => SyncPlan;
  readonly onNewLeader: readonly NewLeaderStep[];
  readonly leaveRole: readonly LeaveStep[];
  /**
   * A learner comes back to the same leader with proposals in its log that are not applied there:
   * does its plan wait until they are, or is it told to cut them off?
   */
  readonly aheadInEpoch: 'await' | 'truncate';
  /** When is a PROPOSAL acknowledged? */
  readonly ackProposal: 'flushed' | 'received';

  // Synchronization, storage, change of role, disk errors, sessions.

  /** What a new leader takes for its last proposal at first: a blank learner has 0, too. */
  readonly lastProposedAtStart: 'epochStart' | 'zero';
  /**
   * How long after the plan the content of a SNAP is taken, while NEWLEADER is queued with the
   * plan. 0: the content is taken in one step with the plan, and NEWLEADER is queued behind it.
   */
  readonly snapTakenAfterMs: number;
  /** What a DIFF's header does to the learner's last zxid, before the transactions come. */
  readonly diffHeader: 'announces' | 'advances';
  /** Where committed transactions go after a TRUNC: to the log first, or to memory alone. */
  readonly afterTrunc: 'log' | 'memory';
  /** Which proposals the step `append` takes out of the backlog; the others wait for UPTODATE. */
  readonly loggedAtNewLeader: 'committed' | 'all';
  /** Are transactions that `flush` makes durable acknowledged one by one, before `ack`? */
  readonly ackSyncTxns: 'never' | 'flushed';
  /** Does the step `apply` put its transactions into the window that serves DIFFs? */
  readonly syncedInWindow: 'kept' | 'leftOut';
  /** What a learner does about a gap in the zxids of its synchronization. */
  readonly streamGap: 'leave' | 'accept';
  /** What makes a server that leaves a role read its memory back from its files. */
  readonly doubts: readonly Doubt[];
  /** The log is of a later epoch than currentEpoch: what a starting server does about it. */
  readonly epochBehindLog: 'adopt' | 'refuse';
  /** What a serving leader does when its log cannot be written. */
  readonly leaderLogFailure: 'leave' | 'stay';
  /** From when on requests of a session that is being closed are refused. */
  readonly closingRefusedFrom: 'prepared' | 'applied';
}

export const SAFE_RULES: Rules = {
  supersedes: supersedesInEnsemble,
  proposeEpoch: (largestAccepted) => (largestAccepted + 1) as Epoch,
  chooseSync,
  // The history must be durable before the epoch says that it is there (4643), the epoch before
  // the ACK that a quorum relies on (4646, 3911).
  onNewLeader: ['snapshot', 'resetLog', 'append', 'flush', 'apply', 'writeCurrentEpoch', 'ack'],
  // Drain before fast-forward, or what the disk thread appends afterwards is in nobody's memory
  // (4712); fast-forward before reading lp, or the vote hides logged transactions (2845).
  leaveRole: ['stopQueue', 'drain', 'fastForward', 'discardPartial', 'readLastZxid'],
  aheadInEpoch: 'await',
  ackProposal: 'flushed',

  // Synchronization, storage, change of role, disk errors, sessions.
  lastProposedAtStart: 'epochStart',
  snapTakenAfterMs: 0,
  diffHeader: 'announces',
  afterTrunc: 'log',
  loggedAtNewLeader: 'committed',
  ackSyncTxns: 'never',
  syncedInWindow: 'kept',
  streamGap: 'leave',
  doubts: ['snap', 'trunc', 'disk'],
  epochBehindLog: 'adopt',
  leaderLogFailure: 'leave',
  closingRefusedFrom: 'prepared',
};
