// What was committed during the synchronization is applied by the pipeline some time after
// UPTODATE. Story: the leader counts the follower as synchronized, the follower opens to
// clients, and the first read sees a state from before the epoch.
import { without } from './steps.js';
import type { Variant } from './variant.js';

export const serveBeforeApplied: Variant = {
  id: 'serve-before-applied',
  title: 'Serve before the transactions of the synchronization are applied',
  jira: ['ZOOKEEPER-3023'],
  cites: ['Remix25 I-11'],
  claim: 'A follower serves clients although it has not applied the initial history of its epoch.',
  breaks: ['serves-initial-history'],
  smallestCluster: { voters: 3, observers: 0 },
  fixedIn: ['3.8.5', '3.9.2'],
  apply: (rules) => ({ ...rules, onNewLeader: without(rules.onNewLeader, 'apply') }),
};
