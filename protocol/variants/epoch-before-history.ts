// At NEWLEADER currentEpoch is written before the transactions of the synchronization. Story:
// 1:2 is committed on A and B; C joins A in epoch 2 and crashes between the two writes; A
// crashes; C is elected over B on its epoch, and tells B to cut off the committed 1:2.
import { movedBefore } from './steps.js';
import type { Variant } from './variant.js';

export const epochBeforeHistory: Variant = {
  id: 'epoch-before-history',
  title: 'currentEpoch is written before the history',
  jira: ['ZOOKEEPER-4643'],
  cites: ['Remix25'],
  claim: 'A server claims an epoch whose initial history it does not have.',
  breaks: ['epoch-claims-history', 'leader-log-completeness', 'committed-log-durability'],
  smallestCluster: { voters: 3, observers: 0 },
  presentIn: ['up to 3.8.4', '3.9.0', '3.9.1'],
  fixedIn: ['3.8.5', '3.9.2'],
  apply: (rules) => ({
    ...rules,
    onNewLeader: movedBefore(rules.onNewLeader, 'writeCurrentEpoch', 'append', 'enqueue'),
  }),
};
