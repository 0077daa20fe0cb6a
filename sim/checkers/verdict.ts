// What a checker says at the end, as data: a broken claim is a Violation with the records that
// prove it, never an exception and never a sentence (wording is for reports). A checker that met
// nothing it could have rejected has shown nothing: its verdict is `inconclusive`.
import type { TraceRecord } from '../trace/record.js';

export type Fact = string | number;

export interface Violation {
  /** Id of the checker. */
  readonly checker: string;
  /** Which part of its claim is broken. */
  readonly invariant: string;
  readonly atUs: number;
  /** Index of the record that breaks it. */
  readonly record: number;
  readonly actors: readonly number[];
  /** Indices of the records that prove it, the breaking one included. */
  readonly evidence: readonly number[];
  readonly facts: Readonly<Record<string, Fact>>;
}

export type Status = 'pass' | 'fail' | 'inconclusive';

export interface Verdict {
  readonly status: Status;
  /** Records that it could have rejected. */
  readonly seen: number;
  readonly violations: readonly Violation[];
}

/** One fault is often followed by thousands of its consequences. */
const VIOLATIONS_KEPT = 8;

export class Findings {
  readonly #checker: string;
  readonly #violations: Violation[] = [];
  #seen = 0;
  #dropped = 0;

  constructor(checker: string) {
    this.#checker = checker;
  }

  /** Here is something that could have been wrong. */
  saw(): void {
    this.#seen += 1;
  }

  get seen(): number {
    return this.#seen;
  }

  /** Has anything been found so far? */
  get any(): boolean {
    return this.#violations.length > 0;
  }

  /**
   * `evidence`: records besides the breaking one; negative ones are unknown and left out.
   * `actors`: who broke it, if not whom the record names.
   */
  broken(
    record: Pick<TraceRecord, 'index' | 'atUs' | 'actor' | 'peer'>,
    invariant: string,
    facts: Readonly<Record<string, Fact>>,
    evidence: readonly number[] = [],
    actors: readonly number[] = record.peer > 0 ? [record.actor, record.peer] : [record.actor],
  ): void {
    if (this.#violations.length >= VIOLATIONS_KEPT) {
      this.#dropped += 1;
      return;
    }
    this.#violations.push({
      checker: this.#checker,
      invariant,
      atUs: record.atUs,
      record: record.index,
      actors,
      evidence: [...evidence.filter((index) => index >= 0), record.index],
      facts,
    });
  }

  /** What there is to say; `enough` false when the run ended too early to tell. */
  verdict(enough = true): Verdict {
    const violations = this.#violations.slice();
    const last = violations[violations.length - 1];
    if (last !== undefined && this.#dropped > 0) {
      const facts = { ...last.facts, furtherViolations: this.#dropped };
      violations[violations.length - 1] = { ...last, facts };
    }
    if (violations.length > 0) return { status: 'fail', seen: this.#seen, violations };
    const status = enough && this.#seen > 0 ? 'pass' : 'inconclusive';
    return { status, seen: this.#seen, violations };
  }
}
