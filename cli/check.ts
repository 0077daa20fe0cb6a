// `zabsim check`: is a recorded history of client operations linearizable? The command line around
// sim/linearizability: files, clock, colours, exit codes.
//
// 0 linearizable, 1 not, 2 unknown (a limit was reached), 64 the history could not be read.

import { readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { Chalk } from 'chalk';
import type { ArgumentsCamelCase, Argv, CommandModule } from 'yargs';
import { renderLinearizability } from '../reports/linearizability.js';
import type { CheckedHistory } from '../sim/linearizability/check-text.js';
import { checkText } from '../sim/linearizability/check-text.js';
import { FORMATS } from '../sim/linearizability/formats/parse.js';
import type { Json } from '../sim/linearizability/history.js';
import type { FailureView, Judgement, OpView } from '../sim/linearizability/judge.js';
import type { Limits } from '../sim/linearizability/limits.js';
import { DEFAULT_LIMITS } from '../sim/linearizability/limits.js';
import { CONSISTENCIES, MODELS } from '../sim/linearizability/subject.js';
import type { Verdict } from '../sim/linearizability/verdict.js';

interface CheckArguments {
  readonly history: string;
  readonly model: (typeof MODELS)[number] | undefined;
  readonly format: (typeof FORMATS)[number];
  readonly consistency: (typeof CONSISTENCIES)[number] | undefined;
  readonly initial: string | undefined;
  readonly 'nil-reads': 'any' | 'value' | undefined;
  readonly timeout: string;
  readonly json: boolean;
  readonly report: string | undefined;
}

const EXIT_CODES: Readonly<Record<Verdict, number>> = {
  linearizable: 0,
  'not-linearizable': 1,
  unknown: 2,
};
const EXIT_MALFORMED = 64;
/** An explanation may go on for this long after the verdict, even past the time-out. */
const EXPLAIN_MS = { atLeast: 2_000, atMost: 10_000 };
/** More than this are counted, not listed. */
const LISTED = 12;
const STDIN = '-';

function exitWith(code: number): void {
  process.exitCode = code;
}

export const checkCommand: CommandModule<object, CheckArguments> = {
  command: 'check <history>',
  describe: 'Judge a recorded history of client operations: linearizable or not',
  builder: (yargs: Argv): Argv<CheckArguments> =>
    yargs
      .positional('history', {
        type: 'string',
        demandOption: true,
        describe: 'File with the history, or - for standard input',
      })
      .option('model', { choices: MODELS, describe: 'What the operations are about; guessed' })
      .option('format', {
        choices: FORMATS,
        default: 'auto' as const,
        describe: 'How it is written',
      })
      .option('consistency', {
        choices: CONSISTENCIES,
        describe: 'How much order to ask for; linearizable, but session for znodes',
      })
      .option('initial', { type: 'string', describe: 'Value of unwritten registers, as JSON' })
      .option('nil-reads', {
        choices: ['any', 'value'] as const,
        describe: 'Whether a read of nil tells nothing, or that the value is nil',
      })
      .option('timeout', {
        type: 'string',
        default: '60s',
        describe: 'When to give up: 500ms, 60s, 2m',
      })
      .option('json', { type: 'boolean', default: false, describe: 'Print the judgement as JSON' })
      .option('report', { type: 'string', describe: 'Write a page that shows what fails' }),
  handler: runCheck,
};

/** A user's mistake, already in words. */
class Refused extends Error {}

function runCheck(args: ArgumentsCamelCase<CheckArguments>): void {
  try {
    check(args);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    process.stderr.write(`zabsim check: ${error.message}\n`);
    exitWith(EXIT_MALFORMED);
  }
}

function check(args: CheckArguments): void {
  const started = performance.now();
  const timeoutMs = parseDuration(args.timeout);
  const initial = parseInitial(args.initial);
  const text = readHistory(args.history);
  const limits: Limits = {
    ...DEFAULT_LIMITS,
    maxSteps: Infinity,
    expired: () => performance.now() - started > timeoutMs,
  };
  const { format, model, consistency } = args;
  const explaining = explainingLimits(started + timeoutMs);
  const checked = checkText(text, {
    format,
    model,
    consistency,
    initial,
    nilReads: args['nil-reads'],
    limits,
    explaining,
  });
  const file = args.history === STDIN ? 'standard input' : args.history;
  if (!checked.ok) {
    const { line, found, expected } = checked;
    throw new Refused(`${file}:${line}: found ${found}, expected ${expected}`);
  }
  const { verdict, histories } = checked;
  if (args.report !== undefined) writeReport(args.report, basename(file), histories);
  const elapsedMs = Math.round(performance.now() - started);
  if (args.json) {
    process.stdout.write(`${JSON.stringify({ file, verdict, elapsedMs, histories }, null, 2)}\n`);
  } else {
    const shown = histories.map((history) => describe(file, history));
    process.stdout.write(`${shown.join('\n')}time      ${elapsedMs} ms\n`);
    if (args.report !== undefined) process.stdout.write(`report    ${args.report}\n`);
  }
  if (histories.every(({ judgement }) => judgement.operations === 0)) {
    process.stderr.write(`zabsim check: ${file} holds no operation: nothing was checked\n`);
  }
  exitWith(EXIT_CODES[verdict]);
}

/** Counted from the first question on, because until then the time is the verdict's. */
function explainingLimits(deadlineMs: number): Limits {
  let endMs: number | undefined;
  const expired = (): boolean => {
    const now = performance.now();
    endMs ??= Math.max(now + EXPLAIN_MS.atLeast, Math.min(now + EXPLAIN_MS.atMost, deadlineMs));
    return now > endMs;
  };
  return { ...DEFAULT_LIMITS, expired };
}

const UNITS_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

function parseDuration(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text.trim());
  if (match === null) {
    throw new Refused(`--timeout: found ${JSON.stringify(text)}, expected 500ms, 60s, 2m or 1h`);
  }
  return Number(match[1]) * (UNITS_MS[match[2] ?? 's'] ?? 1_000);
}

