// A leader raises its epoch only for an acceptedEpoch above it, not for an equal one.
import type { Epoch } from '../ids.js';
import type { Variant } from './variant.js';

export const epochOffByOne: Variant = {
  id: 'epoch-off-by-one',
  title: 'A new epoch may equal one that was accepted',
  jira: ['ZOOKEEPER-1343'],
  cites: ['ZK-Java Leader.getEpochToPropose'],
  claim: 'An epoch has two reigns, and a zxid two transactions.',
  story: [
    'C leads epoch 2 with A and commits 2:1, while B is away. C crashes, and A is elected.',
    'B registers with acceptedEpoch 1, which makes the new epoch 2.',
    'A registers itself with acceptedEpoch 2: not above 2, so the epoch stays 2.',
    'A leads epoch 2 a second time, counts from 1 again, and gives 2:1 to another transaction.',
  ],
  breaks: ['one-promise-per-epoch', 'leadership2', 'unique-zxid'],
  smallestCluster: { voters: 3, observers: 0 },
  presentIn: ['3.4.0 to 3.4.2'],
  fixedIn: ['3.4.3', '3.5.0'],
  apply: (rules) => ({
    ...rules,
    proposeEpoch: (soFar, accepted) => (accepted > soFar ? ((accepted + 1) as Epoch) : soFar),
  }),
};
