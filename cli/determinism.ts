// Is a run the same run every time? Again in this process, which shows state that leaks from one
// run to the next; from its recorded choices, which shows chance that was not written down; and in
// a process of its own, which shows what depends on the process. Where two runs part, the first
// record that differs is named: everything after it is a consequence.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { clock, recordName } from '../reports/format.js';
import { describe } from '../reports/words.js';
import type { RunOutcome } from '../sim/run.js';
import { runScenario } from '../sim/run.js';
import type { Scenario } from '../sim/scenario/scenario.js';
import { toSetup } from '../sim/scenario/setup.js';
import type { TraceRecord } from '../sim/trace/record.js';
import { Recorder } from '../sim/trace/recorder.js';
import type { Recording } from '../sim/world/choices.js';
import { replayWorld } from '../sim/world/world.js';
import { readTrace } from './trace-files.js';

export interface Repeatable {
  readonly scenario: Scenario;
  readonly seed: string;
  readonly untilUs: number | undefined;
  /** The arguments of a command line that does the same. */
  readonly again: readonly string[];
}

function recordText(record: TraceRecord | undefined): string {
  if (record === undefined) return 'nothing: it ends here';
  return `${clock(record.atUs)} ${describe(record)} [${JSON.stringify(record)}]`;
}

function same(a: TraceRecord, b: TraceRecord): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** Undefined when both tell the same from beginning to end. */
export function firstDivergence(
  expected: Iterable<TraceRecord>,
  actual: Iterable<TraceRecord>,
): string[] | undefined {
  const others = actual[Symbol.iterator]();
  let index = 0;
  for (const record of expected) {
    const next = others.next();
    const other = next.done === true ? undefined : next.value;
    if (other === undefined || !same(record, other)) return parting(index, record, other);
    index += 1;
  }
  const surplus = others.next();
  return surplus.done === true ? undefined : parting(index, undefined, surplus.value);
}

function parting(index: number, a: TraceRecord | undefined, b: TraceRecord | undefined): string[] {
  return [
    `DIVERGED at record ${recordName(index)}`,
    `  expected  ${recordText(a)}`,
    `  found     ${recordText(b)}`,
  ];
}

/** The main file as this process runs it: compiled, or through a loader from the sources. */
function mainFile(): string {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  return fileURLToPath(new URL(`./main.${extension}`, import.meta.url));
}

/** The records of the same run in a process of its own. */
function recordsElsewhere(again: readonly string[]): TraceRecord[] | string {
  const folder = mkdtempSync(join(tmpdir(), 'zabsim-'));
  const file = join(folder, 'trace.ndjson');
  const flags = ['--timeline', 'none', '--json', '--trace', file];
  const argv = [...process.execArgv, mainFile(), ...again, ...flags];
  const child = spawnSync(process.execPath, argv, { encoding: 'utf8', maxBuffer: 1 << 28 });
  try {
    if (child.stdout.trim() === '') return child.stderr.trim() || 'it printed nothing';
    return [...readTrace(file).recorder.records()];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The records that the recorded choices alone lead to, without the seed they were drawn from. */
function recordsFromChoices(scenario: Scenario, recording: Recording): Iterable<TraceRecord> {
  const recorder = new Recorder({ level: 'full' });
  replayWorld(toSetup(scenario), recording, recorder);
  return recorder.records();
}

/** Undefined when all four runs agree; otherwise what differs, and where first. */
export function divergenceOf(outcome: RunOutcome, run: Repeatable): string[] | undefined {
  const { scenario, seed, untilUs, again } = run;
  const until = untilUs === undefined ? {} : { untilUs };
  const options = { seed, level: 'full', recordChoices: true, checkers: 'all', ...until } as const;
  const second = runScenario(scenario, options);
  const expected = (): Iterable<TraceRecord> => outcome.recorder.records();
  const here = firstDivergence(expected(), second.recorder.records());
  if (here !== undefined) return [...here, '  (a second run in the same process)'];
  if (second.traceHash !== outcome.traceHash) return ['DIVERGED: equal records, unequal hashes'];
  if (second.recording !== undefined) {
    const chosen = firstDivergence(expected(), recordsFromChoices(scenario, second.recording));
    if (chosen !== undefined) return [...chosen, '  (a replay of the recorded choices)'];
  }
  const elsewhere = recordsElsewhere(again);
  if (typeof elsewhere === 'string') return [`the run in another process failed: ${elsewhere}`];
  const there = firstDivergence(expected(), elsewhere);
  return there === undefined ? undefined : [...there, '  (a run in another process)'];
}
