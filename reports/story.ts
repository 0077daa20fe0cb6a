// The story of a short failing run, one line for each step, in the words of the protocol: who led,
// what was asked for, which fault struck, what became of the transaction, what was violated. Told
// from the trace, and no longer than a person reads: what matters least is left out first.
import type { Txn } from '../protocol/txn.js';
import type { RecordKind, TraceRecord } from '../sim/trace/record.js';
import type { Violation } from '../sim/checkers/verdict.js';
import { clock, isServer, serverName, wrapped } from './format.js';
import type { DeathReport } from './run-report.js';
import { violationWords } from './violation-words.js';
import { describe } from './words.js';

export interface StoryInput {
  readonly records: Iterable<TraceRecord>;
  /** Of the invariant that the story is about; its first one ends the story. */
  readonly violation: Violation | undefined;
  /** Instead of a violation. */
  readonly death: DeathReport | undefined;
  readonly width: number;
}

const LINES_MAX = 26;

/** What no story can do without; then what explains it; then what fills it in. */
const TOLD_FIRST: readonly (readonly RecordKind[])[] = [
  ['fault', 'crash', 'boot', 'activated', 'halted', 'quiet', 'sessionExpired'],
  ['truncated', 'invoked', 'committed', 'healed'],
  ['proposed', 'left', 'lookingAgain', 'syncing', 'established'],
  ['serving', 'ackSent', 'newLeaderAcked', 'syncChosen', 'flushed'],
];

function isWorthTelling(record: TraceRecord): boolean {
  const { kind, actor, value, text, detail } = record;
  // The first start of a server is no news, nor is a cut that cuts nothing off.
  if (kind === 'boot') return isServer(actor) && record.digest > 0;
  if (kind === 'truncated') return value > 0 || text === 'reset';
  if (kind === 'proposed') return (detail as Txn | undefined)?.op.kind !== 'error';
  return true;
}

function endOf({ violation, death }: StoryInput): number {
  return violation?.atUs ?? death?.atUs ?? Infinity;
}

/** Records of the run up to the end of the story, as many tiers of them as there is room for. */
function toldRecords(input: StoryInput): TraceRecord[] {
  const evidence = new Set(input.violation?.evidence ?? []);
  const endUs = endOf(input);
  const lastRecord = input.violation?.record ?? Infinity;
  const tiers: TraceRecord[][] = TOLD_FIRST.map(() => []);
  for (const record of input.records) {
    if (record.atUs > endUs || record.index > lastRecord) break;
    const tier = TOLD_FIRST.findIndex((kinds) => kinds.includes(record.kind));
    if (evidence.has(record.index)) tiers[0]?.push(record);
    else if (tier >= 0 && isWorthTelling(record)) tiers[tier]?.push(record);
  }
  const told: TraceRecord[] = [];
  for (const tier of tiers) {
    if (told.length > 0 && told.length + tier.length > LINES_MAX) break;
    told.push(...tier);
  }
  return told.sort((a, b) => a.index - b.index);
}

function lineOf(atUs: number, text: string, width: number): string[] {
  const time = clock(atUs).padStart(8);
  const [first = '', ...others] = wrapped(text, width - time.length - 2);
  return [`${time}  ${first}`, ...others.map((line) => `${' '.repeat(time.length + 2)}${line}`)];
}

export function storyLines(input: StoryInput): string[] {
  const { violation, death, width } = input;
  const steps = toldRecords(input).flatMap((record) =>
    lineOf(record.atUs, describe(record), width),
  );
  if (violation !== undefined) {
    return [...steps, ...lineOf(violation.atUs, `violated: ${violationWords(violation)}`, width)];
  }
  if (death === undefined) return steps;
  const { atUs, server, reason } = death;
  return [...steps, ...lineOf(atUs, `${serverName(server)} died: ${reason}`, width)];
}
