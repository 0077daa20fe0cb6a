// Where faults hurt: the borders between phases, before and after each durable write, and the
// middle of a synchronization. Published schedules of real bugs need at most three crashes and a
// handful of transactions, but each of them exactly there.
import type { RecordKind } from '../trace/record.js';

export interface Border {
  readonly record: RecordKind;
  readonly text: string | undefined;
  /** Does it come by with every write, so that the n-th may be a late one? */
  readonly often: boolean;
}

function rare(record: RecordKind, text?: string): Border {
  return { record, text, often: false };
}

function often(record: RecordKind, text?: string): Border {
  return { record, text, often: true };
}

/** Roles and epochs change: after a start, or after a fault. */
const UPHEAVAL: readonly Border[] = [
  rare('role', 'looking/election'),
  rare('role', 'leading/discovery'),
  rare('role', 'leading/synchronization'),
  rare('role', 'leading/broadcast'),
  rare('role', 'following/discovery'),
  rare('role', 'following/synchronization'),
  rare('role', 'following/broadcast'),
  rare('elected'),
  rare('epochProposed'),
  rare('epochFile', 'accepted'),
  rare('epochFile', 'current'),
  rare('promised'),
  rare('established'),
  rare('syncChosen'),
  rare('syncing'),
  rare('newLeaderAcked'),
  rare('activated'),
  rare('serving'),
  rare('stepBegun'),
  rare('stepBegun'),
  rare('stepDone'),
  rare('stepDone'),
  rare('truncated'),
  rare('snapshot'),
  rare('fastForwarded'),
  rare('left'),
  rare('lookingAgain'),
  rare('boot'),
  rare('crash'),
];

/** A learner is brought up to date. */
const SYNCHRONIZATION: readonly Border[] = [
  rare('syncChosen'),
  rare('syncChosen', 'diff'),
  rare('syncChosen', 'trunc'),
  rare('syncChosen', 'snap'),
  rare('syncing'),
  rare('installed'),
  rare('truncated'),
  rare('stepBegun', 'newLeader/*'),
  rare('stepDone', 'newLeader/*'),
  rare('stepDone', 'newLeader/append'),
  rare('stepDone', 'newLeader/flush'),
  rare('stepDone', 'newLeader/writeCurrentEpoch'),
  rare('epochFile', 'current'),
  rare('newLeaderAcked'),
  rare('activated'),
  rare('serving'),
];

/** Something is, or is about to be, on a disk. */
const DURABLE: readonly Border[] = [
  rare('stepBegun'),
  rare('stepDone'),
  rare('stepBegun', 'leave/*'),
  rare('stepDone', 'leave/*'),
  rare('epochFile', 'accepted'),
  rare('epochFile', 'current'),
  rare('snapshot'),
  rare('truncated'),
  often('appended'),
  often('flushed'),
];

/** What servers do for every write. */
const ROUTINE: readonly Border[] = [
  often('proposed'),
  often('appended'),
  often('flushed'),
  often('ackSent'),
  often('ackReceived'),
  often('committed'),
  often('committed'),
  often('learned'),
  often('replied'),
  often('snapshot'),
];

/** Themes: a run has one, as it has few kinds of faults. */
export const BORDERS: readonly (readonly Border[])[] = [
  UPHEAVAL,
  SYNCHRONIZATION,
  DURABLE,
  ROUTINE,
  ROUTINE,
];

const ELECTION: readonly Border[] = [
  rare('left'),
  rare('lookingAgain'),
  rare('role', 'looking/election'),
  rare('boot'),
];
/** Right before somebody writes. */
const WRITING: readonly Border[] = [
  often('proposed'),
  often('appended'),
  rare('stepBegun', 'newLeader/*'),
  rare('stepBegun', 'establish/*'),
  rare('stepBegun', 'promise/*'),
  rare('stepBegun', 'truncate/*'),
  rare('role', 'leading/discovery'),
];
/** There is talk between servers from here on. */
const TALK: readonly Border[] = [
  rare('elected'),
  rare('promised'),
  rare('syncChosen'),
  often('proposed'),
];

/** Kinds that need a certain moment, or they do nothing. */
const SUITED: ReadonlyMap<string, readonly Border[]> = new Map([
  ['loss', ELECTION],
  ['disk-error', WRITING],
  ['disk-full', WRITING],
  ['disk-stall', WRITING],
  ['slow-disk', WRITING],
  ['delay', TALK],
  ['bandwidth', TALK],
  ['flaky-link', TALK],
]);

export function suitedBorders(kind: string): readonly Border[] | undefined {
  return SUITED.get(kind);
}
