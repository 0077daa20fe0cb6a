// A campaign from where it stands to its end: until the seeds are through, the time is up, a
// failure ends it, or somebody interrupts. What it has found is in order and complete up to some
// run, so that it can be put away and taken up there.
import type { Totals } from '../sim/campaign/totals.js';
import { withResult } from '../sim/campaign/totals.js';
import type { Plan } from './fuzz-plan.js';
import { jobCount, jobsOf } from './fuzz-plan.js';
import { batchSize, runJobs } from './fuzz-pool.js';
import type { Runner } from './fuzz-seed.js';
import type { Progressed } from './fuzz-state.js';

export interface CampaignOptions {
  readonly plan: Plan;
  /** Where to take up. */
  readonly from: Progressed;
  readonly threads: number;
  readonly failFast: boolean;
  /** Of real time, all parts of the campaign together. */
  readonly budgetUs: number | undefined;
  readonly signal: AbortSignal;
  readonly onProgress: (progressed: Progressed) => void;
  /** In place of the simulator, in this thread; for tests. */
  readonly run?: Runner;
  /** In place of the code of a worker thread; for tests. */
  readonly workerFile?: string;
}

export interface Campaign extends Progressed {
  readonly interrupted: boolean;
}

export async function runCampaign(options: CampaignOptions): Promise<Campaign> {
  const { plan, from, threads, failFast, budgetUs, signal, onProgress } = options;
  const startedNs = process.hrtime.bigint();
  const elapsedUs = (): number =>
    from.elapsedUs + Number((process.hrtime.bigint() - startedNs) / 1000n);
  let totals: Totals = from.totals;
  const count = jobCount(plan);
  await runJobs({
    jobs: jobsOf(plan, totals.runs),
    recipe: plan.recipe,
    ...{ threads, failFast, run: options.run, workerFile: options.workerFile },
    batchMax: batchSize(count, threads),
    isOver: () => signal.aborted || (budgetUs !== undefined && elapsedUs() >= budgetUs),
    onResult: (result) => {
      totals = withResult(totals, result);
      onProgress({ totals, elapsedUs: elapsedUs() });
    },
  });
  const through = count !== undefined && totals.runs >= count;
  const interrupted = signal.aborted && !through;
  return { totals, elapsedUs: elapsedUs(), interrupted };
}
