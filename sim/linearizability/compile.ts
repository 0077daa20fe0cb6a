// A part of a history as columns of integers, ready for the search: operations in order of their
// invocation, all events ranked on one axis (invocations before returns at the same time, so that
// closed intervals that touch are concurrent), and one slot per open operation. A slot is free
// again after the return, so that "which of the open operations are linearized" fits in as many
// bits as operations were ever open at once.
import { assert } from '../../base/assert.js';
import type { History, HistoryOp } from './history.js';
import { isPending } from './history.js';
import type { Model } from './model.js';
import type { OpClass } from './transitions.js';

/** Rank of a return that never came. */
export const NEVER = 0x7fffffff;

export interface Part<Op, Result> {
  /** By invocation; operations that cannot matter are left out. */
  readonly ops: History<Op, Result>;
  readonly callRank: Int32Array;
  readonly returnRank: Int32Array;
  /** Completed operations by return; their count is what a linearization has to reach. */
  readonly returns: Int32Array;
  /** Position in `returns`; meaningless for pending operations. */
  readonly returnIndex: Int32Array;
  readonly classOf: Int32Array;
  readonly classes: readonly OpClass<Op, Result>[];
  readonly pure: Uint8Array;
  /** Bit of an open completed operation, or of a pending one among the pending. */
  readonly slot: Int32Array;
  readonly slots: number;
  /** Pending operations of one class, by invocation; they are interchangeable. */
  readonly pendingGroups: readonly Int32Array[];
  readonly pendingCount: number;
}

/** Operations that a linearization has to place, or may: no failures, no reads of nothing. */
export function relevant<S, Op, Result>(
  model: Model<S, Op, Result>,
  history: History<Op, Result>,
): HistoryOp<Op, Result>[] {
  return history.filter((op) => {
    if (op.outcome === 'fail') return false;
    // A pure operation of unknown result fits anywhere.
    return op.result !== undefined || !(model.isPure?.(op.op, undefined) ?? false);
  });
}

export function byInvocation<Op, Result>(ops: History<Op, Result>): History<Op, Result> {
  for (let i = 1; i < ops.length; i += 1) {
    if (invokedAt(ops, i) < invokedAt(ops, i - 1)) {
      return ops.slice().sort((a, b) => a.invokedAt - b.invokedAt);
    }
  }
  return ops;
}

function invokedAt(ops: History<unknown, unknown>, index: number): number {
  return (ops[index] as HistoryOp<unknown, unknown>).invokedAt;
}

/**
 * `history` holds one part, without operations that certainly failed. Undefined if the time is up
 * before a long one is compiled.
 */
export function compile<S, Op, Result>(
  model: Model<S, Op, Result>,
  history: History<Op, Result>,
  expired: () => boolean,
): Part<Op, Result> | undefined {
  const ops = byInvocation(history);
  if (expired()) return undefined;
  const { callRank, returnRank, returns } = rank(ops);
  if (expired()) return undefined;
  const { classOf, classes } = classify(model, ops);
  if (expired()) return undefined;
  const pureClass = classes.map(({ op, result }) => model.isPure?.(op, result) ?? false);
  const pure = Uint8Array.from(classOf, (cls) => (pureClass[cls] === true ? 1 : 0));
  const returnIndex = new Int32Array(ops.length);
  returns.forEach((op, index) => {
    returnIndex[op] = index;
  });

  const groups = new Map<number, number[]>();
  for (let i = 0; i < ops.length; i += 1) {
    if (returnRank[i] !== NEVER) continue;
    const cls = classOf[i] as number;
    const group = groups.get(cls);
    if (group === undefined) groups.set(cls, [i]);
    else group.push(i);
  }
  const pendingGroups = [...groups.values()].map((group) => Int32Array.from(group));
  const { slot, slots } = assignSlots(callRank, returnRank, returns);
  return {
    ops,
    callRank,
    returnRank,
    returns,
    returnIndex,
    classOf,
    classes,
    pure,
    slot,
    slots,
    pendingGroups,
    pendingCount: ops.length - returns.length,
  };
}

interface Ranks {
  readonly callRank: Int32Array;
  readonly returnRank: Int32Array;
  readonly returns: Int32Array;
}

/** Ranks of all events of operations that are sorted by invocation. */
export function rank(ops: History<unknown, unknown>): Ranks {
  const callRank = new Int32Array(ops.length);
  const returnRank = new Int32Array(ops.length).fill(NEVER);
  const completedAt = new Float64Array(ops.length);
  const completed: number[] = [];
  ops.forEach((op, i) => {
    if (isPending(op)) return;
    assert(op.completedAt !== undefined, 'a completed operation has a time of completion');
    assert(op.completedAt >= op.invokedAt, 'an operation completes after its invocation');
    completedAt[i] = op.completedAt;
    completed.push(i);
  });
  const returns = Int32Array.from(completed).sort(
    (a, b) => (completedAt[a] as number) - (completedAt[b] as number) || a - b,
  );
  let next = 0;
  let call = 0;
  for (const op of returns) {
    while (call < ops.length && invokedAt(ops, call) <= (completedAt[op] as number)) {
      callRank[call] = next;
      next += 1;
      call += 1;
    }
    returnRank[op] = next;
    next += 1;
  }
  for (; call < ops.length; call += 1, next += 1) callRank[call] = next;
  return { callRank, returnRank, returns };
}

export function classify<S, Op, Result>(
  model: Model<S, Op, Result>,
  ops: History<Op, Result>,
): { classOf: Int32Array; classes: OpClass<Op, Result>[] } {
  const classOf = new Int32Array(ops.length);
  const classes: OpClass<Op, Result>[] = [];
  const ids = new Map<string, number>();
  ops.forEach((op, i) => {
    const key = model.classKey?.(op.op, op.result) ?? jsonOf(op);
    let id = ids.get(key);
    if (id === undefined) {
      id = classes.length;
      ids.set(key, id);
      classes.push({ op: op.op, result: op.result });
    }
    classOf[i] = id;
  });
  return { classOf, classes };
}

function jsonOf({ op, result }: HistoryOp<unknown, unknown>): string {
  return result === undefined
    ? `?${JSON.stringify(op)}`
    : JSON.stringify(op) + JSON.stringify(result);
}

function assignSlots(
  callRank: Int32Array,
  returnRank: Int32Array,
  returns: Int32Array,
): { slot: Int32Array; slots: number } {
  const slot = new Int32Array(callRank.length);
  const free: number[] = [];
  let slots = 0;
  let pending = 0;
  let returned = 0;
  for (let i = 0; i < callRank.length; i += 1) {
    if (returnRank[i] === NEVER) {
      slot[i] = pending;
      pending += 1;
      continue;
    }
    while (returned < returns.length) {
      const op = returns[returned] as number;
      if ((returnRank[op] as number) > (callRank[i] as number)) break;
      free.push(slot[op] as number);
      returned += 1;
    }
    const reused = free.pop();
    slot[i] = reused ?? slots;
    if (reused === undefined) slots += 1;
  }
  return { slot, slots };
}
