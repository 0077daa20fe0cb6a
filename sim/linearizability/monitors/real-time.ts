// The one question that all monitors end with: may operations take effect in this order? Yes unless
// one of them had completed before an earlier one in the order was invoked.
import type { History, HistoryOp } from '../history.js';
import { isPending } from '../history.js';

/** When the operation had certainly taken effect; never, for a pending one. */
export function effectBy(op: HistoryOp<unknown, unknown>): number {
  return isPending(op) ? Infinity : (op.completedAt ?? Infinity);
}

/** Two operations that this order puts the wrong way round, or undefined: one scan. */
export function realTimeConflict<Op, Result>(
  order: History<Op, Result>,
): readonly [HistoryOp<Op, Result>, HistoryOp<Op, Result>] | undefined {
  let latest: HistoryOp<Op, Result> | undefined;
  for (const op of order) {
    if (latest !== undefined && effectBy(op) < latest.invokedAt) return [latest, op];
    if (latest === undefined || op.invokedAt > latest.invokedAt) latest = op;
  }
  return undefined;
}

export function sortedByInvocation<Op, Result>(ops: History<Op, Result>): History<Op, Result> {
  return ops.slice().sort((a, b) => a.invokedAt - b.invokedAt);
}
