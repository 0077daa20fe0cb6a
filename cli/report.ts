// `zabsim report`: a saved trace shown again, whole or in part, as text, JSON or a diagram. Nothing
// is run but the checkers, which judge a saved trace as they judge a running one.
import type { Argv, CommandModule } from 'yargs';
import { recordJson } from '../reports/json.js';
import type { ExportFormat } from '../reports/exports/formats.js';
import { EXPORT_FORMATS, EXPORTS } from '../reports/exports/formats.js';
import { VERDICT_TONES } from '../reports/summary.js';
import { timelineOf } from '../reports/timeline.js';
import { violationWords } from '../reports/violation-words.js';
import type { TraceRecord } from '../sim/trace/record.js';
import { FIRST_CLIENT, RECORD_KINDS } from '../sim/trace/record.js';
import type { Place } from './arguments.js';
import { countArgument, placeArgument, serverArgument, zxidArgument } from './arguments.js';
import { didYouMean } from './did-you-mean.js';
import { refuseToOverwrite, writeLines } from './files.js';
import { writeHtmlReport } from './html-report.js';
import type { RulesArguments } from './options.js';
import { PROFILE, SEED, VARIANT } from './options.js';
import { reportedRun } from './reported-run.js';
import { serversOf } from './run-view.js';
import { makePainter, print, terminalWidth } from './terminal.js';
import type { SavedTrace } from './trace-files.js';
import { judgeTrace } from './trace-files.js';
import { readRun } from './traced-run.js';
import { UsageError } from './usage-error.js';

interface ReportArguments extends RulesArguments {
  readonly seed: string | undefined;
  readonly trace: string;
  readonly other: string | undefined;
  readonly format: 'text' | 'json' | 'html' | ExportFormat;
  readonly output: string | undefined;
  readonly zxid: string | undefined;
  readonly force: boolean;
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly server: string | undefined;
  readonly kinds: string | undefined;
  readonly width: string | undefined;
  readonly timeline: 'short' | 'full';
  readonly color: boolean | undefined;
}

function kindsArgument(text: string): ReadonlySet<string> {
  const kinds = text.split(',').map((kind) => kind.trim());
  const known: readonly string[] = RECORD_KINDS;
  for (const kind of kinds) {
    if (known.includes(kind)) continue;
    const hint = didYouMean(kind, known) ?? `kinds are ${known.join(', ')}`;
    throw new UsageError(`--kinds ${kind}: no such kind of record`, hint);
  }
  return new Set(kinds);
}

function isAfter(record: TraceRecord, place: Place): boolean {
  return 'record' in place ? record.index > place.record : record.atUs > place.atUs;
}

function isBefore(record: TraceRecord, place: Place): boolean {
  return 'record' in place ? record.index < place.record : record.atUs < place.atUs;
}

interface Selection {
  /** Inside --from and --to. */
  readonly inside: (record: TraceRecord) => boolean;
  /** Asked for by --server and --kinds; undefined when everything is. */
  readonly wanted: ((record: TraceRecord) => boolean) | undefined;
}

function selectionOf(args: ReportArguments): Selection {
  const from = args.from === undefined ? undefined : placeArgument('from', args.from);
  const to = args.to === undefined ? undefined : placeArgument('to', args.to);
  const server = args.server === undefined ? undefined : serverArgument(args.server);
  const kinds = args.kinds === undefined ? undefined : kindsArgument(args.kinds);
  const zxid = args.zxid === undefined ? undefined : zxidArgument(args.zxid);
  const wanted = (record: TraceRecord): boolean => {
    const involved = server === undefined || record.actor === server || record.peer === server;
    const ofZxid = zxid === undefined || record.zxid === zxid;
    return involved && ofZxid && (kinds === undefined || kinds.has(record.kind));
  };
  const everything = server === undefined && kinds === undefined && zxid === undefined;
  return {
    inside: (record) =>
      !(from !== undefined && isBefore(record, from)) && !(to !== undefined && isAfter(record, to)),
    wanted: everything ? undefined : wanted,
  };
}

function printText(trace: SavedTrace, args: ReportArguments, selection: Selection): void {
  const { verdict, violations } = judgeTrace(trace);
  const { inside, wanted } = selection;
  const width = args.width === undefined ? terminalWidth() : countArgument('width', args.width);
  const options = {
    ...{ level: args.timeline, servers: serversOf(trace.scenario), violations, inside },
    observers: trace.scenario.cluster.observers,
    ...{ width: Math.max(60, width), paint: makePainter(args.color) },
    ...(wanted === undefined ? {} : { wanted }),
  };
  print(`${trace.scenario.name}  seed ${trace.seed}  trace ${trace.recorder.hex()}`);
  for (const line of timelineOf(trace.recorder.records(), options)) print(line);
  const counts = new Map<string, number>();
  for (const { checker } of violations) counts.set(checker, (counts.get(checker) ?? 0) + 1);
  const found = [...counts].map(([checker, count]) => `${checker} ${count}`).join(', ');
  const words = `${verdict.toUpperCase()}${found === '' ? '' : `: ${found}`}`;
  print(options.paint(VERDICT_TONES[verdict], words));
}

