// Names of znodes that recipes make. A guid in the name tells its maker its own znode again after
// a lost reply; the suffix, which the server gives, tells the order. Sorting whole names would sort
// by guid.
import { compareCodeUnits, compareNumbers } from '../../base/order.js';

/** `c2.7-lock-`: the seventh of client 2. Unique in a run, and it survives sessions. */
export function guidOf(index: number, count: number): string {
  return `c${index + 1}.${count}`;
}

const SUFFIX_LENGTH = 10;

/** The number that the server put at the end; -1 if there is none. A hyphen is no sign. */
export function suffixOf(name: string): number {
  const digits = name.slice(-SUFFIX_LENGTH);
  return /^\d{10}$/.test(digits) ? Number(digits) : -1;
}

/** By the server's numbers, smallest first; names without one are left out. */
export function bySuffix(names: readonly string[]): readonly string[] {
  return names
    .filter((name) => suffixOf(name) >= 0)
    .sort((a, b) => compareNumbers(suffixOf(a), suffixOf(b)) || compareCodeUnits(a, b));
}

/** Whose it is: `c2` of `c2.7`. */
export function clientOf(name: string): string {
  const dot = name.indexOf('.');
  return dot < 0 ? name : name.slice(0, dot);
}
