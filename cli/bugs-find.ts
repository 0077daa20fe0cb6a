// `zabsim bugs find`: plants a bug and fuzzes until it is caught, then shrinks what caught it and
// shows the timeline. The same seeds find the same run, with any number of threads.
import { existsSync, mkdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import type { CommandModule } from 'yargs';
import type { Variant } from '../protocol/variants/variant.js';
import { counted } from '../reports/format.js';
import { certificateWords, sizeWords } from '../reports/shrink-report.js';
import type { Failure } from '../sim/campaign/totals.js';
import type { Scenario } from '../sim/scenario/scenario.js';
import { scenarioToYaml } from '../sim/scenario/writing.js';
import type { ShrinkResult } from '../sim/shrink.js';
import { budgetArgument, countArgument, seedRangeArgument } from './arguments.js';
import { bugScenarioText, bugTitle } from './bug-scenarios.js';
import { EXIT } from './exit-codes.js';
import { refuseToOverwrite, writeLines } from './files.js';
import type { Campaign } from './fuzz-campaign.js';
import { runCampaign } from './fuzz-campaign.js';
import { freePath } from './fuzz-failures.js';
import type { Plan } from './fuzz-plan.js';
import { jobScenario } from './fuzz-seed.js';
import { FRESH } from './fuzz-state.js';
import { commandText } from './internal-error.js';
import { bugsArgument, JSON_FLAG, TIMELINE } from './options.js';
import { pasteLines } from './paste-lines.js';
import { startProgress } from './progress.js';
import type { TimelineLevel } from './run-view.js';
import { printRun } from './run-view.js';
import { hunt } from './shrink.js';
import { Careful } from './shrunk-file.js';
import { complain, makePainter, print, terminalWidth } from './terminal.js';
import { UsageError } from './usage-error.js';

interface FindArguments {
  readonly bug: string;
  readonly seeds: string | undefined;
  readonly budget: string | undefined;
  readonly jobs: string | undefined;
  readonly out: string | undefined;
  readonly force: boolean;
  readonly timeline: TimelineLevel;
  readonly json: boolean;
  readonly color: boolean | undefined;
}

const FOLDER = 'zabsim-failures';
const BUDGET = '60s';
const SHRINKING = '30s';

/** One bug, not all that share an issue: it must be clear what was found. */
function oneBug(word: string): Variant {
  const [bug, ...others] = bugsArgument('bugs find', word);
  if (bug !== undefined && others.length === 0) return bug;
  const ids = [bug, ...others].flatMap((one) => one?.id ?? []).join(', ');
  throw new UsageError(`bugs find ${word}: expected one bug, found ${ids}`);
}

function planOf({ id }: Variant, { seeds }: FindArguments): Plan {
  const range = seeds === undefined ? undefined : seedRangeArgument(seeds);
  const recipe = { profile: undefined, variant: [id], faultKinds: undefined } as const;
  return {
    recipe: { ...recipe, intensity: 'swarm' },
    files: [],
    seeds: seeds ?? '1..',
    first: range?.first ?? 1n,
    last: range?.last,
    shard: { index: 1, of: 1 },
    checkEvery: 0,
  };
}

interface Limits {
  readonly threads: number;
  /** As the user says it. */
  readonly budget: string | undefined;
  readonly budgetUs: number | undefined;
}

/** A minute if nothing is said. */
function limitsOf({ seeds, budget: wanted, jobs }: FindArguments): Limits {
  const budget = wanted ?? (seeds === undefined ? BUDGET : undefined);
  return {
    threads: jobs === undefined ? availableParallelism() : countArgument('jobs', jobs),
    budget,
    budgetUs: budget === undefined ? undefined : budgetArgument(budget),
  };
}

/** Until it is caught, the seeds are through, or the time is up. */
async function search(plan: Plan, { budgetUs, threads }: Limits): Promise<Campaign> {
  const seconds = Math.ceil((budgetUs ?? 0) / 1e6);
  const count = plan.last === undefined ? 0 : Number(plan.last - plan.first + 1n);
  const progress =
    budgetUs === undefined ? startProgress(count, 'seeds') : startProgress(seconds, 'seconds');
  const interrupt = new AbortController();
  const onInterrupt = (): void => {
    interrupt.abort();
  };
  process.once('SIGINT', onInterrupt);
  try {
    return await runCampaign({
      ...{ plan, from: FRESH, threads, failFast: true, budgetUs, signal: interrupt.signal },
      onProgress: ({ totals, elapsedUs }) => {
        const value = budgetUs === undefined ? totals.runs : Math.floor(elapsedUs / 1e6);
        progress.update(value, () => `, ${counted(totals.runs, 'seed')}`);
      },
    });
  } finally {
    progress.stop();
    process.off('SIGINT', onInterrupt);
  }
}

interface Find {
  readonly bug: Variant;
  readonly campaign: Campaign;
  readonly failure: Failure;
  readonly result: ShrinkResult;
  /** Where the small scenario was saved. */
  readonly path: string;
}

function save(bug: Variant, result: ShrinkResult, args: FindArguments): string {
  const text = bugScenarioText(bug, result);
  if (args.out === undefined) mkdirSync(FOLDER, { recursive: true });
  const path = args.out ?? freePath(FOLDER, bug.id, text);
  if (args.out !== undefined || !existsSync(path)) writeLines(path, [text]);
  return path;
}

function foundJson({ bug, campaign, failure, result, path }: Find): object {
  const { target, after, certificate, scenario, outcome } = result;
  return {
    ...{ bug: bug.id, found: true, seed: failure.seed, seeds: campaign.totals.runs },
    ...{ violated: failure.violated, target, after, certificate, scenario: path },
    ...{ traceHash: outcome.traceHash, yaml: scenarioToYaml(scenario) },
  };
}

function printFind(find: Find, args: FindArguments): void {
  const { bug, campaign, failure, result, path } = find;
  const { scenario } = result;
  const outcome = { ...result.outcome, scenario: bugTitle(bug) };
  print(`caught     ${failure.violated.join(', ') || 'a server process ended by itself'}`);
  print(`seed       ${failure.seed}, after ${counted(campaign.totals.runs, 'seed')}`);
  print(`took       ${(campaign.elapsedUs / 1e6).toFixed(1)} s`);
  print(`shrunk to  ${sizeWords(result.after)}`);
  print(`proof      ${certificateWords(result)}`);
  print(`saved in   ${path}`);
  print();
  const paint = makePainter(args.color);
  const paste = pasteLines({ again: ['replay', path], outcome, trace: undefined });
  const width = terminalWidth();
  printRun(outcome, scenario, { timeline: args.timeline, paint, width, paste });
  const { seed } = failure;
  const whole = ['fuzz', '--seeds', `${seed}..${seed}`, '--variant', bug.id];
  print();
  print(`as a page:        ${commandText(['run', path, '--report', 'bug.html'])}`);
  print(`without the bug:  ${commandText(['run', path, '--profile', 'safe'])}`);
  print(`before shrinking: ${commandText(whole)}`);
}

function notFound(bug: Variant, { totals, interrupted }: Campaign, args: FindArguments): void {
  if (args.json) print(JSON.stringify({ bug: bug.id, found: false, seeds: totals.runs }));
  const why = bug.control === undefined ? '' : `: ${bug.control}`;
  complain(`${bug.id}: not caught in ${counted(totals.runs, 'seed')}${why}`);
  process.exitCode = interrupted ? EXIT.interrupted : EXIT.inconclusive;
}

function shrinkTarget({ breaks: [first] }: Variant, { violated }: Failure): string | undefined {
  return first !== undefined && violated.includes(first) ? first : undefined;
}

async function find(args: FindArguments): Promise<void> {
  const bug = oneBug(args.bug);
  const plan = planOf(bug, args);
  const limits = limitsOf(args);
  if (args.out !== undefined) refuseToOverwrite(args.out, args.force);
  if (!args.json) {
    const { budget: until } = limits;
    print(`bug        ${bugTitle(bug)}`);
    print(`variant    ${bug.id}`);
    print(`looking    in seeds ${plan.seeds}${until === undefined ? '' : `, for ${until}`}`);
  }
  const campaign = await search(plan, limits);
  const [failure] = campaign.totals.failures;
  if (failure === undefined) {
    notFound(bug, campaign, args);
    return;
  }
  const drawn = jobScenario({ seed: failure.seed, file: '', twice: false }, plan.recipe);
  const scenario: Scenario = { ...drawn, seed: failure.seed };
  const checker = shrinkTarget(bug, failure);
  process.exitCode = EXIT.pass;
  const result = await hunt(scenario, { checker, budget: SHRINKING }, new Careful());
  if (result === undefined) throw new Error(`seed ${failure.seed} failed and fails no more`);
  const path = save(bug, result, args);
  const found = { bug, campaign, failure, result, path };
  if (args.json) print(JSON.stringify(foundJson(found)));
  else printFind(found, args);
}

function text(describe: string): { type: 'string'; requiresArg: true; describe: string } {
  return { type: 'string', requiresArg: true, describe };
}

export const bugsFindCommand: CommandModule<object, FindArguments> = {
  command: 'find <bug>',
  describe: 'Plant a bug, fuzz until it is caught, and shrink what caught it',
  builder: (yargs) =>
    yargs
      .positional('bug', {
        type: 'string',
        demandOption: true,
        describe: 'Its id, or an issue as 3911 or ZOOKEEPER-3911',
      })
      .options({
        seeds: text('Which seeds: A..B, both included (default: from 1 on)'),
        budget: text(`How long to look, like 90s or 5m (default: ${BUDGET}, or all of --seeds)`),
        jobs: text('Threads (default: one a core)'),
        out: { ...text(`Write the small scenario here (default: in ${FOLDER})`), alias: 'o' },
        force: { type: 'boolean', default: false, describe: 'Overwrite an existing file' },
        timeline: { ...TIMELINE, default: 'short' as const },
        json: JSON_FLAG,
        color: { type: 'boolean' },
      })
      .epilogue('Exit codes: 0 caught, 2 not caught, 64 usage or bad input, 130 interrupted.'),
  handler: find,
};
