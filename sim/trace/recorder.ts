// Where a run leaves its trace. Every record goes into the hash at once; it is stored only at
// level 'full', and becomes an object only for whoever subscribed to its kind. So a fuzz run pays
// for what its checkers read and for nothing else.
//
// Listeners hear records in the order of their indices, even when one of them makes the world
// record something more while it listens (a fault that fires on what it sees).
import { assert } from '../../base/assert.js';
import { Digest } from '../../base/digest.js';
import type { Note } from '../../protocol/note.js';
import { Columns } from './columns.js';
import type { Entry, When } from './fold.js';
import { codeOf, foldRecord } from './fold.js';
import type { ActorId, RecordKind, TraceRecord } from './record.js';
import { RECORD_KINDS } from './record.js';
import { TextTable } from './text-table.js';

export type RecordLevel = 'hash' | 'full';
export type RecordListener = (record: TraceRecord) => void;

export class Recorder {
  readonly level: RecordLevel;
  readonly #texts: TextTable;
  readonly #columns: Columns | undefined;
  readonly #hash: Digest;
  #count = 0;
  /** By kind code. */
  readonly #listeners: RecordListener[][] = RECORD_KINDS.map(() => []);
  readonly #waiting: TraceRecord[] = [];
  #telling = false;
  readonly #lastText: string[] = RECORD_KINDS.map(() => '');
  readonly #lastTextId: number[] = RECORD_KINDS.map(() => 0);
  /** Reused for every record: when, who, why. */
  readonly #when = { atUs: 0, actor: 0, cause: 0 };

  constructor(options: { readonly level: RecordLevel }, prefix?: Recorder) {
    this.level = options.level;
    this.#texts = prefix === undefined ? new TextTable() : prefix.#texts;
    this.#hash = prefix === undefined ? new Digest() : prefix.#hash.copy();
    this.#count = prefix === undefined ? 0 : prefix.#count;
    if (options.level === 'hash') return;
    this.#columns = prefix === undefined ? new Columns(this.#texts) : prefix.#columns?.copy();
    assert(this.#columns !== undefined, 'a full trace cannot begin in the middle');
  }

  /** How many records there are; the index of the next one. */
  get count(): number {
    return this.#count;
  }

  /**
   * Something that the world did. Returns the record's index: the `cause` of what follows from it.
   */
  event(atUs: number, actor: ActorId, cause: number, entry: Entry): number {
    const code = codeOf(entry.kind);
    const textId = this.#textId(code, entry.text);
    const when = this.#when;
    when.atUs = atUs;
    when.actor = actor;
    when.cause = cause;
    foldRecord(this.#hash, when, code, this.#texts.hashOf(textId), entry);
    const index = this.#count;
    this.#count = index + 1;
    if (this.#columns !== undefined) this.#columns.push(when, code, textId, entry);
    const listeners = this.#listeners[code];
    if (listeners !== undefined && listeners.length > 0) {
      this.#tell(makeRecord(index, when, entry), listeners);
    }
    return index;
  }

  /** Records of a kind mostly say what the last one of that kind said. */
  #textId(code: number, text: string): number {
    if (text === '') return 0;
    if (this.#lastText[code] === text) return this.#lastTextId[code] ?? 0;
    const id = this.#texts.idOf(text);
    this.#lastText[code] = text;
    this.#lastTextId[code] = id;
    return id;
  }

  /** What a reducer told about the event `cause`. */
  note(atUs: number, actor: ActorId, cause: number, note: Note): number {
    return this.event(atUs, actor, cause, note);
  }

  /**
   * From now on, `listener` hears every record of these kinds, after those who subscribed earlier.
   */
  subscribe(kinds: readonly RecordKind[], listener: RecordListener): void {
    for (const kind of kinds) this.#listeners[codeOf(kind)]?.push(listener);
  }

  #tell(record: TraceRecord, listeners: readonly RecordListener[]): void {
    if (this.#telling) {
      this.#waiting.push(record);
      return;
    }
    this.#telling = true;
    for (const listener of listeners) listener(record);
    while (this.#waiting.length > 0) {
      const next = this.#waiting.shift();
      if (next === undefined) break;
      for (const listener of this.#listeners[codeOf(next.kind)] ?? []) listener(next);
    }
    this.#telling = false;
  }

  /** Sixteen hexadecimal digits: the hash of all records so far. */
  hex(): string {
    return this.#hash.hex();
  }

  /** A stored record; level 'full' only. */
  at(index: number): TraceRecord {
    assert(this.#columns !== undefined, 'this trace was not stored');
    return this.#columns.at(index);
  }

  /** Every stored record, in order; level 'full' only. */
  *records(): Generator<TraceRecord, void> {
    for (let index = 0; index < this.#count; index++) yield this.at(index);
  }

  /**
   * A recorder for a fork of the world: same past, its own future, nobody listening yet. The
   * stored prefix is shared.
   */
  copy(level: RecordLevel = this.level): Recorder {
    return new Recorder({ level }, this);
  }
}

function makeRecord(index: number, when: When, entry: Entry): TraceRecord {
  return {
    index,
    atUs: when.atUs,
    actor: when.actor as ActorId,
    cause: when.cause,
    kind: entry.kind,
    peer: entry.peer,
    zxid: entry.zxid,
    epoch: entry.epoch,
    value: entry.value,
    digest: entry.digest,
    text: entry.text,
    detail: entry.detail,
  };
}
