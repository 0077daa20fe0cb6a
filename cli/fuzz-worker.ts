// The code of a fuzz worker thread: a batch of seeds in, their results out, in the same order.
import type { SeedResult } from './fuzz-seed.js';
import { fuzzSeed, isFailure } from './fuzz-seed.js';
import type { RulesArguments } from './options.js';

export interface Batch {
  readonly seeds: readonly string[];
  readonly rules: RulesArguments;
  /** Nothing after the first failure is wanted. */
  readonly failFast: boolean;
}

/** A bug of ours in one seed of thousands is worth knowing by its seed. */
function fuzzOne(seed: string, rules: RulesArguments): SeedResult {
  try {
    return fuzzSeed(seed, rules);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new Error(`seed ${seed}: ${message}`, { cause: error });
  }
}

export function runBatch({ seeds, rules, failFast }: Batch): SeedResult[] {
  const results: SeedResult[] = [];
  for (const seed of seeds) {
    const result = fuzzOne(seed, rules);
    results.push(result);
    if (failFast && isFailure(result)) break;
  }
  return results;
}
