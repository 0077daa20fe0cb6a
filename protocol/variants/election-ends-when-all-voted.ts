// An election ends when every voter has been heard, whether or not they agree. Story: a server that
// restarts collects the ballots of an ensemble that has long settled, finds the box full and leads
// on its own vote; nobody follows.
import type { Variant } from './variant.js';

export const electionEndsWhenAllVoted: Variant = {
  id: 'election-ends-when-all-voted',
  title: 'An election ends when all have voted, agreed or not',
  jira: ['ZOOKEEPER-975'],
  cites: ['ZK-Java FastLeaderElection.lookForLeader'],
  claim: 'A server leads that no quorum has voted for.',
  breaks: ['election-quorum'],
  smallestCluster: { voters: 3, observers: 0 },
  fixedIn: ['3.4.0'],
  apply: (rules) => ({
    ...rules,
    endsElection: (ensemble, support, received) =>
      rules.endsElection(ensemble, support, received) ||
      ensemble.voterList.every((sid) => received[sid] !== undefined),
  }),
};
