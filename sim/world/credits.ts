// How a fault's effect is measured: whoever meets a condition credits the faults behind it. The
// first credit of a kind on a target becomes a record. A fault that never gets a credit did
// nothing, and a run of such faults is vacuous.
import type { Contributions } from './contributions.js';

export const FAULT_EFFECTS = [
  'held', 'delayed', 'lost', 'reset', 'refused', 'duplicated', 'reordered', 'throttled',
  'stalled', 'slowed', 'failed', 'full', 'lied', 'paused', 'crashed', 'wiped', 'corrupted',
  'snapshotLost', 'disconnected', 'clockChanged',
] as const; // prettier-ignore

/** What a fault did to somebody. */
export type FaultEffect = (typeof FAULT_EFFECTS)[number];

export interface Credit {
  readonly fault: number;
  readonly what: FaultEffect;
  /** Whom it hit: an actor. */
  readonly target: number;
  /** The first of its kind on this target by this fault. */
  readonly isFirst: boolean;
}

const TARGETS = 2 ** 20;
const NONE: readonly Credit[] = [];

export class Credits {
  /** By fault, how many effects it had. */
  readonly #counts: Map<number, number>;
  /** (fault, what, target) as one number. */
  readonly #seen: Set<number>;
  /** Given since they were last taken; news of them waits for the end of the event. */
  #given: Credit[] = [];

  constructor(of?: Credits) {
    this.#counts = of === undefined ? new Map<number, number>() : new Map(of.#counts);
    this.#seen = of === undefined ? new Set<number>() : new Set(of.#seen);
  }

  give(fault: number, what: FaultEffect, target: number): void {
    this.#counts.set(fault, this.countOf(fault) + 1);
    const key = (fault * FAULT_EFFECTS.length + FAULT_EFFECTS.indexOf(what)) * TARGETS + target;
    const isFirst = !this.#seen.has(key);
    if (isFirst) this.#seen.add(key);
    this.#given.push({ fault, what, target, isFirst });
  }

  /** Credits every contributor for whom `isBehind` holds. */
  giveAll<T>(
    list: Contributions<T>,
    isBehind: (condition: T) => boolean,
    what: FaultEffect,
    target: number,
  ): void {
    for (const { fault, condition } of list) {
      if (isBehind(condition)) this.give(fault, what, target);
    }
  }

  /** How many effects a fault has had so far. */
  countOf(fault: number): number {
    return this.#counts.get(fault) ?? 0;
  }

  /** What was given since the last call. */
  take(): readonly Credit[] {
    if (this.#given.length === 0) return NONE;
    const given = this.#given;
    this.#given = [];
    return given;
  }

  copy(): Credits {
    return new Credits(this);
  }
}
