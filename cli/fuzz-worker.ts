// The code of a fuzz worker thread: a batch of jobs in, their results out, in the same order.
import type { SeedResult } from '../sim/campaign/totals.js';
import { isFailure } from '../sim/campaign/totals.js';
import type { Job, Recipe, Runner } from './fuzz-seed.js';
import { runJob } from './fuzz-seed.js';

export interface Batch {
  readonly jobs: readonly Job[];
  readonly recipe: Recipe;
  /** Nothing after the first failure is wanted. */
  readonly failFast: boolean;
}

export function runBatch({ jobs, recipe, failFast }: Batch, run?: Runner): SeedResult[] {
  const results: SeedResult[] = [];
  for (const job of jobs) {
    const result = runJob(job, recipe, run);
    results.push(result);
    if (failFast && isFailure(result)) break;
  }
  return results;
}
