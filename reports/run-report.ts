// What a report needs to know about a run besides its trace. A run's outcome has all of this and
// more; so has the header of a saved trace together with a judgement.
import type { Status, Violation } from '../sim/checkers/verdict.js';

export interface CheckerReport {
  readonly id: string;
  readonly status: Status;
  /** How many records it could have rejected. */
  readonly seen: number;
}

export interface FaultReport {
  readonly index: number;
  readonly kind: string;
  readonly text: string;
  /** When it began; undefined if it never did. */
  readonly atUs: number | undefined;
  readonly effects: number;
  readonly firstEffect: string;
}

export interface DeathReport {
  readonly server: number;
  readonly atUs: number;
  readonly reason: string;
}

export interface RunReport {
  readonly scenario: string;
  readonly seed: string;
  readonly verdict: Status;
  readonly exitCode: number;
  readonly traceHash: string;
  readonly events: number;
  readonly virtualSeconds: number;
  readonly violations: readonly Violation[];
  readonly checkers: readonly CheckerReport[];
  readonly faults: readonly FaultReport[];
  /** Why the run proves less than it seems; empty when it does prove something. */
  readonly vacuous: readonly string[];
  readonly deaths: readonly DeathReport[];
  /** When all live servers held the same history and every client was done; undefined if never. */
  readonly convergedAtUs: number | undefined;
  /** Is this what the scenario expects? */
  readonly asExpected: boolean;
  readonly operations: { readonly ok: number; readonly error: number; readonly unknown: number };
}
