// A variant is a set of rules with one bug in it: what it changes, where the bug is described, and
// which invariant it breaks. The core never asks which variant it runs.
import type { Rules } from '../rules.js';

export interface Variant {
  readonly id: string;
  readonly title: string;
  /** Citation keys, docs/references.md. */
  readonly cites: string;
  /** The checker that must catch it. */
  readonly breaks: string;
  /** Releases, where known. */
  readonly presentIn?: readonly string[];
  readonly apply: (rules: Rules) => Rules;
}
