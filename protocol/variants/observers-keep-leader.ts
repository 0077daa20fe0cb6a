// A leader counts all learners that it hears of, observers among them.
import { deciding, isCrowd } from './mutations/counting.js';
import type { Variant } from './variant.js';

export const observersKeepLeader: Variant = {
  id: 'observers-keep-leader',
  title: 'Observers keep a deposed leader in office',
  jira: ['ZOOKEEPER-1294', 'ZOOKEEPER-1492'],
  cites: ['ZK-Java Leader.lead'],
  claim: 'A leader without a quorum of voters stays for as long as it hears of observers.',
  story: [
    'A partition leaves the leader with its observers, away from the other voters.',
    'They are as many as a majority of voters, so it stays.',
    'The voters elect another leader and go on.',
    'Clients on the old side read the past without bound, and their writes hang.',
  ],
  breaks: ['convergence', 'liveness'],
  smallestCluster: { voters: 3, observers: 1 },
  presentIn: ['up to 3.3.5', '3.4.0 to 3.4.3'],
  fixedIn: ['3.3.6', '3.4.4', '3.5.0'],
  needs: ['observers'],
  apply: (rules) => deciding(rules, isCrowd, ['heard']),
};
