// Quantities as people write them in a scenario, and as the simulator counts them: a duration is
// text with a unit there and integer microseconds here. A number without a unit is refused, because
// 20 means seconds to one reader and milliseconds to another. Codecs, so that what was read can be
// written.
import { z } from 'zod';

const US_PER: Readonly<Record<string, number>> = { us: 1, ms: 1000, s: 1_000_000, m: 60_000_000 };
const UNITS = ['m', 's', 'ms', 'us'] as const;

/** `1.5s` as 1500000; undefined when it is no duration or no whole number of microseconds. */
export function parseDuration(text: string): number | undefined {
  const match = /^(-?)(\d+)(?:\.(\d+))?(us|ms|s|m)$/.exec(text);
  if (match === null) return undefined;
  const [, sign, whole, fraction = '', unit = ''] = match;
  const digits = Number(`${whole ?? ''}${fraction}`) * (US_PER[unit] ?? 1);
  const us = digits / 10 ** fraction.length;
  if (!Number.isSafeInteger(us)) return undefined;
  return sign === '-' && us !== 0 ? -us : us;
}

/** In the largest unit that needs no fraction. */
export function formatDuration(us: number): string {
  if (us === 0) return '0s';
  const unit = UNITS.find((candidate) => us % (US_PER[candidate] ?? 1) === 0) ?? 'us';
  return `${us / (US_PER[unit] ?? 1)}${unit}`;
}

interface Measure {
  /** What the JSON Schema calls it. */
  readonly id: string;
  readonly pattern: RegExp;
  readonly expected: string;
  readonly parse: (text: string) => number | undefined;
  readonly format: (value: number) => string;
}

export type NumberCodec = z.ZodCodec<z.ZodString, z.ZodNumber>;

/** Text that stands for a number. */
function measure({ id, pattern, expected, parse, format }: Measure): NumberCodec {
  const codec = z.codec(
    z.string({ error: expected }).regex(pattern, { error: expected }),
    z.number(),
    {
      decode: (text, context) => {
        const value = parse(text);
        if (value !== undefined) return value;
        context.issues.push({ code: 'custom', input: text, message: expected });
        return z.NEVER;
      },
      encode: format,
    },
  );
  return codec.meta({ id, description: expected });
}

/** A length of time, microseconds. */
export const duration = measure({
  id: 'duration',
  pattern: /^\d+(\.\d+)?(us|ms|s|m)$/,
  expected: 'a duration with its unit, like 500us, 20ms, 30s or 2m',
  parse: parseDuration,
  format: formatDuration,
});

/** At least this long, in words and in microseconds. */
function durationFrom(least: string): NumberCodec {
  const leastUs = parseDuration(least) ?? 0;
  return measure({
    id: `duration-from-${least}`,
    pattern: /^\d+(\.\d+)?(us|ms|s|m)$/,
    expected: `a duration of at least ${least}, with its unit, like 500us, 20ms, 30s or 2m`,
    parse: (text) => {
      const us = parseDuration(text);
      return us !== undefined && us >= leastUs ? us : undefined;
    },
    format: formatDuration,
  });
}

export const positiveDuration = durationFrom('1us');
/** How long a run may be. */
export const runLength = durationFrom('1ms');

/** A shift in time, microseconds; may be negative. */
export const shift = measure({
  id: 'shift',
  pattern: /^-?\d+(\.\d+)?(us|ms|s|m)$/,
  expected: 'a duration with its unit, perhaps negative, like 300ms or -2s',
  parse: parseDuration,
  format: formatDuration,
});

/** A whole number of milliseconds: what ZooKeeper's settings are counted in. */
export const milliseconds = measure({
  id: 'milliseconds',
  pattern: /^\d+(\.\d+)?(ms|s|m)$/,
  expected: 'a duration in whole milliseconds, with its unit, like 20ms, 30s or 2m',
  parse: (text) => {
    const us = parseDuration(text);
    return us !== undefined && us > 0 && us % 1000 === 0 ? us / 1000 : undefined;
  },
  format: (ms) => formatDuration(ms * 1000),
});

function suffixed(id: string, suffix: string, pattern: RegExp, expected: string): NumberCodec {
  return measure({
    id,
    pattern,
    expected,
    parse: (text) => Number(text.slice(0, -suffix.length)),
    format: (value) => `${value}${suffix}`,
  });
}

/** Rate error of a clock, parts per million. */
export const partsPerMillion = suffixed(
  'parts-per-million',
  'ppm',
  /^-?\d+ppm$/,
  'a rate error in parts per million, like 200ppm or -50ppm',
);

/** Operations per second. */
export const perSecond = suffixed(
  'per-second',
  '/s',
  /^([1-9]\d*|0\.\d*[1-9])\/s$/,
  'a rate per second, like 50/s or 0.5/s',
);

/** Bytes per millisecond, which is kilobytes per second. */
export const bandwidth = suffixed(
  'bandwidth',
  'kB/s',
  /^[1-9]\d*kB\/s$/,
  'a bandwidth in kilobytes per second, like 64kB/s',
);

/** A probability. */
export const chance = z
  .number({ error: 'a chance between 0 and 1' })
  .gt(0, { error: 'a chance above 0 and at most 1' })
  .max(1, { error: 'a chance above 0 and at most 1' });

export function integerFrom(least: number, most: number): z.ZodNumber {
  const expected = `a whole number from ${least} to ${most}`;
  return z.int({ error: expected }).min(least, { error: expected }).max(most, { error: expected });
}
