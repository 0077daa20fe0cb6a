// M12 and M20: service before the quorum of NEWLEADER has made the initial history a chosen one.
// What clients read then may be undone by the next leader. And the check that hides a server which
// lags from clients that have seen more.
import type { Variant } from '../variant.js';

export const serveBeforeNewLeaderQuorum: Variant = {
  id: 'serve-before-new-leader-quorum',
  kind: 'mutation',
  title: 'A leader serves as soon as its epoch is written',
  jira: [],
  cites: ['ZK-Java Leader.waitForNewLeaderAck', 'ZOOKEEPER-790'],
  claim: 'Clients see transactions of the leader that no quorum has.',
  breaks: ['prefix-consistency', 'chosen-by-broadcast'],
  smallestCluster: { voters: 3, observers: 0 },
  apply: (rules) => ({ ...rules, activation: 'ackEpochQuorum' }),
};

export const upToDateAtAck: Variant = {
  id: 'up-to-date-at-ack',
  kind: 'mutation',
  title: 'UPTODATE for each learner that has acknowledged NEWLEADER',
  jira: [],
  cites: ['ZK-Java LearnerHandler.run'],
  claim: 'A learner serves what no quorum has.',
  breaks: ['prefix-consistency'],
  smallestCluster: { voters: 3, observers: 0 },
  apply: (rules) => ({ ...rules, upToDate: 'newLeaderAck' }),
};

export const staleServerAdmits: Variant = {
  id: 'stale-server-admits',
  kind: 'mutation',
  title: 'A server takes in a client that has seen more than it has applied',
  jira: [],
  cites: ['ZK-Java ZooKeeperServer.processConnectRequest'],
  claim: 'A client that moves sees the past.',
  breaks: ['single-system-image', 'monotonic-reads', 'read-your-writes'],
  smallestCluster: { voters: 3, observers: 0 },
  apply: (rules) => ({ ...rules, admits: () => true }),
};
