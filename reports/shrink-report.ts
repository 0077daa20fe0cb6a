// What came of shrinking, for the screen and for the head of the file: how large it was and is, the
// certificate, and the story.
import type { TraceRecord } from '../sim/trace/record.js';
import { counted, thousands } from './format.js';
import type { RunReport } from './run-report.js';
import { storyLines } from './story.js';

export interface SizeReport {
  readonly servers: number;
  readonly clients: number;
  readonly faults: number;
  /** Undefined: they were drawn. */
  readonly operations: number | undefined;
  readonly durationUs: number;
}

export interface ShrinkReport {
  readonly target: string;
  readonly outcome: RunReport;
  readonly before: SizeReport;
  readonly after: SizeReport;
  readonly effort: { readonly runs: number; readonly events: number };
  readonly certificate: {
    readonly removals: number;
    readonly passed: number;
    readonly spare: readonly string[];
  };
}

/** `3 servers, 1 client, 2 faults, 4 operations, 5 s` */
export function sizeWords({
  servers,
  clients,
  faults,
  operations,
  durationUs,
}: SizeReport): string {
  return [
    counted(servers, 'server'),
    counted(clients, 'client'),
    counted(faults, 'fault'),
    operations === undefined ? 'drawn operations' : counted(operations, 'operation'),
    `${Math.round(durationUs / 1e5) / 10} s`,
  ].join(', ');
}

/** `1-minimal: 12 of 12 single removals pass` */
export function certificateWords({ certificate }: ShrinkReport): string {
  const { removals, passed, spare } = certificate;
  const sum = `${passed} of ${removals} single removals pass`;
  if (passed === removals) return `1-minimal: ${sum}`;
  const left = spare.length === 0 ? '' : `; it still fails without ${spare.slice(0, 3).join(', ')}`;
  return `not known to be 1-minimal, the budget was spent: ${sum}${left}`;
}

export function effortWords({ effort }: ShrinkReport): string {
  return `${counted(effort.runs, 'run')}, ${thousands(effort.events)} events`;
}

/** What stands above the shrunk scenario, without comment signs. */
export function shrunkHead(
  report: ShrinkReport,
  records: Iterable<TraceRecord>,
  width: number,
): string[] {
  const { target, outcome, before, after } = report;
  const violation = outcome.violations.find(({ checker }) => checker === target);
  const [death] = violation === undefined ? outcome.deaths : [];
  return [
    `${target}, shrunk by zabsim shrink.`,
    `before: ${sizeWords(before)}`,
    `after:  ${sizeWords(after)}`,
    certificateWords(report),
    '',
    'What happens:',
    ...storyLines({ records, violation, death, width }),
  ];
}
