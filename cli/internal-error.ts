// Our own bug, told to whoever met it: short, with what the simulator was doing last and how to
// make it happen again. The stack is for us and shown on request.
import { madeBy } from './package-info.js';

let lastEvent = '';

/** Called while a simulation runs, so that a crash can say how far it got. */
export function noteLastEvent(text: string): void {
  lastEvent = text;
}

function quoted(argument: string): string {
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", `'\\''`)}'`;
}

export function commandText(argv: readonly string[]): string {
  return ['npx zabsim', ...argv.map(quoted)].join(' ');
}

export function internalErrorLines(error: unknown, argv: readonly string[]): string[] {
  const thrown = error instanceof Error ? error : new Error(String(error));
  const { message, name } = thrown;
  const cause = thrown.cause instanceof Error ? thrown.cause : thrown;
  const wantsStack = (process.env['ZABSIM_STACK'] ?? '') !== '';
  return [
    `zabsim: this is a bug in zabsim: ${name}: ${message}`,
    ...(lastEvent === '' ? [] : [`  last event:    ${lastEvent}`]),
    `  to reproduce:  ${commandText(argv)}`,
    `  to report it:  send this text and the scenario file, if any, to the maintainers`,
    `                 (ZABSIM_STACK=1 adds the stack)  ${madeBy()}`,
    ...(wantsStack ? [cause.stack ?? 'no stack'] : []),
  ];
}
