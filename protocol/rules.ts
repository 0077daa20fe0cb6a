// The decisions that a historical bug or a version changes, each named for the decision. The core
// asks the rules and never asks "which bug?". SAFE_RULES has every known bug fixed, those still
// open upstream included; docs/divergence.md has a row for each departure.
import type { Ensemble, Limits, Timing } from './config.js';
import type { Box, SettledAgreement } from './election/ballots.js';
import { isConfirmed, sameLeader, sameLeadership } from './election/ballots.js';
import { supersedesInEnsemble } from './election/order.js';
import type { Epoch, Round, ServerId, Zxid } from './ids.js';
import type { Quorums } from './quorums.js';
import { isVoter, VOTER_QUORUMS } from './quorums.js';
import type { SidSet } from './sid-set.js';
import type { Database } from './storage/database.js';
import type { EpochWrite } from './storage/disk-state.js';
import type { Durable, Snapshot } from './storage/durable.js';
import { makeSnapshot } from './storage/durable.js';
import type { TxnLog } from './txn-log.js';
import type { Vote } from './vote.js';
import { makeVote } from './vote.js';
import { answerLeaderInfo, isAhead, raiseEpoch } from './zab/promises.js';
import type { History, LeaderInfoAnswer } from './zab/promises.js';
import type { SyncInput, SyncPlan } from './zab/sync-plan.js';
import { chooseSync } from './zab/sync-plan.js';
import { nextZxid } from './zab/sequence.js';

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
  /**
   * The epoch to propose, after one more acceptedEpoch: NO_EPOCH before the first, the leader's own
   * among them. `last`: where the leader's own history ends.
   */
  readonly proposeEpoch: (soFar: Epoch, accepted: Epoch, last: Zxid) => Epoch;
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

  // Votes, promises, quorums and zxids: what variants/mutations and the bugs of election and
  // discovery change.
  readonly quorums: Quorums;
  /** May this server's word be counted towards a quorum? */
  readonly counts: (ensemble: Ensemble, sid: ServerId) => boolean;
  readonly nextRound: (round: Round) => Round;
  /** Do these supporters of the own proposal, among the ballots of this round, end the election? */
  readonly endsElection: (ensemble: Ensemble, support: SidSet, received: Box) => boolean;
  readonly finalizeWaitMs: (timing: Timing) => number;
  /**
   * When a looking server tells its vote again: so long after it did so last, or so long after it
   * last heard from anybody? In the latter case whoever speaks first silences the others, who may
   * have better votes, by every repetition of its own.
   */
  readonly sendsAgain: 'by the clock' | 'after silence';
  /** Do two settled ballots of this round mean the same? */
  readonly agreesInRound: SettledAgreement;
  /** Do two settled ballots of any round mean the same? */
  readonly agreesOutside: SettledAgreement;
  /** Does the leader that a settled quorum names say so itself? */
  readonly isConfirmed: typeof isConfirmed;
  /** What a settled server reports once it is synchronized with its leader's epoch. */
  readonly refreshVote: (vote: Vote, epoch: Epoch) => Vote;
  /** What is put into an epoch file. */
  readonly storedEpoch: (write: EpochWrite) => Epoch;
  /** The epoch files as a starting process understands them; its history ends in epoch `last`. */
  readonly readEpochs: (durable: Durable, last: Epoch) => Durable;
  readonly answerLeaderInfo: (offered: Epoch, accepted: Epoch) => LeaderInfoAnswer;
  /** A learner comes that has promised a later epoch: does the leader give up? */
  readonly laterPromise: 'giveUp' | 'offer';
  /** May a leader with the history `own` not count that of a learner? */
  readonly isAhead: (learner: History, own: History) => boolean;
  /** When does a new leader begin to serve? */
  readonly activation: 'newLeaderQuorum' | 'ackEpochQuorum';
  /** When is a learner that has acknowledged NEWLEADER sent UPTODATE? */
  readonly upToDate: 'newLeaderQuorum' | 'newLeaderAck';
  /** Is currentEpoch written at UPTODATE, beside what onNewLeader says? */
  readonly epochAtUpToDate: boolean;
  /** The counter before the first of a reign, after a history that ends with `last`. */
  readonly openingCounter: (last: Zxid) => number;
  /** The zxid after `last`; undefined when the counter is exhausted. */
  readonly nextZxid: (last: Zxid, counterMax: number) => Zxid | undefined;
  readonly commitOrder: 'inSequence' | 'any';
  /** When does a leader count itself as holding its proposal? */
  readonly leaderAck: 'flushed' | 'proposed';
  /** From when on is a learner sent what is proposed and committed? */
  readonly forwardFrom: 'plan' | 'newLeader' | 'newLeaderAck';
  /** Which learners, of those, hear of commits? */
  readonly commitsTo: 'forwarding' | 'live';
  /** Where a learner cuts its log when told to TRUNC to `zxid`. */
  readonly cutAt: (log: TxnLog, zxid: Zxid) => Zxid;
  /** A snapshot taken in the background, of a memory that went from `begun` to `now` meanwhile. */
  readonly fuzzySnapshot: (begun: Database, now: Database) => Snapshot;
  /** When does a session enter or leave the table that a server keeps of them? */
  readonly sessionTable: 'applied' | 'proposed';
  /** Who decides which ephemerals closeSession removes? */
  readonly closePaths: 'prepared' | 'applied';
  /** May a client that has seen `seen` use a server that has applied up to `applied`? */
  readonly admits: (seen: Zxid, applied: Zxid) => boolean;

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
  /** Under which zxid a read is answered: of the state that it shows, or of the end of the log. */
  readonly readZxid: 'applied' | 'logged';
}

