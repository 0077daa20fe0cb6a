// What every format is parsed into before a model is known: operations with a name, perhaps a
// key, a value and a result. And what is said when a file cannot be read: one place, what stands
// there, and what should.
import type { HistoryOp, Json } from '../history.js';

export type Fields = Readonly<Record<string, Json>>;

export interface RawOp {
  /** Name of the operation: read, enqueue, setData... */
  readonly f: string;
  readonly key: Json | undefined;
  readonly value: Json | undefined;
  /** Everything else that the format said about it. */
  readonly fields: Fields;
}

export interface RawResult {
  readonly value: Json | undefined;
  /** It completed, and what it tells is that it was impossible: a compare that failed. */
  readonly refused: boolean;
  readonly fields: Fields;
}

export type RawHistoryOp = HistoryOp<RawOp, RawResult>;
export type RawHistory = readonly RawHistoryOp[];

export const NO_FIELDS: Fields = {};

/** A user's mistake, in the words of the report: thrown by parsers, caught by `parseHistory`. */
export class MalformedHistory extends Error {
  override readonly name = 'MalformedHistory';
  readonly line: number;
  readonly found: string;
  readonly expected: string;

  constructor(line: number, found: string, expected: string) {
    super(`line ${line}: found ${found}, expected ${expected}`);
    this.line = line;
    this.found = found;
    this.expected = expected;
  }
}

const QUOTED_MAX = 60;

/** What stands there, short enough for a message and without control characters. */
export function quote(text: string): string {
  const line = text.split('\n', 1)[0]?.trim() ?? '';
  if (line === '') return text === '' ? 'nothing' : 'an empty line';
  const short = line.length > QUOTED_MAX ? `${line.slice(0, QUOTED_MAX - 1)}…` : line;
  return JSON.stringify(short);
}

export function isFields(value: Json | undefined): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Clients are numbers in some formats and names in others. */
export function clientName(value: Json | undefined, line: number): string {
  if (typeof value === 'number' || typeof value === 'string') return String(value);
  throw new MalformedHistory(line, quote(JSON.stringify(value ?? null)), 'a client (process)');
}
