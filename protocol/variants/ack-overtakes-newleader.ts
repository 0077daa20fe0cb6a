// The disk thread acknowledges each transaction of the synchronization by itself as soon as it is
// durable, before the ACK of NEWLEADER.
import type { Variant } from './variant.js';

export const ackOvertakesNewLeader: Variant = {
  id: 'ack-overtakes-newleader',
  title: 'ACK of a proposal overtakes that of NEWLEADER',
  jira: ['ZOOKEEPER-4685'],
  cites: ['Remix25 I-12'],
  claim: 'The first ACK that a leader gets is not the one that it waits for.',
  story: [
    'B gets 1:2 with its DIFF, and its disk thread acknowledges 1:2 as soon as that is durable.',
    'The leader takes the first ACK on a connection for that of NEWLEADER.',
    'It sees another zxid, does not count it, and never asks again.',
    'It waits until initLimit and gives up, and everybody elects again.',
  ],
  breaks: ['ack-order', 'liveness'],
  smallestCluster: { voters: 3, observers: 0 },
  presentIn: [
    '3.5.9 and later of 3.5',
    '3.6.3 and later of 3.6',
    '3.7.0 to 3.8.4',
    '3.9.0 to 3.9.1',
  ],
  fixedIn: ['3.8.5', '3.9.2'],
  apply: (rules) => ({ ...rules, ackSyncTxns: 'flushed' }),
};
