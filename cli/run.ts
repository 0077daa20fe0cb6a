// `zabsim run`: one scenario, one seed, from beginning to verdict.
import type { Argv, CommandModule } from 'yargs';
import { runJson } from '../reports/json.js';
import type { Painter } from '../reports/painter.js';
import type { RunOutcome } from '../sim/run.js';
import { runScenario } from '../sim/run.js';
import type { Scenario } from '../sim/scenario/scenario.js';
import { timeArgument } from './arguments.js';
import { divergenceOf } from './determinism.js';
import { EXIT, EXIT_CODES_HELP } from './exit-codes.js';
import { refuseToOverwrite } from './files.js';
import { writeHtmlReport } from './html-report.js';
import { commandText, noteLastEvent } from './internal-error.js';
import type { Metrics, MetricsArguments } from './metrics.js';
import { METRICS_FLAGS, metricsFor } from './metrics.js';
import { lastEventText } from './last-event.js';
import type { RulesArguments } from './options.js';
import { chosenSeed, withRules } from './options.js';
import { JSON_FLAG, PROFILE, SEED, TIMELINE, VARIANT } from './options.js';
import { pasteLines, ruleFlags } from './paste-lines.js';
import { startProgress } from './progress.js';
import type { TimelineLevel } from './run-view.js';
import { printRun } from './run-view.js';
import { DEFAULT_SCENARIO, loadScenario, spokenName } from './scenario-files.js';
import { headerLines } from './scenario-header.js';
import { makePainter, print, terminalWidth } from './terminal.js';
import { saveTrace } from './trace-files.js';

/** What `replay` understands as well. */
export interface RunFlags {
  readonly until: string | undefined;
  readonly json: boolean;
  readonly trace: string | undefined;
  readonly report: string | undefined;
  readonly force: boolean;
  readonly 'check-determinism': boolean;
  readonly timeline: TimelineLevel;
  readonly color: boolean | undefined;
}

interface RunArguments extends RunFlags, RulesArguments, MetricsArguments {
  readonly json: boolean;
  readonly scenario: string | undefined;
  readonly seed: string | undefined;
}

export const RUN_FLAGS = {
  seed: SEED,
  profile: PROFILE,
  variant: VARIANT,
  until: { type: 'string', requiresArg: true, describe: 'End at this virtual time, like 12.5s' },
  timeline: { ...TIMELINE, default: 'short' },
  trace: { type: 'string', requiresArg: true, describe: 'Save the whole trace here (NDJSON)' },
  report: { type: 'string', requiresArg: true, describe: 'Write an interactive page here (HTML)' },
  force: { type: 'boolean', default: false, describe: 'Overwrite existing files' },
  'check-determinism': {
    type: 'boolean',
    default: false,
    describe: 'Run again, here, elsewhere and from recorded choices; compare every record',
  },
  json: JSON_FLAG,
} as const;

export interface Prepared {
  /** Under the rules of the command line. */
  readonly scenario: Scenario;
  readonly seed: string;
  /** Arguments that repeat this run. */
  readonly again: readonly string[];
  readonly name: string;
  readonly untilUs: number | undefined;
}

function prepare(args: RunArguments): Prepared {
  const { scenario: file, path } = loadScenario(args.scenario ?? DEFAULT_SCENARIO);
  const scenario = withRules(file, args);
  const seed = chosenSeed(args.seed, file);
  const name = spokenName(path);
  const until = args.until === undefined ? [] : ['--until', args.until];
  const again = ['run', name, '--seed', seed, ...ruleFlags(scenario, file), ...until];
  const untilUs = args.until === undefined ? undefined : timeArgument('until', args.until);
  return { scenario, seed, again, name, untilUs };
}

/**
 * Runs with progress on the terminal; the trace is kept if it is asked for or shows a violation.
 */
