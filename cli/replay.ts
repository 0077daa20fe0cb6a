// `zabsim replay`: a saved failure once more. A scenario file is run with the seed that it holds; a
// trace names its scenario and seed, so the run is repeated and compared with it record by record.
import type { Argv, CommandModule } from 'yargs';
import { runJson } from '../reports/json.js';
import { counted } from '../reports/format.js';
import { runScenario } from '../sim/run.js';
import { firstDivergence } from './determinism.js';
import { EXIT, EXIT_CODES_HELP } from './exit-codes.js';
import { readText } from './files.js';
import { chosenSeed } from './options.js';
import { pasteLines } from './paste-lines.js';
import type { RunFlags } from './run.js';
import { RUN_FLAGS, runAndPrint } from './run.js';
import { printRun } from './run-view.js';
import { scenarioFrom } from './scenario-files.js';
import { headerLines } from './scenario-header.js';
import { complain, makePainter, print, terminalWidth } from './terminal.js';
import { isTraceText, parseTrace } from './trace-files.js';
import type { SavedTrace } from './trace-files.js';
import { timeArgument } from './arguments.js';

interface ReplayArguments extends RunFlags {
  readonly file: string;
}

/** The hash that `zabsim fuzz` noted in the file, if it did. */
function notedHash(text: string): string | undefined {
  return /^# trace hash ([0-9a-f]+)$/m.exec(text)?.[1];
}

function replayScenario(args: ReplayArguments, text: string): void {
  const scenario = scenarioFrom(text, args.file);
  const seed = chosenSeed(undefined, scenario);
  const until = args.until === undefined ? [] : ['--until', args.until];
  const again = ['replay', args.file, ...until];
  const untilUs = args.until === undefined ? undefined : timeArgument('until', args.until);
  const outcome = runAndPrint({ scenario, seed, again, name: args.file, untilUs }, args);
  const noted = notedHash(text);
  if (noted !== undefined && untilUs === undefined && noted !== outcome.traceHash) {
    complain(`${args.file} notes trace hash ${noted}, this run has ${outcome.traceHash}:`);
    complain('  the file was edited since it was written, or the simulator has changed');
  }
}

function replayTrace(args: ReplayArguments, trace: SavedTrace): void {
  const { scenario, seed } = trace;
  const paint = makePainter(args.color);
  const width = terminalWidth();
  if (!args.json) {
    const name = `${scenario.name}, as saved in ${args.file}`;
    for (const line of headerLines({ scenario, seed, name, paint, width })) print(line);
    print();
  }
  const until = trace.untilUs === undefined ? {} : { untilUs: trace.untilUs };
  const outcome = runScenario(scenario, { seed, level: 'full', checkers: 'all', ...until });
  const divergence = firstDivergence(trace.recorder.records(), outcome.recorder.records());
  const agreed = counted(trace.recorder.count, 'record');
  if (args.json) {
    const json = { ...runJson(outcome), identical: divergence === undefined };
    print(JSON.stringify(divergence === undefined ? json : { ...json, divergence }));
  } else {
    const again = ['replay', args.file];
    const paste = pasteLines({ again, outcome, trace: args.file });
    printRun(outcome, scenario, { timeline: args.timeline, paint, width, paste });
    print();
    if (divergence === undefined) print(paint('good', `identical to the saved trace: ${agreed}`));
    else for (const line of divergence) print(paint('violation', line));
  }
  process.exitCode = divergence === undefined ? outcome.exitCode : EXIT.divergence;
}

const { until, timeline, trace, report, force, json } = RUN_FLAGS;

export const replayCommand: CommandModule<object, ReplayArguments> = {
  command: 'replay <file>',
  describe: 'Run a saved failure again, or repeat a saved trace and compare',
  builder: (yargs) =>
    yargs
      .positional('file', {
        type: 'string',
        demandOption: true,
        describe: 'A scenario written by fuzz, or a trace (NDJSON)',
      })
      .options({ ...{ until, timeline, trace, report, force, json } })
      .option('check-determinism', RUN_FLAGS['check-determinism'])
      .epilogue(EXIT_CODES_HELP)
      .example('$0 replay zabsim-failures/seed-17.yaml', 'what fuzz found')
      .example(
        '$0 replay trace.ndjson --timeline none',
        'is it still the same run?',
      ) as unknown as Argv<ReplayArguments>,
  handler: (args) => {
    const text = readText(args.file);
    if (isTraceText(text)) replayTrace(args, parseTrace(text, args.file));
    else replayScenario(args, text);
  },
};
