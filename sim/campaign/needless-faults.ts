// The quick half of shrinking, for telling failures apart: faults without which the same checker
// still fires go, one after the other, each at the price of a run. A shrinker that also removes
// clients, operations and servers does the same job better and has the same signature.
import type { RunOutcome } from '../run.js';
import { runScenario } from '../run.js';
import type { Scenario } from '../scenario/scenario.js';

/** Runs of one scenario until it is simple enough to be compared. */
const RUNS_MAX = 24;

function stillFires(scenario: Scenario, seed: string, checker: string): boolean {
  const options = { seed, level: 'hash', checkers: 'all' } as const;
  const { violations }: RunOutcome = runScenario(scenario, options);
  return violations[0]?.checker === checker;
}

/** The scenario with no fault that `checker` does not need in order to fire first. */
export function withoutNeedlessFaults(scenario: Scenario, seed: string, checker: string): Scenario {
  let best = scenario;
  let runs = 0;
  for (let at = scenario.faults.length - 1; at >= 0 && runs < RUNS_MAX; at -= 1) {
    const candidate = { ...best, faults: best.faults.filter((_, index) => index !== at) };
    runs += 1;
    if (stillFires(candidate, seed, checker)) best = candidate;
  }
  return best;
}
