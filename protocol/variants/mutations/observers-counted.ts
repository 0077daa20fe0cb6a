// M15: observers count. They hold what a quorum has committed and promise nothing to anybody, so a
// quorum with an observer in it need not share a voter with the next. Of the three quorums two are
// here: an observer is never sent a proposal to acknowledge.
import type { Variant } from '../variant.js';
import { deciding, isCrowd } from './counting.js';

export const observersCountedInEpoch: Variant = {
  id: 'observers-counted-in-epoch',
  kind: 'mutation',
  title: 'Observers are counted when an epoch is fixed and its leader established',
  jira: ['ZOOKEEPER-2959'],
  cites: ['ZK-Java Leader.getEpochToPropose', 'ZK-Java Leader.waitForEpochAck'],
  claim: 'A leader is established without a voter besides itself.',
  breaks: ['leadership2', 'leader-log-completeness'],
  smallestCluster: { voters: 3, observers: 1 },
  presentIn: ['up to 3.4.12', '3.5.0 to 3.5.3'],
  fixedIn: ['3.4.13', '3.5.4', '3.6.0'],
  needs: ['observers'],
  apply: (rules) => ({
    ...deciding(rules, isCrowd, ['followerInfo', 'ackEpoch']),
    counts: () => true,
  }),
};

export const observersCountedInNewLeader: Variant = {
  id: 'observers-counted-in-new-leader',
  kind: 'mutation',
  title: 'The acknowledgement of NEWLEADER by an observer is counted',
  jira: [],
  cites: ['ZK-Java Leader.waitForNewLeaderAck'],
  claim: 'The initial history of an epoch counts as chosen although no quorum of voters has it.',
  breaks: ['chosen-by-quorum'],
  smallestCluster: { voters: 3, observers: 1 },
  needs: ['observers'],
  apply: (rules) => ({ ...deciding(rules, isCrowd, ['newLeader']), counts: () => true }),
};
