// M10: an election ends with the first quorum, without the pause in which a better vote may still
// come. What is lost is time: a leader elected too early finds no followers and gives up. Discovery
// keeps the histories safe.
import type { Variant } from '../variant.js';

export const noFinalizeWait: Variant = {
  id: 'no-finalize-wait',
  kind: 'mutation',
  title: 'No pause at the end of an election',
  jira: [],
  cites: ['ZK-Java FastLeaderElection.lookForLeader', 'ZOOKEEPER-3109'],
  claim: 'More elections fail; no history is in danger.',
  breaks: [],
  smallestCluster: { voters: 3, observers: 0 },
  control: 'a hasty election costs time and nothing else',
  apply: (rules) => ({ ...rules, finalizeWaitMs: () => 0 }),
};
