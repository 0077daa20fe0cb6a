// One run of a candidate, judged by one question: does the same invariant fail? The run ends as
// soon as it does. What came of a failing one is kept with its whole trace, because the next
// candidates are made from what was seen in it.
import type { RunOutcome } from '../outcome.js';
import type { RunOptions } from '../run.js';
import type { Scenario } from '../scenario/scenario.js';

/** Instead of a checker's id: a server process ends by itself, and no fault explains it. */
export const DEATH = 'death';

/** Runs a scenario; undefined if that cannot be done. */
export type Runner = (scenario: Scenario, options: RunOptions) => RunOutcome | undefined;

/** A run in which it failed. */
export interface Failure {
  readonly failed: true;
  readonly scenario: Scenario;
  readonly atUs: number;
  readonly events: number;
  readonly outcome: RunOutcome;
}

export type Trial = Failure | { readonly failed: false; readonly events: number };

export type Oracle = (scenario: Scenario) => Trial;

function failedAtUs({ violations, deaths }: RunOutcome, target: string): number | undefined {
  if (target === DEATH) return deaths[0]?.atUs;
  return violations.find(({ checker }) => checker === target)?.atUs;
}

/** Runs a scenario with the seed that it holds. */
export function oracleFor(target: string, run: Runner): Oracle {
  const dies = target === DEATH;
  const checkers = dies ? 'none' : [target];
  const stopAt = dies ? 'death' : 'violation';
  return (scenario) => {
    const outcome = run(scenario, { level: 'full', checkers, stopAt });
    const events = outcome?.events ?? 0;
    const atUs = outcome === undefined ? undefined : failedAtUs(outcome, target);
    if (outcome === undefined || atUs === undefined) return { failed: false, events };
    return { failed: true, scenario, atUs, events, outcome };
  };
}

/** What to look for, if nobody says: what failed first. Undefined: nothing did. */
export function firstFailure({ violations, deaths }: RunOutcome): string | undefined {
  const [violation] = violations;
  const [death] = deaths;
  if (violation === undefined) return death === undefined ? undefined : DEATH;
  return death !== undefined && death.atUs < violation.atUs ? DEATH : violation.checker;
}
