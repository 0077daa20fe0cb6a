// The sum over a fuzz run: how much was tried, how fast, which faults really bit, which rare paths
// were taken, and what was found. A fault kind that never bit and a run that proved nothing are
// said aloud: silence is no evidence.
import type { Status } from '../sim/checkers/verdict.js';
import { counted, duration, thousands } from './format.js';
import type { Painter } from './painter.js';
import { table } from './table.js';

export interface SeedSummary {
  readonly seed: string;
  readonly verdict: Status;
  readonly exitCode: number;
  readonly traceHash: string;
  readonly events: number;
  readonly virtualSeconds: number;
  readonly faults: readonly { readonly kind: string; readonly effective: boolean }[];
  readonly vacuous: readonly string[];
  readonly violated: readonly string[];
  readonly deaths: number;
  readonly marks: readonly string[];
}

export interface FaultCount {
  injected: number;
  effective: number;
}

export interface FuzzTotals {
  readonly seeds: number;
  readonly events: number;
  readonly virtualSeconds: number;
  readonly verdicts: Readonly<Record<Status, number>>;
  readonly vacuous: number;
  /** Why, in general terms, and in how many seeds. */
  readonly reasons: ReadonlyMap<string, number>;
  /** By kind, in the order of first use. */
  readonly faults: ReadonlyMap<string, FaultCount>;
  /** How many seeds took each rare path. */
  readonly marks: ReadonlyMap<string, number>;
  /** How many seeds each checker failed. */
  readonly violated: ReadonlyMap<string, number>;
}

function bump(counts: Map<string, number>, keys: readonly string[]): void {
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** `fault 3 (crash of s1) had no effect` of many runs is one reason. */
function inGeneral(reason: string): string {
  return reason.replace(/ \([^)]*\)/g, '').replace(/\bfault \d+/g, 'a fault');
}

export function totalsOf(results: readonly SeedSummary[]): FuzzTotals {
  const verdicts = { pass: 0, fail: 0, inconclusive: 0 };
  const faults = new Map<string, FaultCount>();
  const marks = new Map<string, number>();
  const violated = new Map<string, number>();
  const reasons = new Map<string, number>();
  let events = 0;
  let virtualSeconds = 0;
  for (const result of results) {
    verdicts[result.verdict] += 1;
    events += result.events;
    virtualSeconds += result.virtualSeconds;
    bump(marks, result.marks);
    bump(violated, result.violated);
    bump(reasons, [...new Set(result.vacuous.map(inGeneral))]);
    for (const { kind, effective } of result.faults) {
      const count = faults.get(kind) ?? { injected: 0, effective: 0 };
      count.injected += 1;
      if (effective) count.effective += 1;
      faults.set(kind, count);
    }
  }
  const vacuous = results.filter((result) => result.vacuous.length > 0).length;
  const seeds = results.length;
  // A sum of many fractions, back to whole microseconds.
  virtualSeconds = Math.round(virtualSeconds * 1e6) / 1e6;
  return { seeds, events, virtualSeconds, verdicts, vacuous, reasons, faults, marks, violated };
}

export function faultSums(faults: FuzzTotals['faults']): FaultCount {
  const sum = { injected: 0, effective: 0 };
  for (const { injected, effective } of faults.values()) {
    sum.injected += injected;
    sum.effective += effective;
  }
  return sum;
}

function share(part: number, whole: number): string {
  return whole === 0 ? '' : `${Math.round((100 * part) / whole)}%`;
}

function ranked(counts: ReadonlyMap<string, number>): [string, number][] {
  return [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
}

function faultRows(faults: FuzzTotals['faults'], paint: Painter): string[] {
  const kinds = [...faults].sort(([a], [b]) => (a < b ? -1 : 1));
  const rows = kinds.map(([kind, { injected, effective }]) => [
    kind,
    thousands(injected),
    thousands(effective),
    effective === 0 ? 'NEVER BIT' : share(effective, injected),
  ]);
  const lines = table([['fault', 'injected', 'effective', ''], ...rows], { right: [1, 2, 3] });
  return lines.map((line, row) =>
    row === 0 ? paint('dim', line) : line.endsWith('NEVER BIT') ? paint('warn', line) : line,
  );
}

export interface Speed {
  readonly elapsedUs: number;
  readonly jobs: number;
}

/** `elapsedUs` is real time: the one thing here that differs from run to run. */
export function fuzzSummary(totals: FuzzTotals, speed: Speed, paint: Painter): string[] {
  const { seeds, events, verdicts, vacuous, reasons, faults, marks, violated } = totals;
  const seconds = speed.elapsedUs / 1e6;
  const sum = faultSums(faults);
  const rate = `${(seeds / seconds).toFixed(1)} seeds/s, ${thousands(events / seconds)} events/s`;
  const rows = [
    [
      'seeds',
      `${thousands(seeds)} in ${duration(speed.elapsedUs)}: ${rate}, ${counted(speed.jobs, 'job')}`,
    ],
    [
      'verdicts',
      `${verdicts.pass} pass, ${verdicts.fail} fail, ${verdicts.inconclusive} inconclusive`,
    ],
    ['vacuous', `${vacuous} of ${seeds} runs proved less than they seem to`],
    ['virtual', `${thousands(totals.virtualSeconds)} s in ${counted(events, 'event')}`],
    ['faults', `${thousands(sum.effective)} of ${thousands(sum.injected)} took effect`],
  ];
  const marked = ranked(marks).map(([mark, count]) => `${mark} ${thousands(count)}`);
  return [
    ...table(rows),
    ...ranked(reasons).map(([reason, count]) =>
      paint('warn', `  vacuous: ${reason}, ${counted(count, 'seed')}`),
    ),
    ...(faults.size === 0 ? [] : faultRows(faults, paint)),
    ...(marked.length === 0
      ? []
      : ['  rare paths taken (seeds)', ...table(columns(marked, 3), { indent: 4 })]),
    ...ranked(violated).map(([checker, count]) =>
      paint('violation', `  violated: ${checker}, ${counted(count, 'seed')}`),
    ),
  ];
}

/** A list laid out in rows of `across`. */
function columns(entries: readonly string[], across: number): string[][] {
  const rows: string[][] = [];
  for (let at = 0; at < entries.length; at += across) rows.push(entries.slice(at, at + across));
  return rows;
}
