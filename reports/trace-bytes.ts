// A trace as bytes, small once deflated: column after column, each in the form that repeats itself
// most. Times and causes are distances; texts are numbers of a table; of the wide numbers (zxids,
// lineages, digests, sessions) each is spelled out once and afterwards named by how long ago it
// was new. Reading gives the columns back, ready for searching and drawing.
import { assert } from '../base/assert.js';
import type { Detail } from '../protocol/note.js';
import type { TraceRecord } from '../sim/trace/record.js';
import { RECORD_KINDS } from '../sim/trace/record.js';

export interface TraceColumns {
  readonly count: number;
  /** Index in RECORD_KINDS. */
  readonly kind: Uint8Array;
  readonly actor: Int32Array;
  readonly cause: Int32Array;
  readonly peer: Int32Array;
  /** Index in `texts`. */
  readonly text: Int32Array;
  readonly atUs: Float64Array;
  readonly zxid: Float64Array;
  readonly epoch: Float64Array;
  readonly value: Float64Array;
  readonly digest: Float64Array;
  readonly texts: readonly string[];
  readonly details: ReadonlyMap<number, Detail>;
}

/** What does not fit into numbers, as plain data. */
export interface TraceTexts {
  readonly kinds: readonly string[];
  readonly texts: readonly string[];
  readonly details: readonly Detail[];
}

export interface EncodedTrace {
  readonly bytes: Uint8Array;
  readonly texts: TraceTexts;
}

class Writer {
  #bytes = new Uint8Array(1 << 12);
  length = 0;

  byte(value: number): void {
    if (this.length === this.#bytes.length) {
      const larger = new Uint8Array(this.#bytes.length * 2);
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    this.#bytes[this.length] = value;
    this.length += 1;
  }

  /** A whole number of 0 or more, seven bits a byte, the low ones first. */
  count(value: number): void {
    assert(Number.isSafeInteger(value) && value >= 0, 'a count is a whole number');
    let rest = value;
    while (rest >= 128) {
      this.byte((rest % 128) + 128);
      rest = Math.floor(rest / 128);
    }
    this.byte(rest);
  }

  whole(value: number): void {
    this.count(value < 0 ? -value * 2 - 1 : value * 2);
  }

  bytes(): Uint8Array {
    return this.#bytes.slice(0, this.length);
  }
}

class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  byte(): number {
    const value = this.#bytes[this.#at];
    assert(value !== undefined, 'the bytes of a trace end too early');
    this.#at += 1;
    return value;
  }

  count(): number {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = this.byte();
      if (byte < 128) return value + byte * scale;
      value += (byte - 128) * scale;
      scale *= 128;
    }
  }

  whole(): number {
    const value = this.count();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }
}

/** 0: zero; 1: new, spelled out; 2: new and negative; from 3: what was new so long ago. */
class WideWriter {
  readonly #seen = new Map<number, number>();

  write(into: Writer, value: number): void {
    if (value === 0) {
      into.count(0);
      return;
    }
    const known = this.#seen.get(value);
    if (known !== undefined) {
      into.count(this.#seen.size - known + 2);
      return;
    }
    this.#seen.set(value, this.#seen.size);
    into.count(value > 0 ? 1 : 2);
    into.count(Math.abs(value));
  }
}

class WideReader {
  readonly #seen: number[] = [];

  read(from: Reader): number {
    const code = from.count();
    if (code === 0) return 0;
    if (code > 2) return this.#seen[this.#seen.length + 2 - code] ?? 0;
    const value = code === 1 ? from.count() : -from.count();
    this.#seen.push(value);
    return value;
  }
}

const KINDS = new Map<string, number>(RECORD_KINDS.map((kind, code) => [kind, code]));
const WIDE = ['zxid', 'epoch', 'value', 'digest'] as const;

/** `records` are read several times, so they are an array or a function's fresh iterators. */
export function encodeTrace(records: () => Iterable<TraceRecord>): EncodedTrace {
  const out = new Writer();
  const texts: string[] = [];
  const ids = new Map<string, number>();
  const details: Detail[] = [];
  const idOf = (text: string): number => {
    const known = ids.get(text);
    if (known !== undefined) return known;
    ids.set(text, texts.length);
    texts.push(text);
    return texts.length - 1;
  };
  let count = 0;
  for (const record of records()) {
    count += 1;
    if (record.detail !== undefined) details.push(record.detail);
  }
  out.count(count);
  const column = (write: (record: TraceRecord) => void): void => {
    for (const record of records()) write(record);
  };
  column(({ kind, detail }) => out.byte((KINDS.get(kind) ?? 0) * 2 + (detail ? 1 : 0)));
  column(({ actor }) => out.count(actor));
  column(({ index, cause }) => out.count(cause < 0 ? 0 : index - cause));
  column(({ peer }) => out.whole(peer));
  column(({ text }) => out.count(idOf(text)));
  let lastUs = 0;
  column(({ atUs }) => {
    out.whole(atUs - lastUs);
    lastUs = atUs;
  });
  for (const slot of WIDE) {
    const wide = new WideWriter();
    column((record) => wide.write(out, record[slot]));
  }
  return { bytes: out.bytes(), texts: { kinds: RECORD_KINDS, texts, details } };
}

export function decodeTrace(bytes: Uint8Array, tables: TraceTexts): TraceColumns {
  const from = new Reader(bytes);
  const count = from.count();
  const kind = new Uint8Array(count);
  const details = new Map<number, Detail>();
  const codes = tables.kinds.map((name) => KINDS.get(name) ?? 0);
  for (let at = 0; at < count; at++) {
    const code = from.byte();
    kind[at] = codes[code >> 1] ?? 0;
    const detail = code % 2 === 1 ? tables.details[details.size] : undefined;
    if (detail !== undefined) details.set(at, detail);
  }
  const ints = (read: (at: number) => number): Int32Array => {
    const column = new Int32Array(count);
    for (let at = 0; at < count; at++) column[at] = read(at);
    return column;
  };
  const actor = ints(() => from.count());
  const cause = ints((at) => {
    const back = from.count();
    return back === 0 ? -1 : at - back;
  });
  const peer = ints(() => from.whole());
  const text = ints(() => from.count());
  const atUs = new Float64Array(count);
  let lastUs = 0;
  for (let at = 0; at < count; at++) {
    lastUs += from.whole();
    atUs[at] = lastUs;
  }
  const [zxid, epoch, value, digest] = WIDE.map(() => {
    const wide = new WideReader();
    const column = new Float64Array(count);
    for (let at = 0; at < count; at++) column[at] = wide.read(from);
    return column;
  }) as [Float64Array, Float64Array, Float64Array, Float64Array];
  const columns = { count, kind, actor, cause, peer, text, atUs, zxid, epoch, value, digest };
  return { ...columns, texts: tables.texts, details };
}
