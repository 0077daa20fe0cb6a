// The passes of a hunt. Each tries one sort of change in every place where it can be made and keeps
// what still fails. First what was left to chance is written down; then parts are taken out; then
// what stays is made simpler.
import type { Limits } from '../../protocol/config.js';
import { DEFAULT_LIMITS } from '../../protocol/config.js';
import type { FaultSpec } from '../faults/kind.js';
import type { Scenario } from '../scenario/scenario.js';
import type { Latency } from '../world/setup.js';
import { pinnedFault, timedFault, trimmed, withWrittenOperations } from './explicit.js';
import { factsOf } from './facts.js';
import { ASPECTS } from './fault-forms.js';
import type { Hunt } from './hunt.js';
import { asOneBurst, simplerOperations, simplerPaths, withoutTimes } from './operation-forms.js';
import {
  hostRemovals,
  renumbered,
  withOperations,
  withoutClient,
  withoutFaults,
  withoutOperations,
  withoutServers,
} from './removals.js';
import { everyDelay, oneSlowThing } from './schedule.js';
import { settingsOf } from './settings.js';
import { sweep } from './sweep.js';
import { gapCount, shorterGaps, shorterRuns } from './times.js';
import { unfolded } from './unfold.js';

export type Pass = (hunt: Hunt) => void;

/** Every fault in a form of its own; those that never began have none. */
function eachFault(hunt: Hunt, form: (fault: FaultSpec, index: number) => FaultSpec): Scenario {
  const { scenario } = hunt.best;
  return { ...scenario, faults: scenario.faults.map(form) };
}

export const trim: Pass = (hunt) => {
  hunt.attempt([trimmed(hunt.best)]);
};

export const writeDown: Pass = (hunt) => {
  trim(hunt);
  if (hunt.scenario.workload.operations === undefined) {
    hunt.attempt([withWrittenOperations(hunt.best)]);
  }
  const { best } = hunt;
  const reports = best.outcome.faults;
  const pinned = (fault: FaultSpec, index: number): FaultSpec => {
    const report = reports[index];
    return report === undefined ? fault : pinnedFault(fault, report, best);
  };
  const timed = (fault: FaultSpec, index: number): FaultSpec => {
    const report = reports[index];
    return report === undefined ? fault : timedFault(pinned(fault, index), report);
  };
  if (hunt.attempt([eachFault(hunt, pinned), eachFault(hunt, timed)])) return;
  for (let index = 0; index < best.scenario.faults.length; index++) {
    const { faults } = hunt.scenario;
    const fault = faults[index];
    if (fault === undefined) continue;
    hunt.attempt(
      [pinned(fault, index), timed(fault, index)].map((form) => ({
        ...hunt.scenario,
        faults: faults.with(index, form),
      })),
    );
  }
};

/** As it is; and with every fault at the time at which it began, whatever sets it off now. */
function orTimed(hunt: Hunt, without: (scenario: Scenario) => Scenario): Scenario[] {
  const { scenario, outcome } = hunt.best;
  const timed = eachFault(hunt, (fault, index) => {
    const report = outcome.faults[index];
    return report === undefined ? fault : timedFault(fault, report);
  });
  return [without(scenario), without(timed)];
}

export const fewerFaults: Pass = (hunt) => {
  sweep({
    count: () => hunt.scenario.faults.length,
    remove: (from, to) =>
      hunt.attempt(orTimed(hunt, (scenario) => withoutFaults(scenario, from, to))),
  });
};

export const unfold: Pass = (hunt) => {
  for (let index = hunt.scenario.faults.length - 1; index >= 0; index--) {
    const faults = unfolded(hunt.best, index);
    if (faults !== undefined) hunt.attempt([{ ...hunt.scenario, faults }]);
  }
};

export const fewerHosts: Pass = (hunt) => {
  for (let tried = 0; ; tried++) {
    const removal = hostRemovals(hunt.scenario)[tried];
    if (removal === undefined) return;
    if (hunt.attempt([removal.without])) tried -= 1;
  }
};

export const fewerOperations: Pass = (hunt) => {
  sweep({
    count: () => hunt.scenario.workload.operations?.length ?? 0,
    remove: (from, to) =>
      hunt.attempt(withoutOperations(hunt.scenario, factsOf(hunt.best), from, to)),
  });
};

export const fewerClients: Pass = (hunt) => {
  for (let index = hunt.scenario.clients.length - 1; index >= 0; index--) {
    hunt.attempt(withoutClient(hunt.scenario, factsOf(hunt.best), index));
  }
};

/** All ways to choose so many of them. */
function choices<T>(of: readonly T[], count: number): T[][] {
  if (count === 0) return [[]];
  return of.flatMap((first, at) =>
    choices(of.slice(at + 1), count - 1).map((others) => [first, ...others]),
  );
}

/** More voters than this, and they go one by one: there are too many ways to choose from them. */
const VOTERS_MAX = 7;

