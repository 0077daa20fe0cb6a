// A history as sessions: each a row of operations in the order of their invocation, with what is
// still ahead in it at each place. Operations without an answer belong to no row; they are
// optional and wait until the part of their session that was answered before is done.
import { classify } from './compile.js';
import type { History, HistoryOp } from './history.js';
import { isPending } from './history.js';
import type { Lookahead, Model } from './model.js';
import { Transitions } from './transitions.js';

export interface Row {
  readonly client: string;
  readonly ops: Int32Array;
  /** First completion among the operations from each place on; Infinity past the end. */
  readonly firstDone: Float64Array;
  /** The same for those that are writes. */
  readonly firstWriteDone: Float64Array;
}

export interface Loose {
  readonly op: number;
  readonly row: number;
  /** How many operations of the row come before it. */
  readonly after: number;
}

/** One object of the history: its own states, its own classes. */
export interface Component<S, Op, Result> {
  readonly transitions: Transitions<S, Op, Result>;
  readonly lookahead: Lookahead<S> | undefined;
  /** Which of its operations, in its own numbers, are done. */
  readonly done: Uint8Array;
}

export interface SessionColumns<S, Op, Result> {
  readonly ops: History<Op, Result>;
  readonly rows: readonly Row[];
  readonly loose: readonly Loose[];
  readonly components: readonly Component<S, Op, Result>[];
  readonly componentOf: Int32Array;
  /** Number within its component. */
  readonly indexIn: Int32Array;
  readonly classOf: Int32Array;
  readonly pure: Uint8Array;
}

/** `ops` by invocation, and only relevant ones. */
export function sessionColumns<S, Op, Result>(
  model: Model<S, Op, Result>,
  ops: History<Op, Result>,
  isWrite: (op: HistoryOp<Op, Result>, index: number) => boolean,
): SessionColumns<S, Op, Result> {
  const { rows, loose } = rowsOf(ops, isWrite);
  const members = new Map<string, number[]>();
  ops.forEach((op, index) => {
    const key = model.key?.(op.op) ?? '';
    const list = members.get(key);
    if (list === undefined) members.set(key, [index]);
    else list.push(index);
  });
  const componentOf = new Int32Array(ops.length);
  const indexIn = new Int32Array(ops.length);
  const classOf = new Int32Array(ops.length);
  const components = [...members.values()].map((list, component) => {
    const own = list.map((index) => ops[index] as HistoryOp<Op, Result>);
    const classified = classify(model, own);
    list.forEach((index, at) => {
      componentOf[index] = component;
      indexIn[index] = at;
      classOf[index] = classified.classOf[at] as number;
    });
    return {
      transitions: new Transitions(model, classified.classes),
      lookahead: model.lookahead?.(own),
      done: new Uint8Array(own.length),
    };
  });
  const pure = Uint8Array.from(ops, ({ op, result }) =>
    model.isPure?.(op, result) === true ? 1 : 0,
  );
  return { ops, rows, loose, components, componentOf, indexIn, classOf, pure };
}

function rowsOf<Op, Result>(
  ops: History<Op, Result>,
  isWrite: (op: HistoryOp<Op, Result>, index: number) => boolean,
): { rows: Row[]; loose: Loose[] } {
  const numbers = new Map<string, number>();
  const answered: number[][] = [];
  const unanswered: { readonly op: number; readonly client: string; readonly after: number }[] = [];
  ops.forEach((op, index) => {
    const row = numbers.get(op.client);
    if (isPending(op)) {
      const after = row === undefined ? 0 : (answered[row]?.length ?? 0);
      unanswered.push({ op: index, client: op.client, after });
    } else if (row === undefined) {
      numbers.set(op.client, answered.length);
      answered.push([index]);
    } else {
      answered[row]?.push(index);
    }
  });
  // A session without answers has no row, and nothing to wait for.
  const loose = unanswered.map(({ op, client, after }): Loose => {
    return { op, row: numbers.get(client) ?? 0, after };
  });
  const clients = [...numbers.keys()];
  const rows = answered.map((list, row) => {
    const firstDone = new Float64Array(list.length + 1).fill(Infinity);
    const firstWriteDone = new Float64Array(list.length + 1).fill(Infinity);
    for (let at = list.length - 1; at >= 0; at -= 1) {
      const index = list[at] as number;
      const op = ops[index] as HistoryOp<Op, Result>;
      const done = op.completedAt ?? Infinity;
      firstDone[at] = Math.min(done, firstDone[at + 1] as number);
      const write = isWrite(op, index) ? done : Infinity;
      firstWriteDone[at] = Math.min(write, firstWriteDone[at + 1] as number);
    }
    return { client: clients[row] ?? '', ops: Int32Array.from(list), firstDone, firstWriteDone };
  });
  return { rows, loose };
}
