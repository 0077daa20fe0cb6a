// A log that has transactions of a later epoch than currentEpoch is taken for damage. Story: A
// joins epoch 2; the transactions of the synchronization are durable when the power fails,
// currentEpoch is not; from then on A refuses to start, for ever.
import type { Variant } from './variant.js';

export const bootRefusesUnadoptedEpoch: Variant = {
  id: 'boot-refuses-unadopted-epoch',
  title: 'A crash between history and currentEpoch: the server never starts again',
  jira: ['ZOOKEEPER-1653', 'ZOOKEEPER-2354', 'ZOOKEEPER-4269'],
  cites: ['ZK-Java QuorumPeer.loadDataBase'],
  claim: 'A server refuses a disk that nothing but its own writes and a crash have made.',
  breaks: ['restartable-files', 'epoch-files'],
  smallestCluster: { voters: 3, observers: 0 },
  presentIn: ['3.4.0 to 3.4.5', '3.9.4'],
  fixedIn: ['3.4.6'],
  apply: (rules) => ({ ...rules, epochBehindLog: 'refuse' }),
};
