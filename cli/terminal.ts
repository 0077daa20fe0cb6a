// The edge of the process: standard output and error, colours and widths. Results go to stdout, and
// everything that a script would not want to read (progress, complaints) to stderr.
import { Chalk, supportsColor } from 'chalk';
import type { ColorSupportLevel } from 'chalk';
import type { Painter, Tone } from '../reports/painter.js';
import { PLAIN } from '../reports/painter.js';

const WIDTH_PIPED = 100;
const WIDTH_MIN = 72;
const WIDTH_MAX = 140;

export function print(line = ''): void {
  process.stdout.write(`${line}\n`);
}

export function complain(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Columns to write for. */
export function terminalWidth(): number {
  const columns = process.stdout.isTTY ? process.stdout.columns : WIDTH_PIPED;
  return Math.min(WIDTH_MAX, Math.max(WIDTH_MIN, columns));
}

/** May stderr show something that is drawn over again? */
export function isInteractive(): boolean {
  return process.stderr.isTTY;
}

function colourLevel(wanted: boolean | undefined): ColorSupportLevel {
  if (wanted === false) return 0;
  // https://no-color.org: any value but the empty one.
  if (wanted === undefined && (process.env['NO_COLOR'] ?? '') !== '') return 0;
  const supported = supportsColor === false ? 0 : supportsColor.level;
  return wanted === true ? (Math.max(1, supported) as ColorSupportLevel) : supported;
}

/** Colours for a terminal; none when piped, unless `wanted`. */
export function makePainter(wanted: boolean | undefined): Painter {
  const level = colourLevel(wanted);
  if (level === 0) return PLAIN;
  const c = new Chalk({ level });
  const tones: Record<Tone, (text: string) => string> = {
    dim: c.dim,
    strong: c.bold,
    good: c.green,
    bad: c.red,
    warn: c.yellow,
    looking: c.yellow,
    following: c.cyan,
    leading: c.green.bold,
    observing: c.magenta,
    leaving: c.yellow.dim,
    down: c.red,
    fault: c.yellowBright.bold,
    violation: c.red.bold,
  };
  return (tone, text) => tones[tone](text);
}

/** A reader that closes early, as `head` does, ends us quietly. */
export function quietWhenPipeCloses(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0);
    throw error;
  });
}
