// What a campaign has to tell, for every form of telling it: the sums, what was found, and which
// rare paths were asked for and not reached.
import type { Totals } from '../sim/campaign/totals.js';

/** Failures of one shape; the first seed stands for all. */
export interface FuzzFinding {
  /** Checker, servers and faults, without the numbers. */
  readonly shape: string;
  /** Which checker fired first. */
  readonly checker: string;
  /** The violation in words. */
  readonly words: string;
  /** The scenario of the first seed. */
  readonly file: string;
  /** A complete command. */
  readonly reproduce: string;
  /** Those that were looked at. */
  readonly seeds: readonly string[];
}

export interface FuzzReport {
  /** As the user asked for them. */
  readonly seeds: string;
  readonly totals: Totals;
  readonly findings: readonly FuzzFinding[];
  /** Rare paths that had to be taken and were not. */
  readonly missingMarks: readonly string[];
  readonly interrupted: boolean;
  readonly elapsedUs: number;
  readonly jobs: number;
}
