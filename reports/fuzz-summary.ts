// The sum over a campaign, for people: how much was tried, how fast, which faults really bit, which
// rare paths were taken, and what was found. A fault kind that never bit, a path that nobody took
// and a run that proved nothing are said aloud: silence is no evidence.
import { MARK_NAMES, MARKS } from '../protocol/marks.js';
import type { Totals } from '../sim/campaign/totals.js';
import { counted, duration, thousands } from './format.js';
import type { FuzzReport } from './fuzz-findings.js';
import type { Painter } from './painter.js';
import { table } from './table.js';

export interface FaultSums {
  readonly injected: number;
  readonly effective: number;
}

export function faultSums({ faults }: Pick<Totals, 'faults'>): FaultSums {
  const all = Object.values(faults);
  return {
    injected: all.reduce((sum, { injected }) => sum + injected, 0),
    effective: all.reduce((sum, { effective }) => sum + effective, 0),
  };
}

function share(part: number, whole: number): string {
  return whole === 0 ? '' : `${Math.round((100 * part) / whole)}%`;
}

function ranked(counts: Readonly<Record<string, number>>): [string, number][] {
  return Object.entries(counts).sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
}

function faultRows({ faults }: Totals, paint: Painter): string[] {
  const kinds = Object.entries(faults).sort(([a], [b]) => (a < b ? -1 : 1));
  if (kinds.length === 0) return [];
  const rows = kinds.map(([kind, { injected, effective }]) => [
    kind,
    thousands(injected),
    thousands(effective),
    effective === 0 ? 'NEVER BIT' : share(effective, injected),
  ]);
  const lines = table([['fault', 'injected', 'effective', ''], ...rows], { right: [1, 2, 3] });
  return lines.map((line, row) =>
    row === 0 ? paint('dim', line) : line.endsWith('NEVER BIT') ? paint('warn', line) : line,
  );
}

/** Every path of the list, in its order; those that cannot be reached only if they were. */
function markRows({ marks }: Totals, paint: Painter): string[] {
  const shown = MARK_NAMES.filter(
    (name) => marks[name] !== undefined || MARKS[name].never === undefined,
  );
  const rows = shown.map((name) => {
    const { seeds, times } = marks[name] ?? { seeds: 0, times: 0 };
    return [name, thousands(seeds), thousands(times), seeds === 0 ? 'never' : ''];
  });
  const lines = table([['rare path', 'seeds', 'times', ''], ...rows], { right: [1, 2, 3] });
  return lines.map((line, row) =>
    row === 0 || line.endsWith('never') ? paint('dim', line) : line,
  );
}

function runsText(totals: Totals): string {
  const seeds = thousands(totals.runs - totals.files);
  return totals.files === 0 ? seeds : `${seeds} and ${counted(totals.files, 'file')}`;
}

function sumRows({ totals, elapsedUs, jobs }: FuzzReport): string[][] {
  const { runs, events, verdicts, vacuous } = totals;
  const seconds = elapsedUs / 1e6;
  const sum = faultSums(totals);
  const rate = `${(runs / seconds).toFixed(1)} seeds/s, ${thousands(events / seconds)} events/s`;
  const twice =
    totals.diverged.length === 0
      ? `${thousands(totals.twice)} of them run twice: the same each time`
      : `${totals.diverged.length} of ${thousands(totals.twice)} run twice DIVERGED`;
  return [
    ['seeds', `${runsText(totals)} in ${duration(elapsedUs)}: ${rate}, ${counted(jobs, 'job')}`],
    [
      'verdicts',
      `${verdicts.pass} pass, ${verdicts.fail} fail, ${verdicts.inconclusive} inconclusive`,
    ],
    ['vacuous', `${vacuous} of ${runs} runs proved less than they seem to`],
    ['repeated', totals.twice === 0 ? 'none' : twice],
    ['virtual', `${thousands(totals.virtualUs / 1e6)} s in ${counted(events, 'event')}`],
    ['faults', `${thousands(sum.effective)} of ${thousands(sum.injected)} took effect`],
  ];
}

function troubleLines({ totals, missingMarks }: FuzzReport, paint: Painter): string[] {
  const lost = totals.crashed.slice(0, 5).map(({ seed, message }) => {
    return `  lost: seed ${seed}: ${message.split('\n')[0] ?? ''} (a bug in zabsim)`;
  });
  const parted = totals.diverged.slice(0, 3).flatMap(({ seed, lines }) => {
    return [`  seed ${seed} is not the same each time:`, ...lines.map((line) => `    ${line}`)];
  });
  return [
    ...ranked(totals.reasons).map(([reason, count]) =>
      paint('warn', `  vacuous: ${reason}, ${counted(count, 'seed')}`),
    ),
    ...missingMarks.map((name) => paint('violation', `  never taken: ${name}`)),
    ...parted.map((line) => paint('violation', line)),
    ...lost.map((line) => paint('violation', line)),
    ...ranked(totals.violated).map(([checker, count]) =>
      paint('violation', `  violated: ${checker}, ${counted(count, 'seed')}`),
    ),
  ];
}

/** `elapsedUs` is real time: the one thing here that differs from run to run. */
export function fuzzSummary(report: FuzzReport, paint: Painter): string[] {
  const { totals } = report;
  return [
    ...table(sumRows(report)),
    ...faultRows(totals, paint),
    ...markRows(totals, paint),
    ...troubleLines(report, paint),
  ];
}

/** One line while it lasts. */
export function progressText(totals: Totals, seconds: number): string {
  const { runs, events, failing } = totals;
  const { injected, effective } = faultSums(totals);
  const marks = MARK_NAMES.filter((name) => totals.marks[name] !== undefined).length;
  const rate = (count: number): string => thousands(seconds > 0 ? count / seconds : 0);
  return [
    `${rate(runs)} seeds/s, ${rate(events)} events/s`,
    `faults ${share(effective, injected)} effective`,
    `${marks} of ${MARK_NAMES.length} marks`,
    ...(failing === 0 ? [] : [`${thousands(failing)} failing`]),
  ].join(', ');
}
