// Shrinking: from a scenario that fails to a small one in which the same invariant fails. What was
// left to chance is written down first, so that parts can be taken out of it without moving the
// rest; then come removals, the largest first, and simplifications of what stays, round after round
// until nothing changes any more. It ends with a certificate. Pure: the same scenario and the same
// budget of runs give the same result. [Zeller02 ddmin] [DEMi]
import type { RunOutcome } from './outcome.js';
import { runScenario } from './run.js';
import type { Expectation, Scenario } from './scenario/scenario.js';
import { DEFAULT_EXPECTATION } from './scenario/scenario.js';
import type { Certificate } from './shrink/certificate.js';
import { certify, isMinimal, removalsOf } from './shrink/certificate.js';
import type { Effort } from './shrink/hunt.js';
import { Hunt } from './shrink/hunt.js';
import type { Pass } from './shrink/passes.js';
import {
  fewerClients,
  fewerFaults,
  fewerHosts,
  fewerOperations,
  fewerServers,
  lessWaiting,
  explicitSchedule,
  shorterIds,
  simplerFaults,
  simplerSettings,
  simplerWork,
  tradeOff,
  trim,
  unfold,
  writeDown,
} from './shrink/passes.js';
import type { Size } from './shrink/size.js';
import { sizeOf, weightOf } from './shrink/size.js';
import type { Failure, Runner } from './shrink/trial.js';
import { DEATH, firstFailure, oracleFor } from './shrink/trial.js';

export { DEATH };

export interface ShrinkOptions {
  /** Id of the checker that must go on failing, or `death`; default: what failed first. */
  readonly target?: string;
  /** How many candidates may be run; a few thousand by default. */
  readonly runs?: number;
  /** How many events all of them may have; some millions by default. */
  readonly events?: number;
  /** Asked before each run: is it enough? */
  readonly enough?: () => boolean;
  /** Runs a candidate; undefined if that is impossible, which is not to fail. */
  readonly run?: Runner;
  /** Told of each smaller scenario. */
  readonly onProgress?: (progress: ShrinkProgress) => void;
}

export interface ShrinkProgress extends Effort {
  readonly size: Size;
}

export interface ShrinkResult {
  /** The smallest one found; it says what is expected of it. */
  readonly scenario: Scenario;
  readonly target: string;
  /** Its run, with the whole trace and judged by all checkers. */
  readonly outcome: RunOutcome;
  readonly before: Size;
  readonly after: Size;
  readonly effort: Effort;
  readonly certificate: Certificate;
}

const RUNS = 4000;
const EVENTS = 8_000_000;
/** Rounds in which something changes; each makes it smaller, so there is an end anyway. */
const ROUNDS_MAX = 12;

/** Few parts first: then every later candidate is cheap. */
const PARTS_FIRST: readonly Pass[] = [
  trim,
  ...[fewerFaults, fewerClients, fewerServers, fewerOperations],
  ...[
    unfold,
    fewerHosts,
    simplerSettings,
    simplerWork,
    simplerFaults,
    tradeOff,
    lessWaiting,
    explicitSchedule,
    shorterIds,
  ],
];

/** The seed is a part of it. */
function withSeed(scenario: Scenario): Scenario {
  return { ...scenario, seed: scenario.seed ?? '1' };
}

function expectationOf(target: string): Expectation {
  const violates = target === DEATH ? [] : [target];
  return { ...DEFAULT_EXPECTATION, verdict: 'fail', violates, effects: 'some' };
}

/** Expectations have no part in what happens; without them, nothing else is heard of. */
function plain(scenario: Scenario): Scenario {
  return { ...withSeed(scenario), story: '', lookFor: [], expect: DEFAULT_EXPECTATION };
}

/** Simple settings first: then nothing hangs on chance when parts are taken out. */
const SETTINGS_FIRST: readonly Pass[] = [trim, simplerSettings, ...PARTS_FIRST.slice(1)];

/** Passes until nothing changes any more; yields between any two of them. */
function* settle(hunt: Hunt, passes: readonly Pass[]): Generator<Effort, void> {
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const { steps } = hunt.effort;
    for (const pass of passes) {
      pass(hunt);
      yield hunt.effort;
    }
    if (hunt.effort.steps === steps || hunt.cutShort) return;
  }
}

interface Find {
  readonly failure: Failure;
  readonly certificate: Certificate;
}

/** Until a certificate finds nothing to spare, or the budget is spent. */
function* hunting(hunt: Hunt, passes: readonly Pass[]): Generator<Effort, Find> {
  for (;;) {
    yield* settle(hunt, passes);
    let spare: Failure | undefined;
    const certificate = certify(removalsOf(hunt.scenario), hunt, (failure) => (spare ??= failure));
    if (spare === undefined || hunt.cutShort) return { failure: hunt.best, certificate };
    hunt.adopt(spare);
    yield hunt.effort;
  }
}

/** Both ways, since one change may bar the way to another; the smaller find counts. */
function* bestOf(hunt: Hunt): Generator<Effort, Find> {
  writeDown(hunt);
  yield hunt.effort;
  const { best } = hunt;
  const one = yield* hunting(hunt, PARTS_FIRST);
  if (hunt.cutShort) return one;
  hunt.restart(best);
  const other = yield* hunting(hunt, SETTINGS_FIRST);
  if (!isMinimal(other.certificate)) return one;
  return weightOf(other.failure.scenario) < weightOf(one.failure.scenario) ? other : one;
}

/**
 * Shrinks step by step: whoever drives it may do something else between two steps, or stop.
 * Returns undefined if the scenario does not fail, or not with this target.
 */
export function* shrinkSteps(
  original: Scenario,
  options: ShrinkOptions = {},
): Generator<Effort, ShrinkResult | undefined> {
  const { runs = RUNS, events = EVENTS, enough = () => false, onProgress } = options;
  const { run = runScenario } = options;
  const scenario = plain(original);
  const target = options.target ?? targetOf(scenario, run);
  if (target === undefined) return undefined;
  const oracle = oracleFor(target, run);
  const first = oracle(scenario);
  if (!first.failed) return undefined;
  const hunt = new Hunt(first, oracle, { runs, events, enough }, (effort, best) => {
    onProgress?.({ ...effort, size: sizeOf(best) });
  });
  const { failure, certificate } = yield* bestOf(hunt);
  const smallest = { ...failure.scenario, expect: expectationOf(target) };
  return {
    scenario: smallest,
    target,
    outcome: runScenario(smallest, { level: 'full' }),
    before: sizeOf(scenario),
    after: sizeOf(smallest),
    effort: hunt.effort,
    certificate,
  };
}

function targetOf(scenario: Scenario, run: Runner): string | undefined {
  const outcome = run(scenario, { level: 'hash' });
  return outcome === undefined ? undefined : firstFailure(outcome);
}

export function shrinkScenario(
  scenario: Scenario,
  options: ShrinkOptions = {},
): ShrinkResult | undefined {
  const steps = shrinkSteps(scenario, options);
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}
