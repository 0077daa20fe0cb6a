// A server that leaves a role keeps its memory and does not catch up with its own log.
import { without } from './steps.js';
import type { Variant } from './variant.js';

export const memoryBehindLog: Variant = {
  id: 'memory-behind-log',
  title: 'Memory is kept over an election, behind its own log',
  jira: ['ZOOKEEPER-2845'],
  cites: ['Disalg'],
  claim: 'A server votes with less than what its log holds.',
  story: [
    'B has logged 1:2 and not applied it when it loses its leader.',
    'It votes with 1:1, which is where its memory ends.',
    'It follows a leader without 1:2, and is told that it is up to date.',
    'It logs 2:1, starts anew, and finds 1:2 below it.',
  ],
  breaks: ['memory-vs-disk', 'history-consistency', 'leader-log-completeness'],
  smallestCluster: { voters: 3, observers: 0 },
  presentIn: ['3.4.10 to 3.4.11', '3.5.3'],
  fixedIn: ['3.4.12', '3.5.4', '3.6.0'],
  apply: (rules) => ({ ...rules, leaveRole: without(rules.leaveRole, 'fastForward') }),
};
