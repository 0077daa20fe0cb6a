// A learner keeps the memory that an interrupted SNAP has left.
import { without } from './steps.js';
import type { Variant } from './variant.js';

export const partialSnapKept: Variant = {
  id: 'partial-snap-kept',
  title: 'Memory from an unfinished SNAP is kept',
  jira: ['ZOOKEEPER-3642'],
  cites: [],
  claim: 'A server votes with a snapshot that was never written.',
  story: [
    'A is far behind. It takes in a snapshot up to 1:10, and its connection breaks.',
    'Memory has 1:10, the disk ends at 1:3. A votes with 1:10.',
    'It gets a DIFF from there and logs 1:11.',
    'A starts anew: 1:3, 1:11.',
  ],
  breaks: ['memory-vs-disk', 'history-consistency', 'leader-log-completeness'],
  smallestCluster: { voters: 3, observers: 0 },
  presentIn: ['3.4.10 and later of 3.4', '3.5.3 to 3.5.9', '3.6.0 to 3.6.2'],
  fixedIn: ['3.5.10', '3.6.3', '3.7.0'],
  apply: (rules) => ({ ...rules, doubts: without(rules.doubts, 'snap') }),
};
