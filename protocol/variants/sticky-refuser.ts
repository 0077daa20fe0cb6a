// A leader goes on although a learner has promised a later epoch and will refuse it for as long as
// it leads. Story: a candidate gathers a quorum of promises and fails; a voter that had promised
// comes back to an ensemble with a lower epoch, is offered that epoch, refuses it, and comes back
// again.
import type { Variant } from './variant.js';

export const stickyRefuser: Variant = {
  id: 'sticky-refuser',
  title: 'A server that has promised a later epoch never joins',
  jira: [],
  cites: ['ZK-Java Learner.registerWithLeader', 'Medeiros12'],
  claim: 'A server refuses a healthy leader for ever, for the sake of an epoch that never began.',
  breaks: ['liveness'],
  smallestCluster: { voters: 3, observers: 0 },
  apply: (rules) => ({ ...rules, laterPromise: 'offer' }),
};
