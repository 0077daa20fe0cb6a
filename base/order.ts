// One order for everything that is sorted. Locale rules differ between machines and a sort without
// a comparison compares numbers as text, so both would let a replay print different bytes; these
// functions depend on the values alone.

import { assert } from './assert.js';

/** Ascending order of numbers; neither side may be NaN. */
export function compareNumbers(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Ascending order of strings by UTF-16 code unit, the same on every machine. */
export function compareCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * JSON with sorted keys and no white space: equal values give equal text, whatever the order in
 * which their fields were written. Absent and `undefined` fields are the same. What JSON would
 * change silently (a NaN, a function, a Map) is refused.
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') {
    return JSON.stringify(value);
  }
  if (typeof value === 'number') {
    assert(Number.isFinite(value), 'canonicalJson: a number that is not finite');
    return JSON.stringify(value);
  }
  assert(typeof value === 'object', 'canonicalJson: a value that JSON cannot hold');
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;

  const prototype: unknown = Object.getPrototypeOf(value);
  assert(
    prototype === Object.prototype || prototype === null,
    'canonicalJson: an object that is not plain data',
  );
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .sort(([a], [b]) => compareCodeUnits(a, b))
    .map(([key, field]) => `${JSON.stringify(key)}:${canonicalJson(field)}`);
  return `{${fields.join(',')}}`;
}
