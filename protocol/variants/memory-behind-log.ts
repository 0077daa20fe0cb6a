// A server that leaves a role keeps its memory and does not catch up with its own log. Story: B
// has logged 1:2 and not applied it; in the next election it votes with 1:1, follows a leader
// without 1:2, is told that it is up to date, and comes back from a restart with 1:2 under the
// transactions of epoch 2.
import { without } from './steps.js';
import type { Variant } from './variant.js';

export const memoryBehindLog: Variant = {
  id: 'memory-behind-log',
  title: 'Memory is kept over an election, behind its own log',
  jira: ['ZOOKEEPER-2845'],
  cites: ['Disalg'],
  claim: 'A server votes with less than what its log holds.',
  breaks: ['memory-vs-disk', 'history-consistency', 'leader-log-completeness'],
  smallestCluster: { voters: 3, observers: 0 },
  presentIn: ['3.4.10', '3.4.11', '3.5.3'],
  fixedIn: ['3.4.12', '3.5.4', '3.6.0'],
  apply: (rules) => ({ ...rules, leaveRole: without(rules.leaveRole, 'fastForward') }),
};
