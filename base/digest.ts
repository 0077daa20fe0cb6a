// An incremental 64-bit hash for traces: two runs are the same run if their digests agree. It is
// two 32-bit lanes in the manner of MurmurHash3, each fed into the other, because 32-bit integer
// multiplication is what a JavaScript engine does fast. It guards against accidents and is no
// defence against somebody who wants a collision.
//
// For a given word a step maps the pair of lanes one to one, so a difference once absorbed stays
// until another one cancels it. Numbers take two words and strings begin with their length, so
// that no two sequences of calls of the same shape feed the same words.

import { assert } from './assert.js';

const scratch = new DataView(new ArrayBuffer(8));

/** Spreads every input bit over all 32 output bits; one to one. */
function finalize(word: number): number {
  let h = word;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

function hex8(word: number): string {
  return (word >>> 0).toString(16).padStart(8, '0');
}

export class Digest {
  #a = 0x243f6a88;
  #b = 0x13198a2e;
  #words = 0;

  /** Absorbs the low 32 bits of an integer. */
  addInt(word: number): void {
    let x = Math.imul(word, 0xcc9e2d51);
    x = Math.imul((x << 15) | (x >>> 17), 0x1b873593);
    let y = Math.imul(word, 0x239b961b);
    y = Math.imul((y << 16) | (y >>> 16), 0xab0e9789);

    let a = this.#a ^ x;
    a = ((a << 13) | (a >>> 19)) + this.#b;
    a = (Math.imul(a, 5) + 0x561ccd1b) | 0;
    let b = this.#b ^ y;
    b = ((b << 17) | (b >>> 15)) + a;
    b = (Math.imul(b, 5) + 0x0bcaa747) | 0;

    this.#a = a;
    this.#b = b;
    this.#words = (this.#words + 1) | 0;
  }

  /** Absorbs all 64 bits of any finite number; 0 and -0 count as one. */
  addNumber(value: number): void {
    assert(Number.isFinite(value), 'Digest: a number that is not finite');
    scratch.setFloat64(0, value + 0);
    this.addInt(scratch.getInt32(4));
    this.addInt(scratch.getInt32(0));
  }

  /** Absorbs the length and every UTF-16 code unit. */
  addString(text: string): void {
    const { length } = text;
    this.addInt(length);
    const even = length & ~1;
    for (let i = 0; i < even; i += 2) {
      this.addInt(text.charCodeAt(i) | (text.charCodeAt(i + 1) << 16));
    }
    if (even < length) this.addInt(text.charCodeAt(even));
  }

  /** An independent digest of what this one has absorbed. */
  copy(): Digest {
    const twin = new Digest();
    twin.#a = this.#a;
    twin.#b = this.#b;
    twin.#words = this.#words;
    return twin;
  }

  /** Sixteen hexadecimal digits. More may be absorbed afterwards. */
  hex(): string {
    const a = finalize((this.#a ^ this.#words) + this.#b);
    const b = finalize((this.#b ^ this.#words) + a);
    return hex8(a + b) + hex8(b);
  }
}

/** A 32-bit hash of a string, unsigned. */
export function hashString(text: string): number {
  let h = text.length;
  for (let i = 0; i < text.length; i += 1) {
    h ^= Math.imul(text.charCodeAt(i), 0xcc9e2d51);
    h = Math.imul((h << 13) | (h >>> 19), 5) + 0x2f0b4c47;
  }
  return finalize(h) >>> 0;
}
