// The memory of a search: configurations from which no completion exists. A configuration is the
// first return still to be explained, the completed operations linearized among those open there,
// the pending ones used, and the state. That is exact: whatever returned earlier is linearized,
// whatever is invoked later is not. ([Lowe17] keeps the whole set of linearized operations.)
//
// Pending operations are optional, so using fewer of them leaves more freedom: a dead
// configuration also kills every one that differs from it only by having used more. A few of the
// smallest such sets are compared for each rest of the key; equal keys are always found.
//
// Memory is bounded by two generations: when the young one is full the old one is forgotten. What
// is forgotten may be searched again, which costs time and never a wrong answer.
const FIRST_ROWS = 256;
/** Sets of pending operations compared for each rest of the key. */
const COMPARED = 8;

/** Row numbers + 1 by hash, open addressing; 0 is a free place. */
type Table = Int32Array;

class Generation {
  /** Words of a key that must be equal, and all of them. */
  readonly #exact: number;
  readonly #stride: number;
  #rows: Int32Array;
  #byKey: Table;
  /**
   * By the exact words alone, COMPARED places each; empty when there is nothing else to compare.
   */
  #byExact: Table;
  #exactCount = 0;
  count = 0;

  constructor(exact: number, stride: number) {
    this.#exact = exact;
    this.#stride = stride;
    this.#rows = new Int32Array(FIRST_ROWS * stride);
    this.#byKey = new Int32Array(FIRST_ROWS * 2);
    this.#byExact = new Int32Array(exact === stride ? 0 : FIRST_ROWS * 2 * COMPARED);
  }

  has(key: Int32Array): boolean {
    if (this.count === 0) return false;
    if (this.#byKey[this.#placeOf(key, 0)] !== 0) return true;
    if (this.#exact === this.#stride) return false;
    const bucket = this.#bucketOf(key, 0);
    for (let at = bucket; at < bucket + COMPARED; at += 1) {
      const row = this.#byExact[at] as number;
      if (row === 0) return false;
      if (this.#usesOnly((row - 1) * this.#stride, key)) return true;
    }
    return false;
  }

  /** Place of an equal key, or the free one where it belongs; `keys` holds it from `base` on. */
  #placeOf(keys: Int32Array, base: number): number {
    const mask = this.#byKey.length - 1;
    let at = hashOf(keys, base, this.#stride) & mask;
    for (; ; at = (at + 1) & mask) {
      const row = this.#byKey[at] as number;
      if (row === 0 || this.#equal((row - 1) * this.#stride, keys, base, this.#stride)) return at;
    }
  }

  #bucketOf(keys: Int32Array, base: number): number {
    const mask = this.#byExact.length / COMPARED - 1;
    let bucket = hashOf(keys, base, this.#exact) & mask;
    for (; ; bucket = (bucket + 1) & mask) {
      const row = this.#byExact[bucket * COMPARED] as number;
      if (row === 0) break;
      if (this.#equal((row - 1) * this.#stride, keys, base, this.#exact)) break;
    }
    return bucket * COMPARED;
  }

  #equal(row: number, keys: Int32Array, base: number, words: number): boolean {
    for (let word = 0; word < words; word += 1) {
      if (this.#rows[row + word] !== keys[base + word]) return false;
    }
    return true;
  }

  /** Has the row used no pending operation that `key` has not? */
  #usesOnly(row: number, key: Int32Array): boolean {
    for (let word = this.#exact; word < this.#stride; word += 1) {
      if (((this.#rows[row + word] as number) & ~(key[word] as number)) !== 0) return false;
    }
    return true;
  }

  add(key: Int32Array): void {
    if ((this.count + 1) * this.#stride > this.#rows.length) {
      const rows = new Int32Array(this.#rows.length * 2);
      rows.set(this.#rows);
      this.#rows = rows;
    }
    if ((this.count + 1) * 2 > this.#byKey.length) this.#growByKey();
    const place = this.#placeOf(key, 0);
    if (this.#byKey[place] !== 0) return;
    this.#rows.set(key, this.count * this.#stride);
    this.count += 1;
    this.#byKey[place] = this.count;
    if (this.#exact === this.#stride) return;
    if ((this.#exactCount + 1) * 2 * COMPARED > this.#byExact.length) this.#growByExact();
    this.#putByExact(this.#bucketOf(key, 0), this.count);
  }

  /**
   * The first ones found dead tend to be the smallest, because pending operations are tried last.
   */
  #putByExact(bucket: number, row: number): void {
    for (let at = bucket; at < bucket + COMPARED; at += 1) {
      if (this.#byExact[at] !== 0) continue;
      this.#byExact[at] = row;
      if (at === bucket) this.#exactCount += 1;
      return;
    }
  }

  #growByKey(): void {
    this.#byKey = new Int32Array(this.#byKey.length * 2);
    for (let row = 0; row < this.count; row += 1) {
      this.#byKey[this.#placeOf(this.#rows, row * this.#stride)] = row + 1;
    }
  }

  #growByExact(): void {
    const before = this.#byExact;
    this.#byExact = new Int32Array(before.length * 2);
    for (let from = 0; from < before.length; from += COMPARED) {
      const row = before[from] as number;
      if (row === 0) continue;
      const to = this.#bucketOf(this.#rows, (row - 1) * this.#stride);
      this.#byExact.set(before.subarray(from, from + COMPARED), to);
    }
  }
}

function hashOf(words: Int32Array, from: number, count: number): number {
  let hash = 0x9e3779b9 | 0;
  for (let word = from; word < from + count; word += 1) {
    hash = Math.imul(hash ^ (words[word] as number), 0x85ebca6b);
    hash ^= hash >>> 15;
  }
  hash = Math.imul(hash, 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

export class DeadSet {
  readonly #exact: number;
  readonly #stride: number;
  readonly #halfCapacity: number;
  #young: Generation;
  #old: Generation | undefined = undefined;
  /** How many were ever added; more than are remembered once the capacity is reached. */
  added = 0;

  /** Keys are `exact` words that must be equal, then `pending` words of operations used. */
  constructor(exact: number, pending: number, capacity: number) {
    this.#exact = exact;
    this.#stride = exact + pending;
    this.#halfCapacity = Math.max(1, capacity >> 1);
    this.#young = new Generation(this.#exact, this.#stride);
  }

  has(key: Int32Array): boolean {
    return this.#young.has(key) || (this.#old?.has(key) ?? false);
  }

  add(key: Int32Array): void {
    if (this.#young.count >= this.#halfCapacity) {
      this.#old = this.#young;
      this.#young = new Generation(this.#exact, this.#stride);
    }
    this.#young.add(key);
    this.added += 1;
  }
}
