// What an epoch is worth: how a leader finds one above every promise it hears of, what a learner
// answers to it, and whose history is the more recent. [ZK-Java Leader.getEpochToPropose,
// Learner.registerWithLeader, StateSummary.isMoreRecentThan]
import type { Epoch, Zxid } from '../ids.js';

/** What ACKEPOCH says of a history. */
export interface History {
  readonly currentEpoch: Epoch;
  readonly zxid: Zxid;
}

export function makeHistory(currentEpoch: Epoch, zxid: Zxid): History {
  return { currentEpoch, zxid };
}

/** `resync`: promised before, so it asks to be synchronized without being counted again. */
export type LeaderInfoAnswer = 'promise' | 'resync' | 'refuse';

export function raiseEpoch(soFar: Epoch, accepted: Epoch): Epoch {
  return accepted >= soFar ? ((accepted + 1) as Epoch) : soFar;
}

export function answerLeaderInfo(offered: Epoch, accepted: Epoch): LeaderInfoAnswer {
  if (offered < accepted) return 'refuse';
  return offered === accepted ? 'resync' : 'promise';
}

export function isAhead(learner: History, own: History): boolean {
  if (learner.currentEpoch !== own.currentEpoch) return learner.currentEpoch > own.currentEpoch;
  return learner.zxid > own.zxid;
}
