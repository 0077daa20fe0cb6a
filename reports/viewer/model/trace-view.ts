// A trace as the page holds it: columns for everything that is done for all records at once, and
// records as objects for the few that are told in words. Times ascend, so a moment is found by
// halving.
import type { RecordKind, TraceRecord } from '../../../sim/trace/record.js';
import { RECORD_KINDS } from '../../../sim/trace/record.js';
import type { ActorId } from '../../../sim/trace/record.js';
import type { TraceColumns } from '../../trace-bytes.js';

const CODES = new Map<RecordKind, number>(RECORD_KINDS.map((kind, code) => [kind, code]));

/** Number of a kind in the columns. */
export function codeOf(kind: RecordKind): number {
  return CODES.get(kind) ?? -1;
}

/** A table from kind to whether it is one of `kinds`: for loops over all records. */
export function kindSet(kinds: readonly RecordKind[]): Uint8Array {
  const set = new Uint8Array(RECORD_KINDS.length);
  for (const kind of kinds) set[codeOf(kind)] = 1;
  return set;
}

/** First index in ascending `list` whose entry is at least `value`. */
export function lowerBound(list: ArrayLike<number>, value: number): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((list[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

export class TraceView {
  readonly columns: TraceColumns;
  readonly length: number;
  readonly endUs: number;

  constructor(columns: TraceColumns) {
    this.columns = columns;
    this.length = columns.count;
    this.endUs = columns.atUs[columns.count - 1] ?? 0;
  }

  kindOf(index: number): RecordKind {
    return RECORD_KINDS[this.columns.kind[index] ?? 0] as RecordKind;
  }

  textOf(index: number): string {
    return this.columns.texts[this.columns.text[index] ?? 0] ?? '';
  }

  atUs(index: number): number {
    return this.columns.atUs[index] ?? 0;
  }

  at(index: number): TraceRecord {
    const c = this.columns;
    return {
      index,
      atUs: c.atUs[index] ?? 0,
      actor: (c.actor[index] ?? 0) as ActorId,
      cause: c.cause[index] ?? -1,
      kind: this.kindOf(index),
      peer: c.peer[index] ?? 0,
      zxid: c.zxid[index] ?? 0,
      epoch: c.epoch[index] ?? 0,
      value: c.value[index] ?? 0,
      digest: c.digest[index] ?? 0,
      text: this.textOf(index),
      detail: c.details.get(index),
    };
  }

  *records(from = 0, to = this.length): Generator<TraceRecord, void> {
    for (let index = from; index < to; index++) yield this.at(index);
  }

  /** The first record at or after a time; `length` when there is none. */
  firstAt(us: number): number {
    return lowerBound(this.columns.atUs, us);
  }

  /** Ascending indices of the records of these kinds. */
  ofKinds(kinds: readonly RecordKind[]): number[] {
    const set = kindSet(kinds);
    const { kind } = this.columns;
    const found: number[] = [];
    for (let at = 0; at < this.length; at++) if (set[kind[at] as number] === 1) found.push(at);
    return found;
  }

  /** The event that a record belongs to: itself, or for a note the event it was made in. */
  eventOf(index: number): number {
    const { kind, cause, atUs } = this.columns;
    const why = cause[index] ?? -1;
    const isNote = (kind[index] ?? 0) >= FIRST_NOTE || this.kindOf(index) === 'crash';
    return isNote && why >= 0 && atUs[why] === atUs[index] ? why : index;
  }
}

const FIRST_NOTE = codeOf('vote');
