// Dequeues of which nobody knows what they took, beside the patterns of queue-patterns.ts. A value
// is missing if a later one was dequeued and it never was: one of the unanswered dequeues must have
// taken it, one that was invoked before that later value was certainly gone. Which of them took
// which value is a matching of invocations to deadlines, so sorting both decides whether there is
// one.
import type { History, HistoryOp, Json } from '../history.js';
import { isPending, valueKey } from '../history.js';
import type { MonitorVerdict } from '../model.js';
import type { QueueUse } from './queue-patterns.js';
import { judgeByPatterns } from './queue-patterns.js';
import { effectBy } from './real-time.js';

interface Missing<Op, Result> {
  readonly enqueue: HistoryOp<Op, Result>;
  readonly value: Json;
  /** When the first later value was certainly dequeued. */
  readonly deadline: number;
}

/** `answer` gives an unanswered dequeue the value that it took. */
export function judgeWithUnanswered<Op, Result>(
  ops: History<Op, Result>,
  useOf: (op: HistoryOp<Op, Result>) => QueueUse,
  answer: (op: HistoryOp<Op, Result>, value: Json) => HistoryOp<Op, Result>,
): MonitorVerdict<Op, Result> | undefined {
  const unanswered = ops
    .filter((op) => !useOf(op).enqueues && isPending(op))
    .sort((a, b) => a.invokedAt - b.invokedAt);
  const known = ops.filter((op) => useOf(op).enqueues || !isPending(op));
  const values = ops.flatMap((op) => (useOf(op).enqueues ? [useOf(op).value ?? null] : []));
  if (new Set(values.map(valueKey)).size < values.length) return undefined;
  // Values that nobody can have taken but who says so: leaving out all others explains no less.
  const certain = judgeByPatterns(withAnsweredDequeue(known, useOf), useOf);
  if (certain?.linearizable === false) return certain;
  const missing = missingFrom(known, useOf);
  const taken: HistoryOp<Op, Result>[] = [];
  for (const { enqueue, value, deadline } of missing) {
    const op = unanswered[taken.length];
    if (op === undefined || op.invokedAt > deadline) {
      const because = 'it was passed over, and no unanswered dequeue can have taken its value';
      return { method: 'queue patterns', linearizable: false, culprits: [enqueue], because };
    }
    taken.push(answer(op, value));
  }
  const verdict = judgeByPatterns([...known, ...taken], useOf);
  // Another matching might leave the queue empty earlier, so only a success is certain.
  return unanswered.length === 0 || verdict?.linearizable === true ? verdict : undefined;
}

/** Without the enqueues of values that no answered dequeue took. */
function withAnsweredDequeue<Op, Result>(
  ops: History<Op, Result>,
  useOf: (op: HistoryOp<Op, Result>) => QueueUse,
): History<Op, Result> {
  const taken = new Set<string>();
  for (const op of ops) {
    const { enqueues, value } = useOf(op);
    if (!enqueues && value !== undefined) taken.add(valueKey(value));
  }
  return ops.filter((op) => {
    const { enqueues, value } = useOf(op);
    return !enqueues || taken.has(valueKey(value ?? null));
  });
}

/** By deadline. */
function missingFrom<Op, Result>(
  ops: History<Op, Result>,
  useOf: (op: HistoryOp<Op, Result>) => QueueUse,
): Missing<Op, Result>[] {
  const gone = new Map<string, number>();
  for (const op of ops) {
    const { enqueues, value } = useOf(op);
    if (!enqueues && value !== undefined) gone.set(valueKey(value), effectBy(op));
  }
  const enqueues = ops.filter((op) => useOf(op).enqueues);
  const latestFirst = enqueues.slice().sort((a, b) => b.invokedAt - a.invokedAt);
  const answeredLast = enqueues
    .filter((op) => !isPending(op))
    .sort((a, b) => effectBy(b) - effectBy(a));
  const missing: Missing<Op, Result>[] = [];
  let later = 0;
  let deadline = Infinity;
  for (const enqueue of answeredLast) {
    for (; later < latestFirst.length; later += 1) {
      const other = latestFirst[later] as HistoryOp<Op, Result>;
      if (other.invokedAt <= effectBy(enqueue)) break;
      deadline = Math.min(deadline, gone.get(valueKey(useOf(other).value ?? null)) ?? Infinity);
    }
    const value = useOf(enqueue).value ?? null;
    if (deadline < Infinity && !gone.has(valueKey(value)))
      missing.push({ enqueue, value, deadline });
  }
  return missing.sort((a, b) => a.deadline - b.deadline);
}
