// The sum over a campaign: plain data, so that it can be put away in a file and taken up again.
// Results are added one by one in the order of the seeds, whoever ran them, so that the sum does
// not depend on how many threads there were; the hash is a chain over all runs in that order.
import { Digest } from '../../base/digest.js';
import type { Mark } from '../../protocol/marks.js';
import type { Status } from '../checkers/verdict.js';

/** What came of one seed, or of one scenario file. Small, because it travels between threads. */
export interface SeedResult {
  readonly seed: string;
  /** The scenario file that was run; '' when the swarm drew it. */
  readonly file: string;
  readonly verdict: Status;
  readonly exitCode: number;
  readonly traceHash: string;
  readonly events: number;
  readonly virtualUs: number;
  readonly faults: readonly { readonly kind: string; readonly effective: boolean }[];
  /** Why the run proves less than it seems. */
  readonly vacuous: readonly string[];
  /** Checkers that found a violation, each once, in the order of their first. */
  readonly violated: readonly string[];
  /** Server processes that ended unexpectedly. */
  readonly deaths: number;
  /** Rare paths, with how often they were taken. */
  readonly marks: readonly (readonly [mark: Mark, times: number])[];
  /** Was it run twice, and compared? */
  readonly twice: boolean;
  /** Where the two runs part; empty if they agree. */
  readonly divergence: readonly string[];
  /** The simulator itself failed: how. */
  readonly crash: string | undefined;
}

export interface Failure {
  readonly seed: string;
  readonly file: string;
  readonly violated: readonly string[];
  readonly deaths: number;
}

interface FaultCount {
  readonly injected: number;
  readonly effective: number;
}

interface MarkCount {
  /** How many runs came by, and how often in all. */
  readonly seeds: number;
  readonly times: number;
}

type Counts<V> = Readonly<Record<string, V>>;

export interface Totals {
  /** All runs: seeds, and scenario files of the corpus before them. */
  readonly runs: number;
  readonly files: number;
  readonly hash: string;
  readonly events: number;
  readonly virtualUs: number;
  readonly verdicts: Readonly<Record<Status, number>>;
  readonly vacuous: number;
  /** Why, in general terms, and in how many runs. */
  readonly reasons: Counts<number>;
  readonly faults: Counts<FaultCount>;
  readonly marks: Counts<MarkCount>;
  /** How many runs each checker failed. */
  readonly violated: Counts<number>;
  readonly failing: number;
  /** The first of them. */
  readonly failures: readonly Failure[];
  readonly twice: number;
  readonly diverged: readonly { readonly seed: string; readonly lines: readonly string[] }[];
  readonly crashed: readonly { readonly seed: string; readonly message: string }[];
  readonly exitCodes: readonly number[];
}

/** Of a million failures, these many are remembered one by one. */
const FAILURES_MAX = 1000;

export const NO_TOTALS: Totals = {
  ...{ runs: 0, files: 0, hash: '', events: 0, virtualUs: 0, vacuous: 0, failing: 0, twice: 0 },
  verdicts: { pass: 0, fail: 0, inconclusive: 0 },
  ...{ reasons: {}, faults: {}, marks: {}, violated: {} },
  ...{ failures: [], diverged: [], crashed: [], exitCodes: [] },
};

/** Did the run show something that must not happen? */
export function isFailure({ verdict, deaths }: Pick<SeedResult, 'verdict' | 'deaths'>): boolean {
  return verdict === 'fail' || deaths > 0;
}

/** `fault 3 (crash of s1) had no effect` of many runs is one reason. */
function inGeneral(reason: string): string {
  return reason.replace(/ \([^)]*\)/g, '').replace(/\bfault \d+/g, 'a fault');
}

function counted(counts: Counts<number>, keys: readonly string[]): Counts<number> {
  if (keys.length === 0) return counts;
  const next: Record<string, number> = { ...counts };
  for (const key of keys) next[key] = (next[key] ?? 0) + 1;
  return next;
}

function withFaults(counts: Totals['faults'], faults: SeedResult['faults']): Totals['faults'] {
  const next: Record<string, FaultCount> = { ...counts };
  for (const { kind, effective } of faults) {
    const before = next[kind] ?? { injected: 0, effective: 0 };
    next[kind] = {
      injected: before.injected + 1,
      effective: before.effective + (effective ? 1 : 0),
    };
  }
  return next;
}

function withMarks(counts: Totals['marks'], marks: SeedResult['marks']): Totals['marks'] {
  const next: Record<string, MarkCount> = { ...counts };
  for (const [mark, times] of marks) {
    const before = next[mark] ?? { seeds: 0, times: 0 };
    next[mark] = { seeds: before.seeds + 1, times: before.times + times };
  }
  return next;
}

function linked(hash: string, { seed, file, traceHash }: SeedResult): string {
  const digest = new Digest();
  digest.addString(`${hash} ${file} ${seed} ${traceHash}`);
  return digest.hex();
}

function withFailure(failures: Totals['failures'], result: SeedResult): Totals['failures'] {
  if (failures.length >= FAILURES_MAX) return failures;
  const { seed, file, violated, deaths } = result;
  return [...failures, { seed, file, violated, deaths }];
}

/** The sum with one more result. */
export function withResult(totals: Totals, result: SeedResult): Totals {
  const { seed, verdict, exitCode, divergence, crash } = result;
  const failed = isFailure(result);
  const { diverged, crashed, exitCodes } = totals;
  return {
    runs: totals.runs + 1,
    files: totals.files + (result.file === '' ? 0 : 1),
    hash: linked(totals.hash, result),
    events: totals.events + result.events,
    virtualUs: totals.virtualUs + result.virtualUs,
    verdicts: { ...totals.verdicts, [verdict]: totals.verdicts[verdict] + 1 },
    vacuous: totals.vacuous + (result.vacuous.length > 0 ? 1 : 0),
    reasons: counted(totals.reasons, [...new Set(result.vacuous.map(inGeneral))]),
    faults: withFaults(totals.faults, result.faults),
    marks: withMarks(totals.marks, result.marks),
    violated: counted(totals.violated, result.violated),
    failing: totals.failing + (failed ? 1 : 0),
    failures: failed ? withFailure(totals.failures, result) : totals.failures,
    twice: totals.twice + (result.twice ? 1 : 0),
    diverged: divergence.length === 0 ? diverged : [...diverged, { seed, lines: divergence }],
    crashed: crash === undefined ? crashed : [...crashed, { seed, message: crash }],
    exitCodes: exitCodes.includes(exitCode) ? exitCodes : [...exitCodes, exitCode],
  };
}
