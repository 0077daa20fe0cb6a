// After TRUNC the following transactions go to memory alone, until the snapshot at NEWLEADER, and
// an interrupted synchronization leaves them there.
import { without } from './steps.js';
import type { Variant } from './variant.js';

export const partialTruncKept: Variant = {
  id: 'partial-trunc-kept',
  title: 'Memory from an unfinished TRUNC is kept',
  jira: ['ZOOKEEPER-5094'],
  cites: [],
  claim: 'A server votes with transactions that a TRUNC brought to its memory alone.',
  story: [
    'A is told to cut its tail back to 1:3, and applies 2:1 to its memory.',
    'Its connection breaks before NEWLEADER. It votes with 2:1.',
    'It gets a DIFF from there and logs 2:2.',
    'A starts anew: 1:3, 2:2. Upstream, only an unfinished SNAP makes memory be discarded.',
  ],
  breaks: ['memory-vs-disk', 'history-consistency', 'leader-log-completeness'],
  smallestCluster: { voters: 3, observers: 0 },
  presentIn: ['3.4.10 and later of 3.4', '3.5.3 and later'],
  guards:
    'The log is written before memory after a TRUNC, too (docs/divergence.md): that goes as well.',
  apply: (rules) => ({
    ...rules,
    afterTrunc: 'memory',
    doubts: without(rules.doubts, 'trunc'),
  }),
};
