// A stored trace: one typed array per slot, in chunks, so that a million records cost 61 bytes
// each and no work for the garbage collector. Full chunks never change, hence forks of a world
// share them and copy only the last one.
import { assert } from '../../base/assert.js';
import type { Detail } from '../../protocol/note.js';
import type { Entry, When } from './fold.js';
import type { ActorId, TraceRecord } from './record.js';
import { RECORD_KINDS } from './record.js';
import type { TextTable } from './text-table.js';

const CHUNK = 1024;

class Chunk {
  readonly kind: Uint8Array;
  readonly actor: Int32Array;
  readonly cause: Int32Array;
  readonly text: Int32Array;
  /** atUs, peer, zxid, epoch, value, digest: six numbers a record. */
  readonly wide: Float64Array;
  readonly details: Map<number, Detail>;

  constructor(of: Chunk | undefined) {
    this.kind = of === undefined ? new Uint8Array(CHUNK) : of.kind.slice();
    this.actor = of === undefined ? new Int32Array(CHUNK) : of.actor.slice();
    this.cause = of === undefined ? new Int32Array(CHUNK) : of.cause.slice();
    this.text = of === undefined ? new Int32Array(CHUNK) : of.text.slice();
    this.wide = of === undefined ? new Float64Array(CHUNK * 6) : of.wide.slice();
    this.details = of === undefined ? new Map<number, Detail>() : new Map(of.details);
  }
}

export class Columns {
  readonly #chunks: Chunk[] = [];
  readonly #texts: TextTable;
  #length = 0;

  constructor(texts: TextTable) {
    this.#texts = texts;
  }

  get length(): number {
    return this.#length;
  }

  push(when: When, kindCode: number, textId: number, entry: Entry): void {
    const at = this.#length % CHUNK;
    if (at === 0) this.#chunks.push(new Chunk(undefined));
    const chunk = this.#chunks[this.#chunks.length - 1];
    assert(chunk !== undefined, 'a chunk was pushed for this row');
    chunk.kind[at] = kindCode;
    chunk.actor[at] = when.actor;
    chunk.cause[at] = when.cause;
    chunk.text[at] = textId;
    const { wide } = chunk;
    wide[at * 6] = when.atUs;
    wide[at * 6 + 1] = entry.peer;
    wide[at * 6 + 2] = entry.zxid;
    wide[at * 6 + 3] = entry.epoch;
    wide[at * 6 + 4] = entry.value;
    wide[at * 6 + 5] = entry.digest;
    if (entry.detail !== undefined) chunk.details.set(at, entry.detail);
    this.#length += 1;
  }

  at(index: number): TraceRecord {
    const chunk = this.#chunks[Math.floor(index / CHUNK)];
    assert(chunk !== undefined && index >= 0 && index < this.#length, 'no such record');
    const at = index % CHUNK;
    const { wide } = chunk;
    const kind = RECORD_KINDS[chunk.kind[at] ?? -1];
    assert(kind !== undefined, 'a stored kind has a name');
    return {
      index,
      atUs: wide[at * 6] ?? 0,
      actor: (chunk.actor[at] ?? 0) as ActorId,
      cause: chunk.cause[at] ?? 0,
      kind,
      peer: wide[at * 6 + 1] ?? 0,
      zxid: wide[at * 6 + 2] ?? 0,
      epoch: wide[at * 6 + 3] ?? 0,
      value: wide[at * 6 + 4] ?? 0,
      digest: wide[at * 6 + 5] ?? 0,
      text: this.#texts.textOf(chunk.text[at] ?? 0),
      detail: chunk.details.get(at),
    };
  }

  copy(): Columns {
    const twin = new Columns(this.#texts);
    twin.#chunks.push(...this.#chunks);
    const last = this.#chunks[this.#chunks.length - 1];
    if (last !== undefined) twin.#chunks[twin.#chunks.length - 1] = new Chunk(last);
    twin.#length = this.#length;
    return twin;
  }
}
