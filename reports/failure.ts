// The failure block: what was violated, where, in words of the protocol; the records that prove it;
// which faults took effect; the trace hash; and three lines to paste. It is all that a reader of a
// continuous integration log gets to see, so it must be enough.
import type { TraceRecord } from '../sim/trace/record.js';
import { effectWords } from './effect-words.js';
import { actorName, clock, counted, listed, recordName, serverName, wrapped } from './format.js';
import type { Painter } from './painter.js';
import type { Violation } from '../sim/checkers/verdict.js';
import type { FaultReport, RunReport } from './run-report.js';
import { table } from './table.js';
import { violationWords } from './violation-words.js';
import { describe } from './words.js';

/** Complete commands. */
export interface PasteLines {
  readonly reproduce: string;
  readonly minimise: string;
  readonly look: string;
}

export interface FailureInput {
  readonly report: RunReport;
  readonly paste: PasteLines;
  /** Looks a record up; undefined when the trace was not kept. */
  readonly recordAt: (index: number) => TraceRecord | undefined;
  /** Version and platform, as one line. */
  readonly made: string;
  readonly paint: Painter;
  readonly width: number;
}

/** Later ones are consequences, mostly. */
const SHOWN_MAX = 3;

/** The first violation of each checker. */
function firstOfEach(violations: readonly Violation[]): Violation[] {
  const seen = new Set<string>();
  return violations.filter(({ checker }) => {
    if (seen.has(checker)) return false;
    seen.add(checker);
    return true;
  });
}

export function failureBlock(input: FailureInput): string[] {
  const { report, paint, paste } = input;
  const shown = firstOfEach(report.violations).slice(0, SHOWN_MAX);
  const hidden = report.violations.length - shown.length;
  return [
    ...shown.flatMap((violation) => violationLines(violation, input)),
    ...(hidden > 0 ? [`and ${counted(hidden, 'more violation')}`] : []),
    ...report.deaths.map((death) =>
      paint(
        'violation',
        `DIED  ${serverName(death.server)} at ${clock(death.atUs)}: ${death.reason}`,
      ),
    ),
    ...effectLines(report.faults, report.violations[0]?.atUs ?? Infinity),
    `  trace ${report.traceHash}  ${input.made}`,
    `to reproduce:   ${paste.reproduce}`,
    `to minimise:    ${paste.minimise}`,
    `to look at it:  ${paste.look}`,
  ];
}

function violationLines(violation: Violation, input: FailureInput): string[] {
  const { paint, report, width } = input;
  const who = listed(violation.actors.map(actorName));
  const where = `t=${clock(violation.atUs)}  record=${recordName(violation.record)}`;
  const head = `FAIL  ${violation.checker}  seed=${report.seed}  ${where}  ${who}`.trimEnd();
  const evidence = violation.evidence.flatMap((index) => {
    const record = input.recordAt(index);
    return record === undefined ? [] : [evidenceRow(record)];
  });
  return [
    paint('violation', head),
    ...wrapped(violationWords(violation), width - 2).map((line) => `  ${line}`),
    ...table(evidence, { indent: 4, right: [0, 1] }),
  ];
}

function evidenceRow(record: TraceRecord): string[] {
  return [recordName(record.index), clock(record.atUs), describe(record)];
}

/** What came after the first violation has nothing to do with it. */
function effectLines(faults: readonly FaultReport[], atUs: number): string[] {
  if (faults.length === 0) return ['  no faults were injected'];
  const effective = faults.filter((fault) => fault.effects > 0);
  const before = effective.filter((fault) => fault.atUs !== undefined && fault.atUs <= atUs);
  const rows = before.map((fault) => [
    String(fault.index + 1),
    fault.atUs === undefined ? '' : clock(fault.atUs),
    fault.text,
    effectWords(fault.firstEffect),
  ]);
  const later = effective.length - before.length;
  return [
    `  faults that took effect: ${effective.length} of ${faults.length}` +
      (later > 0 ? `, ${later} of them after this` : ''),
    ...table(rows, { indent: 4, right: [0, 1] }),
  ];
}
