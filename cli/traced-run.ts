// A run to look at, by whatever names it: a saved trace is read, a scenario is run once more with
// everything recorded. What is shown of it afterwards is the same.
import { existsSync } from 'node:fs';
import { runScenario } from '../sim/run.js';
import { readText } from './files.js';
import type { RulesArguments } from './options.js';
import { chosenSeed, withRules } from './options.js';
import { loadScenario } from './scenario-files.js';
import type { SavedTrace } from './trace-files.js';
import { parseTrace } from './trace-files.js';
import { UsageError } from './usage-error.js';

/** How to run it; not for traces, which have run. */
export interface RunAgain extends RulesArguments {
  readonly seed: string | undefined;
}

/** JSON that is no trace is a damaged or foreign one; scenarios are written in YAML. */
export function looksLikeTrace(text: string): boolean {
  return text.trimStart().startsWith('{');
}

export function readRun(nameOrPath: string, again: RunAgain): SavedTrace {
  const text = existsSync(nameOrPath) ? readText(nameOrPath) : '';
  if (looksLikeTrace(text)) {
    const flag = (['seed', 'profile', 'variant'] as const).find(
      (name) => again[name] !== undefined,
    );
    if (flag === undefined) return parseTrace(text, nameOrPath);
    throw new UsageError(`--${flag}: ${nameOrPath} is a trace, its run is over`);
  }
  const { scenario: file } = loadScenario(nameOrPath);
  const scenario = withRules(file, again);
  const seed = chosenSeed(again.seed, file);
  const { recorder } = runScenario(scenario, { seed, level: 'full', checkers: 'none' });
  return { scenario, seed, untilUs: undefined, recorder };
}