export const SAFE_RULES: Rules = {
  supersedes: supersedesInEnsemble,
  proposeEpoch: raiseEpoch,
  chooseSync,
  // The history must be durable before the epoch says that it is there (4643), the epoch before
  // the ACK that a quorum relies on (4646, 3911).
  onNewLeader: ['snapshot', 'resetLog', 'append', 'flush', 'apply', 'writeCurrentEpoch', 'ack'],
  // Drain before fast-forward, or what the disk thread appends afterwards is in nobody's memory
  // (4712); fast-forward before reading lp, or the vote hides logged transactions (2845).
  leaveRole: ['stopQueue', 'drain', 'fastForward', 'discardPartial', 'readLastZxid'],
  aheadInEpoch: 'await',
  ackProposal: 'flushed',

  quorums: VOTER_QUORUMS,
  counts: isVoter,
  nextRound: (round) => (round + 1) as Round,
  endsElection: (ensemble, support) => VOTER_QUORUMS.election(ensemble.verifier, support),
  finalizeWaitMs: (timing) => timing.finalizeWaitMs,
  sendsAgain: 'by the clock',
  agreesInRound: sameLeader,
  agreesOutside: sameLeadership,
  isConfirmed,
  // Joiners compare votes of settled servers by epoch (1732).
  refreshVote: (vote, epoch) => makeVote(vote.leader, vote.zxid, epoch),
  storedEpoch: (write) => write.epoch,
  readEpochs: (durable) => durable,
  answerLeaderInfo,
  laterPromise: 'giveUp',
  isAhead,
  activation: 'newLeaderQuorum',
  upToDate: 'newLeaderQuorum',
  epochAtUpToDate: false,
  openingCounter: () => 0,
  nextZxid,
  commitOrder: 'inSequence',
  leaderAck: 'flushed',
  forwardFrom: 'plan',
  commitsTo: 'forwarding',
  cutAt: (_log, zxid) => zxid,
  // Named by where the walk began: replay repairs what runs ahead of the name, and nothing repairs
  // what lags behind it.
  fuzzySnapshot: (begun, now) => makeSnapshot(begun.lastProcessed, begun.lineage, now),
  sessionTable: 'applied',
  closePaths: 'prepared',
  admits: (seen, applied) => seen <= applied,

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
  // The client asks its next server about what is newer than what it has seen (1412).
  readZxid: 'applied',
};
