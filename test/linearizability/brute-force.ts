// The oracle: try every order. Nothing here is clever, so that it can be believed at a glance; it
// shares with the checkers only the models.
import type { History, HistoryOp } from '../../sim/linearizability/history.js';
import { isPending } from '../../sim/linearizability/history.js';
import type { Model } from '../../sim/linearizability/model.js';
import { Refusal } from '../../sim/linearizability/model.js';

type Before<Op, Result> = (a: HistoryOp<Op, Result>, b: HistoryOp<Op, Result>) => boolean;

/** Must `a` come before `b`? In real time, if it completed before the other was invoked. */
function realTime(a: HistoryOp<unknown, unknown>, b: HistoryOp<unknown, unknown>): boolean {
  return !isPending(a) && a.completedAt !== undefined && a.completedAt < b.invokedAt;
}

/** Is there an order of all completed and some pending operations that the model explains? */
export function explainable<S, Op, Result>(
  model: Model<S, Op, Result>,
  history: History<Op, Result>,
  before: Before<Op, Result> = realTime,
): boolean {
  const ops = history.filter(({ outcome }) => outcome !== 'fail');
  const states = new Map<string, S>();
  const extend = (left: History<Op, Result>): boolean => {
    if (left.every(isPending)) return true;
    return left.some((op) => {
      if (left.some((other) => other !== op && before(other, op))) return false;
      const key = model.key?.(op.op) ?? '';
      const known = states.has(key);
      const state = known ? (states.get(key) as S) : model.initial;
      const after = model.step(state, op.op, op.result);
      if (after instanceof Refusal) return false;
      states.set(key, after);
      const found = extend(left.filter((other) => other !== op));
      states.set(key, state);
      return found;
    });
  };
  return extend(ops);
}
