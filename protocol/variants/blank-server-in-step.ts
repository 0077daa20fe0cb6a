// A new leader takes 0 for the zxid of its last proposal until it makes one.
import type { Variant } from './variant.js';

export const blankServerInStep: Variant = {
  id: 'blank-server-in-step',
  title: 'Empty DIFF for a blank server',
  jira: ['ZOOKEEPER-1319'],
  cites: ['ZK-Java LearnerHandler.run', 'ZK-Java Leader.startForwarding'],
  claim: 'A server that has nothing is taken for one that has everything.',
  story: [
    'An ensemble with data elects a new leader, and nobody writes yet.',
    'A server with an empty disk joins. Its last zxid is 0, and so is the last proposal.',
    'The two are in step: an empty DIFF is all that the server gets.',
    'It serves an empty tree, votes and acknowledges.',
  ],
  breaks: [
    'epoch-claims-history',
    'ack-truthfulness',
    'history-consistency',
    'prefix-consistency',
    'leader-log-completeness',
  ],
  smallestCluster: { voters: 3, observers: 0 },
  presentIn: ['3.4.0'],
  fixedIn: ['3.4.1', '3.5.0'],
  apply: (rules) => ({ ...rules, lastProposedAtStart: 'zero' }),
};
