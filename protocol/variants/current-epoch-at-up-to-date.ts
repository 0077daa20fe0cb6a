// A follower writes currentEpoch when it hears UPTODATE instead of before it acknowledges
// NEWLEADER.
import type { Variant } from './variant.js';

export const currentEpochAtUpToDate: Variant = {
  id: 'current-epoch-at-up-to-date',
  title: 'currentEpoch is written at UPTODATE',
  jira: ['ZOOKEEPER-1282'],
  cites: ['ZK-Java Learner.syncWithLeader'],
  claim: 'A follower acknowledges an epoch that its disk does not know of.',
  story: [
    'B has 1:2, which is not committed; A and C end at 1:1. C leads epoch 2 with A.',
    'A acknowledges NEWLEADER, and C crashes before UPTODATE: A still has currentEpoch 1.',
    'A and B elect B for its 1:2. B leads epoch 3, commits 1:2, and crashes as early as C did.',
    'C comes back as (epoch 2, 1:1) and beats A, who has (epoch 1, 1:2): 1:2 is cut off.',
  ],
  breaks: ['ack-truthfulness', 'chosen-by-quorum', 'leader-log-completeness'],
  smallestCluster: { voters: 3, observers: 0 },
  fixedIn: ['3.4.0'],
  apply: (rules) => ({
    ...rules,
    onNewLeader: rules.onNewLeader.filter((step) => step !== 'writeCurrentEpoch'),
    epochAtUpToDate: true,
  }),
};
