// What the simulator did last before it failed. The failed run has taken its trace with it, but a
// run can be repeated up to any moment: so the moment is found by halving, and the last record
// before it is shown.
import { clock, recordName } from '../reports/format.js';
import { describe } from '../reports/words.js';
import { runScenario } from '../sim/run.js';
import type { Scenario } from '../sim/scenario/scenario.js';
import type { TraceRecord } from '../sim/trace/record.js';

const SECOND_US = 1_000_000;

/** The last record but `end` of a run that is ended at `untilUs`; undefined if it fails earlier. */
function lastRecordBefore(
  scenario: Scenario,
  seed: string,
  untilUs: number,
): TraceRecord | undefined {
  try {
    const { recorder } = runScenario(scenario, { seed, level: 'full', checkers: 'none', untilUs });
    return recorder.count < 2 ? undefined : recorder.at(recorder.count - 2);
  } catch {
    return undefined;
  }
}

/** `aliveUs` is a virtual time that the run has reached. */
export function lastEventText(scenario: Scenario, seed: string, aliveUs: number): string {
  let aliveAtUs = aliveUs;
  let deadAtUs = aliveUs + 2 * SECOND_US;
  let last: TraceRecord | undefined;
  while (deadAtUs - aliveAtUs > 1) {
    const middleUs = Math.floor((aliveAtUs + deadAtUs) / 2);
    const record = lastRecordBefore(scenario, seed, middleUs);
    if (record === undefined) deadAtUs = middleUs;
    else aliveAtUs = middleUs;
    last = record ?? last;
  }
  if (last === undefined) return `some time after ${clock(aliveUs)} of virtual time`;
  return `${clock(last.atUs)} ${recordName(last.index)} ${describe(last)}`;
}
