// After TRUNC the following transactions go to memory alone, until the snapshot at NEWLEADER,
// and an interrupted synchronization leaves them there. Story: A cuts its tail back to 1:3,
// applies 2:1, loses its leader, votes with 2:1 and logs 2:2; its disk says 1:3, 2:2. Still open
// upstream: only an unfinished SNAP makes the memory be discarded.
import { without } from './steps.js';
import type { Variant } from './variant.js';

export const partialTruncKept: Variant = {
  id: 'partial-trunc-kept',
  title: 'Memory from an unfinished TRUNC is kept',
  jira: ['ZOOKEEPER-5094'],
  cites: [],
  claim: 'A server votes with transactions that a TRUNC brought to its memory alone.',
  breaks: ['memory-vs-disk', 'history-consistency', 'leader-log-completeness'],
  smallestCluster: { voters: 3, observers: 0 },
  presentIn: ['3.9.4', 'open'],
  guards:
    'The log is written before memory after a TRUNC, too (docs/divergence.md): that goes as well.',
  apply: (rules) => ({
    ...rules,
    afterTrunc: 'memory',
    doubts: without(rules.doubts, 'trunc'),
  }),
};
