// M7: a proposal is committed as soon as a quorum has it, whatever came before it. Nothing follows
// from that as long as every server acknowledges in order on a connection that keeps order, and the
// quorums are the same for all: whoever has acknowledged the later one has acknowledged the earlier
// one before. ZooKeeper keeps the test for the sake of reconfiguration.
import type { Variant } from '../variant.js';

export const commitOutOfSequence: Variant = {
  id: 'commit-out-of-sequence',
  kind: 'mutation',
  title: 'Commit a proposal while an earlier one is outstanding',
  jira: [],
  cites: ['ZK-Java Leader.tryToCommit'],
  claim: 'A transaction may be committed before the one that it follows.',
  breaks: ['chosen-by-broadcast', 'local-primary-order'],
  smallestCluster: { voters: 3, observers: 0 },
  control: 'acknowledgements arrive in order, so no later proposal ever has a quorum first',
  apply: (rules) => ({ ...rules, commitOrder: 'any' }),
};
