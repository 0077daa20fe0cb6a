// A server whose disk failed for a while keeps its memory. Story: B cannot log 1:2, A and C
// commit it, B applies it and then gives up its role; it votes with 1:2 from memory, gets a DIFF
// from there, and logs 1:3. After a restart 1:2 is missing below it.
import { without } from './steps.js';
import type { Variant } from './variant.js';

export const failedDiskMemoryKept: Variant = {
  id: 'failed-disk-memory-kept',
  title: 'Memory is kept ahead of a disk that failed',
  jira: ['ZOOKEEPER-4882'],
  cites: [],
  claim: 'A server votes with transactions that its disk refused to take.',
  breaks: ['memory-vs-disk', 'history-consistency', 'leader-log-completeness'],
  smallestCluster: { voters: 3, observers: 0 },
  presentIn: ['3.9.4', 'open'],
  needs: ['disk-error'],
  apply: (rules) => ({ ...rules, doubts: without(rules.doubts, 'disk') }),
};
