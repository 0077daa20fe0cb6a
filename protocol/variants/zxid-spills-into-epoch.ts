// A zxid is counted up as one number. Story: after the largest counter the next zxid reads as the
// next epoch, counter 0; the leader goes on in an epoch that nobody has given it; the next leader
// is given that epoch and numbers its transactions alike.
import { COUNTER_MAX, counterOf, epochOf, makeZxid } from '../ids.js';
import type { Epoch, Zxid } from '../ids.js';
import type { Variant } from './variant.js';

export const zxidSpillsIntoEpoch: Variant = {
  id: 'zxid-spills-into-epoch',
  title: 'The counter runs over into the epoch',
  jira: ['ZOOKEEPER-1277', 'ZOOKEEPER-2789'],
  cites: ['ZK-Java PrepRequestProcessor'],
  claim: 'A leader proposes in an epoch that is not its own.',
  breaks: ['counter-discipline'],
  smallestCluster: { voters: 3, observers: 0 },
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
