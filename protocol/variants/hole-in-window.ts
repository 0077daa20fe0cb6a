// What a synchronization brings is applied, but not put into the window of committed transactions.
import type { Variant } from './variant.js';

export const holeInWindow: Variant = {
  id: 'hole-in-window',
  title: 'A hole in the window that serves DIFFs',
  jira: ['ZOOKEEPER-4925'],
  cites: [],
  claim: 'A leader brings others up to date from a window with a hole.',
  story: [
    'B gets 1:3 with its DIFF, and it does not enter the window of B.',
    '2:1 comes as live traffic and does. Then B leads.',
    'A comes back with 1:2 and gets a DIFF from that window: 2:1.',
    '1:3 is missing on A.',
  ],
  breaks: ['history-consistency', 'committed-log-durability', 'leader-log-completeness'],
  smallestCluster: { voters: 3, observers: 0 },
  presentIn: ['3.9.3'],
  fixedIn: ['3.9.4'],
  guards:
    'The learner refuses a stream with a gap inside an epoch since the same fix: off as well.',
  apply: (rules) => ({ ...rules, syncedInWindow: 'leftOut', streamGap: 'accept' }),
};
