// Every variant, by id. Command line, profiles and tests read this list.
import { ackBeforeFsync } from './ack-before-fsync.js';
import { ackNewLeaderBeforeFsync } from './ack-newleader-before-fsync.js';
import { ackNewLeaderBeforeLog } from './ack-newleader-before-log.js';
import { ackOvertakesNewLeader } from './ack-overtakes-newleader.js';
import { blankServerInStep } from './blank-server-in-step.js';
import { bootRefusesUnadoptedEpoch } from './boot-refuses-unadopted-epoch.js';
import { closingSessionAccepted } from './closing-session-accepted.js';
import { diffHeaderAdvances } from './diff-header-advances.js';
import { diffKeepsStrayTail } from './diff-keeps-stray-tail.js';
import { epochBeforeHistory } from './epoch-before-history.js';
import { failedDiskMemoryKept } from './failed-disk-memory-kept.js';
import { holeInWindow } from './hole-in-window.js';
import { leaderStaysWithoutLog } from './leader-stays-without-log.js';
import { logQueueOutlivesRole } from './log-queue-outlives-role.js';
import { memoryBehindLog } from './memory-behind-log.js';
import { newLeaderBeforeSnap } from './newleader-before-snap.js';
import { partialSnapKept } from './partial-snap-kept.js';
import { partialTruncKept } from './partial-trunc-kept.js';
import { serveBeforeApplied } from './serve-before-applied.js';
import { ELECTION_BUGS } from './election-registry.js';
import { MUTATIONS } from './mutations/registry.js';
import { replyAheadOfApply } from './reply-ahead-of-apply.js';
import { truncateAheadInEpoch } from './truncate-ahead-in-epoch.js';
import { uncommittedLoggedAtNewLeader } from './uncommitted-logged-at-newleader.js';
import type { Variant } from './variant.js';

export const VARIANTS: readonly Variant[] = [
  ackBeforeFsync,
  ackNewLeaderBeforeFsync,
  ackNewLeaderBeforeLog,
  ackOvertakesNewLeader,
  blankServerInStep,
  bootRefusesUnadoptedEpoch,
  closingSessionAccepted,
  diffHeaderAdvances,
  diffKeepsStrayTail,
  epochBeforeHistory,
  failedDiskMemoryKept,
  holeInWindow,
  leaderStaysWithoutLog,
  logQueueOutlivesRole,
  memoryBehindLog,
  newLeaderBeforeSnap,
  partialSnapKept,
  partialTruncKept,
  replyAheadOfApply,
  serveBeforeApplied,
  truncateAheadInEpoch,
  uncommittedLoggedAtNewLeader,
  ...ELECTION_BUGS,
  ...MUTATIONS,
];

/** The numbers of its issues, as people say them: `3911`. */
export function issuesOf({ jira }: Variant): readonly string[] {
  return jira.map((issue) => issue.replace('ZOOKEEPER-', ''));
}

/** By its id, or by an issue as `ZOOKEEPER-3911` or `3911`: several bugs may share one. */
export function variantsNamed(name: string): readonly Variant[] {
  const issue = name.replace(/^zookeeper-/i, '');
  return VARIANTS.filter((variant) => variant.id === name || issuesOf(variant).includes(issue));
}
