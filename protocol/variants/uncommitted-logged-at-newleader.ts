// At NEWLEADER a learner takes all proposals out of its list of uncommitted ones, committed or
// not. Story: a proposal is sent before NEWLEADER and committed after it, before UPTODATE; the
// learner finds nothing to commit, fails, and starts again. Under steady writes it may never get
// in.
import type { Variant } from './variant.js';

export const uncommittedLoggedAtNewLeader: Variant = {
  id: 'uncommitted-logged-at-newleader',
  title: 'NEWLEADER consumes uncommitted proposals',
  jira: ['ZOOKEEPER-4394'],
  cites: ['Remix25 I-14'],
  claim: 'A follower is told to commit a proposal that it has put away.',
  breaks: ['expected-messages'],
  smallestCluster: { voters: 3, observers: 0 },
  presentIn: ['3.9.1'],
  fixedIn: ['3.9.3'],
  apply: (rules) => ({ ...rules, loggedAtNewLeader: 'all' }),
};
