// Experiments: the run once more, with one thing taken away. Sources of chance have streams of
// their own, so what is left draws what it drew before; a fault that is taken away keeps its number
// and never begins. The answer is about this run alone: without the fault, does the claim hold?
import { runScenario } from '../../../sim/run.js';
import type { Scenario } from '../../../sim/time-travel.js';

export type Trial =
  | { readonly without: 'fault'; readonly fault: number }
  | { readonly without: 'faults' }
  | { readonly without: 'variants' };

export type TrialOutcome = 'holds' | 'broken';

export interface TrialInput {
  readonly scenario: Scenario;
  readonly seed: string;
  readonly untilUs: number | undefined;
  /** Whose claim it is about. */
  readonly checker: string;
}

/** Beyond the end of any run. */
const NEVER_US = 2 ** 52;

function changed(scenario: Scenario, trial: Trial): Scenario {
  if (trial.without === 'variants') return { ...scenario, profile: 'safe', variants: [] };
  const faults = scenario.faults.map((spec, index) =>
    trial.without === 'faults' || trial.fault === index
      ? { ...spec, trigger: { kind: 'at' as const, atUs: NEVER_US } }
      : spec,
  );
  return { ...scenario, faults };
}

export function tryOut(
  { scenario, seed, untilUs, checker }: TrialInput,
  trial: Trial,
): TrialOutcome {
  const outcome = runScenario(changed(scenario, trial), {
    ...{ seed, level: 'hash', checkers: [checker], stopAt: 'violation' },
    ...(untilUs === undefined ? {} : { untilUs }),
  });
  return outcome.violations.length > 0 ? 'broken' : 'holds';
}
