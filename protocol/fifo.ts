// A queue as a value: a window (start, end) on a shared append-only buffer. Pushing to the newest
// window and shifting cost O(1) and leave older windows untouched, so a state that holds queues is
// copied by copying references.
import { assert } from '../base/assert.js';

const COMPACT_AT = 512;

export class Fifo<T> {
  readonly #buffer: T[];
  readonly #start: number;
  readonly #end: number;

  private constructor(buffer: T[], start: number, end: number) {
    this.#buffer = buffer;
    this.#start = start;
    this.#end = end;
  }

  static of<T>(items: readonly T[]): Fifo<T> {
    return new Fifo(items.slice(), 0, items.length);
  }

  get length(): number {
    return this.#end - this.#start;
  }

  /** The oldest item, or undefined. */
  get head(): T | undefined {
    return this.#start < this.#end ? this.#buffer[this.#start] : undefined;
  }

  at(index: number): T {
    assert(index >= 0 && index < this.length, 'queue index out of range');
    return this.#buffer[this.#start + index] as T;
  }

  push(item: T): Fifo<T> {
    let buffer = this.#buffer;
    let start = this.#start;
    let end = this.#end;
    const wasteful = start >= COMPACT_AT && start * 2 > end;
    if (wasteful || buffer.length !== end || end === 0) {
      buffer = buffer.slice(start, end);
      end -= start;
      start = 0;
    }
    buffer.push(item);
    return new Fifo(buffer, start, end + 1);
  }

  /** Without the oldest `count` items. */
  drop(count: number): Fifo<T> {
    assert(count >= 0 && count <= this.length, 'cannot drop more than there is');
    if (count === 0) return this;
    return new Fifo(this.#buffer, this.#start + count, this.#end);
  }

  /** The same queue with one item replaced; copies the window. */
  with(index: number, item: T): Fifo<T> {
    assert(index >= 0 && index < this.length, 'queue index out of range');
    const items = this.#buffer.slice(this.#start, this.#end);
    items[index] = item;
    return new Fifo(items, 0, items.length);
  }

  toArray(): T[] {
    return this.#buffer.slice(this.#start, this.#end);
  }
}

const EMPTY: Fifo<never> = Fifo.of<never>([]);

/** The empty queue; pushing to it copies nothing but starts a buffer of its own. */
export function emptyFifo<T>(): Fifo<T> {
  return EMPTY;
}
