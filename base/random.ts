// Randomness as named streams. Each source of chance (`link/1>2`, `disk/3`, `faults`) draws from
// a generator of its own, seeded by the run's seed and its name, so that adding or removing one
// source leaves the draws of all others as they were.
//
// Every value comes from alea by + - * / and rounding only, which IEEE 754 defines to the last
// bit. Math.log and its kin may differ between engines, so the logarithm is our own.

import type seedrandom from 'seedrandom';
import alea from 'seedrandom/lib/alea.js';
import { assert } from './assert.js';

type Position = seedrandom.State.Alea;
type Source = seedrandom.StatefulPRNG<Position>;

const TWO_32 = 4294967296;
const LN_2 = 0.6931471805599453;
const SQRT_HALF = 0.7071067811865476;

function makeSource(seed: string, position: Position | true): Source {
  return alea(seed, { state: position });
}

/** ln(x) for 0 < x <= 1, the same bits on every engine; relative error below 1e-13. */
function naturalLog(x: number): number {
  let mantissa = x;
  let halvings = 0;
  while (mantissa < SQRT_HALF) {
    mantissa *= 2;
    halvings += 1;
  }
  // ln(m) = 2 artanh(z) with |z| < 0.172, so that the first term left out is below 1e-15.
  const z = (mantissa - 1) / (mantissa + 1);
  const z2 = z * z;
  let sum = 0;
  for (let n = 17; n >= 1; n -= 2) sum = sum * z2 + 1 / n;
  return 2 * z * sum - halvings * LN_2;
}

/** One sequence of draws. Obtained from {@link RandomStreams}, which can copy its position. */
export class RandomStream {
  /** Undefined in a fresh copy until something is drawn from it. */
  #source: Source | undefined;
  /** Where the next draw stands; undefined while only the source knows. */
  #position: Position | undefined;

  constructor(source: Source | undefined, position: Position | undefined) {
    this.#source = source;
    this.#position = position;
  }

  /** A number in [0, 1), a multiple of 2^-32. */
  unit(): number {
    if (this.#source === undefined || this.#position !== undefined) return this.#resume()();
    return this.#source();
  }

  #resume(): Source {
    this.#source ??= makeSource('', this.#position ?? true);
    this.#position = undefined;
    return this.#source;
  }

  /** The position, saved once however many copies are taken before the next draw. */
  position(): Position {
    this.#position ??= this.#resume().state();
    return this.#position;
  }

  /** An integer in [0, bound). One draw up to 2^32, two beyond. */
  int(bound: number): number {
    assert(Number.isSafeInteger(bound) && bound > 0, 'int: the bound is a positive integer');
    if (bound <= TWO_32) return Math.floor(this.unit() * bound);
    const high = this.unit();
    const low = Math.floor(this.unit() * 0x200000);
    return Math.floor((high + low / (TWO_32 * 0x200000)) * bound);
  }

  /** An integer in [lo, hi], both ends included. */
  between(lo: number, hi: number): number {
    return lo + this.int(hi - lo + 1);
  }

  /** True with this probability: never at 0, always at 1, and one draw in any case. */
  chance(probability: number): boolean {
    return this.unit() < probability;
  }

  pick<T>(items: readonly T[]): T {
    assert(items.length > 0, 'pick: nothing to choose from');
    return items[this.int(items.length)] as T;
  }

  /** An exponentially distributed number, at most about 22 times its mean. One draw. */
  exponential(mean: number): number {
    return -mean * naturalLog(1 - this.unit());
  }

  /** The same items in a random order, as a new array. */
  shuffle<T>(items: readonly T[]): T[] {
    const result = items.slice();
    for (let last = result.length - 1; last > 0; last -= 1) {
      const chosen = this.int(last + 1);
      const held = result[last] as T;
      result[last] = result[chosen] as T;
      result[chosen] = held;
    }
    return result;
  }
}

/**
 * All streams of one run. A copy continues every stream where the original stands and is
 * independent from then on; it saves positions only, and restores a generator on its first draw.
 */
export class RandomStreams {
  readonly seed: string;
  /** Slot of each name. Shared by all copies: it only grows, and a slot holds no position. */
  #slots = new Map<string, number>();
  #streams: (RandomStream | Position | undefined)[] = [];

  constructor(seed: string) {
    this.seed = seed;
  }

  /** The stream of this name, created at its first use. */
  stream(name: string): RandomStream {
    let slot = this.#slots.get(name);
    if (slot === undefined) {
      slot = this.#slots.size;
      this.#slots.set(name, slot);
    }
    const known = this.#streams[slot];
    if (known instanceof RandomStream) return known;

    const stream =
      known === undefined
        ? new RandomStream(makeSource(`${this.seed}/${name}`, true), undefined)
        : new RandomStream(undefined, known);
    while (this.#streams.length < slot) this.#streams.push(undefined);
    this.#streams[slot] = stream;
    return stream;
  }

  copy(): RandomStreams {
    const twin = new RandomStreams(this.seed);
    twin.#slots = this.#slots;
    twin.#streams = this.#streams.map((stream) =>
      stream instanceof RandomStream ? stream.position() : stream,
    );
    return twin;
  }
}
