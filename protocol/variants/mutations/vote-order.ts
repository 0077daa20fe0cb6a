// M5, M6 and M13: the two lines of defence against a leader with a poor history. The order on votes
// keeps it from being elected, and the refusal of ACKEPOCHs that are ahead keeps it from being
// established. Each hides that the other is missing, so both are also taken away in pairs.
import type { Vote } from '../../vote.js';
import type { Rules } from '../../rules.js';
import type { Variant } from '../variant.js';

function byZxid(a: Vote, b: Vote): boolean {
  return a.zxid === b.zxid ? a.leader > b.leader : a.zxid > b.zxid;
}

function byEpoch(a: Vote, b: Vote): boolean {
  return a.peerEpoch === b.peerEpoch ? a.leader > b.leader : a.peerEpoch > b.peerEpoch;
}

const unrefused = (rules: Rules): Rules => ({ ...rules, isAhead: () => false });

export const voteIgnoresEpoch: Variant = {
  id: 'vote-ignores-epoch',
  kind: 'mutation',
  title: 'Votes are compared by zxid and server id, without the epoch',
  jira: [],
  cites: ['ZK-Java FastLeaderElection.totalOrderPredicate'],
  claim: 'A server is elected whom its followers must refuse, again and again.',
  breaks: ['vote-monotonicity'],
  smallestCluster: { voters: 3, observers: 0 },
  apply: (rules) => ({ ...rules, supersedes: byZxid }),
};

export const voteIgnoresEpochUnrefused: Variant = {
  id: 'vote-ignores-epoch-unrefused',
  kind: 'mutation',
  title: 'Votes are compared without the epoch, and a leader takes followers that are ahead of it',
  jira: [],
  cites: ['ZK-Java FastLeaderElection.totalOrderPredicate', 'ZK-Java Leader.waitForEpochAck'],
  claim: 'A server leads that lacks what was chosen in an epoch that it has missed.',
  breaks: ['vote-monotonicity', 'leader-log-completeness'],
  smallestCluster: { voters: 3, observers: 0 },
  guards: 'the leader refuses an ACKEPOCH that is ahead of it',
  apply: (rules) => unrefused({ ...rules, supersedes: byZxid }),
};

export const voteIgnoresZxid: Variant = {
  id: 'vote-ignores-zxid',
  kind: 'mutation',
  title: 'Votes are compared by epoch and server id, without the zxid',
  jira: [],
  cites: ['ZK-Java FastLeaderElection.totalOrderPredicate'],
  claim: 'The server with the largest id is elected, and refuses all who know more.',
  breaks: ['vote-monotonicity', 'liveness'],
  smallestCluster: { voters: 3, observers: 0 },
  apply: (rules) => ({ ...rules, supersedes: byEpoch }),
};

export const voteIgnoresZxidUnrefused: Variant = {
  id: 'vote-ignores-zxid-unrefused',
  kind: 'mutation',
  title: 'Votes are compared without the zxid, and a leader takes followers that are ahead of it',
  jira: [],
  cites: ['ZK-Java FastLeaderElection.totalOrderPredicate', 'ZK-Java Leader.waitForEpochAck'],
  claim: 'The server with the largest id leads and has the others cut off what it lacks.',
  breaks: ['vote-monotonicity', 'leader-log-completeness'],
  smallestCluster: { voters: 3, observers: 0 },
  guards: 'the leader refuses an ACKEPOCH that is ahead of it',
  apply: (rules) => unrefused({ ...rules, supersedes: byEpoch }),
};

export const followerAheadAccepted: Variant = {
  id: 'follower-ahead-accepted',
  kind: 'mutation',
  title: 'A leader takes followers that are ahead of it',
  jira: [],
  cites: ['ZK-Java Leader.waitForEpochAck', 'ZOOKEEPER-1192'],
  claim: 'A leader is established that has less than one of those who made it so.',
  breaks: ['leader-log-completeness'],
  smallestCluster: { voters: 3, observers: 0 },
  apply: unrefused,
};