function parseInitial(text: string | undefined): Json | undefined {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw new Refused(`--initial: found ${JSON.stringify(text)}, expected JSON, as 0, null or "a"`);
  }
}

function readHistory(path: string): string {
  try {
    return readFileSync(path === STDIN ? 0 : path, 'utf8');
  } catch (error) {
    throw new Refused(`${path}: found ${reasonOf(error)}, expected a history that can be read`);
  }
}

function writeReport(path: string, file: string, histories: readonly CheckedHistory[]): void {
  try {
    writeFileSync(path, renderLinearizability({ file, histories }));
  } catch (error) {
    throw new Refused(`--report ${path}: found ${reasonOf(error)}, expected a place to write to`);
  }
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  switch (code) {
    case 'ENOENT':
      return 'no such file or folder';
    case 'EISDIR':
      return 'a folder';
    case 'EACCES':
      return 'no permission';
    case 'ERR_STRING_TOO_LONG':
      return 'more text than fits in memory';
    default:
      return code === '' ? String(error) : code;
  }
}

const colours =
  process.env['NO_COLOR'] === undefined || process.env['NO_COLOR'] === ''
    ? new Chalk()
    : new Chalk({ level: 0 });

const HEADLINES: Readonly<Record<Verdict, (text: string) => string>> = {
  linearizable: (text) => colours.green(text),
  'not-linearizable': (text) => colours.red.bold(text),
  unknown: (text) => colours.yellow(text),
};

const WORDS: Readonly<Record<Judgement['consistency'], readonly [yes: string, no: string]>> = {
  linearizable: ['linearizable', 'not linearizable'],
  sequential: ['sequentially consistent', 'not sequentially consistent'],
  session: [
    'writes linearizable, reads in session order',
    'not linearizable, even with stale reads',
  ],
  sync: [
    'writes linearizable, reads in session order, fresh after a sync',
    'not linearizable, even with reads that are stale unless a sync came before',
  ],
};

function headline({ verdict, consistency, reason }: Judgement): string {
  const [yes, no] = WORDS[consistency];
  if (verdict === 'unknown') return HEADLINES.unknown(`unknown: ${reason ?? 'not decided'}`);
  return HEADLINES[verdict](verdict === 'linearizable' ? yes : no);
}

function describe(file: string, { name, format, judgement }: CheckedHistory): string {
  const { operations, clients, pending, model, parts, steps, failure } = judgement;
  const objects = parts.length > 1 ? `, ${parts.length} keys` : '';
  const lines = [
    `history   ${file}${name === '' ? '' : ` (${name})`}, ${format}`,
    `          ${operations} operations by ${clients} clients, ${pending} of unknown outcome${objects}`,
    `model     ${model}`,
    `verdict   ${headline(judgement)}`,
    `steps     ${steps}`,
  ];
  const failing = parts.filter(({ verdict }) => verdict === 'not-linearizable');
  if (parts.length > 1 && failing.length > 0) {
    lines.push(`failing   ${listed(failing.map(({ key }) => key)).join(', ')}`);
  }
  const undecided = parts.filter(({ verdict }) => verdict === 'unknown');
  if (parts.length > 1 && undecided.length > 0) {
    lines.push(`undecided ${listed(undecided.map(({ key }) => key)).join(', ')}`);
  }
  if (failure !== null) lines.push('', ...describeFailure(failure), '');
  return `${lines.join('\n')}\n`;
}

function listed(items: readonly string[]): string[] {
  const more = items.length - LISTED;
  return more <= 0 ? [...items] : [...items.slice(0, LISTED), `… and ${more} more`];
}

function describeFailure(failure: FailureView): string[] {
  const { key, prefix, operations, offending, core, minimal, attempts } = failure;
  const where = key === '' ? '' : ` of key ${key}`;
  const lines = [
    `${answers(prefix)}${where} (${operations} operations) can be explained; the next cannot:`,
    `  ${colours.red(opLine(offending))}`,
    minimal
      ? `Smallest part that fails (the other operations may happen late or never, and do not help):`
      : `A part that fails (there was no time to find the smallest):`,
    ...listed(core.map((op) => `  ${opLine(op)}`)),
  ];
  for (const { order, before, state, stuck } of attempts.slice(0, 2)) {
    const last = order.slice(-LISTED).map(({ text }) => text);
    const skipped = before + order.length - last.length;
    if (last.length > 0) {
      lines.push(`As far as one gets: ${skipped > 0 ? `… (${skipped}) ` : ''}${last.join('; ')}`);
    }
    if (state !== '') lines.push(`  which leaves ${state}; then`);
    const reasons = stuck.map(({ op, reason }) => `  ${op.text} cannot come next: ${reason}`);
    lines.push(...listed(reasons));
  }
  const others = attempts.length - 2;
  if (others > 0) lines.push(`(${others} other ways get as far: see --json or --report)`);
  return lines;
}

function answers(count: number): string {
  return count === 1 ? 'The first answer' : `The first ${count} answers`;
}

function opLine({ text, client, invokedAt, completedAt, line }: OpView): string {
  const end = completedAt === null ? 'never answered' : `${completedAt}`;
  const place = line === 0 ? '' : `, line ${line}`;
  return `client ${client}: ${text}  [${invokedAt} to ${end}${place}]`;
}
