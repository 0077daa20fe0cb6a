// The order on votes asks for the larger server id without asking whether the epochs are equal.
// With equal zxids a server of an older epoch beats one of a newer and is beaten by it: proposals
// go round in a circle, or a server wins whom its followers refuse.
import type { Variant } from './variant.js';

export const voteOrderNotTotal: Variant = {
  id: 'vote-order-not-total',
  title: 'The order on votes is no order',
  jira: ['ZOOKEEPER-1419'],
  cites: ['ZK-Java FastLeaderElection.totalOrderPredicate'],
  claim: 'Two votes supersede each other, and an election need not end.',
  breaks: ['vote-monotonicity', 'liveness'],
  smallestCluster: { voters: 3, observers: 0 },
  presentIn: ['3.4.0', '3.4.1', '3.4.2', '3.4.3'],
  fixedIn: ['3.4.4', '3.5.0'],
  apply: (rules) => ({
    ...rules,
    supersedes: (a, b) =>
      a.peerEpoch > b.peerEpoch ||
      (a.peerEpoch === b.peerEpoch && a.zxid > b.zxid) ||
      (a.zxid === b.zxid && a.leader > b.leader),
  }),
};
