// A leader counts all learners that it hears of, observers among them. Story: a partition leaves it
// with its observers; they are as many as a majority, so it stays; the voters elect another;
// clients on its side read the past without bound, and their writes hang.
import { deciding, isCrowd } from './mutations/counting.js';
import type { Variant } from './variant.js';

export const observersKeepLeader: Variant = {
  id: 'observers-keep-leader',
  title: 'Observers keep a deposed leader in office',
  jira: ['ZOOKEEPER-1294', 'ZOOKEEPER-1492'],
  cites: ['ZK-Java Leader.lead'],
  claim: 'A leader without a quorum of voters stays for as long as it hears of observers.',
  breaks: ['convergence', 'liveness'],
  smallestCluster: { voters: 3, observers: 1 },
  fixedIn: ['3.3.6', '3.4.4', '3.5.0'],
  needs: ['observers'],
  apply: (rules) => deciding(rules, isCrowd, ['heard']),
};
