// How long something takes, in one short notation: `2ms` always, `1ms..5ms` evenly between, and the
// two that have a tail as small maps. What is drawn from it is the world's business.
import { z } from 'zod';
import { unreachable } from '../../base/assert.js';
import type { Latency } from '../world/setup.js';
import { duration, formatDuration, integerFrom, parseDuration } from './units.js';

const EXPECTED =
  'a duration like 2ms, a range like 1ms..5ms, {min, mean} or {from, to, one-in, times}';
const TEXT = /^\d+(\.\d+)?(us|ms|s|m)(\.\.\d+(\.\d+)?(us|ms|s|m))?$/;

const written = z.union([
  z.string({ error: EXPECTED }).regex(TEXT, { error: EXPECTED }),
  z.strictObject({ min: duration, mean: duration }),
  z.strictObject({
    from: duration,
    to: duration,
    'one-in': integerFrom(2, 1_000_000),
    times: integerFrom(2, 10_000),
  }),
]);

const us = z.int().min(0);
const meant = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('constant'), us }),
  z.strictObject({ kind: z.literal('uniform'), fromUs: us, toUs: us }),
  z.strictObject({ kind: z.literal('exponential'), minUs: us, meanUs: us }),
  z.strictObject({
    kind: z.literal('heavyTailed'),
    fromUs: us,
    toUs: us,
    oneIn: z.int(),
    factor: z.int(),
  }),
]);

type Written = z.output<typeof written>;

function read(value: Written): Latency | undefined {
  if (typeof value !== 'string') {
    if ('mean' in value) return { kind: 'exponential', minUs: value.min, meanUs: value.mean };
    const { from: fromUs, to: toUs, 'one-in': oneIn, times: factor } = value;
    return fromUs <= toUs ? { kind: 'heavyTailed', fromUs, toUs, oneIn, factor } : undefined;
  }
  const [first = '', second] = value.split('..');
  const fromUs = parseDuration(first);
  if (fromUs === undefined) return undefined;
  if (second === undefined) return { kind: 'constant', us: fromUs };
  const toUs = parseDuration(second);
  return toUs !== undefined && fromUs <= toUs ? { kind: 'uniform', fromUs, toUs } : undefined;
}

function write(latency: Latency): Written {
  switch (latency.kind) {
    case 'constant':
      return formatDuration(latency.us);
    case 'uniform':
      return `${formatDuration(latency.fromUs)}..${formatDuration(latency.toUs)}`;
    case 'exponential':
      return { min: latency.minUs, mean: latency.meanUs };
    case 'heavyTailed': {
      const { fromUs: from, toUs: to, oneIn, factor: times } = latency;
      return { from, to, 'one-in': oneIn, times };
    }
    default:
      return unreachable(latency);
  }
}

export const latency = z
  .codec(written, meant, {
    decode: (value, context) => {
      const result = read(value);
      if (result !== undefined) return result;
      context.issues.push({
        code: 'custom',
        input: value,
        message: `${EXPECTED}, smaller end first`,
      });
      return z.NEVER;
    },
    encode: write,
  })
  .meta({ id: 'latency', description: EXPECTED });
