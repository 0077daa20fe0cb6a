// A quorum of followers names a leader, and nobody asks whether it still leads. Story: the leader
// crashes; who notices first hears from the others that they follow it, and follows it again; with
// staggered timeouts there may be somebody to say so for long.
import type { Variant } from './variant.js';

export const deadLeaderBelieved: Variant = {
  id: 'dead-leader-believed',
  title: 'Followers elect a leader that has crashed',
  jira: ['ZOOKEEPER-159'],
  cites: ['ZK-Java FastLeaderElection.checkLeader'],
  claim: 'A server is elected that has not said that it leads.',
  breaks: ['liveness'],
  smallestCluster: { voters: 5, observers: 0 },
  fixedIn: ['3.0.0'],
  apply: (rules) => ({
    ...rules,
    isConfirmed: (box, n, self, round) =>
      n.vote.leader !== self || rules.isConfirmed(box, n, self, round),
  }),
};
