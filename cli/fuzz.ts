// `zabsim fuzz`: a range of seeds, each a scenario of its own, over all cores. Failures are saved
// as scenario files that `zabsim replay` takes, and the first of each kind is explained.
import { availableParallelism } from 'node:os';
import type { Argv, CommandModule } from 'yargs';
import { isMark, MARK_NAMES, REACHABLE_MARKS } from '../protocol/marks.js';
import { progressText } from '../reports/fuzz-summary.js';
import type { Totals } from '../sim/campaign/totals.js';
import { budgetArgument, countArgument } from './arguments.js';
import { didYouMean } from './did-you-mean.js';
import { EXIT_CODES_HELP } from './exit-codes.js';
import { runCampaign } from './fuzz-campaign.js';
import type { Campaign } from './fuzz-campaign.js';
import type { Plan, PlanArguments } from './fuzz-plan.js';
import { jobCount, planOf } from './fuzz-plan.js';
import type { Progressed } from './fuzz-state.js';
import { dropState, FRESH, loadState, saveState } from './fuzz-state.js';
import type { FuzzFormat } from './fuzz-view.js';
import { exitCodeOf, printCampaign, printHeader } from './fuzz-view.js';
import { FUZZ_FLAGS } from './fuzz-flags.js';
import { startProgress } from './progress.js';
import type { Progress } from './progress.js';
import { complain } from './terminal.js';
import { UsageError } from './usage-error.js';

export interface FuzzArguments extends PlanArguments {
  readonly jobs: string | undefined;
  readonly 'fail-fast': boolean;
  readonly 'keep-going': boolean;
  readonly resume: boolean;
  readonly format: FuzzFormat;
  readonly json: boolean;
  readonly out: string;
  readonly 'require-marks': string | undefined;
  readonly color: boolean | undefined;
}

/** Which rare paths have to be taken: all, or those that are named. */
function requiredMarks(text: string | undefined): readonly string[] {
  if (text === undefined) return [];
  if (text === '' || text === 'all') return REACHABLE_MARKS;
  const names = text.split(',');
  for (const name of names) {
    if (isMark(name)) continue;
    const hint = didYouMean(name, MARK_NAMES) ?? '`zabsim list marks` shows all';
    throw new UsageError(`--require-marks ${name}: expected names of rare paths`, hint);
  }
  return names;
}

const SAVE_EVERY_US = 5_000_000;
const TELL_EVERY_US = 60_000_000;

/** Shows and saves how far it has got, now and then. */
class Watch {
  readonly #plan: Plan;
  readonly #out: string;
  readonly #progress: Progress;
  readonly #budgetUs: number | undefined;
  #savedUs: number;
  #toldUs: number;

  constructor(plan: Plan, args: FuzzArguments, budgetUs: number | undefined, from: Progressed) {
    this.#plan = plan;
    this.#out = args.out;
    this.#budgetUs = budgetUs;
    this.#savedUs = from.elapsedUs;
    this.#toldUs = from.elapsedUs;
    const count = jobCount(plan);
    const timed = count === undefined && budgetUs !== undefined;
    this.#progress = timed
      ? startProgress(Math.ceil(budgetUs / 1e6), 'seconds')
      : startProgress(count ?? 0, 'seeds');
  }

  onProgress(progressed: Progressed): void {
    const { totals, elapsedUs } = progressed;
    const timed = jobCount(this.#plan) === undefined && this.#budgetUs !== undefined;
    const value = timed ? Math.floor(elapsedUs / 1e6) : totals.runs;
    this.#progress.update(value, () => `, ${progressText(totals, elapsedUs / 1e6)}`);
    if (elapsedUs - this.#savedUs > SAVE_EVERY_US) {
      this.#savedUs = elapsedUs;
      saveState(this.#out, this.#plan, progressed);
    }
    if (elapsedUs - this.#toldUs > TELL_EVERY_US && !this.#progress.interactive) {
      this.#toldUs = elapsedUs;
      complain(`${totals.runs} runs, ${progressText(totals, elapsedUs / 1e6)}`);
    }
  }

  stop(): void {
    this.#progress.stop();
  }
}

/** Ctrl-C lets what is under way come to its end; a second one is the system's business. */
function onInterrupt(): { readonly signal: AbortSignal; readonly stop: () => void } {
  const interrupt = new AbortController();
  const listener = (): void => {
    complain('interrupted: finishing the seeds under way (again to stop at once)');
    interrupt.abort();
  };
  process.once('SIGINT', listener);
  return { signal: interrupt.signal, stop: () => process.off('SIGINT', listener) };
}

async function carriedOut(
  plan: Plan,
  args: FuzzArguments,
  threads: number,
  signal: AbortSignal,
): Promise<Campaign> {
  const budgetUs = args.budget === undefined ? undefined : budgetArgument(args.budget);
  const from = args.resume ? loadState(args.out, plan) : FRESH;
  const watch = new Watch(plan, args, budgetUs, from);
  try {
    return await runCampaign({
      ...{ plan, from, threads, failFast: args['fail-fast'], budgetUs, signal },
      onProgress: (progressed) => watch.onProgress(progressed),
    });
  } finally {
    watch.stop();
  }
}

function missingMarks(required: readonly string[], { marks }: Totals): string[] {
  return required.filter((name) => marks[name] === undefined);
}

async function fuzz(args: FuzzArguments): Promise<void> {
  if (args['fail-fast'] && args['keep-going']) {
    throw new UsageError('--fail-fast and --keep-going: expected one of the two');
  }
  const plan = planOf(args);
  const required = requiredMarks(args['require-marks']);
  const jobs = args.jobs === undefined ? availableParallelism() : countArgument('jobs', args.jobs);
  const format = args.json ? 'json' : args.format;
  const interrupt = onInterrupt();
  if (format === 'text' || format === 'github') printHeader(args, plan, jobs);
  const campaign = await carriedOut(plan, args, jobs, interrupt.signal).finally(interrupt.stop);
  const missing = campaign.interrupted ? [] : missingMarks(required, campaign.totals);
  const how = { format, out: args.out, color: args.color, jobs };
  printCampaign(campaign, missing, plan, how);
  if (campaign.interrupted) {
    const path = saveState(args.out, plan, campaign);
    complain(`interrupted: ${path} knows how far it got; --resume goes on from there`);
  } else {
    dropState(args.out, plan);
  }
  process.exitCode = exitCodeOf(campaign, missing);
}

export const fuzzCommand: CommandModule<object, FuzzArguments> = {
  command: 'fuzz',
  describe: 'Run many seeds, each with a cluster, a workload and faults of its own',
  builder: (yargs) =>
    yargs
      .options(FUZZ_FLAGS)
      .epilogue(EXIT_CODES_HELP)
      .example('$0 fuzz --seeds 1..10000', 'the swarm against all checkers')
      .example(
        '$0 fuzz --seeds 1..1000 --variant ack-before-fsync --fail-fast',
        'find a planted bug',
      )
      .example(
        '$0 fuzz --budget 10m --shard 2/5 --format github',
        'one of five machines',
      ) as unknown as Argv<FuzzArguments>,
  handler: fuzz,
};
