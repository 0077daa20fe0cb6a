// FIFO queues whose values are enqueued only once, in O(n log n). Such a history is linearizable
// unless one of four patterns occurs [Bouajjani15]:
//   fresh   a value is dequeued that nobody enqueued, or before it was enqueued;
//   repeat  a value is dequeued twice;
//   order   a was enqueued before b, but b was dequeued before a, or without a;
//   empty   a dequeue finds nothing although at each moment some value was certainly there.
// Every value's life has two ends that count: from the completion of its enqueue to the
// invocation of its dequeue it is certainly in the queue.
import type { Json, History, HistoryOp } from '../history.js';
import { isPending, valueKey } from '../history.js';
import type { MonitorVerdict } from '../model.js';
import { effectBy } from './real-time.js';

/** `value` of a dequeue that found the queue empty is undefined. */
export interface QueueUse {
  readonly enqueues: boolean;
  readonly value: Json | undefined;
}

interface Life<Op, Result> {
  readonly enqueue: HistoryOp<Op, Result>;
  dequeue: HistoryOp<Op, Result> | undefined;
}

type Verdict<Op, Result> = MonitorVerdict<Op, Result>;
const METHOD = 'queue patterns';

/** All dequeues are completed; undefined when a value is enqueued twice. */
export function judgeByPatterns<Op, Result>(
  ops: History<Op, Result>,
  useOf: (op: HistoryOp<Op, Result>) => QueueUse,
): Verdict<Op, Result> | undefined {
  const lives = new Map<string, Life<Op, Result>>();
  const empties: HistoryOp<Op, Result>[] = [];
  const dequeues: { op: HistoryOp<Op, Result>; key: string }[] = [];
  for (const op of ops) {
    const { enqueues, value } = useOf(op);
    if (value === undefined) {
      empties.push(op);
      continue;
    }
    const key = valueKey(value);
    if (!enqueues) dequeues.push({ op, key });
    else if (lives.has(key)) return undefined;
    else lives.set(key, { enqueue: op, dequeue: undefined });
  }
  for (const { op, key } of dequeues) {
    const life = lives.get(key);
    if (life === undefined) return violated([op], 'nobody enqueued what it took');
    if (life.dequeue !== undefined) return violated([life.dequeue, op], 'both took the same value');
    if (effectBy(op) < life.enqueue.invokedAt) {
      return violated([op, life.enqueue], 'it was taken before its enqueue was invoked');
    }
    life.dequeue = op;
  }
  // An enqueue that nobody saw need not have happened.
  const real = [...lives.values()].filter(
    ({ enqueue, dequeue }) => dequeue !== undefined || !isPending(enqueue),
  );
  return (
    outOfOrder(real) ??
    notEmpty(real, empties) ?? { method: METHOD, linearizable: true, culprits: [], because: '' }
  );
}

function goneFrom(life: Life<unknown, unknown>): number {
  return life.dequeue?.invokedAt ?? Infinity;
}

/**
 * Sweeps over enqueues by invocation, with the longest certain stay among those completed before.
 */
function outOfOrder<Op, Result>(
  lives: readonly Life<Op, Result>[],
): Verdict<Op, Result> | undefined {
  const byInvocation = lives.slice().sort((a, b) => a.enqueue.invokedAt - b.enqueue.invokedAt);
  const byCompletion = lives
    .filter(({ enqueue }) => effectBy(enqueue) < Infinity)
    .sort((a, b) => effectBy(a.enqueue) - effectBy(b.enqueue));
  let completed = 0;
  let longest: Life<Op, Result> | undefined;
  for (const life of byInvocation) {
    for (; completed < byCompletion.length; completed += 1) {
      const earlier = byCompletion[completed] as Life<Op, Result>;
      if (effectBy(earlier.enqueue) >= life.enqueue.invokedAt) break;
      if (longest === undefined || goneFrom(earlier) > goneFrom(longest)) longest = earlier;
    }
    if (life.dequeue === undefined || longest === undefined) continue;
    if (effectBy(life.dequeue) < goneFrom(longest)) {
      const culprits = [longest.enqueue, life.enqueue, life.dequeue, longest.dequeue];
      return violated(culprits, 'the first one in was passed over');
    }
  }
  return undefined;
}

/** The union of all certain stays leaves gaps; a dequeue that finds nothing needs to reach one. */
function notEmpty<Op, Result>(
  lives: readonly Life<Op, Result>[],
  empties: History<Op, Result>,
): Verdict<Op, Result> | undefined {
  if (empties.length === 0) return undefined;
  const stays = lives
    .filter((life) => effectBy(life.enqueue) < goneFrom(life))
    .sort((a, b) => effectBy(a.enqueue) - effectBy(b.enqueue));
  const gaps: { readonly from: number; readonly to: number }[] = [];
  let covered = -Infinity;
  for (const life of stays) {
    const from = effectBy(life.enqueue);
    if (from >= covered) gaps.push({ from: covered, to: from });
    covered = Math.max(covered, goneFrom(life));
  }
  gaps.push({ from: covered, to: Infinity });
  for (const op of empties) {
    const gap = firstGapEndingFrom(gaps, op.invokedAt);
    if (gap !== undefined && gap.from <= effectBy(op)) continue;
    const witnesses = stays.filter(
      (life) => effectBy(life.enqueue) < effectBy(op) && goneFrom(life) > op.invokedAt,
    );
    const culprits = [...witnesses.flatMap(({ enqueue, dequeue }) => [enqueue, dequeue]), op];
    return violated(culprits, 'it found nothing, though at each moment something was there');
  }
  return undefined;
}

function firstGapEndingFrom(
  gaps: readonly { readonly from: number; readonly to: number }[],
  time: number,
): { readonly from: number; readonly to: number } | undefined {
  let low = 0;
  let high = gaps.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((gaps[middle]?.to ?? Infinity) < time) low = middle + 1;
    else high = middle;
  }
  return gaps[low];
}

function violated<Op, Result>(
  culprits: readonly (HistoryOp<Op, Result> | undefined)[],
  because: string,
): Verdict<Op, Result> {
  const known = culprits.filter((op) => op !== undefined);
  return { method: METHOD, linearizable: false, culprits: known, because };
}
