// Votes within one election only get better, and rounds only go up, except for a server that
// joins an ensemble which has settled: it takes over that ensemble's round, which may be lower
// than its own. [ZK-Java FastLeaderElection.lookForLeader]
import { hasSid } from '../../protocol/sid-set.js';
import type { Epoch, Round, ServerId, Zxid } from '../../protocol/ids.js';
import type { Vote } from '../../protocol/vote.js';
import { makeVote, supersedes } from '../../protocol/vote.js';
import { checker } from './checker.js';
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

/** The vote of an observer, and one for a server that is no voter, loses to everything. */
function isBetter(voters: Parameters<typeof hasSid>[0], vote: Vote, than: Vote): boolean {
  if (!hasSid(voters, than.leader)) return true;
  return !supersedes(than, vote);
}

function voteText(vote: Vote): string {
  return `${String(vote.leader)} (epoch ${String(vote.peerEpoch)}, ${zxidText(vote.zxid)})`;
}
