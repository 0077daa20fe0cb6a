// A learner takes the zxid of the DIFF packet for its own before the transactions have come.
import type { Variant } from './variant.js';

export const diffHeaderAdvances: Variant = {
  id: 'diff-header-advances',
  title: 'The header of a DIFF advances lastProcessed',
  jira: ['ZOOKEEPER-2355'],
  cites: [],
  claim: 'A learner claims to have applied what it has not received.',
  story: [
    'F lacks 1:5, which closes the session of an ephemeral znode.',
    'F reads the header DIFF(1:5), and its connection breaks before 1:5 has come.',
    'F comes back with 1:5 for its last zxid, and is told that it is up to date.',
    'The znode stays on F, and on F alone, for ever.',
  ],
  breaks: ['memory-vs-disk', 'history-consistency', 'tree-digest'],
  smallestCluster: { voters: 3, observers: 0 },
  presentIn: ['up to 3.4.10', '3.5.0 to 3.5.3'],
  fixedIn: ['3.4.11', '3.5.4', '3.6.0'],
  apply: (rules) => ({ ...rules, diffHeader: 'advances' }),
};
