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
  breaks: ['liveness'],
  smallestCluster: { voters: 3, observers: 0 },
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
  breaks: ['liveness'],
  smallestCluster: { voters: 3, observers: 0 },
  fixedIn: ['3.5.5', '3.6.0'],
  apply: (rules) => ({ ...rules, refreshVote: (vote) => vote }),
};
