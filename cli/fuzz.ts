// `zabsim fuzz`: a range of seeds, each a scenario of its own, over all cores. Failures are saved
// as scenario files that `zabsim replay` takes, and the first one is explained.
import { availableParallelism } from 'node:os';
import type { Argv, CommandModule } from 'yargs';
import { Digest } from '../base/digest.js';
import { faultSums, fuzzSummary, totalsOf } from '../reports/fuzz-summary.js';
import { thousands, wrapped } from '../reports/format.js';
import type { SeedRange } from './arguments.js';
import { countArgument, seedRangeArgument } from './arguments.js';
import { EXIT, EXIT_CODES_HELP } from './exit-codes.js';
import { explainFailure, saveFailures } from './fuzz-failures.js';
import { fuzzAll } from './fuzz-pool.js';
import type { SeedResult } from './fuzz-seed.js';
import { isFailure } from './fuzz-seed.js';
import type { RulesArguments } from './options.js';
import { JSON_FLAG, mustKnowRules, PROFILE, VARIANT } from './options.js';
import { startProgress } from './progress.js';
import { complain, makePainter, print, terminalWidth } from './terminal.js';

export interface FuzzArguments extends RulesArguments {
  readonly seeds: string;
  readonly jobs: string | undefined;
  readonly 'fail-fast': boolean;
  readonly json: boolean;
  readonly out: string;
  readonly color: boolean | undefined;
}

/** Of all seeds: safety before liveness before deaths before runs that proved nothing. */
function exitCodeOf(results: readonly SeedResult[]): number {
  const codes = new Set(results.map(({ exitCode }) => exitCode));
  for (const code of [EXIT.safety, EXIT.death, EXIT.liveness]) if (codes.has(code)) return code;
  const proved = results.some(({ verdict }) => verdict === 'pass');
  return proved ? EXIT.pass : EXIT.inconclusive;
}

/** One hash for the whole range: equal for equal ranges, whatever the number of jobs. */
function hashOfHashes(results: readonly SeedResult[]): string {
  const digest = new Digest();
  for (const { seed, traceHash } of results) digest.addString(`${seed} ${traceHash}`);
  return digest.hex();
}

function fuzzJson(args: FuzzArguments, results: readonly SeedResult[], elapsedUs: number): object {
  const totals = totalsOf(results);
  const failures = results.filter(isFailure);
  return {
    seed: failures[0]?.seed ?? args.seeds,
    verdict: failures.length > 0 ? 'fail' : totals.verdicts.pass > 0 ? 'pass' : 'inconclusive',
    traceHash: hashOfHashes(results),
    events: totals.events,
    virtualSeconds: totals.virtualSeconds,
    violations: failures.map(({ seed, violated, deaths }) => ({
      seed,
      checkers: violated,
      deaths,
    })),
    faults: { ...faultSums(totals.faults), kinds: Object.fromEntries(totals.faults) },
    seeds: totals.seeds,
    verdicts: totals.verdicts,
    vacuous: totals.vacuous,
    marks: Object.fromEntries(totals.marks),
    elapsedSeconds: elapsedUs / 1e6,
    seedsPerSecond: totals.seeds / (elapsedUs / 1e6),
    eventsPerSecond: totals.events / (elapsedUs / 1e6),
  };
}

function printHeader(args: FuzzArguments, jobs: number): void {
  const rules = [args.profile ?? 'safe', ...(args.variant ?? [])].join(' + ');
  const stop = args['fail-fast'] ? ', until the first failure' : '';
  print(`seeds     ${args.seeds}, drawn by the swarm${stop}`);
  print(`rules     ${rules}`);
  print(`jobs      ${jobs}`);
  print(`failures  are saved in ${args.out}/`);
  print();
}

async function fuzz(args: FuzzArguments): Promise<void> {
  mustKnowRules(args);
  const range: SeedRange = seedRangeArgument(args.seeds);
  const jobs = args.jobs === undefined ? availableParallelism() : countArgument('jobs', args.jobs);
  const paint = makePainter(args.color);
  const total = Number(range.last - range.first + 1n);
  const progress = startProgress(total, 'seeds');
  let done = 0;
  let failed = 0;
  const interrupt = new AbortController();
  const onInterrupt = (): void => {
    complain('interrupted: finishing the seeds under way (again to stop at once)');
    interrupt.abort();
  };
  process.once('SIGINT', onInterrupt);
  if (!args.json) printHeader(args, jobs);
  const started = process.hrtime.bigint();
  const rules = { profile: args.profile, variant: args.variant };
  const results = await fuzzAll({
    ...{ range, rules, jobs, failFast: args['fail-fast'], signal: interrupt.signal },
    onBatch: (batch) => {
      done += batch.length;
      failed += batch.filter(isFailure).length;
      progress.update(done, failed === 0 ? '' : `, ${failed} failing`);
    },
  }).finally(() => {
    progress.stop();
    process.off('SIGINT', onInterrupt);
  });
  const elapsedUs = Number((process.hrtime.bigint() - started) / 1000n);

  const failures = results.filter(isFailure).map(({ seed }) => seed);
  const saved = saveFailures(failures, rules, args.out);
  if (args.json) {
    print(JSON.stringify({ ...fuzzJson(args, results, elapsedUs), saved }));
  } else {
    for (const line of fuzzSummary(totalsOf(results), { elapsedUs, jobs }, paint)) print(line);
    const listed = wrapped(`failing seeds: ${failures.join(' ')}`, terminalWidth() - 4);
    if (failures.length > 1) for (const line of listed) print(`  ${paint('violation', line)}`);
    const [first] = saved;
    if (first !== undefined) explainFailure(first, rules, { paint, width: terminalWidth() });
    if (results.length < total && failures.length === 0) {
      complain(`interrupted after ${thousands(results.length)} of ${thousands(total)} seeds`);
    }
  }
  process.exitCode = interrupt.signal.aborted ? EXIT.interrupted : exitCodeOf(results);
}

export const fuzzCommand: CommandModule<object, FuzzArguments> = {
  command: 'fuzz',
  describe: 'Run many seeds, each with a cluster, a workload and faults of its own',
  builder: (yargs) =>
    yargs
      .options({
        seeds: {
          type: 'string',
          requiresArg: true,
          default: '1..100',
          describe: 'Which seeds: A..B, both included',
        },
        jobs: { type: 'string', requiresArg: true, describe: 'Threads (default: one a core)' },
        profile: PROFILE,
        variant: VARIANT,
        'fail-fast': { type: 'boolean', default: false, describe: 'Stop at the first failure' },
        out: {
          type: 'string',
          requiresArg: true,
          default: 'zabsim-failures',
          describe: 'Folder for failing scenarios; made when there is one',
        },
        json: JSON_FLAG,
      })
      .epilogue(EXIT_CODES_HELP)
      .example('$0 fuzz --seeds 1..10000', 'the swarm against all checkers')
      .example(
        '$0 fuzz --seeds 1..1000 --variant ack-before-fsync --fail-fast',
        'find a planted bug',
      ) as Argv<FuzzArguments>,
  handler: fuzz,
};
