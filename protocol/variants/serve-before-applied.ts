// What was committed during the synchronization is applied by the pipeline some time after
// UPTODATE.
import { without } from './steps.js';
import type { Variant } from './variant.js';

export const serveBeforeApplied: Variant = {
  id: 'serve-before-applied',
  title: 'Serve before the transactions of the synchronization are applied',
  jira: ['ZOOKEEPER-3023'],
  cites: ['Remix25 I-11'],
  claim: 'A follower serves clients although it has not applied the initial history of its epoch.',
  story: [
    'A follower gets transactions with its DIFF, and UPTODATE.',
    'The leader counts it as synchronized, and it opens to clients.',
    'Its pipeline has yet to apply what came: the first read sees the epoch before.',
  ],
  breaks: ['serves-initial-history'],
  smallestCluster: { voters: 3, observers: 0 },
  presentIn: ['3.5.3 to 3.8.4', '3.9.0 to 3.9.1'],
  fixedIn: ['3.8.5', '3.9.2'],
  apply: (rules) => ({ ...rules, onNewLeader: without(rules.onNewLeader, 'apply') }),
};
