// What quorums decide, each with a test of its own: all are the same in ZooKeeper, and a bug in one
// of them is another bug than in the next. `counts` comes before them all: whose word may be put
// into a set. [ZK-Java FastLeaderElection, Leader.getEpochToPropose, waitForEpochAck,
// waitForNewLeaderAck, tryToCommit]
import type { Ensemble } from './config.js';
import type { ServerId } from './ids.js';
import type { QuorumVerifier } from './quorum.js';
import { isQuorum } from './quorum.js';
import type { SidSet } from './sid-set.js';
import { hasSid } from './sid-set.js';

export type QuorumTest = (verifier: QuorumVerifier, set: SidSet) => boolean;

export interface Quorums {
  /** Who agrees on a vote, or on a leader that is settled: the election is over. */
  readonly election: QuorumTest;
  /** Whose acceptedEpoch is known: the new epoch is fixed. */
  readonly followerInfo: QuorumTest;
  /** Who promised it and is not ahead: the leader is established. */
  readonly ackEpoch: QuorumTest;
  /** Who holds the initial history and the epoch. */
  readonly newLeader: QuorumTest;
  /** Who holds a proposal: it is committed. */
  readonly commit: QuorumTest;
  /** Who was heard of within syncLimit: the leader stays. */
  readonly heard: QuorumTest;
}

export const VOTER_QUORUMS: Quorums = {
  election: isQuorum,
  followerInfo: isQuorum,
  ackEpoch: isQuorum,
  newLeader: isQuorum,
  commit: isQuorum,
  heard: isQuorum,
};

export function isVoter(ensemble: Ensemble, sid: ServerId): boolean {
  return hasSid(ensemble.voters, sid);
}
