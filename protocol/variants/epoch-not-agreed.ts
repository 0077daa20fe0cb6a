// Zab before 1.0: a new leader takes one epoch above its own last zxid, asks nobody, and nobody
// writes down what it promised.
import type { Epoch } from '../ids.js';
import { epochOf, ZERO_EPOCH } from '../ids.js';
import { makeDurable } from '../storage/durable.js';
import type { Variant } from './variant.js';

export const epochNotAgreed: Variant = {
  id: 'epoch-not-agreed',
  title: 'An epoch is neither agreed on nor kept',
  jira: ['ZOOKEEPER-335', 'ZOOKEEPER-1081', 'ZOOKEEPER-1082'],
  cites: ['ZK-Java Leader.getEpochToPropose', 'Medeiros12'],
  claim: 'Two leaders have the same epoch and give the same zxid to different transactions.',
  story: [
    'C leads epoch 2, logs 2:1 alone and crashes.',
    'B is elected. Its history ends in epoch 1, so its epoch is 2, too.',
    'B commits another transaction as 2:1.',
    'C comes back. Its last zxid equals that of the leader: an empty DIFF, and two histories.',
  ],
  breaks: ['one-promise-per-epoch', 'epoch-files', 'leadership2', 'unique-zxid'],
  smallestCluster: { voters: 3, observers: 0 },
  presentIn: ['before 3.4.0'],
  fixedIn: ['3.4.0'],
  guards: 'promises, the refusal of ACKEPOCHs that are ahead, and the epoch in the vote',
  apply: (rules) => ({
    ...rules,
    supersedes: (a, b) => (a.zxid === b.zxid ? a.leader > b.leader : a.zxid > b.zxid),
    proposeEpoch: (_soFar, _accepted, last) => (epochOf(last) + 1) as Epoch,
    answerLeaderInfo: () => 'promise',
    isAhead: () => false,
    storedEpoch: () => ZERO_EPOCH,
    readEpochs: ({ log, snapshots }, last) => makeDurable(last, last, log, snapshots),
  }),
};
