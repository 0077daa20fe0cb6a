// M14: the numbers of a new reign: an epoch above all that were promised, and a counter that begins
// at one. With the epoch, a follower's memory of its promise is taken away too, or nobody would
// follow.
import type { Epoch } from '../../ids.js';
import { counterOf } from '../../ids.js';
import type { Variant } from '../variant.js';

export const counterCarriedOver: Variant = {
  id: 'counter-carried-over',
  kind: 'mutation',
  title: 'The counter of a new epoch goes on from the old one',
  jira: [],
  cites: ['Zab11 transaction identifiers'],
  claim: 'The first transaction of an epoch is not e:1.',
  breaks: ['counter-discipline', 'local-primary-order'],
  smallestCluster: { voters: 3, observers: 0 },
  apply: (rules) => ({ ...rules, openingCounter: counterOf }),
};

export const epochNotRaised: Variant = {
  id: 'epoch-not-raised',
  kind: 'mutation',
  title: 'A new leader takes the largest acceptedEpoch instead of one above it',
  jira: [],
  cites: ['ZK-Java Leader.getEpochToPropose'],
  claim: 'Two reigns have the same epoch and number their transactions alike.',
  breaks: ['one-promise-per-epoch', 'leadership2', 'unique-zxid'],
  smallestCluster: { voters: 3, observers: 0 },
  guards: 'a follower does not promise the same epoch twice',
  apply: (rules) => ({
    ...rules,
    proposeEpoch: (soFar, accepted) => Math.max(1, soFar, accepted) as Epoch,
    answerLeaderInfo: (offered, accepted) => (offered < accepted ? 'refuse' : 'promise'),
  }),
};
