// Chance as the swarm asks for it. What a scenario looks like is described once, as a function of a
// Draw; a campaign draws from one of our streams, a fast-check property from fast-check's generator
// (recorded-draw.ts), which then shrinks what it found by drawing again from smaller numbers.
//
// So that smaller means simpler: 0 is the first of a list, the lower end of a range, the `no` of a
// chance, and a list whose items are drawn by `many` can lose any of them. A list of choices is
// written with the plainest first.
//
// Measured: drawing takes a campaign about 1% of the time of a run. fast-check's way through the
// same description takes up to twice as long, which is still little; but a campaign must not depend
// on how fast-check draws its numbers, or an update of that package would give every seed another
// meaning.
import type { RandomStream } from '../../base/random.js';

export abstract class Draw {
  /** A number in [0, 1), a multiple of 2^-32. */
  abstract unit(): number;
  /** An integer in [0, bound). */
  abstract int(bound: number): number;
  /** As many items as one of `counts` says. None depends on how many others there are. */
  abstract many<T>(counts: readonly number[], item: () => T): T[];

  /** An integer in [lo, hi], both ends included. */
  between(lo: number, hi: number): number {
    return lo + this.int(hi - lo + 1);
  }

  chance(probability: number): boolean {
    return this.unit() >= 1 - probability;
  }

  pick<T>(items: readonly T[]): T {
    return items[this.int(items.length)] as T;
  }

  shuffle<T>(items: readonly T[]): T[] {
    const rest = items.slice();
    const result: T[] = [];
    while (rest.length > 0) result.push(...rest.splice(this.int(rest.length), 1));
    return result;
  }
}

/** From one of our streams: what a campaign draws for a seed. */
export class StreamDraw extends Draw {
  readonly #stream: RandomStream;

  constructor(stream: RandomStream) {
    super();
    this.#stream = stream;
  }

  unit(): number {
    return this.#stream.unit();
  }

  int(bound: number): number {
    return this.#stream.int(bound);
  }

  many<T>(counts: readonly number[], item: () => T): T[] {
    return Array.from({ length: this.#stream.pick(counts) }, item);
  }
}
