// M1: half of the voters, rounded down, pass for a quorum. Two such sets need not share a server,
// and that is all that every argument of the protocol rests on. Four forms: where a commit is
// decided, where a reign is, where its initial history is, and where an election is. The last is
// harmless to histories, because discovery asks again; it gives leaders whom nobody follows.
import type { Variant } from '../variant.js';
import { deciding, isMinority } from './counting.js';

export const commitByMinority: Variant = {
  id: 'commit-by-minority',
  kind: 'mutation',
  title: 'Commit with the acknowledgements of half of the voters',
  jira: [],
  cites: ['Zab11 broadcast'],
  claim: 'A transaction is committed that the next quorum need not have heard of.',
  breaks: ['chosen-by-quorum'],
  smallestCluster: { voters: 3, observers: 0 },
  apply: (rules) => deciding(rules, isMinority, ['commit']),
};

export const epochByMinority: Variant = {
  id: 'epoch-by-minority',
  kind: 'mutation',
  title: 'Half of the voters fix a new epoch and establish its leader',
  jira: [],
  cites: ['Zab11 discovery'],
  claim: 'Two leaders are established with the same epoch, or one with less than is chosen.',
  breaks: ['leadership2', 'leader-log-completeness'],
  smallestCluster: { voters: 3, observers: 0 },
  apply: (rules) => deciding(rules, isMinority, ['followerInfo', 'ackEpoch']),
};

export const newLeaderByMinority: Variant = {
  id: 'new-leader-by-minority',
  kind: 'mutation',
  title: 'A leader serves with the NEWLEADER acknowledgements of half of the voters',
  jira: [],
  cites: ['Zab11 synchronization'],
  claim: 'The initial history of an epoch counts as chosen although no quorum has it.',
  breaks: ['chosen-by-quorum'],
  smallestCluster: { voters: 3, observers: 0 },
  apply: (rules) => deciding(rules, isMinority, ['newLeader']),
};

export const electionByMinority: Variant = {
  id: 'election-by-minority',
  kind: 'mutation',
  title: 'An election ends with half of the voters behind the proposal',
  jira: [],
  cites: ['ZK-Java FastLeaderElection.lookForLeader'],
  claim: 'A server leads that no quorum has voted for.',
  breaks: ['election-quorum'],
  smallestCluster: { voters: 3, observers: 0 },
  apply: (rules) => ({
    ...deciding(rules, isMinority, ['election']),
    endsElection: ({ verifier }, support) => isMinority(verifier, support),
  }),
};
