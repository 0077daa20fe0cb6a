// M16: the leader counts itself as soon as it has proposed. With one follower's ACK that is a
// quorum of which half has nothing on disk; when both lose power, the transaction that was answered
// is gone.
import type { Variant } from '../variant.js';

export const leaderAcksBeforeFsync: Variant = {
  id: 'leader-acks-before-fsync',
  kind: 'mutation',
  title: 'A leader counts its own acknowledgement before its fsync',
  jira: [],
  cites: ['ZK-Java SyncRequestProcessor', 'ZK-Java AckRequestProcessor'],
  claim: 'A commit rests on a disk that does not have the transaction yet.',
  breaks: ['chosen-by-quorum'],
  smallestCluster: { voters: 3, observers: 0 },
  apply: (rules) => ({ ...rules, leaderAck: 'proposed' }),
};
