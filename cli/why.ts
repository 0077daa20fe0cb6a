// `zabsim why`: the causal chain of a violation, or of any record, as lanes and words, and which
// faults can have had a part in it.
import type { Argv, CommandModule } from 'yargs';
import { clock, counted, recordName, wrapped } from '../reports/format.js';
import type { Painter } from '../reports/painter.js';
import { timelineOf } from '../reports/timeline.js';
import { violationWords } from '../reports/violation-words.js';
import { whyOf } from '../reports/why.js';
import type { Why } from '../reports/why.js';
import { describe } from '../reports/words.js';
import type { Violation } from '../sim/checkers/verdict.js';
import type { TraceRecord } from '../sim/trace/record.js';
import { countArgument } from './arguments.js';
import type { RulesArguments } from './options.js';
import { PROFILE, SEED, VARIANT } from './options.js';
import { serversOf } from './run-view.js';
import { makePainter, print, terminalWidth } from './terminal.js';
import type { SavedTrace } from './trace-files.js';
import { judgeTrace } from './trace-files.js';
import { readRun } from './traced-run.js';
import { UsageError } from './usage-error.js';

interface WhyArguments extends RulesArguments {
  readonly trace: string;
  readonly event: string | undefined;
  readonly seed: string | undefined;
  readonly width: string | undefined;
  readonly color: boolean | undefined;
}

interface Question {
  /** The violation asked about, if it is one. */
  readonly violation: Violation | undefined;
  /** Records whose past is looked for. */
  readonly evidence: readonly number[];
}

function questionOf(
  { recorder }: SavedTrace,
  found: readonly Violation[],
  event?: string,
): Question {
  if (event === undefined) {
    const [violation] = found;
    const evidence = violation?.evidence ?? [];
    if (violation !== undefined) return { violation, evidence };
    throw new UsageError('nothing is violated in this run', 'ask about a record: --event 123');
  }
  const index = /^#?(\d+)$/.exec(event)?.[1];
  const last = recorder.count - 1;
  if (index === undefined || Number(index) > last) {
    throw new UsageError(`--event ${event}: expected the number of a record, 0 to ${last}`);
  }
  const violation = found.find(({ record }) => record === Number(index));
  return { violation, evidence: violation?.evidence ?? [Number(index)] };
}

function headOf({ violation, evidence }: Question, trace: SavedTrace): string {
  if (violation !== undefined) return `${violation.checker}: ${violationWords(violation)}`;
  const record = trace.recorder.at(evidence[0] ?? 0);
  return `${recordName(record.index)} at ${clock(record.atUs)}: ${describe(record)}`;
}

function faultLines(title: string, records: readonly TraceRecord[]): string[] {
  const lines = records.map((record) => `  ${clock(record.atUs)}  ${describe(record)}`);
  return lines.length === 0 ? [] : [title, ...lines];
}

function printWhy(trace: SavedTrace, question: Question, args: WhyArguments): void {
  const width = args.width === undefined ? terminalWidth() : countArgument('width', args.width);
  const paint: Painter = makePainter(args.color);
  const records = [...trace.recorder.records()];
  const ofFaults = records.filter(({ kind }) => kind === 'fault' || kind === 'effect');
  const why: Why = whyOf(trace.recorder, question.evidence, ofFaults);
  const chain = new Set(why.chain);
  const { violation } = question;
  for (const line of wrapped(headOf(question, trace), width)) print(paint('violation', line));
  print();
  print(
    `The causes, oldest first: ${counted(why.chain.length, 'step')} ` +
      `out of ${counted(why.pastSize, 'record')} that came before it.`,
  );
  const options = {
    ...{ level: 'short' as const, servers: serversOf(trace.scenario), width, paint },
    observers: trace.scenario.cluster.observers,
    violations: violation === undefined ? [] : [violation],
    wanted: (record: TraceRecord) => chain.has(record.index),
  };
  for (const line of timelineOf(records, options)) print(line);
  print();
  const at = (indices: readonly number[]): TraceRecord[] =>
    indices.map((index) => trace.recorder.at(index));
  const mattered = faultLines('Faults that it can depend on:', at(why.faults));
  const others = faultLines('Faults without any influence on it:', at(why.others));
  for (const line of [...mattered, ...others]) print(line);
  if (mattered.length + others.length === 0) print('No fault had begun.');
}

export const whyCommand: CommandModule<object, WhyArguments> = {
  command: 'why <trace>',
  describe: 'Say why a run violates an invariant, or why a record came to be',
  builder: (yargs) =>
    yargs
      .positional('trace', {
        type: 'string',
        demandOption: true,
        describe: 'A trace (NDJSON), or a scenario to be run',
      })
      .options({
        event: {
          type: 'string',
          requiresArg: true,
          describe: 'Number of a record (default: the first violation)',
        },
        seed: SEED,
        profile: PROFILE,
        variant: VARIANT,
        width: { type: 'string', requiresArg: true, describe: 'Columns (default: the terminal)' },
      })
      .example('$0 why trace.ndjson', 'the first violation')
      .example('$0 why trace.ndjson --event 8123', 'a record') as unknown as Argv<WhyArguments>,
  handler: (args) => {
    const trace = readRun(args.trace, args);
    const { violations } = judgeTrace(trace);
    printWhy(trace, questionOf(trace, violations, args.event), args);
  },
};
