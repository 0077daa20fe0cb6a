// What a DIFF brought is logged only after UPTODATE, and NEWLEADER is acknowledged long before.
// Story: only A has 1:2; A leads epoch 2 with C, whose ACK makes the quorum; A serves 1:2 to a
// client; C and A crash, C comes back as (epoch 2, 1:1) and is elected with B: 1:2 is gone.
import { without } from './steps.js';
import type { Variant } from './variant.js';

export const ackNewLeaderBeforeLog: Variant = {
  id: 'ack-newleader-before-log',
  title: 'ACK NEWLEADER before the transactions of the DIFF are logged',
  jira: ['ZOOKEEPER-3911'],
  cites: ['Disalg'],
  claim: 'A follower acknowledges an initial history that is not in its log.',
  breaks: [
    'epoch-claims-history',
    'ack-truthfulness',
    'chosen-by-quorum',
    'leader-log-completeness',
  ],
  smallestCluster: { voters: 3, observers: 0 },
  presentIn: ['3.4.10 to 3.4.14', '3.5.3 to 3.5.8', '3.6.0 to 3.6.2'],
  fixedIn: ['3.5.9', '3.6.3', '3.7.0'],
  apply: (rules) => ({
    ...rules,
    onNewLeader: without(rules.onNewLeader, 'append', 'enqueue', 'flush', 'apply'),
  }),
};
