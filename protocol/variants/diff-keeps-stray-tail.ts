// A leader looks only at whether a learner's last zxid falls into its window of committed
// transactions, not at whether its history has that very transaction.
import { chooseSync } from '../zab/sync-plan.js';
import type { Variant } from './variant.js';

export const diffKeepsStrayTail: Variant = {
  id: 'diff-keeps-stray-tail',
  title: 'DIFF without asking whether the zxid is in my history',
  jira: ['ZOOKEEPER-1154'],
  cites: ['Medeiros12'],
  claim: 'A returning server keeps transactions that were never chosen below those that were.',
  story: [
    'A logs 1:4 alone and stops.',
    'B and C elect a leader of epoch 2, which commits 2:1.',
    "A comes back with 1:4, which lies between the ends 1:1 and 2:1 of the leader's window.",
    'A plain DIFF brings 2:1, and A holds 1:4 under it, as nobody else does.',
  ],
  breaks: ['history-consistency', 'prefix-consistency', 'convergence'],
  smallestCluster: { voters: 3, observers: 0 },
  presentIn: ['up to 3.3.3'],
  fixedIn: ['3.3.4', '3.4.0'],
  apply: (rules) => ({
    ...rules,
    chooseSync: (input, limits) => chooseSync(input, limits, 'keep'),
  }),
};
