// A model is the sequential specification that a history is held against: an initial state and a
// step. Ten lines make one (docs/checking-histories.md has a complete example); everything below
// `step` is optional and makes checking faster or its explanations clearer.
//
// Operations, results and states are plain data and are never changed in place.
import type { History, HistoryOp } from './history.js';

/** A step that is impossible, and why, in words: they end up in front of a person. */
export class Refusal {
  readonly #reason: string | (() => string);

  constructor(reason: string | (() => string)) {
    this.#reason = reason;
  }

  get reason(): string {
    return typeof this.#reason === 'string' ? this.#reason : this.#reason();
  }
}

/** A search asks for millions of steps and shows a few, so words that cost something can wait. */
export function refuse(reason: string | (() => string)): Refusal {
  return new Refusal(reason);
}

/** What a lookahead answers when a move is a dead end. */
export const DOOMED = Symbol('a dead end');

/**
 * May the search leave `from` for `to`, when `done` says what it has linearized so far, the moving
 * operation included? Answers `to`, or another state that cannot be told from it by anything that
 * is not done, or DOOMED.
 */
export type Lookahead<S> = (from: S, to: S, done: Uint8Array) => S | typeof DOOMED;

export interface MonitorVerdict<Op, Result> {
  /** What the monitor is called in reports. */
  readonly method: string;
  readonly linearizable: boolean;
  /** Operations that cannot be ordered together, few; empty when linearizable. */
  readonly culprits: History<Op, Result>;
  /** Why they cannot; empty when linearizable. */
  readonly because: string;
}

export interface Model<S, Op, Result> {
  readonly name: string;
  readonly initial: S;
  /**
   * The state after `op`, or a refusal when `op` cannot have returned `result` in `state`. With an
   * undefined result the step does what the specification would do, and changes nothing where the
   * specification would fail.
   */
  readonly step: (state: S, op: Op, result: Result | undefined) => S | Refusal;
  /** Operations with different keys touch different objects, each with a state of its own. */
  readonly key?: (op: Op) => string;
  /** True only if no state at all is changed by `op` with this result. */
  readonly isPure?: (op: Op, result: Result | undefined) => boolean;
  /** Equal texts or numbers for equal states; the default is the primitive or its JSON. */
  readonly stateKey?: (state: S) => string | number;
  /** Equal texts for operations that no state can tell apart; the default is the JSON of both. */
  readonly classKey?: (op: Op, result: Result | undefined) => string;
  readonly describeOp?: (op: Op, result: Result | undefined) => string;
  readonly describeState?: (state: S) => string;
  /**
   * Sees a part once, in the order that `done` is indexed by, and returns what recognises dead
   * ends. One that is too eager makes the checker wrong.
   */
  readonly lookahead?: ((ops: History<Op, Result>) => Lookahead<S>) | undefined;
  /** Decides a part without search, in polynomial time; undefined where it does not apply. */
  readonly monitor?:
    ((ops: History<Op, Result>) => MonitorVerdict<Op, Result> | undefined) | undefined;
}

export function describeOp<S, Op, Result>(
  model: Model<S, Op, Result>,
  { op, result }: HistoryOp<Op, Result>,
): string {
  if (model.describeOp !== undefined) return model.describeOp(op, result);
  return `${JSON.stringify(op)} -> ${result === undefined ? '?' : JSON.stringify(result)}`;
}

export function describeState<S, Op, Result>(model: Model<S, Op, Result>, state: S): string {
  return model.describeState?.(state) ?? JSON.stringify(state);
}
