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
  story: [
    'All are at 1:k. C crashes; A and B go through epoch 2 without a write, and start anew.',
    'Everybody looks: B has (epoch 2, 1:k), and C has (epoch 1, 1:k).',
    'B beats C by the epoch, and C beats B by its id.',
    'Proposals go round in a circle, or C wins and is refused by those who know epoch 2.',
  ],
  breaks: ['vote-monotonicity', 'liveness'],
  smallestCluster: { voters: 3, observers: 0 },
  presentIn: ['3.4.0 to 3.4.3'],
  fixedIn: ['3.4.4', '3.5.0'],
  apply: (rules) => ({
    ...rules,
    supersedes: (a, b) =>
      a.peerEpoch > b.peerEpoch ||
      (a.peerEpoch === b.peerEpoch && a.zxid > b.zxid) ||
      (a.zxid === b.zxid && a.leader > b.leader),
  }),
};
