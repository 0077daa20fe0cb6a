// A leader raises its epoch only for an acceptedEpoch above it, not for an equal one. Story: a
// follower that missed an epoch registers first and brings the new epoch to the very number that
// the leader itself has accepted before; nothing raises it further; the number is used for a second
// reign.
import type { Epoch } from '../ids.js';
import type { Variant } from './variant.js';

export const epochOffByOne: Variant = {
  id: 'epoch-off-by-one',
  title: 'A new epoch may equal one that was accepted',
  jira: ['ZOOKEEPER-1343'],
  cites: ['ZK-Java Leader.getEpochToPropose'],
  claim: 'An epoch has two reigns, and a zxid two transactions.',
  breaks: ['one-promise-per-epoch', 'leadership2', 'unique-zxid'],
  smallestCluster: { voters: 3, observers: 0 },
  presentIn: ['3.4.0', '3.4.1', '3.4.2'],
  fixedIn: ['3.4.3', '3.5.0'],
  apply: (rules) => ({
    ...rules,
    proposeEpoch: (soFar, accepted) => (accepted > soFar ? ((accepted + 1) as Epoch) : soFar),
  }),
};
