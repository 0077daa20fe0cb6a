// At NEWLEADER a learner takes all proposals out of its list of uncommitted ones, committed or not.
import type { Variant } from './variant.js';

export const uncommittedLoggedAtNewLeader: Variant = {
  id: 'uncommitted-logged-at-newleader',
  title: 'NEWLEADER consumes uncommitted proposals',
  jira: ['ZOOKEEPER-4394'],
  cites: ['Remix25 I-14'],
  claim: 'A follower is told to commit a proposal that it has put away.',
  story: [
    'A learner gets a proposal before NEWLEADER that is not committed yet.',
    'At NEWLEADER it takes it out of the list of what waits for its commit.',
    'COMMIT comes before UPTODATE, and there is nothing to commit: the learner fails.',
    'It comes back, and under steady writes it may never get in.',
  ],
  breaks: ['expected-messages'],
  smallestCluster: { voters: 3, observers: 0 },
  presentIn: ['3.5.9 and later of 3.5', '3.6.3 and later of 3.6', '3.7.0 to 3.9.2'],
  fixedIn: ['3.9.3'],
  apply: (rules) => ({ ...rules, loggedAtNewLeader: 'all' }),
};
