// Zab before 1.0: a new leader takes one epoch above its own last zxid, asks nobody, and nobody
// writes down what it promised. Story: a leader logs one transaction alone and crashes; the next
// one, from the same point, takes the same epoch and gives the same zxid to another transaction;
// the first comes back and looks equal.
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
  breaks: ['one-promise-per-epoch', 'epoch-files', 'leadership2', 'unique-zxid'],
  smallestCluster: { voters: 3, observers: 0 },
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
