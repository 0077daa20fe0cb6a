// The order on votes as an election uses it: a candidate without weight is never preferred, though
// it may go on proposing itself. [ZK-Java FastLeaderElection.totalOrderPredicate]
import type { QuorumVerifier } from '../quorum.js';
import { weightOf } from '../quorum.js';
import type { Vote } from '../vote.js';
import { supersedes } from '../vote.js';

/** The part of an ensemble that knows weights. */
interface Weighed {
  readonly verifier: QuorumVerifier;
}

export function supersedesInEnsemble(candidate: Vote, current: Vote, ensemble: Weighed): boolean {
  return supersedes(candidate, current) && weightOf(ensemble.verifier, candidate.leader) !== 0;
}
