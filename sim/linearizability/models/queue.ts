// A FIFO queue, or one per key. A dequeue returns the oldest value, or null from an empty queue.
import type { History, Json } from '../history.js';
import { isPending, sameValue, valueKey } from '../history.js';
import type { Model, MonitorVerdict } from '../model.js';
import { refuse } from '../model.js';
import { judgeByPatterns } from '../monitors/queue-patterns.js';

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
  monitor: judgeQueue,
};

function frontOf(state: Values): string {
  const head = state[0];
  return head === undefined ? 'the queue is empty' : `${valueKey(head)} is in front`;
}

/**
 * Without pending dequeues a history can only be harder to explain, so only its failure is no
 * verdict.
 */
function judgeQueue(ops: History<QueueOp, Json>): MonitorVerdict<QueueOp, Json> | undefined {
  const known = ops.filter((op) => op.op.f === 'enqueue' || !isPending(op));
  const unclear = known.some(({ op, result }) =>
    op.f === 'enqueue' ? op.value === null : result === undefined,
  );
  if (unclear) return undefined;
  const verdict = judgeByPatterns(known, ({ op, result }) => {
    if (op.f === 'enqueue') return { enqueues: true, value: op.value };
    return { enqueues: false, value: result ?? undefined };
  });
  return known.length === ops.length || verdict?.linearizable === true ? verdict : undefined;
}
