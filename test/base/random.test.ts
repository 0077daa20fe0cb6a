// Streams are pinned by value, independent by name and exact under copy. The statistics are of
// fixed seeds, so they hold or fail for ever.

import { describe, expect, it } from 'vitest';
import { type RandomStream, RandomStreams } from '../../base/random.js';

function draws(stream: RandomStream, count: number): number[] {
  return Array.from({ length: count }, () => stream.unit());
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

describe('RandomStreams', () => {
  it('draws the same values on every machine', () => {
    const stream = new RandomStreams('42').stream('faults');
    expect(draws(stream, 3)).toEqual([0.5267929956316948, 0.8101249190513045, 0.2771027635317296]);
    expect([stream.int(1000), stream.int(2 ** 50), stream.between(-5, 5)]).toEqual([
      774, 986081263602265, -2,
    ]);
    expect([stream.exponential(1000), stream.exponential(1)]).toEqual([
      114.47033795407442, 0.1555615166791382,
    ]);
    expect(stream.shuffle([1, 2, 3, 4, 5, 6])).toEqual([3, 2, 4, 5, 6, 1]);
  });

  it('gives a stream the same draws whatever other streams exist', () => {
    const alone = new RandomStreams('7');
    const crowded = new RandomStreams('7');
    draws(crowded.stream('client/1'), 5);
    const expected = draws(alone.stream('link/1>2'), 20);
    const interleaved = Array.from({ length: 20 }, () => {
      crowded.stream('client/1').unit();
      return crowded.stream('link/1>2').unit();
    });
    expect(interleaved).toEqual(expected);
    expect(draws(new RandomStreams('8').stream('link/1>2'), 20)).not.toEqual(expected);
    expect(draws(alone.stream('link/2>1'), 20)).not.toEqual(expected);
  });

  it('copies the position of every stream, and the copies do not disturb each other', () => {
    const original = new RandomStreams('copy');
    const early = original.stream('a');
    draws(early, 3);
    const copy = original.copy();
    const copyOfCopy = copy.copy();

    const expected = draws(early, 10);
    expect(draws(copy.stream('a'), 10)).toEqual(expected);
    expect(draws(copyOfCopy.copy().stream('a'), 10)).toEqual(expected);
    expect(draws(copyOfCopy.stream('a'), 10)).toEqual(expected);

    const late = draws(original.stream('created after the copy'), 4);
    expect(draws(copyOfCopy.stream('another'), 4)).not.toEqual(late);
    expect(draws(copyOfCopy.stream('created after the copy'), 4)).toEqual(late);
  });

  it('continues a copied stream from where it is when it is copied again', () => {
    const copy = new RandomStreams('again').copy();
    draws(copy.stream('a'), 2);
    const twin = copy.copy();
    expect(twin.stream('a').unit()).toBe(copy.stream('a').unit());
    const third = copy.copy();
    expect(third.stream('a').unit()).toBe(copy.stream('a').unit());
  });
});

describe('RandomStream', () => {
  it('keeps integers in range and reaches both ends', () => {
    const stream = new RandomStreams('range').stream('x');
    const seen = new Set(Array.from({ length: 500 }, () => stream.between(-2, 3)));
    expect([...seen].sort((a, b) => a - b)).toEqual([-2, -1, 0, 1, 2, 3]);
    expect(stream.int(1)).toBe(0);

    const wide = Array.from({ length: 1000 }, () => stream.int(Number.MAX_SAFE_INTEGER));
    expect(wide.every((n) => Number.isSafeInteger(n) && n >= 0)).toBe(true);
    expect(new Set(wide.map((n) => n % 2)).size).toBe(2);
    expect(Math.abs(mean(wide) / Number.MAX_SAFE_INTEGER - 0.5)).toBeLessThan(0.03);
    expect(() => stream.int(0)).toThrow('positive integer');
    expect(() => stream.between(3, 2)).toThrow('positive integer');
    expect(() => stream.pick([])).toThrow('nothing to choose from');
  });

  it('is true as often as asked, never at 0 and always at 1', () => {
    const stream = new RandomStreams('chance').stream('x');
    const rate = (p: number) => mean(Array.from({ length: 4000 }, () => +stream.chance(p)));
    expect(rate(0)).toBe(0);
    expect(rate(1)).toBe(1);
    expect(Math.abs(rate(0.2) - 0.2)).toBeLessThan(0.02);
  });

  it('has the logarithm right: an exponential draw is -mean ln(1 - unit)', () => {
    const streams = new RandomStreams('exponential');
    const units = draws(streams.copy().stream('x'), 20_000);
    const stream = streams.stream('x');
    const samples = units.map((unit) => {
      const sample = stream.exponential(1);
      expect(Math.abs(sample + Math.log(1 - unit))).toBeLessThan(1e-12 * Math.max(1, sample));
      return sample;
    });
    expect(Math.abs(mean(samples) - 1)).toBeLessThan(0.02);
    expect(Math.min(...samples)).toBeGreaterThanOrEqual(0);
  });

  it('shuffles without bias and leaves its argument alone', () => {
    const stream = new RandomStreams('shuffle').stream('x');
    const items = Object.freeze(['a', 'b', 'c']);
    const counts = new Map<string, number>();
    for (let i = 0; i < 6000; i += 1) {
      const order = stream.shuffle(items).join('');
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(120);
    expect(items).toContain(stream.pick(items));
  });
});
