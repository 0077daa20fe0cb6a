// Wrong ways to count: too few voters, or servers that do not vote. Under weights and groups the
// ordinary test is kept: those bugs are about heads.
import type { QuorumVerifier } from '../../quorum.js';
import { isQuorum } from '../../quorum.js';
import type { Quorums, QuorumTest } from '../../quorums.js';
import type { Rules } from '../../rules.js';
import type { SidSet } from '../../sid-set.js';
import { countCommon, countSids } from '../../sid-set.js';

/** One voter less than a majority, and at least one. */
export function isMinority(verifier: QuorumVerifier, set: SidSet): boolean {
  if (verifier.kind !== 'majority') return isQuorum(verifier, set);
  return countCommon(set, verifier.voters) >= Math.max(1, verifier.needed - 1);
}

/** A majority's number of heads, observers among them. */
export function isCrowd(verifier: QuorumVerifier, set: SidSet): boolean {
  if (verifier.kind !== 'majority') return isQuorum(verifier, set);
  return countSids(set) >= verifier.needed;
}

/** The rules with one test in place of those named. */
export function deciding(rules: Rules, test: QuorumTest, which: readonly (keyof Quorums)[]): Rules {
  const quorums = { ...rules.quorums };
  for (const what of which) quorums[what] = test;
  return { ...rules, quorums };
}
