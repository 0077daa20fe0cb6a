// A quorum of followers names a leader, and nobody asks whether it still leads.
import type { Variant } from './variant.js';

export const deadLeaderBelieved: Variant = {
  id: 'dead-leader-believed',
  title: 'Followers elect a leader that has crashed',
  jira: ['ZOOKEEPER-159'],
  cites: ['ZK-Java FastLeaderElection.checkLeader'],
  claim: 'A server is elected that has not said that it leads.',
  story: [
    'The leader crashes, and one follower notices before the others.',
    'It looks, hears from the others that they follow that leader, and follows it again.',
    'With staggered timeouts there may be somebody to say so for long.',
  ],
  breaks: ['liveness'],
  smallestCluster: { voters: 5, observers: 0 },
  presentIn: ['before 3.0.0'],
  fixedIn: ['3.0.0'],
  apply: (rules) => ({
    ...rules,
    isConfirmed: (box, n, self, round) =>
      n.vote.leader !== self || rules.isConfirmed(box, n, self, round),
  }),
};
