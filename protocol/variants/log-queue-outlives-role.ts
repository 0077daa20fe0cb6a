// Nobody stops the disk thread when a role ends.
import { without } from './steps.js';
import type { Variant } from './variant.js';

export const logQueueOutlivesRole: Variant = {
  id: 'log-queue-outlives-role',
  title: 'The log queue outlives its role',
  jira: ['ZOOKEEPER-4712', 'ZOOKEEPER-4541', 'ZOOKEEPER-4502'],
  cites: ['Remix25 I-10'],
  claim: 'Transactions of an old epoch are appended after the election that left them out.',
  story: [
    'B has 1:2 in the queue of a slow disk when it loses its leader.',
    'It votes with 1:1 and follows a leader of epoch 2 who lacks 1:2.',
    'Then the old queue is written: 1:2, and after it 2:1.',
    'B starts anew, and 1:2 comes back to life on B alone.',
  ],
  breaks: ['history-consistency', 'memory-vs-disk', 'convergence'],
  smallestCluster: { voters: 3, observers: 0 },
  presentIn: ['up to 3.9.2'],
  fixedIn: ['3.9.3'],
  apply: (rules) => ({ ...rules, leaveRole: without(rules.leaveRole, 'stopQueue', 'drain') }),
};
