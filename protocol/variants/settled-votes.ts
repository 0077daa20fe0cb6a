// A server that comes late joins the others on the word of a quorum that is settled. What it
// compares decides whether it ever finds one: members keep the zxid and the round of the election
// that they came by, and these differ.
import { sameBallot } from '../election/ballots.js';
import type { Variant } from './variant.js';

/** Members are asked to agree on everything, and never do. */
export const settledVotesComparedWhole: Variant = {
  id: 'settled-votes-compared-whole',
  title: 'Votes of settled servers are compared with zxid and round',
  jira: ['ZOOKEEPER-1732', 'ZOOKEEPER-1805'],
  cites: ['ZK-Java FastLeaderElection.termPredicate'],
  claim: 'A server that comes late never joins a healthy ensemble.',
  story: [
    'A and B follow C; each keeps the zxid and the round of the election that it came by.',
    'B starts anew and joins again, in another round.',
    'A starts anew. It hears from B and C, whose votes differ in the round alone.',
    'No two are equal, so there is no quorum, and A looks for ever.',
  ],
  breaks: ['liveness'],
  smallestCluster: { voters: 3, observers: 0 },
  presentIn: ['up to 3.4.5'],
  fixedIn: ['3.4.6', '3.5.0'],
  apply: (rules) => ({ ...rules, agreesInRound: sameBallot, agreesOutside: sameBallot }),
};

/** Members keep the epoch of their election, those that came later have a newer one. */
export const settledVoteNotRefreshed: Variant = {
  id: 'settled-vote-not-refreshed',
  title: 'A settled server goes on reporting the epoch that it was elected with',
  jira: ['ZOOKEEPER-1732', 'ZOOKEEPER-1818'],
  cites: ['ZK-Java QuorumPeer.updateElectionVote'],
  claim: 'A server that comes late never joins a healthy ensemble.',
  story: [
    'A joins C late and goes on reporting the epoch of the election that it came by.',
    'C reports the epoch that has begun since.',
    'B starts anew: of two members one names the old epoch and the other the new one.',
    'There is no quorum of either, and B looks for ever.',
  ],
  breaks: ['liveness'],
  smallestCluster: { voters: 3, observers: 0 },
  presentIn: ['up to 3.4.5', '3.5.0 to 3.5.4'],
  fixedIn: ['3.4.6', '3.5.5', '3.6.0'],
  apply: (rules) => ({ ...rules, refreshVote: (vote) => vote }),
};
