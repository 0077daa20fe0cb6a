// What a variant decides otherwise than the safe rules, found by comparing the two, so that no text
// about it can be out of date. Decisions that are functions have no words of their own.
import type { Rules } from '../rules.js';
import { SAFE_RULES } from '../rules.js';
import type { Variant } from './variant.js';

export interface Difference {
  readonly decision: keyof Rules;
  /** What is decided, if it can be written down; a list of steps in their order. */
  readonly safe: readonly string[];
  readonly here: readonly string[];
}

/** Empty for functions, and for records of functions the names of those that differ. */
function written(value: Rules[keyof Rules], other: Rules[keyof Rules]): string[] {
  if (typeof value === 'function') return [];
  if (Array.isArray(value)) return value.map(String);
  if (typeof value === 'object') {
    const others = other as unknown as Readonly<Record<string, unknown>>;
    return Object.entries(value).flatMap(([name, part]) => (part === others[name] ? [] : [name]));
  }
  return [String(value)];
}

export function differencesOf({ apply }: Variant): Difference[] {
  const rules = apply(SAFE_RULES);
  const decisions = Object.keys(SAFE_RULES) as (keyof Rules)[];
  return decisions.flatMap((decision) => {
    const [safe, here] = [SAFE_RULES[decision], rules[decision]];
    if (safe === here) return [];
    return [{ decision, safe: written(safe, here), here: written(here, safe) }];
  });
}
