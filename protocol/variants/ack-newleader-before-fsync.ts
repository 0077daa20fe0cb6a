// The transactions of the synchronization are handed to the disk thread, and NEWLEADER is
// acknowledged while they are still in its queue.
import { replaced, without } from './steps.js';
import type { Variant } from './variant.js';

export const ackNewLeaderBeforeFsync: Variant = {
  id: 'ack-newleader-before-fsync',
  title: 'ACK NEWLEADER while the transactions of the DIFF wait for their fsync',
  jira: ['ZOOKEEPER-4646', 'ZOOKEEPER-4785'],
  cites: ['Remix25'],
  claim: 'A follower acknowledges an initial history that its disk does not have yet.',
  story: [
    'Only A has 1:2. A leads epoch 2, and B gets 1:2 with its DIFF.',
    'B puts 1:2 into the queue of its disk thread, writes currentEpoch 2 and acknowledges.',
    'A has its quorum, serves, and shows 1:2 to a client.',
    'A and B lose power in the few milliseconds before the fsync of B.',
    'B comes back as (epoch 2, 1:1) and leads with C: 1:2 is gone after it has been seen.',
  ],
  breaks: [
    'epoch-claims-history',
    'ack-truthfulness',
    'chosen-by-quorum',
    'leader-log-completeness',
  ],
  smallestCluster: { voters: 3, observers: 0 },
  presentIn: [
    '3.5.9 and later of 3.5',
    '3.6.3 and later of 3.6',
    '3.7.0 to 3.8.4',
    '3.9.0 to 3.9.1',
  ],
  fixedIn: ['3.8.5', '3.9.2'],
  apply: (rules) => ({
    ...rules,
    onNewLeader: without(replaced(rules.onNewLeader, 'append', 'enqueue'), 'flush'),
  }),
};
