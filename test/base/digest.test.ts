// The trace hash: pinned, injective where it claims to be, and well mixed.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Digest, hashString } from '../../base/digest.js';

function digestOf(absorb: (digest: Digest) => void): string {
  const digest = new Digest();
  absorb(digest);
  return digest.hex();
}

const ofNumber = (value: number): string =>
  digestOf((d) => {
    d.addNumber(value);
  });
const ofString = (text: string): string =>
  digestOf((d) => {
    d.addString(text);
  });

function bits(hex: string): string {
  return Array.from(hex)
    .map((digit) => parseInt(digit, 16).toString(2).padStart(4, '0'))
    .join('');
}

describe('Digest', () => {
  it('gives the same digits on every machine', () => {
    const digest = new Digest();
    expect(digest.hex()).toBe('def37b196d4790b1');
    digest.addInt(1);
    digest.addNumber(2 ** 40 + 0.5);
    digest.addString('zxid');
    expect(digest.hex()).toBe('bc31e0a2fb868687');
  });

  it('tells apart numbers that share their low or high half', () => {
    const values = [0, 1, -1, 0.5, 2 ** 32, 2 ** 32 + 1, 2 ** 52, -(2 ** 52), 1e300, 5e-324];
    expect(new Set(values.map(ofNumber)).size).toBe(values.length);
    expect(ofNumber(-0)).toBe(ofNumber(0));
    expect(() => ofNumber(NaN)).toThrow('not finite');
    expect(() => ofNumber(Infinity)).toThrow('not finite');
  });

  it('keeps neighbouring strings apart and sees every code unit', () => {
    const split = (...parts: string[]) =>
      digestOf((d) => {
        parts.forEach((p) => {
          d.addString(p);
        });
      });
    expect(split('ab', 'c')).not.toBe(split('a', 'bc'));
    expect(split('a', '')).not.toBe(split('', 'a'));
    const texts = ['', 'a', 'a\0', '\0a', 'ab', 'ba', 'abc', 'abd', 'é', '\u{1F600}'];
    expect(new Set(texts.map(ofString)).size).toBe(texts.length);
  });

  it('depends on order, and a copy goes its own way', () => {
    fc.assert(
      fc.property(fc.array(fc.integer(), { maxLength: 20 }), fc.integer(), (words, extra) => {
        const digest = new Digest();
        for (const word of words) digest.addInt(word);
        const copy = digest.copy();
        const before = digest.hex();
        copy.addInt(extra);
        expect(digest.hex()).toBe(before);
        expect(copy.hex()).not.toBe(before);
        digest.addInt(extra);
        expect(digest.hex()).toBe(copy.hex());
      }),
    );
    const pair = (a: number, b: number) =>
      digestOf((d) => {
        d.addInt(a);
        d.addInt(b);
      });
    expect(pair(1, 2)).not.toBe(pair(2, 1));
    expect(pair(0, 0)).not.toBe(
      digestOf((d) => {
        d.addInt(0);
      }),
    );
  });

  it('flips each output bit for half of all flipped input bits, early or late', () => {
    const trials = 400;
    for (const position of [0, 2]) {
      for (let bit = 0; bit < 32; bit += 1) {
        const flips = new Array<number>(64).fill(0);
        for (let trial = 0; trial < trials; trial += 1) {
          const words = [trial, trial * 7, trial * trial];
          const changed = words.with(position, (words[position] ?? 0) ^ (1 << bit));
          const [a, b] = [words, changed].map((list) =>
            bits(
              digestOf((d) => {
                list.forEach((word) => {
                  d.addInt(word);
                });
              }),
            ),
          );
          for (let i = 0; i < 64; i += 1) if (a?.[i] !== b?.[i]) flips[i] = (flips[i] ?? 0) + 1;
        }
        // Half of 400, give or take more than six standard deviations.
        expect(Math.min(...flips)).toBeGreaterThan(trials / 2 - 62);
        expect(Math.max(...flips)).toBeLessThan(trials / 2 + 62);
      }
    }
  });

  it('has no collision in either half among a few ten thousand small traces', () => {
    const all = new Set<string>();
    for (let i = 0; i < 200; i += 1) {
      for (let j = 0; j < 200; j += 1)
        all.add(
          digestOf((d) => {
            d.addInt(i);
            d.addNumber(j);
          }),
        );
    }
    expect(all.size).toBe(40_000);
    // 40,000 values in 2^32 slots meet about 0.2 times.
    expect(new Set([...all].map((hex) => hex.slice(0, 8))).size).toBeGreaterThan(39_996);
    expect(new Set([...all].map((hex) => hex.slice(8))).size).toBeGreaterThan(39_996);
  });
});

describe('hashString', () => {
  it('is an unsigned 32-bit number, pinned and spread evenly', () => {
    expect(hashString('/a/b')).toBe(2329504280);
    const buckets = new Array<number>(16).fill(0);
    const seen = new Set<number>();
    for (let i = 0; i < 16_000; i += 1) {
      const hash = hashString(`/znode-${String(i)}`);
      seen.add(hash);
      buckets[hash >>> 28] = (buckets[hash >>> 28] ?? 0) + 1;
      expect(hash >= 0 && hash < 2 ** 32 && Number.isInteger(hash)).toBe(true);
    }
    expect(seen.size).toBeGreaterThan(15_997);
    for (const count of buckets) expect(Math.abs(count - 1000)).toBeLessThan(180);
  });
});
