// Which runs a campaign consists of, from its flags: scenario files first, then seeds in order, of
// which a shard takes every n-th. The plan does not depend on threads or time, so its text says
// whether two campaigns are the same one.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import { compareCodeUnits } from '../base/order.js';
import { MISTAKES_OF } from '../protocol/recipes/registry.js';
import { RECIPE_KINDS } from '../protocol/recipes/setting.js';
import { FAULT_KINDS } from '../sim/faults/registry.js';
import type { RecipeChoice } from '../sim/swarm/recipes.js';
import type { SeedRange } from './arguments.js';
import { baseArgument, countArgument, seedRangeArgument, shardArgument } from './arguments.js';
import { didYouMean } from './did-you-mean.js';
import type { Job, Recipe } from './fuzz-seed.js';
import { FILE_SEED, jobScenario } from './fuzz-seed.js';
import type { RulesArguments } from './options.js';
import { UsageError } from './usage-error.js';

export interface PlanArguments extends RulesArguments {
  readonly seed: string | undefined;
  readonly seeds: string | undefined;
  readonly budget: string | undefined;
  readonly shard: string | undefined;
  readonly 'only-faults': readonly string[] | undefined;
  readonly swarm: boolean;
  readonly uniform: boolean;
  readonly recipe: string | undefined;
  readonly corpus: string | undefined;
  readonly 'check-every': string;
}

export interface Plan {
  readonly recipe: Recipe;
  readonly files: readonly string[];
  /** As the user wrote it. */
  readonly seeds: string;
  /** With the base added; undefined last: until time is up. */
  readonly first: bigint;
  readonly last: bigint | undefined;
  readonly shard: { readonly index: number; readonly of: number };
  /** Seeds that this divides are run twice; 0: none. */
  readonly checkEvery: number;
}

const DEFAULT_SEEDS = '1..100';
const LARGEST = 2n ** 64n - 1n;

function faultKindsOf(words: readonly string[] | undefined): string[] | undefined {
  if (words === undefined) return undefined;
  const known = FAULT_KINDS.map(({ name }) => name);
  const names = words.flatMap((word) => word.split(',')).filter((name) => name !== '');
  for (const name of names) {
    if (known.includes(name)) continue;
    const hint = didYouMean(name, known) ?? '`zabsim list faults` shows all';
    throw new UsageError(`--only-faults ${name}: expected kinds of faults`, hint);
  }
  if (names.length === 0) throw new UsageError('--only-faults: expected kinds of faults');
  return names;
}

/** `lock`, or `lock:no-guid` for one that makes a mistake. */
function programOf(text: string | undefined): RecipeChoice | undefined {
  if (text === undefined) return undefined;
  const [word = '', wrong] = text.split(':');
  const kind = RECIPE_KINDS.find((name) => name === word);
  if (kind === undefined) {
    const expected = `expected one of ${RECIPE_KINDS.join(', ')}`;
    throw new UsageError(`--recipe ${text}: ${expected}`, didYouMean(word, RECIPE_KINDS));
  }
  if (wrong === undefined) return { kind, mistake: undefined };
  const mistakes = MISTAKES_OF[kind];
  const mistake = mistakes.find((name) => name === wrong);
  if (mistake !== undefined) return { kind, mistake };
  const expected = `expected a mistake of ${kind}: ${mistakes.join(', ')}`;
  throw new UsageError(`--recipe ${text}: ${expected}`, didYouMean(wrong, mistakes));
}

/** Scenario files of a folder and its subfolders, sorted by path. */
function filesOf(folder: string | undefined): string[] {
  if (folder === undefined) return [];
  if (!existsSync(folder) || !statSync(folder).isDirectory()) {
    throw new UsageError(`--corpus ${folder}: expected a folder of scenario files`);
  }
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => ['.yaml', '.yml'].includes(extname(path)))
    .sort(compareCodeUnits)
    .map((path) => join(folder, path));
}

function rangeOf(args: PlanArguments): { first: bigint; last: bigint | undefined } {
  const base = args.seed === undefined ? 0n : baseArgument(args.seed);
  const endless = args.seeds === undefined && args.budget !== undefined;
  const range: SeedRange = seedRangeArgument(args.seeds ?? DEFAULT_SEEDS);
  const first = base + range.first;
  const last = endless ? undefined : base + range.last;
  if ((last ?? first) > LARGEST) {
    throw new UsageError(`--seed ${args.seed ?? ''}: the seeds counted from there pass 2^64`);
  }
  return { first, last };
}

export function planOf(args: PlanArguments): Plan {
  if (args.swarm && args.uniform) {
    throw new UsageError('--swarm and --uniform: expected one of the two');
  }
  const { profile, variant } = args;
  const faultKinds = faultKindsOf(args['only-faults']);
  const intensity = args.uniform ? 'uniform' : 'swarm';
  const program = programOf(args.recipe);
  const recipe: Recipe = { profile, variant, faultKinds, intensity, program };
  const files = filesOf(args.corpus);
  // A file that cannot be used is told before the work begins.
  for (const file of files) jobScenario({ seed: FILE_SEED, file, twice: false }, recipe);
  const every = args['check-every'];
  return {
    ...{ recipe, files, ...rangeOf(args) },
    seeds: args.seeds ?? (args.budget === undefined ? DEFAULT_SEEDS : '1..'),
    shard: args.shard === undefined ? { index: 1, of: 1 } : shardArgument(args.shard),
    checkEvery: every === '0' ? 0 : countArgument('check-every', every),
  };
}

/** How many runs there are; undefined: until time is up. */
export function jobCount({ files, first, last, shard }: Plan): number | undefined {
  if (last === undefined) return undefined;
  const seeds = last - first + 1n;
  const own = (seeds + BigInt(shard.of - shard.index)) / BigInt(shard.of);
  return files.length + Number(own);
}

/** The runs from the `skipped`-th on. */
export function* jobsOf(plan: Plan, skipped: number): Generator<Job, void> {
  const { files, first, shard, checkEvery } = plan;
  for (const file of files.slice(skipped)) yield { seed: FILE_SEED, file, twice: false };
  const done = Math.max(0, skipped - files.length);
  const step = BigInt(shard.of);
  const last = plan.last ?? LARGEST;
  for (
    let seed = first + BigInt(shard.index - 1) + BigInt(done) * step;
    seed <= last;
    seed += step
  ) {
    const twice = checkEvery > 0 && seed % BigInt(checkEvery) === 0n;
    yield { seed: String(seed), file: '', twice };
  }
}

/** Equal for campaigns that run the same things in the same order. */
export function planText(plan: Plan): string {
  const { recipe, files, first, last, shard, checkEvery } = plan;
  const range = [String(first), last === undefined ? '' : String(last)];
  return JSON.stringify({ recipe, files, range, shard, checkEvery });
}
