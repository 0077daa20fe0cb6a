// The disk thread acknowledges each transaction of the synchronization by itself as soon as it
// is durable, before the ACK of NEWLEADER. Story: the leader takes the first ACK on the
// connection for that of NEWLEADER, sees another zxid, does not count it, and never asks again;
// it waits until initLimit and gives up.
import type { Variant } from './variant.js';

export const ackOvertakesNewLeader: Variant = {
  id: 'ack-overtakes-newleader',
  title: 'ACK of a proposal overtakes that of NEWLEADER',
  jira: ['ZOOKEEPER-4685'],
  cites: ['Remix25 I-12'],
  claim: 'The first ACK that a leader gets is not the one that it waits for.',
  breaks: ['ack-order', 'liveness'],
  smallestCluster: { voters: 3, observers: 0 },
  presentIn: ['3.9.1'],
  fixedIn: ['3.9.2'],
  apply: (rules) => ({ ...rules, ackSyncTxns: 'flushed' }),
};
