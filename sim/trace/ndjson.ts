// A trace as text, one JSON object a line: first a header, then every record in order, with the
// slots that it uses; the last record, of kind `end`, carries the trace hash. So a reader knows
// at once what it has, and at the end whether it had all of it.
//
// Reading is strict and feeds a Recorder: what was saved is recorded again, the hash comes out
// the same or the file is not what was saved, and whoever listens hears what they would have
// heard live.
import { assert } from '../../base/assert.js';
import type { Detail } from '../../protocol/note.js';
import { codeOf } from './fold.js';
import type { Entry } from './fold.js';
import type { ActorId, RecordKind, TraceRecord } from './record.js';
import { Recorder } from './recorder.js';

export const TRACE_FORMAT = 1;

/** First line of a file. What else it holds is the business of whoever runs scenarios. */
export interface TraceHeader {
  readonly zabsim: typeof TRACE_FORMAT;
  readonly seed: string;
  /**
   * The scenario as plain data, with everything resolved: enough to run it, and to judge the
   * trace.
   */
  readonly scenario: unknown;
  readonly [more: string]: unknown;
}

export interface SavedTrace {
  readonly header: TraceHeader;
  /** Level 'full': all records are there. */
  readonly recorder: Recorder;
}

export interface TraceProblem {
  /** From 1. */
  readonly line: number;
  readonly found: string;
  readonly expected: string;
}

export type Decoded =
  | { readonly ok: true; readonly trace: SavedTrace }
  | { readonly ok: false; readonly problem: TraceProblem };

const ZXID = /^(\d{1,7}):(\d{1,10})$/;
const SLOTS = ['peer', 'epoch', 'value', 'digest'] as const;
const FIELDS = new Set<string>([
  ...['index', 'atUs', 'actor', 'cause', 'kind', 'zxid', 'text', 'detail', 'hash'],
  ...SLOTS,
]);

/** As `epoch:counter`, which is exact. */
function encodeZxid(zxid: number): string | number {
  if (zxid < 0) return zxid;
  return `${Math.floor(zxid / 2 ** 32)}:${zxid % 2 ** 32}`;
}

function encodeRecord(record: TraceRecord, hash?: string): string {
  const { index, atUs, actor, cause, kind, text, detail } = record;
  const line: Record<string, unknown> = { index, atUs, actor, cause, kind };
  if (record.peer !== 0) line['peer'] = record.peer;
  if (record.zxid !== 0) line['zxid'] = encodeZxid(record.zxid);
  if (record.epoch !== 0) line['epoch'] = record.epoch;
  if (record.value !== 0) line['value'] = record.value;
  if (record.digest !== 0) line['digest'] = record.digest;
  if (text !== '') line['text'] = text;
  if (detail !== undefined) line['detail'] = detail;
  if (hash !== undefined) line['hash'] = hash;
  return JSON.stringify(line);
}

/** The lines of a stored trace, without line ends. The run must be over. */
export function* encodeTrace(header: TraceHeader, recorder: Recorder): Generator<string, void> {
  const last = recorder.count - 1;
  assert(last >= 0 && recorder.at(last).kind === 'end', 'a saved trace ends with its end record');
  yield JSON.stringify(header);
  for (const record of recorder.records()) {
    yield encodeRecord(record, record.index === last ? recorder.hex() : undefined);
  }
}

/** Thrown and caught in this file only. */
class Unreadable extends Error {
  readonly found: string;
  readonly expected: string;

  constructor(found: string, expected: string) {
    super(expected);
    this.found = found;
    this.expected = expected;
  }
}

function shortened(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

function quoted(value: unknown): string {
  return value === undefined ? 'missing' : shortened(JSON.stringify(value));
}

function parseObject(line: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new Unreadable(shortened(line), 'a JSON object');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Unreadable(shortened(line), 'a JSON object');
  }
  return Object.fromEntries(Object.entries(value));
}

function decodeHeader(line: string): TraceHeader {
  const header = parseObject(line);
  if (header['zabsim'] === undefined) {
    throw new Unreadable(shortened(line), 'the header of a zabsim trace');
  }
  if (header['zabsim'] !== TRACE_FORMAT) {
    throw new Unreadable(
      `trace format ${quoted(header['zabsim'])}`,
      `trace format ${TRACE_FORMAT}`,
    );
  }
  const { seed, scenario } = header;
  if (typeof seed !== 'string') throw new Unreadable('no seed', 'a header with a seed');
  if (scenario === undefined) throw new Unreadable('no scenario', 'a header with a scenario');
  return { ...header, zabsim: TRACE_FORMAT, seed, scenario };
}

