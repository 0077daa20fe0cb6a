// `zabsim shrink`: a failing scenario in, the smallest one that fails in the same way out, with its
// story and a certificate. Without -o the new scenario goes to standard output and nothing else
// does; what was found so far is kept when the budget ends or somebody interrupts.
import { existsSync } from 'node:fs';
import type { CommandModule } from 'yargs';
import { certificateWords, effortWords, sizeWords } from '../reports/shrink-report.js';
import { CHECKERS } from '../sim/checkers/registry.js';
import type { Scenario } from '../sim/scenario/scenario.js';
import { parseDuration } from '../sim/scenario/units.js';
import type { ShrinkProgress, ShrinkResult } from '../sim/shrink.js';
import { DEATH, shrinkSteps } from '../sim/shrink.js';
import { didYouMean } from './did-you-mean.js';
import { EXIT, EXIT_CODES_HELP } from './exit-codes.js';
import { readText, refuseToOverwrite, writeLines } from './files.js';
import { commandText } from './internal-error.js';
import type { RulesArguments } from './options.js';
import { JSON_FLAG, PROFILE, SEED, VARIANT, withRules } from './options.js';
import { startProgress } from './progress.js';
import { loadScenario } from './scenario-files.js';
import { Careful, shrunkText } from './shrunk-file.js';
import { complain, print } from './terminal.js';
import { isTraceText, parseTrace } from './trace-files.js';
import { UsageError } from './usage-error.js';

interface ShrinkArguments extends RulesArguments {
  readonly file: string;
  readonly seed: string | undefined;
  readonly out: string | undefined;
  readonly force: boolean;
  readonly checker: string | undefined;
  readonly budget: string;
  readonly json: boolean;
}

function budgetMs(text: string): number {
  const us = parseDuration(text);
  if (us !== undefined && us > 0) return us / 1000;
  throw new UsageError(`--budget ${text}: expected a time like 30s, 500ms or 2m`);
}

function mustKnowChecker(id: string | undefined): void {
  const known = [...CHECKERS.map((checker) => checker.id), DEATH];
  if (id === undefined || known.includes(id)) return;
  const hint = didYouMean(id, known) ?? '`zabsim list checkers` shows all of them';
  throw new UsageError(`--checker ${id}: expected a checker, or ${DEATH}`, hint);
}

/** A scenario, or the one that a trace was made from, under the rules of the command line. */
function load(args: ShrinkArguments): Scenario {
  mustKnowChecker(args.checker);
  const { file, seed } = args;
  const text = existsSync(file) ? readText(file) : '';
  const saved = isTraceText(text) ? parseTrace(text, file) : undefined;
  const scenario = saved?.scenario ?? loadScenario(file).scenario;
  return { ...withRules(scenario, args), seed: seed ?? saved?.seed ?? scenario.seed };
}

function noteOf({ size }: ShrinkProgress): string {
  return `, ${sizeWords(size)}`;
}

/** Shrinks with progress on the terminal; an interruption ends it with what there is by then. */
export async function hunt(
  scenario: Scenario,
  args: Pick<ShrinkArguments, 'checker' | 'budget'>,
  careful: Careful,
): Promise<ShrinkResult | undefined> {
  const limitMs = budgetMs(args.budget);
  const startedMs = Date.now();
  const progress = startProgress(Math.ceil(limitMs / 1000), 'seconds');
  const interrupt = new AbortController();
  const onInterrupt = (): void => {
    interrupt.abort();
  };
  process.once('SIGINT', onInterrupt);
  const steps = shrinkSteps(scenario, {
    ...(args.checker === undefined ? {} : { target: args.checker }),
    run: careful.run,
    enough: () => interrupt.signal.aborted || Date.now() - startedMs > limitMs,
    onProgress: (now) =>
      progress.update(Math.floor((Date.now() - startedMs) / 1000), () => noteOf(now)),
  });
  try {
    for (;;) {
      const { done, value } = steps.next();
      if (done === true) return value;
      // A turn of the event loop, in which an interruption is heard.
      await new Promise((resolve) => setImmediate(resolve));
    }
  } finally {
    progress.stop();
    process.off('SIGINT', onInterrupt);
    if (interrupt.signal.aborted) process.exitCode = EXIT.interrupted;
  }
}

function jsonOf(result: ShrinkResult, text: string): object {
  const { scenario, target, outcome, before, after, effort, certificate } = result;
  const { seed, verdict, traceHash, events, virtualSeconds, violations } = outcome;
  return {
    ...{ seed, verdict, target, traceHash, events, virtualSeconds, violations },
    ...{ before, after, effort, certificate },
    ...{ name: scenario.name, scenario: text },
  };
}

function report(result: ShrinkResult, path: string): void {
  print(`violated   ${result.target}`);
  print(`before     ${sizeWords(result.before)}`);
  print(`after      ${sizeWords(result.after)}`);
  print(`proof      ${certificateWords(result)}`);
  print(`effort     ${effortWords(result)}`);
  print();
  print(`to replay it:   ${commandText(['replay', path])}`);
}

async function shrink(args: ShrinkArguments): Promise<void> {
  const scenario = load(args);
  if (args.out !== undefined) refuseToOverwrite(args.out, args.force);
  const careful = new Careful();
  process.exitCode = EXIT.pass;
  const result = await hunt(scenario, args, careful);
  if (careful.first !== undefined) {
    complain(
      `a candidate that the simulator cannot run was left out: ${careful.first.error.message}`,
    );
  }
  if (result === undefined) {
    const what = args.checker === undefined ? 'nothing fails' : `${args.checker} does not fail`;
    complain(`${args.file}: ${what} in this scenario, there is nothing to shrink`);
    process.exitCode = EXIT.inconclusive;
    return;
  }
  const text = shrunkText(result);
  if (args.out !== undefined) writeLines(args.out, [text]);
  if (args.json) print(JSON.stringify(jsonOf(result, text)));
  else if (args.out === undefined) print(text);
  else report(result, args.out);
}

export const shrinkCommand: CommandModule<object, ShrinkArguments> = {
  command: 'shrink <file>',
  describe: 'Make a failing scenario as small as it can be while it fails in the same way',
  builder: (yargs) =>
    yargs
      .positional('file', {
        type: 'string',
        demandOption: true,
        describe: 'A scenario that fails, by name or as a file, or a trace (NDJSON)',
      })
      .options({
        out: {
          ...{ type: 'string', alias: 'o', requiresArg: true },
          describe: 'Write the small scenario here (default: print it)',
        },
        force: { type: 'boolean', default: false, describe: 'Overwrite an existing file' },
        checker: {
          ...{ type: 'string', requiresArg: true },
          describe: `What must go on failing: a checker, or ${DEATH} (default: what failed first)`,
        },
        budget: {
          ...{ type: 'string', requiresArg: true, default: '30s' },
          describe: 'Time to spend',
        },
        ...{ seed: SEED, profile: PROFILE, variant: VARIANT, json: JSON_FLAG },
      })
      .epilogue(EXIT_CODES_HELP)
      .example('$0 shrink zabsim-failures/seed-17.yaml -o small.yaml', 'what fuzz found')
      .example('$0 shrink failure.ndjson --checker linearizable-writes', 'for another reason'),
  handler: shrink,
};
