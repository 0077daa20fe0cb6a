// An election ends when every voter has been heard, whether or not they agree.
import type { Variant } from './variant.js';

export const electionEndsWhenAllVoted: Variant = {
  id: 'election-ends-when-all-voted',
  title: 'An election ends when all have voted, agreed or not',
  jira: ['ZOOKEEPER-975'],
  cites: ['ZK-Java FastLeaderElection.lookForLeader'],
  claim: 'A server leads that no quorum has voted for.',
  story: [
    'C leads, A and B follow. A crashes and comes back.',
    'A collects its own ballot and those of B and C, who settled long ago.',
    'All have voted, so A ends the election with its own proposal: itself.',
    'It leads nobody until initLimit, and is missing where it is needed.',
  ],
  breaks: ['election-quorum'],
  smallestCluster: { voters: 3, observers: 0 },
  presentIn: ['before 3.4.0'],
  fixedIn: ['3.4.0'],
  apply: (rules) => ({
    ...rules,
    endsElection: (ensemble, support, received) =>
      rules.endsElection(ensemble, support, received) ||
      ensemble.voterList.every((sid) => received[sid] !== undefined),
  }),
};
