// What a DIFF brought is logged only after UPTODATE, and NEWLEADER is acknowledged long before.
import { without } from './steps.js';
import type { Variant } from './variant.js';

export const ackNewLeaderBeforeLog: Variant = {
  id: 'ack-newleader-before-log',
  title: 'ACK NEWLEADER before the transactions of the DIFF are logged',
  jira: ['ZOOKEEPER-3911'],
  cites: ['Disalg'],
  claim: 'A follower acknowledges an initial history that is not in its log.',
  story: [
    'Only A has 1:2. A leads epoch 2, and C gets 1:2 with its DIFF.',
    'C writes currentEpoch 2 and acknowledges; its log still ends at 1:1.',
    'A has its quorum, serves, and shows 1:2 to a client.',
    'C crashes and comes back as (epoch 2, 1:1). A crashes.',
    'C is elected with B, who has (epoch 1, 1:1): 1:2 is gone.',
  ],
  breaks: [
    'epoch-claims-history',
    'ack-truthfulness',
    'chosen-by-quorum',
    'leader-log-completeness',
  ],
  smallestCluster: { voters: 3, observers: 0 },
  presentIn: ['3.4.10 and later of 3.4', '3.5.3 to 3.5.8', '3.6.0 to 3.6.2'],
  fixedIn: ['3.5.9', '3.6.3', '3.7.0'],
  apply: (rules) => ({
    ...rules,
    onNewLeader: without(rules.onNewLeader, 'append', 'enqueue', 'flush', 'apply'),
  }),
};
