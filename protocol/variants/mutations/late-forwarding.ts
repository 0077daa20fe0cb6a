// M17 and M18: a learner that joins while the leader goes on. The paper's pseudo-code leaves open
// from when it is sent what is proposed, and which commits it must still hear of; the safe answers
// are: from the moment its plan is made, in the same step, and all of them.
import type { Variant } from '../variant.js';

export const forwardFromNewLeader: Variant = {
  id: 'forward-from-new-leader',
  kind: 'mutation',
  title: 'A learner is registered for live traffic with NEWLEADER, a step after its plan',
  jira: [],
  cites: ['ZK-Java Leader.startForwarding', 'Disalg'],
  claim: 'What is proposed between the two never reaches the learner.',
  breaks: ['history-consistency', 'convergence'],
  smallestCluster: { voters: 3, observers: 0 },
  apply: (rules) => ({ ...rules, forwardFrom: 'newLeader' }),
};

export const forwardFromNewLeaderAck: Variant = {
  id: 'forward-from-new-leader-ack',
  kind: 'mutation',
  title: 'A learner is registered for live traffic with its acknowledgement of NEWLEADER',
  jira: [],
  cites: ['ZK-Java Leader.startForwarding', 'Disalg'],
  claim: 'What is proposed while a learner joins never reaches it.',
  breaks: ['history-consistency', 'convergence'],
  smallestCluster: { voters: 3, observers: 0 },
  apply: (rules) => ({ ...rules, forwardFrom: 'newLeaderAck' }),
};

export const commitsOnlyToLive: Variant = {
  id: 'commits-only-to-live',
  kind: 'mutation',
  title: 'A learner that joins hears of no commit between its plan and UPTODATE',
  jira: [],
  cites: ['ZK-Java Leader.commit', 'Disalg'],
  claim: 'What is committed while a learner joins stays pending there for ever.',
  breaks: ['convergence'],
  smallestCluster: { voters: 3, observers: 0 },
  apply: (rules) => ({ ...rules, commitsTo: 'live' }),
};
