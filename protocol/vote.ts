// A vote and the total order on votes. [ZK-Java FastLeaderElection.totalOrderPredicate]
import type { Epoch, Round, ServerId, Zxid } from './ids.js';
import { NOBODY, NO_EPOCH, NO_ZXID } from './ids.js';

/** Whom a server wants to lead, and on the strength of which history. */
export interface Vote {
  readonly leader: ServerId;
  /** Last zxid of the candidate's history. */
  readonly zxid: Zxid;
  /** The candidate's currentEpoch: the first key of the order. */
  readonly peerEpoch: Epoch;
}

export function makeVote(leader: ServerId, zxid: Zxid, peerEpoch: Epoch): Vote {
  return { leader, zxid, peerEpoch };
}

/** What an observer votes: loses to every voter's vote (Java: Long.MIN_VALUE in all fields). */
export const NO_VOTE: Vote = makeVote(NOBODY, NO_ZXID, NO_EPOCH);

export function sameVote(a: Vote, b: Vote): boolean {
  return a.leader === b.leader && a.zxid === b.zxid && a.peerEpoch === b.peerEpoch;
}

/** A vote as a settled server keeps and reports it: with the round that elected it. */
export interface SettledVote {
  readonly vote: Vote;
  readonly round: Round;
}

/** Epoch first, then zxid, then the larger id. Zero-weight candidates are the caller's concern. */
export function supersedes(a: Vote, b: Vote): boolean {
  if (a.peerEpoch !== b.peerEpoch) return a.peerEpoch > b.peerEpoch;
  if (a.zxid !== b.zxid) return a.zxid > b.zxid;
  return a.leader > b.leader;
}
