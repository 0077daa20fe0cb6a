// Every checker there is, in the order in which they are listed and judged.
import { aclNeverBypassed } from './access.js';
import { ackedWriteIsChosen, ackOrder, ackTruthfulness } from './acks.js';
import type { Checker } from './checker.js';
import {
  chosenByBroadcast,
  chosenByQuorum,
  chosenByRecovery,
  globalPrimaryOrder,
  leaderLogCompleteness,
  localPrimaryOrder,
} from './choosing.js';
import {
  commitConsistency,
  expectedMessages,
  integrity,
  prefixConsistency,
  provisionalApplies,
  servesInitialHistory,
  sessionTable,
  snapBeforeNewLeader,
  treeDigest,
} from './delivery.js';
import { clientHistory } from './histories.js';
import { leadership1, leadership2, singleLeaderPerEpoch } from './leadership.js';
import { linkFifo } from './links.js';
import {
  committedLogDurability,
  historyConsistency,
  memoryVsDisk,
  quorumDurability,
} from './logs.js';
import { convergence, liveness } from './progress.js';
import { sequentialNumbers } from './numbering.js';
import {
  epochClaimsHistory,
  epochFiles,
  onePromisePerEpoch,
  restartableFiles,
} from './promises.js';
import { counterDiscipline, primaryIntegrity, uniqueZxid } from './proposals.js';
import { quotaHonoured } from './quotas.js';
import { reapedWhenDue } from './reaping.js';
import { RECIPE_CHECKERS } from './recipes/registry.js';
import { ephemeralExactness, linearizableWrites, readsSeeAPrefix } from './service.js';
import { fifoClientOrder, monotonicReads, readYourWrites, singleSystemImage } from './sessions.js';
import { watchBeforeData } from './watch-before-data.js';
import { noLostWatch } from './watches.js';
import { electionQuorum, voteMonotonicity } from './voting.js';

export const CHECKERS: readonly Checker[] = [
  voteMonotonicity,
  electionQuorum,
  epochFiles,
  epochClaimsHistory,
  restartableFiles,
  onePromisePerEpoch,
  leadership1,
  leadership2,
  singleLeaderPerEpoch,
  leaderLogCompleteness,
  uniqueZxid,
  counterDiscipline,
  primaryIntegrity,
  chosenByRecovery,
  chosenByBroadcast,
  chosenByQuorum,
  globalPrimaryOrder,
  localPrimaryOrder,
  integrity,
  treeDigest,
  sessionTable,
  prefixConsistency,
  provisionalApplies,
  snapBeforeNewLeader,
  servesInitialHistory,
  commitConsistency,
  expectedMessages,
  historyConsistency,
  committedLogDurability,
  quorumDurability,
  memoryVsDisk,
  ackTruthfulness,
  ackOrder,
  linkFifo,
  ackedWriteIsChosen,
  linearizableWrites,
  readsSeeAPrefix,
  ephemeralExactness,
  sequentialNumbers,
  noLostWatch,
  watchBeforeData,
  aclNeverBypassed,
  quotaHonoured,
  reapedWhenDue,
  monotonicReads,
  readYourWrites,
  fifoClientOrder,
  singleSystemImage,
  clientHistory,
  convergence,
  liveness,
  ...RECIPE_CHECKERS,
];
