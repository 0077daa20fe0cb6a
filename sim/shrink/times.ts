// Less waiting: everything from some moment on, earlier. What lies between two things that were
// made to happen is shortened as a whole, so that the order of all of them stays.
import type { FaultSpec } from '../faults/kind.js';
import type { Scenario } from '../scenario/scenario.js';
import { withOperations } from './removals.js';

/** Time to leave between two of them. */
const GAPS_US = [0, 100_000, 500_000, 1_000_000, 2_000_000];

function faultTimes({ faults }: Scenario): number[] {
  return faults.flatMap(({ trigger }) => (trigger.kind === 'at' ? [trigger.atUs] : []));
}

function timesOf(scenario: Scenario): number[] {
  const ofOperations = (scenario.workload.operations ?? []).flatMap(({ atUs }) => atUs ?? []);
  return [...new Set([...faultTimes(scenario), ...ofOperations])].sort((a, b) => a - b);
}

/** Everything that happens at `fromUs` or later, so much earlier. */
function pulled(scenario: Scenario, fromUs: number, byUs: number): Scenario {
  const earlier = (us: number): number => (us < fromUs ? us : us - byUs);
  const faults = scenario.faults.map((fault): FaultSpec => {
    const { trigger } = fault;
    if (trigger.kind === 'when') return fault;
    return { ...fault, trigger: { kind: 'at', atUs: earlier(trigger.atUs) } };
  });
  const { operations } = scenario.workload;
  const next = { ...scenario, faults };
  if (operations === undefined) return next;
  return withOperations(
    next,
    operations.map((one) => ({
      ...one,
      atUs: one.atUs === undefined ? undefined : earlier(one.atUs),
    })),
  );
}

const SECOND = 1_000_000;
/** Seconds to try. */
const LENGTHS = [1, 2, 3, 5, 10];

/** Scenarios in which all faults are healed sooner, the soonest first. */
export function shorterRuns(scenario: Scenario): Scenario[] {
  const last = Math.max(0, ...faultTimes(scenario));
  const least = Math.floor(last / SECOND) + 1;
  return LENGTHS.map((seconds) => Math.max(seconds, least) * SECOND)
    .filter((us) => us < scenario.durationUs)
    .map((durationUs) => ({ ...scenario, durationUs }));
}

/** How many gaps there are, the one before the first included. */
export function gapCount(scenario: Scenario): number {
  return timesOf(scenario).length;
}

/** Scenarios with a shorter gap before the `index`-th time, the shortest first. */
export function shorterGaps(scenario: Scenario, index: number): Scenario[] {
  const times = timesOf(scenario);
  const toUs = times[index];
  if (toUs === undefined) return [];
  const gapUs = toUs - (times[index - 1] ?? 0);
  return GAPS_US.filter((us) => us < gapUs).map((us) => pulled(scenario, toUs, gapUs - us));
}
