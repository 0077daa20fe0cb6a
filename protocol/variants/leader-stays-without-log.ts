// The log of a leader cannot be written: its pipeline ends, its pings do not.
import type { Variant } from './variant.js';

export const leaderStaysWithoutLog: Variant = {
  id: 'leader-stays-without-log',
  title: 'A leader whose log failed stays in office',
  jira: ['ZOOKEEPER-2247', 'ZOOKEEPER-4203', 'ZOOKEEPER-3393'],
  cites: ['ZK-Java ZooKeeperCriticalThread'],
  claim: 'A leader that can decide nothing any more keeps its followers.',
  story: [
    'One append fails at the leader, and with it its whole pipeline.',
    'Its pings go on: the followers see no reason to elect another.',
    'No write is ever answered again.',
  ],
  breaks: ['liveness'],
  smallestCluster: { voters: 3, observers: 0 },
  presentIn: ['up to 3.4.8', '3.5.0 to 3.5.2'],
  fixedIn: ['3.4.9', '3.5.3'],
  needs: ['disk-error'],
  apply: (rules) => ({ ...rules, leaderLogFailure: 'stay' }),
};
