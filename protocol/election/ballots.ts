// Ballots: the last notification of each voter, and who of them supports a vote. An election keeps
// two boxes. `received` (Java recvset) has the ballots of this round; `settled` (Java
// outofelection) those of voters that follow or lead already, of any round, so that a late comer
// finds the leader. [ZK-Java FastLeaderElection.getVoteTracker, Vote.equals]
import type { Round, ServerId } from '../ids.js';
import type { NotificationBody } from '../message.js';
import type { SidSet } from '../sid-set.js';
import { NO_SIDS, withSid } from '../sid-set.js';
import { sameVote } from '../vote.js';

/** Indexed by server id. */
export type Box = readonly (NotificationBody | undefined)[];

/** Room for servers 0 to `largest`. */
export function emptyBox(largest: number): Box {
  return Array.from({ length: largest + 1 }, () => undefined);
}

/** Do two settled voters mean the same leadership? */
export type SettledAgreement = (a: NotificationBody, b: NotificationBody) => boolean;

/**
 * Among settled ballots of this round only the leader counts. In Java an accident, and a good one:
 * the ballot is kept without the format version that the probe carries, which reads as an old
 * sender.
 */
export function sameLeader(a: NotificationBody, b: NotificationBody): boolean {
  return a.vote.leader === b.vote.leader;
}

/**
 * Members of one ensemble may differ in zxid and round: each keeps what it was elected with. They
 * agree on the leader and, once synchronized, on its epoch. [ZOOKEEPER-1732] [ZOOKEEPER-1805]
 */
export function sameLeadership(a: NotificationBody, b: NotificationBody): boolean {
  return a.vote.leader === b.vote.leader && a.vote.peerEpoch === b.vote.peerEpoch;
}

/** Two ballots that are equal in all they say, as they must be among voters that look. */
export function sameBallot(a: NotificationBody, b: NotificationBody): boolean {
  return a.round === b.round && sameVote(a.vote, b.vote);
}

/**
 * Does the leader itself say that it leads? Followers go on naming a leader that has crashed, and
 * would have it elected over and over. When they name this server, which does not lead, they must
 * at least mean this very round. [ZK-Java FastLeaderElection.checkLeader] [ZOOKEEPER-1514]
 */
export function isConfirmed(box: Box, n: NotificationBody, self: ServerId, round: Round): boolean {
  if (n.vote.leader === self) return n.round === round;
  return box[n.vote.leader]?.state === 'leading';
}

/** Voters in `box` whose ballot equals `probe`: all of it, unless both voters are settled. */
export function supporters(
  box: Box,
  probe: NotificationBody,
  settledAgreement: SettledAgreement,
): SidSet {
  let support = NO_SIDS;
  for (let sid = 1; sid < box.length; sid++) {
    const ballot = box[sid];
    if (ballot === undefined) continue;
    const agreed =
      probe.state === 'looking' || ballot.state === 'looking'
        ? sameBallot(ballot, probe)
        : settledAgreement(ballot, probe);
    if (agreed) support = withSid(support, sid as ServerId);
  }
  return support;
}
