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
  'snapshot' | 'resetLog' | 'append' | 'flush' | 'apply' | 'writeCurrentEpoch' | 'ack';

/** What a server does between giving up a role and looking for a leader. */
export type LeaveStep = 'stopQueue' | 'drain' | 'fastForward' | 'discardPartial' | 'readLastZxid';

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
  /** Under which zxid a read is answered: of the state that it shows, or of the end of the log. */
  readonly readZxid: 'applied' | 'logged';
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
  // The client asks its next server about what is newer than what it has seen (1412).
  readZxid: 'applied',
};
