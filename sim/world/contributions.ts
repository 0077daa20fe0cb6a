// Who contributes to a condition, and what comes of it: for each field the worst of all
// contributions. Computed when a contribution changes, never when a condition is met.
import type {
  ClockCondition,
  DiskCondition,
  LinkCondition,
  ProcessCondition,
} from './conditions.js';
import { GOOD_CLOCK, GOOD_DISK, GOOD_LINK, GOOD_PROCESS } from './conditions.js';

export interface Contribution<T> {
  readonly fault: number;
  readonly condition: T;
}

/** In the order in which the faults began. */
export type Contributions<T> = readonly Contribution<T>[];

/** `list` with this fault's contribution replaced, or withdrawn if `condition` is undefined. */
export function contribute<T>(
  list: Contributions<T>,
  fault: number,
  condition: T | undefined,
): Contributions<T> {
  const others = list.filter((one) => one.fault !== fault);
  return condition === undefined ? others : others.concat([{ fault, condition }]);
}

function worseBlock(
  a: LinkCondition['blocked'],
  b: LinkCondition['blocked'],
): LinkCondition['blocked'] {
  if (a === 'reset' || b === 'reset') return 'reset';
  return a === 'silent' || b === 'silent' ? 'silent' : 'no';
}

/** 0 means unlimited. */
function tighter(a: number, b: number): number {
  return a === 0 ? b : b === 0 ? a : Math.min(a, b);
}

function further(a: number, b: number): number {
  return Math.abs(b) > Math.abs(a) ? b : a;
}

function worseLink(a: LinkCondition, b: LinkCondition): LinkCondition {
  return {
    blocked: worseBlock(a.blocked, b.blocked),
    delayUs: Math.max(a.delayUs, b.delayUs),
    loss: Math.max(a.loss, b.loss),
    resetChance: Math.max(a.resetChance, b.resetChance),
    duplicate: Math.max(a.duplicate, b.duplicate),
    reorder: Math.max(a.reorder, b.reorder),
    bytesPerMs: tighter(a.bytesPerMs, b.bytesPerMs),
  };
}

export function worstLink(list: Contributions<LinkCondition>): LinkCondition {
  return list.reduce((worst, { condition }) => worseLink(worst, condition), GOOD_LINK);
}

export function worstDisk(list: Contributions<DiskCondition>): DiskCondition {
  return list.reduce(
    (worst, { condition }) => ({
      stalled: worst.stalled || condition.stalled,
      slowFactor: Math.max(worst.slowFactor, condition.slowFactor),
      errorChance: Math.max(worst.errorChance, condition.errorChance),
      full: worst.full || condition.full,
      lying: worst.lying || condition.lying,
    }),
    GOOD_DISK,
  );
}

export function worstProcess(list: Contributions<ProcessCondition>): ProcessCondition {
  return list.reduce(
    (worst, { condition }) => ({
      paused: worst.paused || condition.paused,
      slowFactor: Math.max(worst.slowFactor, condition.slowFactor),
    }),
    GOOD_PROCESS,
  );
}

export function worstClock(list: Contributions<ClockCondition>): ClockCondition {
  return list.reduce(
    (worst, { condition }) => ({
      offsetMs: further(worst.offsetMs, condition.offsetMs),
      driftPpm: further(worst.driftPpm, condition.driftPpm),
      frozen: worst.frozen || condition.frozen,
    }),
    GOOD_CLOCK,
  );
}
