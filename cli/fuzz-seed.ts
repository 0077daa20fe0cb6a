// One run of a campaign: a seed that the swarm draws a scenario for, or a scenario file of a
// corpus; run with the trace hash only, some of them twice. A bug of ours in one seed of
// thousands costs that seed and is worth knowing by it, so it is caught here and told at the
// end.
import type { SeedResult } from '../sim/campaign/totals.js';
import type { RunOutcome } from '../sim/run.js';
import { runScenario } from '../sim/run.js';
import type { Scenario } from '../sim/scenario/scenario.js';
import { drawScenario } from '../sim/swarm.js';
import type { Intensity } from '../sim/swarm/faults.js';
import type { RecipeChoice } from '../sim/swarm/recipes.js';
import { firstDivergence } from './determinism.js';
import { readText } from './files.js';
import type { RulesArguments } from './options.js';
import { withRules } from './options.js';
import { scenarioFrom } from './scenario-files.js';

/** What a campaign draws. */
export interface Recipe extends RulesArguments {
  readonly faultKinds: readonly string[] | undefined;
  readonly intensity: Intensity;
  /** What clients run in every scenario that is drawn. */
  readonly program?: RecipeChoice | undefined;
}

export interface Job {
  readonly seed: string;
  /** A scenario file; '' when the swarm is to draw one. */
  readonly file: string;
  /** Run it again, and compare. */
  readonly twice: boolean;
}

export type Runner = typeof runScenario;

/** The scenario of a job, under the rules of the command line. */
export function jobScenario({ seed, file }: Job, recipe: Recipe): Scenario {
  if (file !== '') return withRules(scenarioFrom(readText(file), file), recipe);
  const { faultKinds, intensity, program } = recipe;
  const kinds = faultKinds === undefined ? {} : { faultKinds };
  const ofClients = program === undefined ? {} : { recipe: program };
  const drawn = drawScenario(seed, { intensity, ...kinds, ...ofClients });
  return { ...withRules(drawn, recipe), seed };
}

/** The seed of a file that names none. */
export const FILE_SEED = '1';

/** Where two runs of one scenario part: the first record that differs. */
function divergenceOf(scenario: Scenario, seed: string, run: Runner): string[] {
  const [first, second] = [0, 1].map(() => run(scenario, { seed, level: 'full', checkers: 'all' }));
  if (first === undefined || second === undefined) return [];
  return (
    firstDivergence(first.recorder.records(), second.recorder.records()) ?? [
      'DIVERGED: the hashes of two runs differ, but those of two others agree',
    ]
  );
}

/** A file is judged by what it expects; a drawn scenario expects to pass. */
function judged(
  outcome: RunOutcome,
  file: string,
): Pick<SeedResult, 'verdict' | 'exitCode' | 'violated'> {
  const { verdict, exitCode, violations, asExpected, deaths } = outcome;
  const violated = [...new Set(violations.map(({ checker }) => checker))];
  if (file === '' || !asExpected) {
    const unmet = file !== '' && verdict === 'pass' && deaths.length === 0;
    if (unmet) return { verdict: 'fail', exitCode: 1, violated: ['expected-to-fail'] };
    return { verdict, exitCode, violated };
  }
  return { verdict: verdict === 'inconclusive' ? verdict : 'pass', exitCode: 0, violated: [] };
}

export function crashResult(job: Job, crash: string): SeedResult {
  const { seed, file } = job;
  return {
    ...{ seed, file, verdict: 'inconclusive', exitCode: 70, traceHash: '', events: 0 },
    ...{ virtualUs: 0, faults: [], vacuous: [], violated: [], deaths: 0, marks: [] },
    ...{ twice: false, divergence: [], crash },
  };
}

function carriedOut(job: Job, recipe: Recipe, run: Runner): SeedResult {
  const scenario = jobScenario(job, recipe);
  const seed = job.file === '' ? job.seed : (scenario.seed ?? FILE_SEED);
  const options = { seed, level: 'hash', checkers: 'all' } as const;
  const outcome = run(scenario, options);
  const agrees = !job.twice || run(scenario, options).traceHash === outcome.traceHash;
  const expected = judged(outcome, job.file);
  return {
    ...{ seed, file: job.file, ...expected },
    ...{ traceHash: outcome.traceHash, events: outcome.events, vacuous: outcome.vacuous },
    virtualUs: Math.round(outcome.virtualSeconds * 1e6),
    faults: outcome.faults.map(({ kind, effects }) => ({ kind, effective: effects > 0 })),
    deaths: expected.exitCode === 0 ? 0 : outcome.deaths.length,
    marks: [...outcome.marks],
    twice: job.twice,
    divergence: agrees ? [] : divergenceOf(scenario, seed, run),
    crash: undefined,
  };
}

export function runJob(job: Job, recipe: Recipe, run: Runner = runScenario): SeedResult {
  try {
    return carriedOut(job, recipe, run);
  } catch (error) {
    return crashResult(job, error instanceof Error ? error.message : String(error));
  }
}
