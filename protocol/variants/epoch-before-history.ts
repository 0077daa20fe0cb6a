// At NEWLEADER currentEpoch is written before the transactions of the synchronization.
import { movedBefore } from './steps.js';
import type { Variant } from './variant.js';

export const epochBeforeHistory: Variant = {
  id: 'epoch-before-history',
  title: 'currentEpoch is written before the history',
  jira: ['ZOOKEEPER-4643'],
  cites: ['Remix25'],
  claim: 'A server claims an epoch whose initial history it does not have.',
  story: [
    '1:2 is committed on A and B. B is away; A leads epoch 2, and C gets 1:2 with its DIFF.',
    'C writes currentEpoch 2 and crashes before 1:2 is in its log.',
    'A crashes. B comes back as (epoch 1, 1:2) and C as (epoch 2, 1:1).',
    'C is elected for its epoch and tells B to cut off the committed 1:2.',
  ],
  breaks: ['epoch-claims-history', 'leader-log-completeness', 'committed-log-durability'],
  smallestCluster: { voters: 3, observers: 0 },
  presentIn: ['up to 3.8.4', '3.9.0 to 3.9.1'],
  fixedIn: ['3.8.5', '3.9.2'],
  apply: (rules) => ({
    ...rules,
    onNewLeader: movedBefore(rules.onNewLeader, 'writeCurrentEpoch', 'append', 'enqueue'),
  }),
};
