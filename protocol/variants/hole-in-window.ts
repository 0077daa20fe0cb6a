// What a synchronization brings is applied, but not put into the window of committed
// transactions. Story: B gets 1:3 with its DIFF, then 2:1 as live traffic, and later leads; A,
// which has 1:2, is brought up to date from a window that holds 1:2 and 2:1: 1:3 is missing on
// A.
import type { Variant } from './variant.js';

export const holeInWindow: Variant = {
  id: 'hole-in-window',
  title: 'A hole in the window that serves DIFFs',
  jira: ['ZOOKEEPER-4925'],
  cites: [],
  claim: 'A leader brings others up to date from a window with a hole.',
  breaks: ['history-consistency', 'committed-log-durability', 'leader-log-completeness'],
  smallestCluster: { voters: 3, observers: 0 },
  presentIn: ['3.9.3'],
  fixedIn: ['3.9.4'],
  guards:
    'The learner refuses a stream with a gap inside an epoch since the same fix: off as well.',
  apply: (rules) => ({ ...rules, syncedInWindow: 'leftOut', streamGap: 'accept' }),
};
