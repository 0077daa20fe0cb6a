// Values of flags, read once: from text to what it means, or to a message that says what was found
// and what was expected. Yargs hands every value over as text, so that a seed keeps all its digits.
import { parseSeed } from '../base/seed.js';
import { UsageError } from './usage-error.js';

const SEED_EXPECTED = 'a decimal number below 2^64, 0x and hexadecimal digits, or a 40-hex commit';

export function seedArgument(text: string): string {
  const seed = parseSeed(text);
  if (seed === undefined) throw new UsageError(`--seed ${text}: expected ${SEED_EXPECTED}`);
  return seed;
}

export interface SeedRange {
  readonly first: bigint;
  readonly last: bigint;
}

/** `1..1000`, both ends included; one number is a range of one. */
export function seedRangeArgument(text: string): SeedRange {
  const match = /^(\d+)(?:\.\.(\d+))?$/.exec(text);
  const [, from = '', to = from] = match ?? [];
  const [first, last] = match === null ? [1n, 0n] : [BigInt(from), BigInt(to)];
  if (first > last || last >= 2n ** 64n) {
    throw new UsageError(
      `--seeds ${text}: expected a range like 1..1000, the smaller number first, below 2^64`,
    );
  }
  return { first, last };
}

/** How many seeds one commit may have before it meets those of another. */
const SEEDS_PER_COMMIT = 2n ** 20n;

/**
 * Where a campaign's seeds are counted from: a number, or a commit, whose first forty bits leave
 * room for a million seeds that no other commit is likely to have.
 */
export function baseArgument(text: string): bigint {
  const seed = seedArgument(text);
  return seed.length === 40 ? BigInt(`0x${seed.slice(0, 10)}`) * SEEDS_PER_COMMIT : BigInt(seed);
}

/** `2/5`: the second of five. */
export function shardArgument(text: string): { index: number; of: number } {
  const match = /^([1-9]\d{0,5})\/([1-9]\d{0,5})$/.exec(text);
  const [index, of] = [Number(match?.[1]), Number(match?.[2])];
  if (match === null || index > of) {
    throw new UsageError(`--shard ${text}: expected i/n, like 2/5 for the second of five`);
  }
  return { index, of };
}

const WALL_UNITS: Readonly<Record<string, number>> = { ms: 1e3, s: 1e6, m: 60e6, h: 3600e6 };

/** Real time in microseconds. */
export function budgetArgument(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text);
  const us = Math.round(Number(match?.[1]) * (WALL_UNITS[match?.[2] ?? ''] ?? 0));
  if (match === null || us <= 0) {
    throw new UsageError(`--budget ${text}: expected a time like 90s, 5m or 8h`);
  }
  return us;
}

const UNITS: Readonly<Record<string, number>> = { us: 1, ms: 1e3, s: 1e6, m: 60e6 };

/** Virtual time in microseconds: `1.5s`, `250ms`, or a bare number of seconds. */
export function timeArgument(flag: string, text: string): number {
  const match = /^(\d+(?:\.\d+)?)(us|ms|s|m)?$/.exec(text);
  if (match === null) {
    throw new UsageError(`--${flag} ${text}: expected a virtual time like 12.5s, 250ms or 2m`);
  }
  return Math.round(Number(match[1]) * (UNITS[match[2] ?? 's'] ?? 1));
}

/** A place in a trace: a virtual time, or the number of a record as the timeline prints it. */
export type Place = { readonly atUs: number } | { readonly record: number };

export function placeArgument(flag: string, text: string): Place {
  if (/^#\d+$/.test(text)) return { record: Number(text.slice(1)) };
  return { atUs: timeArgument(flag, text) };
}

export function countArgument(flag: string, text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new UsageError(`--${flag} ${text}: expected a whole number of at least 1`);
}

/** `3` or `s3`. */
export function serverArgument(text: string): number {
  const match = /^s?(\d{1,3})$/.exec(text);
  if (match !== null && Number(match[1]) > 0) return Number(match[1]);
  throw new UsageError(`--server ${text}: expected a server id like 3`);
}

/** `2:17`, epoch and counter as every report prints it, or `0x200000011` as ZooKeeper does. */
export function zxidArgument(text: string): number {
  const pair = /^(\d{1,7}):(\d{1,10})$/.exec(text);
  if (pair !== null) return Number(pair[1]) * 2 ** 32 + Number(pair[2]);
  if (/^0x[0-9a-f]{1,13}$/i.test(text)) return Number(text);
  throw new UsageError(`--zxid ${text}: expected epoch and counter like 2:17, or 0x200000011`);
}
