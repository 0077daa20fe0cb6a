// Jobs spread over worker threads, results handed on in the order of the jobs. What comes out
// depends on the jobs alone: not on the number of threads, not on which of them was faster. A
// thread that dies takes its batch with it; the batch is run again, one job at a time, so that it
// costs the one job that kills it, and that one is named.
import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import type { SeedResult } from '../sim/campaign/totals.js';
import { isFailure } from '../sim/campaign/totals.js';
import type { Job, Recipe, Runner } from './fuzz-seed.js';
import { crashResult } from './fuzz-seed.js';
import type { Batch } from './fuzz-worker.js';
import { runBatch } from './fuzz-worker.js';

/**
 * Long enough to make the way to a thread and back cheap, short enough for a lively progress bar.
 */
const BATCH_MAX = 16;

/**
 * For objects that are new, in each thread. A run lives for a few milliseconds and makes some
 * megabytes of them; where several runs have room, hardly anything outlives its run and has to be
 * moved. Twice what V8 takes by itself.
 */
const YOUNG_MB = 96;

export interface PoolOptions {
  /** Taken from as the work goes on; there may be no end to them. */
  readonly jobs: Iterator<Job, void>;
  readonly recipe: Recipe;
  readonly threads: number;
  readonly batchMax: number;
  readonly failFast: boolean;
  /** Asked before each batch: is it time to stop? */
  readonly isOver: () => boolean;
  /** In the order of the jobs, without gaps. */
  readonly onResult: (result: SeedResult) => void;
  /** In place of the simulator, in this thread. */
  readonly run?: Runner | undefined;
  /** In place of the code of a worker thread. */
  readonly workerFile?: string | undefined;
}

type RunOne = (batch: Batch) => Promise<readonly SeedResult[]>;

/** For so many jobs on so many threads; undefined: nobody knows how many. */
export function batchSize(count: number | undefined, threads: number): number {
  if (count === undefined) return BATCH_MAX;
  return Math.min(BATCH_MAX, Math.floor(count / (threads * 4)) + 1);
}

function takeJobs(jobs: Iterator<Job, void>, size: number): Job[] {
  const taken: Job[] = [];
  while (taken.length < size) {
    const next = jobs.next();
    if (next.done === true) break;
    taken.push(next.value);
  }
  return taken;
}

function workerFile(): string {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  return fileURLToPath(new URL(`./fuzz-worker.${extension}`, import.meta.url));
}

/** In this thread: nothing to start and nothing to copy. Signals get their turn in between. */
function localRunner(run: Runner | undefined): RunOne {
  return (batch) =>
    new Promise((resolve, reject) => {
      setImmediate(() => {
        try {
          resolve(runBatch(batch, run));
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      });
    });
}

/** A batch that survives the death of its thread. */
function surviving(runOne: RunOne): RunOne {
  return async (batch) => {
    try {
      return await runOne(batch);
    } catch {
      const results: SeedResult[] = [];
      for (const job of batch.jobs) results.push(await aloneOr(runOne, batch, job));
      return results;
    }
  };
}

async function aloneOr(runOne: RunOne, batch: Batch, job: Job): Promise<SeedResult> {
  const death = (why: string): SeedResult => crashResult(job, `its worker thread died: ${why}`);
  try {
    const [result] = await runOne({ ...batch, jobs: [job] });
    return result ?? death('it gave no result');
  } catch (error) {
    return death(error instanceof Error ? error.message : String(error));
  }
}

/** Hands batches on in order, whenever the next one is there. */
class InOrder {
  readonly #waiting = new Map<number, readonly SeedResult[]>();
  readonly #options: PoolOptions;
  #next = 0;
  stopped = false;

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  add(index: number, results: readonly SeedResult[]): void {
    this.#waiting.set(index, results);
    for (;;) {
      const ready = this.#waiting.get(this.#next);
      if (ready === undefined) return;
      this.#waiting.delete(this.#next);
      this.#next += 1;
      for (const result of ready) this.#hand(result);
    }
  }

  #hand(result: SeedResult): void {
    if (this.stopped) return;
    this.#options.onResult(result);
    if (this.#options.failFast && isFailure(result)) this.stopped = true;
  }
}

/** Keeps `threads` batches under way; stops asking for more after a failure, if that is wanted. */
async function runAll(options: PoolOptions, runOne: RunOne): Promise<void> {
  const { jobs, recipe, failFast, isOver, batchMax } = options;
  const order = new InOrder(options);
  let taken = 0;
  const lane = async (): Promise<void> => {
    while (!order.stopped && !isOver()) {
      const batch = takeJobs(jobs, batchMax);
      if (batch.length === 0) return;
      const index = taken;
      taken += 1;
      order.add(index, await runOne({ jobs: batch, recipe, failFast }));
    }
  };
  await Promise.all(Array.from({ length: options.threads }, lane));
}

export async function runJobs(options: PoolOptions): Promise<void> {
  const { threads } = options;
  if (options.run !== undefined || (threads === 1 && options.workerFile === undefined)) {
    await runAll(options, localRunner(options.run));
    return;
  }
  const pool = new Piscina<Batch, readonly SeedResult[]>({
    filename: options.workerFile ?? workerFile(),
    name: 'runBatch',
    minThreads: threads,
    maxThreads: threads,
    concurrentTasksPerWorker: 1,
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
  });
  // A thread that dies without work cannot even start: there would be no end to it.
  const broken = new Promise<never>((_, reject) => {
    pool.on('error', reject);
  });
  try {
    const all = runAll(
      options,
      surviving((batch) => pool.run(batch)),
    );
    await Promise.race([all, broken]);
  } finally {
    await pool.destroy();
  }
}
