// A follower writes currentEpoch when it hears UPTODATE instead of before it acknowledges
// NEWLEADER. Story: the quorum that begins an epoch crashes before UPTODATE; its members vote with
// the old epoch and lose against a server that missed all of it.
import type { Variant } from './variant.js';

export const currentEpochAtUpToDate: Variant = {
  id: 'current-epoch-at-up-to-date',
  title: 'currentEpoch is written at UPTODATE',
  jira: ['ZOOKEEPER-1282'],
  cites: ['ZK-Java Learner.syncWithLeader'],
  claim: 'A follower acknowledges an epoch that its disk does not know of.',
  breaks: ['ack-truthfulness', 'chosen-by-quorum', 'leader-log-completeness'],
  smallestCluster: { voters: 3, observers: 0 },
  fixedIn: ['3.4.0'],
  apply: (rules) => ({
    ...rules,
    onNewLeader: rules.onNewLeader.filter((step) => step !== 'writeCurrentEpoch'),
    epochAtUpToDate: true,
  }),
};
