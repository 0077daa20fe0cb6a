// A variant is a set of rules with one bug in it: what it changes, where the bug is described, and
// which invariants it breaks. The core never asks which variant it runs. One file a variant; its id
// says the rule, its issues say the history.
import type { Rules } from '../rules.js';

export interface Variant {
  /** The rule in a few words, kebab case; also the name of its file. */
  readonly id: string;
  readonly title: string;
  /** Issues, as `ZOOKEEPER-3911`; none for a rule that nobody has got wrong in a release. */
  readonly jira: readonly string[];
  /** Citation keys besides the issues, docs/references.md. */
  readonly cites: readonly string[];
  /** What goes wrong, in one sentence. */
  readonly claim: string;
  /** How it comes about, step by step; A, B and C are servers, `1:2` is a zxid. */
  readonly story?: readonly string[];
  /** Checkers that catch it: those that fire first come first, what clients notice comes last. */
  readonly breaks: readonly string[];
  readonly smallestCluster: { readonly voters: number; readonly observers: number };
  /** Releases that have it, as `releases.ts` reads them; a profile asks. */
  readonly presentIn?: readonly string[];
  /** The first release of each line without it. */
  readonly fixedIn?: readonly string[];
  /** A second line of defence that would hide it, and that `apply` therefore takes away as well. */
  readonly guards?: string;
  /** Kinds of faults, or settings, without which it cannot be seen. */
  readonly needs?: readonly string[];
  /** One step changed on purpose, rather than a bug that a release had. */
  readonly kind?: 'mutation';
  /** Why nothing may find it: the change is harmless, and shows that no checker cries wolf. */
  readonly control?: string;
  readonly apply: (rules: Rules) => Rules;
}
