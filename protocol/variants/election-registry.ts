// Historical bugs of election and discovery.
import { voteOrderNotTotal } from './vote-order-not-total.js';
import { electionEndsWhenAllVoted } from './election-ends-when-all-voted.js';
import { electedInAnOldRound } from './elected-in-an-old-round.js';
import { deadLeaderBelieved } from './dead-leader-believed.js';
import { settledVotesComparedWhole, settledVoteNotRefreshed } from './settled-votes.js';
import { observersKeepLeader } from './observers-keep-leader.js';
import { epochNotAgreed } from './epoch-not-agreed.js';
import { epochOffByOne } from './epoch-off-by-one.js';
import { currentEpochAtUpToDate } from './current-epoch-at-up-to-date.js';
import { zxidSpillsIntoEpoch } from './zxid-spills-into-epoch.js';
import { firstSpeakerSilences } from './first-speaker-silences.js';
import { stickyRefuser } from './sticky-refuser.js';
import type { Variant } from './variant.js';

export const ELECTION_BUGS: readonly Variant[] = [
  voteOrderNotTotal,
  electionEndsWhenAllVoted,
  electedInAnOldRound,
  deadLeaderBelieved,
  settledVotesComparedWhole,
  settledVoteNotRefreshed,
  observersKeepLeader,
  epochNotAgreed,
  epochOffByOne,
  currentEpochAtUpToDate,
  zxidSpillsIntoEpoch,
  stickyRefuser,
  firstSpeakerSilences,
];
