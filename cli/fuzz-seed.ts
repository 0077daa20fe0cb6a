// One seed of a fuzz run: draw a scenario, run it with the trace hash only, and keep what the
// summary needs. Small and plain, because it travels between threads by the thousand.
import { runScenario } from '../sim/run.js';
import type { RunOutcome } from '../sim/run.js';
import type { Scenario } from '../sim/scenario/scenario.js';
import { drawScenario } from '../sim/swarm.js';
import type { RulesArguments } from './options.js';
import { withRules } from './options.js';

export interface SeedResult {
  readonly seed: string;
  readonly verdict: RunOutcome['verdict'];
  readonly exitCode: number;
  readonly traceHash: string;
  readonly events: number;
  readonly virtualSeconds: number;
  readonly faults: readonly { readonly kind: string; readonly effective: boolean }[];
  readonly vacuous: readonly string[];
  /** Checkers that found a violation, each once. */
  readonly violated: readonly string[];
  /** Server processes that ended unexpectedly. */
  readonly deaths: number;
  /** Rare paths that were taken, each once. */
  readonly marks: readonly string[];
}

/** What the swarm draws for a seed, under the rules of the command line. */
export function fuzzScenario(seed: string, rules: RulesArguments): Scenario {
  return { ...withRules(drawScenario(seed), rules), seed };
}

export function fuzzSeed(seed: string, rules: RulesArguments): SeedResult {
  const outcome = runScenario(fuzzScenario(seed, rules), { seed, level: 'hash', checkers: 'all' });
  const { verdict, exitCode, traceHash, events, virtualSeconds, vacuous } = outcome;
  return {
    ...{ seed, verdict, exitCode, traceHash, events, virtualSeconds, vacuous },
    faults: outcome.faults.map(({ kind, effects }) => ({ kind, effective: effects > 0 })),
    violated: [...new Set(outcome.violations.map(({ checker }) => checker))],
    deaths: outcome.deaths.length,
    marks: outcome.marks,
  };
}

/** Did the run show something that must not happen? */
export function isFailure({ verdict, deaths }: SeedResult): boolean {
  return verdict === 'fail' || deaths > 0;
}