function printJson(trace: SavedTrace, selected: readonly TraceRecord[]): void {
  const { verdict, violations } = judgeTrace(trace);
  print(
    JSON.stringify({
      ...{
        scenario: trace.scenario.name,
        seed: trace.seed,
        traceHash: trace.recorder.hex(),
        verdict,
      },
      violations: violations.map((violation) => ({
        ...violation,
        words: violationWords(violation),
      })),
      records: selected.map(recordJson),
    }),
  );
}

function exported(trace: SavedTrace, format: ExportFormat, selection: Selection): Iterable<string> {
  const { inside, wanted } = selection;
  const { scenario, seed, recorder } = trace;
  return EXPORTS[format]({
    records: [...recorder.records()],
    selected: (record) => inside(record) && (wanted?.(record) ?? true),
    servers: serversOf(scenario),
    clients: scenario.clients.map((_, index) => FIRST_CLIENT + index),
    title: `${scenario.name}, seed ${seed}`,
  });
}

/** One page; with a second run beside the first, if one is named. */
function writePage(args: ReportArguments): void {
  const { trace, other, output, force } = args;
  const path = output ?? 'report.html';
  refuseToOverwrite(path, force);
  const names = other === undefined ? [trace] : [trace, other];
  writeHtmlReport(
    path,
    names.map((name) => reportedRun(name, args)),
  );
  print(path);
}

function report(args: ReportArguments): void {
  if (args.format === 'html') {
    writePage(args);
    return;
  }
  if (args.other !== undefined)
    throw new UsageError('two runs are compared with --format html only');
  const selection = selectionOf(args);
  if (args.output !== undefined && (args.format === 'text' || args.format === 'json')) {
    throw new UsageError(`--output ${args.output}: ${args.format} goes to the terminal; use >`);
  }
  if (args.output !== undefined) refuseToOverwrite(args.output, args.force);
  const trace = readRun(args.trace, args);
  const { inside, wanted } = selection;
  if (args.format === 'text') {
    printText(trace, args, selection);
  } else if (args.format === 'json') {
    const all = [...trace.recorder.records()];
    const selected = all.filter((record) => inside(record) && (wanted?.(record) ?? true));
    printJson(trace, selected);
  } else if (args.output === undefined) {
    for (const line of exported(trace, args.format, selection)) print(line);
  } else {
    writeLines(args.output, exported(trace, args.format, selection));
  }
}

export const reportCommand: CommandModule<object, ReportArguments> = {
  command: 'report <trace> [other]',
  describe:
    'Show a trace, or a scenario run once, as text, as a page or in a format of other tools',
  builder: (yargs) =>
    yargs
      .positional('trace', {
        type: 'string',
        demandOption: true,
        describe: 'A trace (NDJSON), or a scenario to be run',
      })
      .positional('other', { type: 'string', describe: 'html: a second one, to compare with' })
      .options({
        format: {
          choices: ['text', 'json', 'html', ...EXPORT_FORMATS] as const,
          requiresArg: true,
          default: 'text',
          describe: 'What to make of it',
        },
        output: {
          alias: 'o',
          type: 'string',
          requiresArg: true,
          describe: 'The file to write (html: report.html)',
        },
        force: { type: 'boolean', default: false, describe: 'Overwrite an existing file' },
        from: { type: 'string', requiresArg: true, describe: 'Begin here: 12.5s, 250ms or #8123' },
        to: { type: 'string', requiresArg: true, describe: 'End here, likewise' },
        server: { type: 'string', requiresArg: true, describe: 'Only what concerns this server' },
        kinds: { type: 'string', requiresArg: true, describe: 'Only these kinds, like crash,role' },
        seed: SEED,
        profile: PROFILE,
        variant: VARIANT,
        zxid: { type: 'string', requiresArg: true, describe: 'Only this zxid, like 2:17' },
        width: { type: 'string', requiresArg: true, describe: 'Columns (default: the terminal)' },
        timeline: {
          choices: ['short', 'full'] as const,
          requiresArg: true,
          default: 'short',
          describe: 'How much of it to show',
        },
      })
      .example('$0 report trace.ndjson --from 12s --to 13s', 'one second of it')
      .example('$0 report trace.ndjson --format html -o run.html', 'a page to explore')
      .example("$0 report trace.ndjson --from '#8100' --server 3", 'from a record, one server')
      .example(
        '$0 report trace.ndjson --format mermaid',
        'for an issue',
      ) as unknown as Argv<ReportArguments>,
  handler: report,
};
