// The small words: assert, unreachable, brand, order, seed.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assert, InvariantError, unreachable } from '../../base/assert.js';
import type { Brand } from '../../base/brand.js';
import { canonicalJson, compareCodeUnits, compareNumbers } from '../../base/order.js';
import { parseSeed } from '../../base/seed.js';

describe('assert and unreachable', () => {
  it('let truth pass and throw an InvariantError otherwise', () => {
    assert(true, 'never seen');
    expect(() => {
      assert(false, 'commit is ahead of the log');
    }).toThrow(new InvariantError('commit is ahead of the log'));
    expect(() => unreachable('sideways' as never)).toThrow('"sideways"');
    expect(() => unreachable(undefined as never)).toThrow(InvariantError);
  });
});

describe('Brand', () => {
  it('keeps apart what is the same at run time', () => {
    type Epoch = Brand<number, 'Epoch'>;
    type Counter = Brand<number, 'Counter'>;
    const epoch = 3 as Epoch;
    // @ts-expect-error a plain number is no epoch
    const plain: Epoch = 3;
    // @ts-expect-error an epoch is no counter
    const counter: Counter = epoch;
    expect([plain, counter]).toEqual([epoch, epoch]);
  });
});

describe('order', () => {
  it('compares numbers as numbers and strings by code unit', () => {
    expect([10, 9, -1, 2 ** 40].sort(compareNumbers)).toEqual([-1, 9, 10, 2 ** 40]);
    expect(['b', 'é', 'a', 'B', '10', '9'].sort(compareCodeUnits)).toEqual([
      '10',
      '9',
      'B',
      'a',
      'b',
      'é',
    ]);
    expect([compareNumbers(1, 1), compareCodeUnits('a', 'a')]).toEqual([0, 0]);
  });

  it('writes equal values as equal text that JSON reads back', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        const text = canonicalJson(value);
        expect(JSON.stringify(JSON.parse(text))).toBe(JSON.stringify(JSON.parse(text)));
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
    expect(canonicalJson({ b: [1, { d: null, c: 'x' }], a: undefined, B: true })).toBe(
      '{"B":true,"b":[1,{"c":"x","d":null}]}',
    );
  });

  it('refuses what JSON would change without a word', () => {
    for (const value of [NaN, Infinity, undefined, [undefined], () => 1, new Map(), 1n]) {
      expect(() => canonicalJson(value)).toThrow('canonicalJson');
    }
  });
});

describe('parseSeed', () => {
  it('gives each seed one canonical text', () => {
    const commit = '9F86D081884C7D659A2FEAA0C55AD015A3BF4F1B';
    expect(parseSeed('42')).toBe('42');
    expect(parseSeed('0042')).toBe('42');
    expect(parseSeed('0x2A')).toBe('42');
    expect(parseSeed('18446744073709551615')).toBe('18446744073709551615');
    expect(parseSeed(commit)).toBe(commit.toLowerCase());
    expect(parseSeed('0'.repeat(40))).toBe('0'.repeat(40));
  });

  it.each(['', '-1', '1.5', '1e3', '0x', ' 42', '42 ', 'abc', '18446744073709551616', '٣'])(
    'refuses %j',
    (text) => {
      expect(parseSeed(text)).toBeUndefined();
    },
  );

  it('is a fixed point of itself', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 2n ** 64n - 1n), (value) => {
        const seed = parseSeed(`0x${value.toString(16)}`);
        expect(seed).toBe(value.toString());
        expect(parseSeed(value.toString())).toBe(seed);
      }),
    );
  });
});
