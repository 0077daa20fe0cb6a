// NEWLEADER is queued with the plan, and the content of the SNAP is taken when it is sent, some
// time later.
import type { Variant } from './variant.js';

export const newLeaderBeforeSnap: Variant = {
  id: 'newleader-before-snap',
  title: 'NEWLEADER is queued before the SNAP is taken',
  jira: ['ZOOKEEPER-3104'],
  cites: ['ZK-Java LearnerHandler.run'],
  claim: 'A learner writes a snapshot under a zxid whose transactions it does not contain.',
  story: [
    "1:2 is committed when a learner's plan is made, and NEWLEADER is queued at once.",
    '1:3 changes the same znode before the snapshot is taken: it has 1:3, and says so.',
    'Behind it comes 1:2, which the learner applies over it, and NEWLEADER.',
    'It writes a snapshot named 1:3 with the znode as 1:2 left it, and acknowledges.',
    '1:3 would put that right, but the learner starts anew before it comes.',
  ],
  breaks: ['snap-before-newleader', 'tree-digest', 'reads-see-a-prefix'],
  smallestCluster: { voters: 3, observers: 0 },
  presentIn: ['3.5.0 to 3.5.4'],
  fixedIn: ['3.5.5', '3.6.0'],
  guards:
    'A learner passes over what its snapshot has already, which upstream does not: off as well.',
  apply: (rules) => ({ ...rules, snapTakenAfterMs: 50 }),
};
