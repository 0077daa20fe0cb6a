// M19: a learner takes proposals as they come, without asking whether one follows the other. On a
// connection that neither loses, doubles nor reorders there is nothing to be found: a test of the
// network more than of the protocol.
import type { Variant } from '../variant.js';

export const gapsAccepted: Variant = {
  id: 'gaps-accepted',
  kind: 'mutation',
  title: 'A learner does not ask whether a proposal follows the one before it',
  jira: [],
  cites: ['ZK-Java Learner.syncWithLeader'],
  claim: 'A hole in what a leader sends becomes a hole in the log.',
  breaks: ['history-consistency'],
  smallestCluster: { voters: 3, observers: 0 },
  control: 'a connection keeps order and loses nothing, and no leader sends a gap',
  apply: (rules) => ({ ...rules, streamGap: 'accept' }),
};
