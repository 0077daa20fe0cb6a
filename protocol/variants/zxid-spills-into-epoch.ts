// A zxid is counted up as one number.
import { COUNTER_MAX, counterOf, epochOf, makeZxid } from '../ids.js';
import type { Epoch, Zxid } from '../ids.js';
import type { Variant } from './variant.js';

export const zxidSpillsIntoEpoch: Variant = {
  id: 'zxid-spills-into-epoch',
  title: 'The counter runs over into the epoch',
  jira: ['ZOOKEEPER-1277', 'ZOOKEEPER-2789'],
  cites: ['ZK-Java PrepRequestProcessor'],
  claim: 'A leader proposes in an epoch that is not its own.',
  story: [
    'A leader of epoch 1 uses up its counter, and the next zxid reads as epoch 2, counter 0.',
    'It goes on in an epoch that nobody has given it.',
    'The next leader is given epoch 2 and numbers its transactions alike.',
  ],
  breaks: ['counter-discipline'],
  smallestCluster: { voters: 3, observers: 0 },
  presentIn: ['up to 3.3.4', '3.4.0 to 3.4.3'],
  fixedIn: ['3.3.5', '3.4.4', '3.5.0'],
  needs: ['a small counterMax'],
  apply: (rules) => ({
    ...rules,
    nextZxid: (last, counterMax) =>
      counterOf(last) >= Math.min(counterMax, COUNTER_MAX)
        ? makeZxid((epochOf(last) + 1) as Epoch, 0)
        : ((last + 1) as Zxid),
  }),
};
