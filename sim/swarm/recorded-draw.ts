// A draw that is written down, so that it can be drawn again with something made simpler. The tape
// is a list of integers, each below its bound; a list of items is a count and the stretch of tape
// of each item. Simpler tapes come from taking items out, and from lowering single numbers; what
// they stand for is found by drawing again, so every constraint of the description holds by itself.
// The same idea as in Hypothesis; fast-check's own shrinking works on values and would need to know
// what goes with what.
import { assert } from '../../base/assert.js';
import { Draw } from './draw.js';

const UNIT = 2 ** 32;

/** Integers in [0, bound), anew each time. */
export type Source = (bound: number) => number;

/** A list that was drawn: where its count stands, and where each of its items begins and ends. */
interface Stretch {
  readonly countAt: number;
  readonly items: readonly (readonly [from: number, to: number])[];
}

export interface Tape {
  readonly numbers: readonly number[];
  readonly stretches: readonly Stretch[];
}

/** Draws what the script says, and what it does not say from `beyond`. */
export class RecordedDraw extends Draw {
  readonly #script: readonly number[];
  readonly #beyond: Source;
  readonly #numbers: number[] = [];
  readonly #stretches: Stretch[] = [];

  constructor(script: readonly number[], beyond: Source) {
    super();
    this.#script = script;
    this.#beyond = beyond;
  }

  get tape(): Tape {
    return { numbers: this.#numbers, stretches: this.#stretches };
  }

  #next(bound: number, fresh: () => number): number {
    const at = this.#numbers.length;
    const told = this.#script[at];
    const number = told === undefined ? fresh() : Math.min(told, bound - 1);
    this.#numbers.push(number);
    return number;
  }

  int(bound: number): number {
    assert(Number.isSafeInteger(bound) && bound > 0, 'int: the bound is a positive integer');
    return this.#next(bound, () => this.#beyond(bound));
  }

  unit(): number {
    return this.int(UNIT) / UNIT;
  }

  many<T>(counts: readonly number[], item: () => T): T[] {
    const countAt = this.#numbers.length;
    const most = Math.max(...counts);
    const count = this.#next(most + 1, () => counts[this.#beyond(counts.length)] ?? 0);
    const items: (readonly [number, number])[] = [];
    const result: T[] = [];
    for (let index = 0; index < count; index += 1) {
      const from = this.#numbers.length;
      result.push(item());
      items.push([from, this.#numbers.length]);
    }
    this.#stretches.push({ countAt, items });
    return result;
  }
}

/** The script without some items of one list. */
function without(tape: Tape, { countAt, items }: Stretch, from: number, to: number): number[] {
  const [start] = items[from] ?? [0];
  const end = items[to - 1]?.[1] ?? start;
  const numbers = tape.numbers.slice();
  numbers[countAt] = items.length - (to - from);
  numbers.splice(start, end - start);
  return numbers;
}

/** All, halves, quarters, then one by one, of every list. */
function* shorter(tape: Tape): Generator<number[], void> {
  for (const stretch of tape.stretches) {
    const { length } = stretch.items;
    for (let size = length; size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
      for (let from = 0; from < length; from += size) {
        yield without(tape, stretch, from, Math.min(length, from + size));
      }
    }
  }
}

/** Smaller numbers worth a try: none, half of it, and a little less for what is counted. */
function smallerThan(number: number): number[] {
  const little = number <= 64 ? [number - 1] : [];
  return [...new Set([0, Math.floor(number / 2), ...little])].filter(
    (value) => value >= 0 && value < number,
  );
}

/** Where a script was made simpler, and the script. */
export interface Simpler {
  readonly at: number;
  readonly script: readonly number[];
}

/**
 * Scripts that may stand for something simpler than the tape does, the boldest first. Numbers are
 * lowered from `from` on and then from the beginning: what came before has just been tried.
 */
export function* simplerScripts(tape: Tape, from: number): Generator<Simpler, void> {
  for (const script of shorter(tape)) yield { at: from, script };
  const { numbers } = tape;
  for (let index = 0; index < numbers.length; index += 1) {
    const at = (from + index) % numbers.length;
    for (const value of smallerThan(numbers[at] ?? 0))
      yield { at, script: numbers.with(at, value) };
  }
}

/**
 * Is `a` simpler than `b`: shorter, or as long and smaller in the first number that differs? There
 * is no endless sequence of ever simpler tapes, so shrinking ends.
 */
export function isSimpler(a: Tape, b: Tape): boolean {
  if (a.numbers.length !== b.numbers.length) return a.numbers.length < b.numbers.length;
  const at = a.numbers.findIndex((number, index) => number !== b.numbers[index]);
  return at >= 0 && (a.numbers[at] ?? 0) < (b.numbers[at] ?? 0);
}