function runObserved(
  { scenario, seed, untilUs }: Prepared,
  stored: boolean,
  metrics: Metrics | undefined,
): RunOutcome {
  const progress = startProgress((untilUs ?? scenario.durationUs) / 1e6, 'virtual seconds');
  let reachedUs = 0;
  const onProgress = (virtualSeconds: number): void => {
    reachedUs = virtualSeconds * 1e6;
    progress.update(virtualSeconds);
  };
  const until = untilUs === undefined ? {} : { untilUs };
  const options = { seed, checkers: 'all', onProgress, ...until } as const;
  try {
    const watched = metrics === undefined ? {} : { monitoring: metrics.monitoring };
    const level = stored ? 'full' : 'hash';
    const outcome = runScenario(scenario, { ...options, ...watched, level });
    if (stored || outcome.violations.length === 0) return outcome;
    return runScenario(scenario, { ...options, level: 'full' });
  } catch (error) {
    noteLastEvent(lastEventText(scenario, seed, reachedUs));
    throw error;
  } finally {
    progress.stop();
  }
}

/** Runs, saves, prints; leaves the exit code. */
export function runAndPrint(
  prepared: Prepared,
  args: RunFlags & Partial<MetricsArguments>,
): RunOutcome {
  const { scenario, seed, name, again, untilUs } = prepared;
  const paint = makePainter(args.color);
  const width = terminalWidth();
  for (const path of [args.trace, args.report]) {
    if (path !== undefined) refuseToOverwrite(path, args.force);
  }
  if (!args.json) {
    for (const line of headerLines({ scenario, seed, name, paint, width })) print(line);
    print();
  }
  const kept = args.trace !== undefined || args.report !== undefined;
  const stored = args.timeline !== 'none' || kept || args['check-determinism'];
  const { 'watch-metrics': wanted, every, json } = args;
  const metrics = metricsFor({ 'watch-metrics': wanted, every, json }, paint);
  const outcome = runObserved(prepared, stored, metrics);
  if (metrics !== undefined && !json) print();
  if (args.trace !== undefined) saveTrace(args.trace, { outcome, scenario, untilUs });
  const paste = pasteLines({ again, outcome, trace: args.trace });
  if (args.report !== undefined) {
    writeHtmlReport(args.report, [{ label: name, scenario, outcome, untilUs, paste }]);
  }
  const divergence = args['check-determinism'] ? divergenceOf(outcome, prepared) : undefined;
  if (args.json) {
    const checked = args['check-determinism'] ? { deterministic: divergence === undefined } : {};
    const seen = metrics === undefined ? {} : { metrics: metrics.samples };
    const told = { ...runJson(outcome), reproduce: commandText(again), ...checked, ...seen };
    print(JSON.stringify(told));
  } else {
    printRun(outcome, scenario, { timeline: args.timeline, paint, width, paste });
    if (args['check-determinism']) printDivergence(divergence, paint);
  }
  process.exitCode = divergence === undefined ? outcome.exitCode : EXIT.divergence;
  return outcome;
}

function printDivergence(divergence: readonly string[] | undefined, paint: Painter): void {
  if (divergence === undefined)
    print('deterministic: two runs here, one elsewhere and one from recorded choices agree');
  else for (const line of divergence) print(paint('violation', line));
}

export const runCommand: CommandModule<object, RunArguments> = {
  command: 'run [scenario]',
  describe: 'Run a scenario with one seed, show its timeline, judge it',
  builder: (yargs) =>
    yargs
      .positional('scenario', {
        type: 'string',
        describe: `A packaged scenario or a YAML file (default: ${DEFAULT_SCENARIO})`,
      })
      .options({ ...RUN_FLAGS, ...METRICS_FLAGS })
      .epilogue(EXIT_CODES_HELP)
      .example('$0 run', 'an election, writes, a leader crash, recovery, a verdict')
      .example('$0 run sync/rejoin-by-snap --seed 7', 'a packaged scenario with a seed of your own')
      .example('$0 run my.yaml --json --timeline none', 'for scripts') as Argv<RunArguments>,
  handler: (args) => {
    runAndPrint(prepare(args), args);
  },
};
