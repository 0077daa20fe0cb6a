// Seeds spread over worker threads, results put back in the order of the seeds. What comes out
// depends on the seeds alone: not on the number of threads, not on which of them was faster.
import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import type { SeedRange } from './arguments.js';
import type { SeedResult } from './fuzz-seed.js';
import { isFailure } from './fuzz-seed.js';
import type { Batch } from './fuzz-worker.js';
import { runBatch } from './fuzz-worker.js';
import type { RulesArguments } from './options.js';

/**
 * Long enough to make the way to a thread and back cheap, short enough for a lively progress bar.
 */
const BATCH_MAX = 16;

export interface PoolOptions {
  readonly range: SeedRange;
  readonly rules: RulesArguments;
  readonly jobs: number;
  readonly failFast: boolean;
  readonly signal: AbortSignal;
  readonly onBatch: (results: readonly SeedResult[]) => void;
}

function* batchesOf({ range, rules, failFast, jobs }: PoolOptions): Generator<Batch, void> {
  const count = range.last - range.first + 1n;
  const share = count / BigInt(jobs * 4) + 1n;
  const size = share < BigInt(BATCH_MAX) ? Number(share) : BATCH_MAX;
  for (let next = range.first; next <= range.last; next += BigInt(size)) {
    const seeds: string[] = [];
    for (let seed = next; seed <= range.last && seeds.length < size; seed += 1n) {
      seeds.push(String(seed));
    }
    yield { seeds, rules, failFast };
  }
}

function workerFile(): string {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  return fileURLToPath(new URL(`./fuzz-worker.${extension}`, import.meta.url));
}

type RunOne = (batch: Batch) => Promise<readonly SeedResult[]>;

/** With one job, in this thread: nothing to start and nothing to copy. */
function localRunner(): RunOne {
  return (batch) =>
    new Promise((resolve, reject) => {
      setImmediate(() => {
        try {
          resolve(runBatch(batch));
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      });
    });
}

/** Keeps `jobs` batches under way; stops asking for more after a failure, if that is wanted. */
async function runAll(options: PoolOptions, runOne: RunOne): Promise<Map<number, SeedResult[]>> {
  const { signal, failFast, onBatch } = options;
  const done = new Map<number, SeedResult[]>();
  const batches = batchesOf(options);
  let nextIndex = 0;
  let stopped = false;
  const lane = async (): Promise<void> => {
    while (!stopped && !signal.aborted) {
      const next = batches.next();
      if (next.done === true) return;
      const index = nextIndex;
      nextIndex += 1;
      const results = await runOne(next.value);
      done.set(index, [...results]);
      onBatch(results);
      if (failFast && results.some(isFailure)) stopped = true;
    }
  };
  await Promise.all(Array.from({ length: options.jobs }, lane));
  return done;
}

/** In the order of the seeds; up to the first failure, or all that was done when interrupted. */
function inOrder(
  done: ReadonlyMap<number, readonly SeedResult[]>,
  failFast: boolean,
): SeedResult[] {
  const indices = [...done.keys()].sort((a, b) => a - b);
  const results = indices.flatMap((index) => done.get(index) ?? []);
  const first = failFast ? results.findIndex(isFailure) : -1;
  return first < 0 ? results : results.slice(0, first + 1);
}

export async function fuzzAll(options: PoolOptions): Promise<SeedResult[]> {
  if (options.jobs === 1) return inOrder(await runAll(options, localRunner()), options.failFast);
  const pool = new Piscina<Batch, readonly SeedResult[]>({
    filename: workerFile(),
    name: 'runBatch',
    minThreads: options.jobs,
    maxThreads: options.jobs,
    concurrentTasksPerWorker: 1,
  });
  try {
    const done = await runAll(options, (batch) => pool.run(batch));
    return inOrder(done, options.failFast);
  } finally {
    await pool.destroy();
  }
}
