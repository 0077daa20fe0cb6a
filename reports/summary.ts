// What is printed under a timeline: the verdict, what was measured, which faults really did
// something, what the checkers saw, and what each server holds at the end.
import type { Zxid } from '../protocol/ids.js';
import { formatZxid } from '../protocol/ids.js';
import type { Board, ServerView } from './board.js';
import { roleWords } from './board.js';
import { effectWords } from './effect-words.js';
import { clock, counted, listed, serverName, thousands, wrapped } from './format.js';
import type { Painter, Tone } from './painter.js';
import type { Status } from '../sim/checkers/verdict.js';
import type { FaultReport, RunReport } from './run-report.js';
import { table } from './table.js';

export const VERDICT_TONES: Readonly<Record<Status, Tone>> = {
  pass: 'good',
  fail: 'violation',
  inconclusive: 'warn',
};

/** `PASS  broadcast/leader-crash  seed 42` and the measures of the run. */
export function verdictBlock(report: RunReport, paint: Painter): string[] {
  const { ok, error, unknown } = report.operations;
  const operations = ok + error + unknown;
  const { convergedAtUs } = report;
  const rows = [
    ['virtual time', `${report.virtualSeconds.toFixed(1)} s in ${counted(report.events, 'event')}`],
    ['trace hash', report.traceHash],
    ['operations', operations === 0 ? 'none' : outcomes(report.operations)],
    ...(convergedAtUs === undefined
      ? []
      : [['converged', `at ${clock(convergedAtUs)}: all live servers hold the same history`]]),
    ...expectation(report),
    ...report.vacuous.map((reason) => ['vacuous', reason]),
  ];
  const verdict = paint(VERDICT_TONES[report.verdict], report.verdict.toUpperCase());
  return [`${verdict}  ${report.scenario}  seed ${report.seed}`, ...table(rows)];
}

/** Worth a line when the scenario means to fail, or passes though it means to. */
function expectation({ verdict, asExpected }: RunReport): string[][] {
  if (asExpected) return verdict === 'pass' ? [] : [['expected', 'yes: the scenario means to']];
  return verdict === 'pass' ? [['expected', 'NO: the scenario means not to pass']] : [];
}

function outcomes({ ok, error, unknown }: RunReport['operations']): string {
  return `${thousands(ok)} ok, ${thousands(error)} refused, ${thousands(unknown)} unknown`;
}

function effects({ effects: count, firstEffect }: FaultReport): string {
  const words = effectWords(firstEffect);
  return count === 1 ? words : `${words}, ${thousands(count)} times`;
}

/** Every fault with its measured effect; a fault without one stands out. */
export function faultBlock(report: RunReport, paint: Painter): string[] {
  const { faults } = report;
  if (faults.length === 0) return ['faults: none'];
  const effective = faults.filter((fault) => fault.effects > 0).length;
  const rows = faults.map((fault) => [
    String(fault.index + 1),
    fault.atUs === undefined ? 'never' : clock(fault.atUs),
    fault.text,
    fault.effects === 0 ? 'NO EFFECT' : effects(fault),
  ]);
  const lines = table(rows, { right: [0, 1] });
  return [
    `faults: ${effective} of ${faults.length} took effect`,
    ...lines.map((line, row) => (faults[row]?.effects === 0 ? paint('warn', line) : line)),
  ];
}

/** One line when all is well, and the names of those that are not or that saw nothing. */
export function checkerBlock(report: RunReport, width: number, paint: Painter): string[] {
  const { checkers } = report;
  if (checkers.length === 0) return ['checkers: none were asked'];
  const idsWith = (status: Status): string[] =>
    checkers.filter((checker) => checker.status === status).map((checker) => checker.id);
  const idle = checkers.filter((checker) => checker.seen === 0).map((checker) => checker.id);
  const failed = idsWith('fail');
  const seen = checkers.reduce((sum, checker) => sum + checker.seen, 0);
  const passed = idsWith('pass').length;
  const lines = [
    `checkers: ${passed} of ${checkers.length} pass, having judged ${counted(seen, 'record')}`,
  ];
  const add = (tone: Tone, label: string, ids: readonly string[]): void => {
    if (ids.length === 0) return;
    const text = wrapped(`${label}: ${listed(ids)}`, width - 2);
    lines.push(...text.map((line) => `  ${paint(tone, line)}`));
  };
  add('violation', 'violated', failed);
  add('dim', 'had nothing to judge', idle);
  const undecided = idsWith('inconclusive').filter((id) => !idle.includes(id));
  add('warn', 'undecided', undecided);
  return lines;
}

function serverRow(view: ServerView): string[] {
  const zxid = (value: number): string => formatZxid(value as Zxid);
  const durable = view.logged === view.durable ? 'all durable' : `durable to ${zxid(view.durable)}`;
  return [
    serverName(view.sid),
    roleWords(view),
    `epoch ${view.currentEpoch}${
      view.acceptedEpoch === view.currentEpoch ? '' : ` (promised ${view.acceptedEpoch})`
    }`,
    `log to ${zxid(view.logged)}, ${durable}`,
    view.up ? `applied ${zxid(view.applied)}` : '',
    view.crashes === 0 ? '' : counted(view.crashes, 'crash', 'crashes'),
  ];
}

/** Who is what, and holds which history, when the run ends. */
export function serverBlock(board: Board): string[] {
  return ['servers at the end', ...table(board.views().map(serverRow))];
}
