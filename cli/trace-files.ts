// Traces on disk: the run's records under a header that names the scenario in full, so that a trace
// alone is enough to judge it, to show it, and to run it again.
import type { Judgement } from '../sim/checkers/judge.js';
import { judge } from '../sim/checkers/judge.js';
import type { RunOutcome } from '../sim/run.js';
import { checkerSetup } from '../sim/run.js';
import type { Scenario } from '../sim/scenario/scenario.js';
import { scenarioToDocument } from '../sim/scenario/writing.js';
import { decodeTrace, encodeTrace, TRACE_FORMAT } from '../sim/trace/ndjson.js';
import type { Recorder } from '../sim/trace/recorder.js';
import { readText, writeLines } from './files.js';
import { scenarioFrom } from './scenario-files.js';
import { UsageError } from './usage-error.js';

export interface SavedTrace {
  readonly scenario: Scenario;
  readonly seed: string;
  /** When the run was ended early. */
  readonly untilUs: number | undefined;
  readonly recorder: Recorder;
}

export interface SavedRun {
  readonly outcome: RunOutcome;
  readonly scenario: Scenario;
  readonly untilUs: number | undefined;
}

export function saveTrace(path: string, { outcome, scenario, untilUs }: SavedRun): void {
  const header = {
    zabsim: TRACE_FORMAT,
    seed: outcome.seed,
    scenario: scenarioToDocument(scenario),
    ...(untilUs === undefined ? {} : { untilUs }),
  } as const;
  writeLines(path, encodeTrace(header, outcome.recorder));
}

/** Does the text begin as a trace does? A scenario is YAML and begins with a key or a comment. */
export function isTraceText(text: string): boolean {
  return text.trimStart().startsWith('{"zabsim"');
}

export function parseTrace(text: string, path: string): SavedTrace {
  const lines = text.split('\n');
  // What comes after the last line end is no line.
  if (lines.at(-1) === '') lines.pop();
  const decoded = decodeTrace(lines);
  if (!decoded.ok) {
    const { line, found, expected } = decoded.problem;
    throw new UsageError(`${path}:${line}: found ${found}, expected ${expected}`);
  }
  const { header, recorder } = decoded.trace;
  const { seed, untilUs } = header;
  return {
    scenario: scenarioFrom(JSON.stringify(header.scenario), `${path} (scenario of the header)`),
    seed,
    untilUs: typeof untilUs === 'number' ? untilUs : undefined,
    recorder,
  };
}

export function readTrace(path: string): SavedTrace {
  return parseTrace(readText(path), path);
}

export function judgeTrace({ scenario, recorder }: SavedTrace): Judgement {
  return judge(recorder.records(), checkerSetup(scenario));
}
