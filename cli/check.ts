// `zabsim check`: is a recorded history of client operations linearizable? The command line around
// sim/linearizability: files, clock, exit codes. A limit that was reached is code 2, and so is
// nothing else.
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { ArgumentsCamelCase, Argv, CommandModule } from 'yargs';
import { renderLinearizability } from '../reports/linearizability.js';
import { checkText } from '../sim/linearizability/check-text.js';
import { FORMATS } from '../sim/linearizability/formats/parse.js';
import type { Format } from '../sim/linearizability/formats/parse.js';
import type { Json } from '../sim/linearizability/history.js';
import type { Limits } from '../sim/linearizability/limits.js';
import { DEFAULT_LIMITS } from '../sim/linearizability/limits.js';
import type { Consistency, ModelName } from '../sim/linearizability/subject.js';
import { CONSISTENCIES, MODELS } from '../sim/linearizability/subject.js';
import type { Verdict } from '../sim/linearizability/verdict.js';
import { checkedLines } from './check-view.js';
import { EXIT } from './exit-codes.js';
import { readText, refuseToOverwrite, writeLines } from './files.js';
import { JSON_FLAG } from './options.js';
import { complain, makePainter, print } from './terminal.js';
import { UsageError } from './usage-error.js';

interface CheckArguments {
  readonly history: string;
  readonly model: ModelName | undefined;
  readonly format: Format;
  readonly consistency: Consistency | undefined;
  readonly initial: string | undefined;
  readonly 'nil-reads': 'any' | 'value' | undefined;
  readonly timeout: string;
  readonly json: boolean;
  readonly report: string | undefined;
  readonly force: boolean;
  readonly color: boolean | undefined;
}

const EXIT_OF: Readonly<Record<Verdict, number>> = {
  linearizable: EXIT.pass,
  'not-linearizable': EXIT.safety,
  unknown: EXIT.inconclusive,
};

/** An explanation may go on for so long after the verdict, even past the time-out. */
const EXPLAIN_MS = { atLeast: 2_000, atMost: 10_000 } as const;
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
      .options({
        model: {
          choices: MODELS,
          requiresArg: true,
          describe: 'What the operations are about; else guessed from them',
        },
        format: {
          choices: FORMATS,
          default: 'auto' as const,
          requiresArg: true,
          describe: 'How the file is written',
        },
        consistency: {
          choices: CONSISTENCIES,
          requiresArg: true,
          describe: 'How much order to ask for: linearizable, but session for znodes',
        },
        initial: {
          type: 'string',
          requiresArg: true,
          describe: 'Value of registers before the first write, as JSON',
        },
        'nil-reads': {
          choices: ['any', 'value'] as const,
          requiresArg: true,
          describe: 'Does a read of nil tell nothing, or that the value is nil?',
        },
        timeout: {
          type: 'string',
          default: '60s',
          requiresArg: true,
          describe: 'Give up after this time, like 500ms, 60s or 2m',
        },
        json: JSON_FLAG,
        report: {
          type: 'string',
          requiresArg: true,
          describe: 'Write a page here that shows what fails (HTML)',
        },
        force: { type: 'boolean', default: false, describe: 'Overwrite an existing report' },
        color: { type: 'boolean', hidden: true },
      })
      .epilogue(
        'Exit codes: 0 linearizable, 1 not linearizable, 2 unknown, 64 unreadable history.',
      ),
  handler: check,
};

function check(args: ArgumentsCamelCase<CheckArguments>): void {
  const startedMs = performance.now();
  const timeoutMs = durationArgument(args.timeout);
  const initial = initialArgument(args.initial);
  const { history, format, model, consistency, report, force } = args;
  if (report !== undefined) refuseToOverwrite(report, force);
  const text = history === STDIN ? readFileSync(0, 'utf8') : readText(history);
  const limits: Limits = {
    ...DEFAULT_LIMITS,
    maxSteps: Infinity,
    expired: () => performance.now() - startedMs > timeoutMs,
  };
  const checked = checkText(text, {
    format,
    model,
    consistency,
    initial,
    nilReads: args['nil-reads'],
    limits,
    explaining: explainingLimits(startedMs + timeoutMs),
  });
  const file = history === STDIN ? 'standard input' : history;
  if (!checked.ok) {
    const { line, found, expected } = checked;
    throw new UsageError(`${file}:${line}: found ${found}, expected ${expected}`);
  }
  const { verdict, histories } = checked;
  if (report !== undefined) {
    const page = renderLinearizability({ file: basename(file), histories });
    writeLines(report, [page.trimEnd()]);
  }
  const elapsedMs = Math.round(performance.now() - startedMs);
  if (args.json) {
    print(JSON.stringify({ file, verdict, elapsedMs, histories }));
  } else {
    const paint = makePainter(args.color);
    for (const one of histories) for (const line of checkedLines(file, one, paint)) print(line);
    print(`time      ${elapsedMs} ms`);
    if (report !== undefined) print(`report    ${report}`);
  }
  if (histories.every(({ judgement }) => judgement.operations === 0)) {
    complain(`zabsim: ${file} holds no operation: nothing was checked`);
  }
  exitWith(EXIT_OF[verdict]);
}

/** Counted from the first question on, because until then the time is the verdict's. */
function explainingLimits(deadlineMs: number): Limits {
  let endMs: number | undefined;
  const expired = (): boolean => {
    const nowMs = performance.now();
    const { atLeast, atMost } = EXPLAIN_MS;
    endMs ??= Math.max(nowMs + atLeast, Math.min(nowMs + atMost, deadlineMs));
    return nowMs > endMs;
  };
  return { ...DEFAULT_LIMITS, expired };
}

const UNITS_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

function durationArgument(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text);
  if (match === null) throw new UsageError(`--timeout ${text}: expected a time like 500ms or 60s`);
  return Number(match[1]) * (UNITS_MS[match[2] ?? 's'] ?? 1_000);
}

function initialArgument(text: string | undefined): Json | undefined {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw new UsageError(`--initial ${text}: expected JSON, like 0, null or '"a"'`);
  }
}
