// The LOOKING role as a value. `polling` collects notifications; `finalizing` is the pause at the
// end of an election, entered with a quorum behind the proposal and left by a better vote or by
// silence. The round is not in here: it is the server's, and outlives the role (Context.round).
// [ZK-Java FastLeaderElection.lookForLeader]
import type { Vote } from '../vote.js';
import type { Box } from './ballots.js';

export interface Looking {
  readonly kind: 'looking';
  readonly phase: 'polling' | 'finalizing';
  /** This server's own candidacy, to fall back on when a new round begins. */
  readonly initial: Vote;
  /** What this server votes for now. */
  readonly proposal: Vote;
  readonly boxes: Boxes;
  /** Silence after which the vote is sent again; doubles each time (Java notTimeout). */
  readonly pollMs: number;
}

export interface Boxes {
  /** Ballots of this round. */
  readonly received: Box;
  /** Ballots of voters that found their leader, whatever their round. */
  readonly settled: Box;
}

export function makeLooking(
  phase: Looking['phase'],
  initial: Vote,
  proposal: Vote,
  boxes: Boxes,
  pollMs: number,
): Looking {
  return { kind: 'looking', phase, initial, proposal, boxes, pollMs };
}

export function makeBoxes(received: Box, settled: Box): Boxes {
  return { received, settled };
}

export function inPhase(role: Looking, phase: Looking['phase']): Looking {
  return makeLooking(phase, role.initial, role.proposal, role.boxes, role.pollMs);
}
