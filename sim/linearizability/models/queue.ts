// A FIFO queue, or one per key. A dequeue returns the oldest value, or null from an empty queue.
import type { History, Json } from '../history.js';
import { isPending, sameValue, valueKey } from '../history.js';
import type { Lookahead, Model, MonitorVerdict } from '../model.js';
import { DOOMED, refuse } from '../model.js';
import { judgeWithUnanswered } from '../monitors/unanswered-dequeues.js';

export interface QueueOp {
  readonly f: 'enqueue' | 'dequeue';
  readonly key: string | undefined;
  /** Null for a dequeue. */
  readonly value: Json;
}

type Values = readonly Json[];

export const queueModel: Model<Values, QueueOp, Json> = {
  name: 'queue',
  initial: [],
  step: (state, op, result) => {
    if (op.f === 'enqueue') return [...state, op.value];
    const head = state[0] ?? null;
    if (result !== undefined && !sameValue(result, head)) {
      return refuse(() =>
        result === null
          ? `it found the queue empty, but ${valueKey(head)} is in front`
          : `it returned ${valueKey(result)}, but ${frontOf(state)}`,
      );
    }
    return state.length === 0 ? state : state.slice(1);
  },
  key: (op) => op.key ?? '',
  isPure: (op, result) => op.f === 'dequeue' && result === null,
  stateKey: (state) => valueKey(state),
  describeOp: (op, result) => {
    if (op.f === 'enqueue') return `enqueue ${valueKey(op.value)}`;
    if (result === null) return 'dequeue, empty';
    return `dequeue ${result === undefined ? '?' : valueKey(result)}`;
  },
  describeState: (state) => (state.length === 0 ? 'empty' : state.map(valueKey).join(' ')),
  lookahead: lookaheadForQueue,
  monitor: judgeQueue,
};

function frontOf(state: Values): string {
  const head = state[0];
  return head === undefined ? 'the queue is empty' : `${valueKey(head)} is in front`;
}

function judgeQueue(ops: History<QueueOp, Json>): MonitorVerdict<QueueOp, Json> | undefined {
  const unclear = ops.some((one) => {
    if (one.op.f === 'enqueue') return one.op.value === null;
    // An answer that tells nothing, or one that was given back.
    return isPending(one) ? one.result !== undefined : one.result === undefined;
  });
  if (unclear) return undefined;
  return judgeWithUnanswered(
    ops,
    ({ op, result }) => {
      if (op.f === 'enqueue') return { enqueues: true, value: op.value };
      return { enqueues: false, value: result ?? undefined };
    },
    ({ client, invokedAt, op, line }, value) => {
      // It took the value for certain, however late.
      const completedAt = Number.MAX_VALUE;
      return { client, invokedAt, completedAt, op, result: value, outcome: 'ok', line };
    },
  );
}

/**
 * Values that were dequeued one after the other were enqueued in that order: enqueuing one while
 * another, which was gone before this one's dequeue began, is not yet in, is a dead end. For values
 * that are used once.
 */
function lookaheadForQueue(ops: History<QueueOp, Json>): Lookahead<Values> {
  const enqueued = new Map<string, number | undefined>();
  const takenFrom = new Map<string, number>();
  const goneBy: { readonly index: number; readonly at: number }[] = [];
  ops.forEach(({ op }, index) => {
    if (op.f !== 'enqueue') return;
    const key = valueKey(op.value);
    enqueued.set(key, enqueued.has(key) ? undefined : index);
  });
  for (const one of ops) {
    if (one.op.f === 'enqueue' || isPending(one)) continue;
    const key = valueKey(one.result ?? null);
    const index = enqueued.get(key);
    if (index === undefined) continue;
    takenFrom.set(key, one.invokedAt);
    goneBy.push({ index, at: one.completedAt ?? Infinity });
  }
  goneBy.sort((a, b) => a.at - b.at);
  // Before the cursor everything is in, as far as we look.
  let cursor = 0;
  return (from, to, done) => {
    if (to.length <= from.length) return to;
    while (cursor > 0 && done[goneBy[cursor - 1]?.index ?? 0] === 0) cursor -= 1;
    while (cursor < goneBy.length && done[goneBy[cursor]?.index ?? 0] === 1) cursor += 1;
    const next = goneBy[cursor];
    const taken = takenFrom.get(valueKey(to.at(-1) ?? null));
    return next !== undefined && taken !== undefined && next.at < taken ? DOOMED : to;
  };
}
