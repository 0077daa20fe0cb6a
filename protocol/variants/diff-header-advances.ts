// A learner takes the zxid of the DIFF packet for its own before the transactions have come.
// Story: F lacks 1:5, which closes the session of an ephemeral znode; it reads DIFF(1:5) and
// loses the connection; it comes back with 1:5, is told that it is up to date, and keeps the
// znode for ever.
import type { Variant } from './variant.js';

export const diffHeaderAdvances: Variant = {
  id: 'diff-header-advances',
  title: 'The header of a DIFF advances lastProcessed',
  jira: ['ZOOKEEPER-2355'],
  cites: [],
  claim: 'A learner claims to have applied what it has not received.',
  breaks: ['memory-vs-disk', 'history-consistency', 'tree-digest'],
  smallestCluster: { voters: 3, observers: 0 },
  presentIn: ['up to 3.4.10', '3.5.0 to 3.5.3'],
  fixedIn: ['3.4.11', '3.5.4', '3.6.0'],
  apply: (rules) => ({ ...rules, diffHeader: 'advances' }),
};
