// Elections. Votes within one only get better, and rounds only go up, except for a server that
// joins an ensemble which has settled: it takes over that ensemble's round, which may be lower than
// its own. And whoever is elected has a quorum behind it. [ZK-Java
// FastLeaderElection.lookForLeader]
import { isQuorum } from '../../protocol/quorum.js';
import type { SidSet } from '../../protocol/sid-set.js';
import { hasSid, NO_SIDS, sidsOf, withSid } from '../../protocol/sid-set.js';
import type { Epoch, Round, ServerId, Zxid } from '../../protocol/ids.js';
import type { Vote } from '../../protocol/vote.js';
import { makeVote, supersedes } from '../../protocol/vote.js';
import { checker } from './checker.js';
import { SERVER_SLOTS } from './oracle/servers.js';
import { zxidText } from './words.js';

interface Ballot {
  readonly vote: Vote;
  readonly round: Round;
  readonly record: number;
}

export const voteMonotonicity = checker(
  {
    id: 'vote-monotonicity',
    kind: 'safety',
    claim:
      'Within a round a server replaces its vote only by a better one, and its round never ' +
      'goes down while it looks for a leader.',
    cites: ['ZK-Java FastLeaderElection.totalOrderPredicate', 'ZOOKEEPER-1419', 'TLA-FLE'],
    kinds: ['vote', 'elected', 'crash', 'boot'],
  },
  (oracle, found) => {
    const ballots = new Map<number, Ballot>();
    return (record) => {
      if (record.kind !== 'vote') {
        // A decision ends the call; the next begins with a round above the one that was decided.
        if (record.kind !== 'elected' || record.text === 'settled') ballots.delete(record.actor);
        return;
      }
      found.saw();
      const vote = makeVote(record.peer as ServerId, record.zxid as Zxid, record.epoch as Epoch);
      const round = record.value as Round;
      const before = ballots.get(record.actor);
      ballots.set(record.actor, { vote, round, record: record.index });
      if (before === undefined || round > before.round) return;
      const facts = {
        round,
        roundBefore: before.round,
        vote: voteText(vote),
        voteBefore: voteText(before.vote),
      };
      if (round < before.round) {
        found.broken(record, 'round-went-down', facts, [before.record]);
      } else if (!isBetter(oracle.setup.ensemble.voters, vote, before.vote)) {
        found.broken(record, 'vote-got-worse', facts, [before.record]);
      }
    };
  },
);

/*
 * Ballots are told as they are cast, and received later, so whoever is elected has been voted for
 * before. A server that joins a settled ensemble casts no ballot of its own; from then on it counts
 * as a supporter, because it answers with the vote that it took over. Nothing is claimed of
 * observers: a voter answers one with the vote of its last reign under the round of this election.
 * [ZK-Java FastLeaderElection.Messenger.WorkerReceiver]
 */
export const electionQuorum = checker(
  {
    id: 'election-quorum',
    kind: 'safety',
    claim:
      'A voter takes for elected whom a quorum has voted for in that round, and leads only in ' +
      'the round in which it votes itself.',
    cites: [
      'ZK-Java FastLeaderElection.lookForLeader',
      'TLA-FLE',
      'ZOOKEEPER-975',
      'ZOOKEEPER-1514',
    ],
    kinds: ['vote', 'elected', 'boot'],
  },
  (oracle, found) => {
    const supporters = new Map<number, SidSet>();
    const rounds = new Map<number, number>();
    return (record) => {
      const { actor, peer, value: round } = record;
      if (record.kind === 'boot') {
        rounds.delete(actor);
        return;
      }
      if (!hasSid(oracle.setup.ensemble.voters, actor as number as ServerId)) return;
      const key = round * SERVER_SLOTS + peer;
      const support = supporters.get(key) ?? NO_SIDS;
      supporters.set(key, withSid(support, actor as number as ServerId));
      if (record.kind === 'vote') {
        rounds.set(actor, round);
        return;
      }
      // Who joins on the word of a settled quorum is elected by nobody.
      const leads = peer === actor;
      if (!leads && record.text !== 'looking') return;
      found.saw();
      const own = rounds.get(actor) ?? 0;
      const facts = { round, leader: peer, ownRound: own, supportedBy: sidsOf(support).join(' ') };
      if (!isQuorum(oracle.setup.ensemble.verifier, support)) {
        found.broken(record, 'no-quorum', facts);
      } else if (leads && own !== round) {
        found.broken(record, 'another-round', facts);
      }
    };
  },
);

/** The vote of an observer, and one for a server that is no voter, loses to everything. */
function isBetter(voters: Parameters<typeof hasSid>[0], vote: Vote, than: Vote): boolean {
  if (!hasSid(voters, than.leader)) return true;
  return !supersedes(than, vote);
}

function voteText(vote: Vote): string {
  return `${String(vote.leader)} (epoch ${String(vote.peerEpoch)}, ${zxidText(vote.zxid)})`;
}
