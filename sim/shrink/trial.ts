// One run of a candidate, judged by one question: does the same invariant fail? The run ends as
// soon as it does. What came of it is kept with its whole trace, because the next candidates are
// made from what was seen in it.
import type { RunOutcome } from '../outcome.js';
import { runScenario } from '../run.js';
import type { Scenario } from '../scenario/scenario.js';

/** Instead of a checker's id: a server process ends by itself, and no fault explains it. */
export const DEATH = 'death';

export interface Trial {
  readonly scenario: Scenario;
  readonly failed: boolean;
  /** When it failed; when it ended, if it did not. */
  readonly atUs: number;
  readonly outcome: RunOutcome;
}

export type Oracle = (scenario: Scenario) => Trial;

function failedAtUs({ violations, deaths }: RunOutcome, target: string): number | undefined {
  if (target === DEATH) return deaths[0]?.atUs;
  return violations.find(({ checker }) => checker === target)?.atUs;
}

/** Runs a scenario with the seed that it holds. */
export function oracleFor(target: string): Oracle {
  const dies = target === DEATH;
  const checkers = dies ? 'none' : [target];
  const stopAt = dies ? 'death' : 'violation';
  return (scenario) => {
    const outcome = runScenario(scenario, { level: 'full', checkers, stopAt });
    const atUs = failedAtUs(outcome, target);
    const endUs = Math.round(outcome.virtualSeconds * 1e6);
    return { scenario, failed: atUs !== undefined, atUs: atUs ?? endUs, outcome };
  };
}

/** What to look for, if nobody says: what failed first. Undefined: nothing did. */
export function firstFailure({ violations, deaths }: RunOutcome): string | undefined {
  const [violation] = violations;
  const [death] = deaths;
  if (violation === undefined) return death === undefined ? undefined : DEATH;
  return death !== undefined && death.atUs < violation.atUs ? DEATH : violation.checker;
}