function integer(fields: Record<string, unknown>, name: string): number {
  const value = fields[name];
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
  throw new Unreadable(`${name} ${quoted(value)}`, `${name}: an integer`);
}

function slot(fields: Record<string, unknown>, name: string): number {
  return fields[name] === undefined ? 0 : integer(fields, name);
}

function decodeZxid(fields: Record<string, unknown>): number {
  const value = fields['zxid'];
  if (typeof value !== 'string') return slot(fields, 'zxid');
  const parts = ZXID.exec(value);
  const zxid = Number(parts?.[1]) * 2 ** 32 + Number(parts?.[2]);
  if (Number.isSafeInteger(zxid)) return zxid;
  throw new Unreadable(`zxid ${quoted(value)}`, 'zxid: epoch:counter');
}

function decodeEntry(fields: Record<string, unknown>): Entry {
  const strange = Object.keys(fields).find((name) => !FIELDS.has(name));
  if (strange !== undefined) throw new Unreadable(`field ${strange}`, 'the fields of a record');
  const { kind, text = '', detail } = fields;
  if (typeof kind !== 'string' || codeOf(kind) < 0) {
    throw new Unreadable(`kind ${quoted(kind)}`, 'a kind of record');
  }
  if (typeof text !== 'string') {
    throw new Unreadable(`text ${quoted(text)}`, 'text: a string');
  }
  if (detail !== undefined && (typeof detail !== 'object' || detail === null)) {
    throw new Unreadable(`detail ${quoted(detail)}`, 'detail: an object');
  }
  return {
    kind: kind as RecordKind,
    peer: slot(fields, 'peer'),
    zxid: decodeZxid(fields),
    epoch: slot(fields, 'epoch'),
    value: slot(fields, 'value'),
    digest: slot(fields, 'digest'),
    text,
    // Its content is vouched for by the trace hash.
    detail: detail as Detail | undefined,
  };
}

/** Records one line; true for the last one. */
function decodeRecord(line: string, into: Recorder): boolean {
  const fields = parseObject(line);
  const entry = decodeEntry(fields);
  const index = integer(fields, 'index');
  if (index !== into.count) {
    throw new Unreadable(`record ${index}`, `record ${into.count}: none missing, none twice`);
  }
  const cause = integer(fields, 'cause');
  if (cause < -1 || cause >= index) {
    throw new Unreadable(`cause ${cause}`, 'a cause before the record itself, or -1');
  }
  const actor = integer(fields, 'actor');
  if (actor < 0) throw new Unreadable(`actor ${actor}`, 'actor: 0 or more');
  into.event(integer(fields, 'atUs'), actor as ActorId, cause, entry);
  if (entry.kind !== 'end') {
    if (fields['hash'] !== undefined)
      throw new Unreadable('a hash', 'a hash in the end record only');
    return false;
  }
  if (fields['hash'] !== into.hex()) {
    throw new Unreadable(
      `hash ${quoted(fields['hash'])}`,
      `hash "${into.hex()}", which is that of the records above: the file has been changed`,
    );
  }
  return true;
}

function readAll(lines: Iterable<string>, at: { line: number }, recorder: Recorder): TraceHeader {
  let header: TraceHeader | undefined;
  let ended = false;
  for (const line of lines) {
    at.line += 1;
    if (line === '' && ended) continue;
    if (ended) throw new Unreadable(shortened(line), 'nothing after the end record');
    if (header === undefined) header = decodeHeader(line);
    else ended = decodeRecord(line, recorder);
  }
  at.line += 1;
  if (header === undefined) throw new Unreadable('an empty file', 'the header of a zabsim trace');
  if (!ended) {
    throw new Unreadable(
      `the end of the file after ${recorder.count} records`,
      'an end record: the file has been cut short',
    );
  }
  return header;
}

/** Reads a saved trace. `recorder`, if given, may have listeners already; its level is its own. */
export function decodeTrace(
  lines: Iterable<string>,
  recorder: Recorder = new Recorder({ level: 'full' }),
): Decoded {
  const at = { line: 0 };
  try {
    return { ok: true, trace: { header: readAll(lines, at, recorder), recorder } };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    const { found, expected } = error;
    return { ok: false, problem: { line: at.line, found, expected } };
  }
}
