// A server whose disk failed for a while keeps its memory.
import { without } from './steps.js';
import type { Variant } from './variant.js';

export const failedDiskMemoryKept: Variant = {
  id: 'failed-disk-memory-kept',
  title: 'Memory is kept ahead of a disk that failed',
  jira: ['ZOOKEEPER-4882'],
  cites: [],
  claim: 'A server votes with transactions that its disk refused to take.',
  story: [
    'The log of B cannot take 1:2 for a moment. A and C commit it, and B applies it.',
    'B gives up its role and votes with 1:2, which only its memory has.',
    'Its disk is well again, a DIFF brings 1:3, and B logs it.',
    'B starts anew: 1:1, 1:3.',
  ],
  breaks: ['memory-vs-disk', 'history-consistency', 'leader-log-completeness'],
  smallestCluster: { voters: 3, observers: 0 },
  presentIn: ['3.4.10 and later of 3.4', '3.5.3 and later'],
  needs: ['disk-error'],
  apply: (rules) => ({ ...rules, doubts: without(rules.doubts, 'disk') }),
};
