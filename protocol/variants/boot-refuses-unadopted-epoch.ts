// A log that has transactions of a later epoch than currentEpoch is taken for damage.
import type { Variant } from './variant.js';

export const bootRefusesUnadoptedEpoch: Variant = {
  id: 'boot-refuses-unadopted-epoch',
  title: 'A crash between history and currentEpoch: the server never starts again',
  jira: ['ZOOKEEPER-1653', 'ZOOKEEPER-2354', 'ZOOKEEPER-4269'],
  cites: ['ZK-Java QuorumPeer.loadDataBase'],
  claim: 'A server refuses a disk that nothing but its own writes and a crash have made.',
  story: [
    'A was down while B and C went on in epoch 2. It comes back and gets 2:1 with its DIFF.',
    '2:1 is durable on A when the power fails; currentEpoch 2 is not written yet.',
    'A starts, finds a log of epoch 2 beside currentEpoch 1, and refuses.',
    'From then on it refuses at every start, although its disk is as good as any.',
  ],
  breaks: ['restartable-files', 'epoch-files'],
  smallestCluster: { voters: 3, observers: 0 },
  presentIn: ['3.4.0 to 3.4.5', '3.8.5 and later of 3.8', '3.9.2 and later'],
  fixedIn: ['3.4.6'],
  apply: (rules) => ({ ...rules, epochBehindLog: 'refuse' }),
};
