// The rare paths of the protocol, each with a name and what it means: a closed list, so that a path
// without a name here cannot be marked, and whoever asks for one cannot mistype it. A run counts
// how often it came by each; a campaign that never reaches one has a hole.

export interface Path {
  /** What a server did, in one line. */
  readonly means: string;
  /** Why no run with safe rules comes by; absent: some run does, and a campaign can ask for it. */
  readonly never?: string;
}

const PATHS = {
  'election/finalize-interrupted': {
    means: 'a better vote comes while a winner waits for silence',
  },
  'election/joined-settled': { means: 'a late server joins the leader of a settled quorum' },
  'election/observer-joined': { means: 'an observer finds out whom the voters have elected' },
  'election/rounds-crossed': { means: 'a looking server moves on to a later round of another' },
  'election/stale-resend': { means: 'a new connection begins with what was sent on the old one' },
  'discovery/elected-without-quorum': {
    means: 'a leader waits for a quorum that does not come, and gives up',
  },
  'discovery/learner-ahead': { means: 'a leader refuses a learner whose history is newer' },
  'discovery/leader-outdated': {
    means: 'a learner has promised a later epoch than its leader has',
    never:
      'a leader fixes its epoch above all promises that it has heard of, then rather gives up ' +
      'than offer it to who has promised a later one; a learner promises nothing between telling ' +
      'what it has promised and the answer',
  },
  'discovery/promised-before': { means: 'a learner comes back that has promised this very epoch' },
  'discovery/sticky-refuser': {
    means: 'a learner that has promised a later epoch makes a leader with an epoch give up',
  },
  'sync/ack-before-newleader-ack': {
    means: 'an ACK of a proposal comes before the one of NEWLEADER',
    never:
      'a learner acknowledges proposals only after UPTODATE, and links are first in, first out',
  },
  'sync/ahead-in-epoch': {
    means: 'a learner comes back with proposals of this epoch that its leader has not applied',
  },
  'sync/commit-before-uptodate': { means: 'a COMMIT comes between NEWLEADER and UPTODATE' },
  'sync/committed-forwarded': {
    means: 'a plan is followed by transactions that are committed and not applied by the leader',
  },
  'sync/diff-from-disk': { means: 'a DIFF begins in the log on disk, before the window in memory' },
  'sync/diff-with-txns': { means: 'a DIFF brings transactions' },
  'sync/live-before-newleader': {
    means: 'a proposal or a commit falls between the plan of a learner and its NEWLEADER',
  },
  'sync/outstanding-forwarded': { means: 'a plan is followed by proposals that are outstanding' },
  'sync/snap': { means: 'a leader sends a snapshot' },
  'sync/snap-with-proposals': { means: 'a SNAP has committed or outstanding proposals behind it' },
  'sync/trunc': { means: 'a learner is told to cut its log' },
  'sync/trunc-impossible': { means: 'a learner cannot cut its log there, and wants a snapshot' },
  'sync/trunc-then-diff': {
    means: 'a plan cuts the log of a learner and then sends committed transactions',
    never:
      'it takes a later transaction of the epoch in which the learner ends, in a history without ' +
      'the one at which it ends; but every log holds the transactions of an epoch without a gap',
  },
  'sync/trunc-with-proposals': {
    means: 'a TRUNC has committed or outstanding proposals behind it',
  },
  'broadcast/unacked-dropped': {
    means: 'a leader drops a learner that leaves a proposal unacknowledged',
  },
  'broadcast/committed-by-others': {
    means: 'a leader commits what its own disk does not have yet',
  },
  'broadcast/quorum-lost': { means: 'a leader has not heard of a quorum, and gives up' },
  'broadcast/rollover': { means: 'the counter of the zxid is exhausted, and a new epoch is due' },
  'session/upgraded': {
    means: 'a local session becomes a global one, because it wants an ephemeral',
    never: 'local sessions are off in the scenarios that campaigns draw',
  },
  'session/moved': { means: 'a write is refused because its session has moved to another server' },
  'session/write-expired': { means: 'a write is refused because its session has expired' },
  'leave/drain-waited': { means: 'a server that leaves its role waits for its log to be written' },
  'leave/fast-forwarded': { means: 'memory catches up with the log between two roles' },
  'leave/partial-discarded': {
    means: 'what a synchronization that broke off put into memory is thrown away',
  },
  'leave/proposals-abandoned': { means: 'a leader leaves while proposals are outstanding' },
  'storage/epoch-adopted': {
    means: 'currentEpoch is caught up with a log that is durable beyond it',
  },
  'storage/epoch-left-over': { means: 'a server starts with a promise that came to nothing' },
  'storage/log-begun-anew': {
    means: 'a snapshot that was received is on disk, the log that it replaces still is, too',
  },
  'disk/failed': { means: 'a write to the disk fails' },
} as const satisfies Readonly<Record<string, Path>>;

export type Mark = keyof typeof PATHS;

export const MARKS: Readonly<Record<Mark, Path>> = PATHS;

/** All names, in the order of the list. */
export const MARK_NAMES = Object.keys(PATHS) as readonly Mark[];

/** Those that a run with safe rules can reach. */
export const REACHABLE_MARKS: readonly Mark[] = MARK_NAMES.filter(
  (name) => MARKS[name].never === undefined,
);

export function isMark(name: string): name is Mark {
  return Object.hasOwn(PATHS, name);
}
