// The shortest part of a sequence that still shows a difference: steps are left out as long as it
// stays, first many at once, then one by one, then the parts of a multi or a pipeline.
import type { Step } from '../script/script.js';

export type StillFails = (steps: readonly Step[]) => Promise<boolean>;

/** Leaves out whatever `fails` does not need. */
export async function withoutNeedless<T>(
  all: readonly T[],
  fails: (left: readonly T[]) => Promise<boolean>,
): Promise<readonly T[]> {
  let left = all;
  for (let size = Math.ceil(left.length / 2); size >= 1; size = size === 1 ? 0 : size >> 1) {
    for (let at = left.length - size; at > -size; at -= size) {
      const from = Math.max(0, at);
      const candidate = left.toSpliced(from, at + size - from);
      if (candidate.length < left.length && (await fails(candidate))) left = candidate;
    }
  }
  return left;
}

export async function shrunk(all: readonly Step[], fails: StillFails): Promise<readonly Step[]> {
  let steps = await withoutNeedless(all, fails);
  for (let index = 0; index < steps.length; index++) {
    const step = steps[index];
    if (step === undefined || !('ops' in step)) continue;
    const before = steps;
    const ops = await withoutNeedless(step.ops, (left) => {
      return fails(before.with(index, { ...step, ops: [...left] }));
    });
    steps = before.with(index, { ...step, ops: [...ops] });
  }
  return withoutNeedless(steps, fails);
}
