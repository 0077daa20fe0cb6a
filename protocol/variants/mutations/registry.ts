// Mutations: one step of the protocol changed, to see which checker notices. In the order of the
// steps.
import {
  commitByMinority,
  epochByMinority,
  newLeaderByMinority,
  electionByMinority,
} from './minority.js';
import {
  followersForgetCurrentEpoch,
  currentEpochInMemory,
  acceptedEpochInMemory,
} from './forgotten-epochs.js';
import {
  voteIgnoresEpoch,
  voteIgnoresEpochUnrefused,
  voteIgnoresZxid,
  voteIgnoresZxidUnrefused,
  followerAheadAccepted,
} from './vote-order.js';
import { commitOutOfSequence } from './commit-out-of-sequence.js';
import { truncateOmitted, truncateOneTooMany, truncateOneTooFew } from './truncation.js';
import { noFinalizeWait } from './no-finalize-wait.js';
import { promisedAgain } from './promised-again.js';
import {
  serveBeforeNewLeaderQuorum,
  upToDateAtAck,
  staleServerAdmits,
} from './premature-service.js';
import { counterCarriedOver, epochNotRaised } from './reign-numbers.js';
import { observersCountedInEpoch, observersCountedInNewLeader } from './observers-counted.js';
import { leaderAcksBeforeFsync } from './leader-acks-before-fsync.js';
import {
  forwardFromNewLeader,
  forwardFromNewLeaderAck,
  commitsOnlyToLive,
} from './late-forwarding.js';
import { gapsAccepted } from './gaps-accepted.js';
import { roundNotRaised } from './round-not-raised.js';
import { sessionsAtProposal, closeSessionAtApply } from './session-bookkeeping.js';
import { snapshotNamedAtEnd } from './snapshot-named-at-end.js';
import type { Variant } from '../variant.js';

export const MUTATIONS: readonly Variant[] = [
  commitByMinority,
  epochByMinority,
  newLeaderByMinority,
  electionByMinority,
  followersForgetCurrentEpoch,
  currentEpochInMemory,
  acceptedEpochInMemory,
  voteIgnoresEpoch,
  voteIgnoresEpochUnrefused,
  voteIgnoresZxid,
  voteIgnoresZxidUnrefused,
  followerAheadAccepted,
  commitOutOfSequence,
  truncateOmitted,
  truncateOneTooMany,
  truncateOneTooFew,
  noFinalizeWait,
  promisedAgain,
  serveBeforeNewLeaderQuorum,
  upToDateAtAck,
  staleServerAdmits,
  counterCarriedOver,
  epochNotRaised,
  observersCountedInEpoch,
  observersCountedInNewLeader,
  leaderAcksBeforeFsync,
  forwardFromNewLeader,
  forwardFromNewLeaderAck,
  commitsOnlyToLive,
  gapsAccepted,
  roundNotRaised,
  sessionsAtProposal,
  closeSessionAtApply,
  snapshotNamedAtEnd,
];