export const fewerServers: Pass = (hunt) => {
  const { voters, observers } = hunt.scenario.cluster;
  const leave = (gone: readonly number[]): boolean =>
    hunt.attempt(orTimed(hunt, (scenario) => withoutServers(scenario, gone)));
  if (observers.length > 0 && !leave(observers)) for (const sid of observers) leave([sid]);
  const most = voters.length > VOTERS_MAX ? 1 : voters.length - 1;
  for (let count = most; count > 0; count--) {
    if (choices(voters, count).some(leave)) return;
  }
};

export const simplerSettings: Pass = (hunt) => {
  let settings = settingsOf(hunt.scenario);
  for (const { what } of settings) {
    const simpler = settings.find((setting) => setting.what === what)?.simpler ?? [];
    if (hunt.attempt(simpler)) settings = settingsOf(hunt.scenario);
  }
};

export const simplerFaults: Pass = (hunt) => {
  for (let index = hunt.scenario.faults.length - 1; index >= 0; index--) {
    for (const aspect of ASPECTS) {
      const { faults } = hunt.scenario;
      const fault = faults[index];
      if (fault === undefined) continue;
      const forms = aspect(fault, index, hunt.best);
      hunt.attempt(forms.map((form) => ({ ...hunt.scenario, faults: faults.with(index, form) })));
    }
  }
};

/** When a burst of operations may begin. */
const BURSTS_US = [1_000_000, 2_000_000, 5_000_000];

export const simplerWork: Pass = (hunt) => {
  if (hunt.scenario.workload.operations === undefined) return;
  hunt.attempt([withoutTimes(hunt.scenario)]);
  if (hunt.scenario.clients.length > 1) {
    hunt.attempt(BURSTS_US.map((atUs) => asOneBurst(hunt.scenario, atUs)));
  }
  for (let index = hunt.scenario.workload.operations.length - 1; index >= 0; index--) {
    for (const candidate of simplerOperations(hunt.scenario, index)) hunt.attempt([candidate]);
  }
  hunt.attempt(simplerPaths(hunt.scenario));
};

export const lessWaiting: Pass = (hunt) => {
  for (let index = 0; index < gapCount(hunt.scenario); index++) {
    hunt.attempt(shorterGaps(hunt.scenario, index));
  }
  // What fails only after everything is healed may be healed sooner.
  if (hunt.best.atUs > hunt.scenario.durationUs) hunt.attempt(shorterRuns(hunt.scenario));
};

export const shorterIds: Pass = (hunt) => {
  hunt.attempt([renumbered(hunt.scenario)]);
};

/** So many operations are a story; more are a crowd. */
const CROWD = 4;

/** One thing slower or scarcer, so that fewer operations may do. */
function harsher(scenario: Scenario, fewer: number): Scenario[] {
  const { disk, cluster } = scenario;
  const { limits } = cluster;
  const slow = (us: number): Latency => ({ kind: 'constant', us });
  const limited = (part: Partial<Limits>): Scenario => ({
    ...scenario,
    cluster: { ...cluster, limits: { ...limits, ...part } },
  });
  const { counterMax, snapCount } = limits;
  return [
    ...(counterMax < DEFAULT_LIMITS.counterMax && counterMax > fewer
      ? [limited({ counterMax: counterMax - fewer })]
      : []),
    ...(snapCount < DEFAULT_LIMITS.snapCount && snapCount - 2 * fewer >= 2
      ? [limited({ snapCount: snapCount - 2 * fewer }), limited({ snapCount: snapCount - fewer })]
      : []),
    ...[100_000, 500_000].map((us) => ({ ...scenario, disk: { ...disk, fsync: slow(us) } })),
    ...[10_000, 100_000].map((us) => ({ ...scenario, network: { latency: slow(us) } })),
    scenario,
  ];
}

/** Fewer operations under harsher conditions: no single change leads there. */
export const tradeOff: Pass = (hunt) => {
  const count = (): number => hunt.scenario.workload.operations?.length ?? 0;
  for (let fewer = count() >> 1; fewer > 0 && count() > CROWD; fewer >>= 1) {
    while (count() > Math.max(CROWD, fewer)) {
      const { operations = [] } = hunt.scenario.workload;
      const left = [operations.slice(fewer), operations.slice(0, -fewer)];
      const candidates = harsher(hunt.scenario, fewer).flatMap((scenario) =>
        left.map((some) => withOperations(scenario, some)),
      );
      if (!hunt.attempt(candidates)) break;
    }
  }
};

/** As many delays of single messages make a schedule; with more, the drawn latencies stay. */
const DELAYS_MAX = 4;

/** Latencies that cannot be the same for all: what of them matters, as faults. */
export const explicitSchedule: Pass = (hunt) => {
  if (hunt.attempt(oneSlowThing(hunt.scenario))) return;
  const { best } = hunt;
  const pinned = everyDelay(best);
  if (pinned === undefined || !hunt.attempt([pinned])) return;
  const kept = best.scenario.faults.length;
  sweep({
    count: () => hunt.scenario.faults.length - kept,
    remove: (from, to) => hunt.attempt([withoutFaults(hunt.scenario, kept + from, kept + to)]),
  });
  if (hunt.scenario.faults.length - kept > DELAYS_MAX) hunt.restart(best);
};
