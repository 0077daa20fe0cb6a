// A leader goes on although a learner has promised a later epoch and will refuse it for as long as
// it leads.
import type { Variant } from './variant.js';

export const stickyRefuser: Variant = {
  id: 'sticky-refuser',
  title: 'A server that has promised a later epoch never joins',
  jira: [],
  cites: ['ZK-Java Learner.registerWithLeader', 'Medeiros12'],
  claim: 'A server refuses a healthy leader for ever, for the sake of an epoch that never began.',
  story: [
    'A candidate gathers promises of epoch 2 and fails; B has promised.',
    'The others go on in epoch 1, or begin it anew without B.',
    'B joins, is offered epoch 1, and may not take it: it has promised 2.',
    'It refuses, looks, hears of the same leader, and comes back, without end.',
  ],
  breaks: ['liveness'],
  smallestCluster: { voters: 3, observers: 0 },
  presentIn: ['3.4.0 and later'],
  apply: (rules) => ({ ...rules, laterPromise: 'offer' }),
};
