// A shrunk scenario as a file: its story as a comment, the hash that `zabsim replay` compares, and
// the scenario itself.
import { existsSync } from 'node:fs';
import { certificateWords, shrunkHead, sizeWords } from '../reports/shrink-report.js';
import { InvariantError } from '../base/assert.js';
import type { RunOptions, RunOutcome } from '../sim/run.js';
import { runScenario } from '../sim/run.js';
import type { Scenario } from '../sim/scenario/scenario.js';
import { scenarioToYaml } from '../sim/scenario/writing.js';
import type { ShrinkResult } from '../sim/shrink.js';
import { shrinkScenario } from '../sim/shrink.js';
import { writeLines } from './files.js';
import { commandText } from './internal-error.js';

const WIDTH = 96;

export function shrunkText(result: ShrinkResult): string {
  const { outcome, scenario } = result;
  const head = shrunkHead(result, outcome.recorder.records(), WIDTH);
  const comments = [...head, '', `trace hash ${outcome.traceHash}`];
  const lines = comments.map((line) => `# ${line}`.trimEnd());
  return `${lines.join('\n')}\n${scenarioToYaml(scenario)}`.trimEnd();
}

/** Runs candidates, and remembers the first one that the simulator itself cannot bear. */
export class Careful {
  first: { readonly scenario: Scenario; readonly error: InvariantError } | undefined;

  readonly run = (scenario: Scenario, options: RunOptions): RunOutcome | undefined => {
    try {
      return runScenario(scenario, options);
    } catch (error) {
      if (!(error instanceof InvariantError)) throw error;
      this.first ??= { scenario, error };
      return undefined;
    }
  };
}

/** What a fuzz run may spend on the failure that it explains: seconds, mostly much less. */
const RUNS_BESIDE = 2000;
const EVENTS_BESIDE = 3_000_000;

/** Shrinks a failure that was saved in `file`, saves that beside it, and says so. */
export function shrinkBeside(file: string, scenario: Scenario): string[] {
  const path = file.replace(/\.yaml$/, '.min.yaml');
  const look = `shrunk:         ${commandText(['replay', path])}`;
  if (existsSync(path)) return [look];
  const budget = { runs: RUNS_BESIDE, events: EVENTS_BESIDE };
  const result = shrinkScenario(scenario, { ...budget, run: new Careful().run });
  if (result === undefined) return [];
  writeLines(path, [shrunkText(result)]);
  return [look, `  ${sizeWords(result.after)}`, `  ${certificateWords(result)}`];
}
