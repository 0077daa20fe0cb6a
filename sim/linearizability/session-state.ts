// Where a search over sessions stands: a place in every row, the state of every object, the
// optional operations used. Changed in place; `undo` takes back the latest changes.
import type { HistoryOp } from './history.js';
import type { Component, Row, SessionColumns } from './session-columns.js';
import type { Need } from './session-rules.js';
import { REFUSED } from './transitions.js';

const NEEDS: Readonly<Record<Need, number>> = { session: 0, writes: 1, everything: 2 };

export class SessionState<S, Op, Result> {
  /** [...place in each row, ...state of each component, ...optional operations used]. */
  readonly key: Int32Array;
  /** How many words of the key must be equal: all but those on optional operations. */
  readonly exactWords: number;
  /** Answered operations done. */
  answered = 0;
  /** Steps of the model that were tried. */
  steps = 0;
  readonly #columns: SessionColumns<S, Op, Result>;
  readonly #need: Uint8Array;
  readonly #rowOf: Int32Array;
  /** Number among the optional operations. */
  readonly #looseOf: Int32Array;
  readonly #states: number;
  /** Operation and the state its component had before, in pairs. */
  readonly #trail: number[] = [];
  /** Of each row: its next operation or -1, and what completes first in the rest of it. */
  readonly #head: Int32Array;
  readonly #firstDoneIn: Float64Array;
  readonly #firstWriteDoneIn: Float64Array;
  /** The same over all rows; holds after `refresh`. */
  #firstDone = Infinity;
  #firstWriteDone = Infinity;
  /** Head of each row when it was last refused, and the state that refused it. */
  readonly #refusedHead: Int32Array;
  readonly #refusedIn: Int32Array;

  constructor(columns: SessionColumns<S, Op, Result>, initial: S, needs: readonly Need[]) {
    const { ops, rows, loose, components } = columns;
    this.#columns = columns;
    this.#need = Uint8Array.from(needs, (need) => NEEDS[need]);
    this.#rowOf = new Int32Array(ops.length).fill(-1);
    this.#looseOf = new Int32Array(ops.length).fill(-1);
    rows.forEach((row, index) => {
      for (const op of row.ops) this.#rowOf[op] = index;
    });
    loose.forEach(({ op }, index) => {
      this.#looseOf[op] = index;
    });
    this.#states = rows.length;
    this.exactWords = this.#states + components.length;
    this.key = new Int32Array(this.exactWords + ((loose.length + 31) >> 5));
    this.#head = new Int32Array(rows.length);
    this.#firstDoneIn = new Float64Array(rows.length);
    this.#firstWriteDoneIn = new Float64Array(rows.length);
    for (let row = 0; row < rows.length; row += 1) this.#lookAhead(row);
    this.#refusedHead = new Int32Array(rows.length).fill(-1);
    this.#refusedIn = new Int32Array(rows.length);
    components.forEach(({ transitions }, index) => {
      this.key[this.#states + index] = transitions.idOf(initial);
    });
  }

  isComplete(): boolean {
    return this.answered === this.#columns.ops.length - this.#columns.loose.length;
  }

  get trailLength(): number {
    return this.#trail.length;
  }

  /** Next answered operation of a row, or -1. */
  headOf(row: number): number {
    return this.#head[row] as number;
  }

  #lookAhead(row: number): void {
    const { ops, firstDone, firstWriteDone } = this.#columns.rows[row] as Row;
    const at = this.key[row] as number;
    this.#head[row] = at < ops.length ? (ops[at] as number) : -1;
    this.#firstDoneIn[row] = firstDone[at] as number;
    this.#firstWriteDoneIn[row] = firstWriteDone[at] as number;
  }

  /** Takes over a configuration that was seen before, as a copy of its key. */
  restore(key: Int32Array): void {
    this.key.set(key);
    for (let row = 0; row < this.#head.length; row += 1) this.#lookAhead(row);
    this.refresh();
  }

  isOptional(op: number): boolean {
    return (this.#looseOf[op] as number) >= 0;
  }

  isUsed(op: number): boolean {
    const loose = this.#looseOf[op] as number;
    return (((this.key[this.exactWords + (loose >> 5)] as number) >> (loose & 31)) & 1) === 1;
  }

  componentOf(op: number): Component<S, Op, Result> {
    return this.#columns.components[this.#columns.componentOf[op] as number] as Component<
      S,
      Op,
      Result
    >;
  }

  /** State that the operation would meet. */
  stateFor(op: number): number {
    return this.key[this.#states + (this.#columns.componentOf[op] as number)] as number;
  }

  /** State of the operation's component after it, or REFUSED. */
  stateAfter(op: number): number {
    this.steps += 1;
    const { transitions } = this.componentOf(op);
    return transitions.next(this.stateFor(op), this.#columns.classOf[op] as number);
  }

  /** Is every operation done that this one must follow? Holds after `refresh`. */
  isReady(op: number): boolean {
    const need = this.#need[op] as number;
    if (need === NEEDS.session) return true;
    const { invokedAt } = this.#columns.ops[op] as HistoryOp<Op, Result>;
    return invokedAt <= (need === NEEDS.writes ? this.#firstWriteDone : this.#firstDone);
  }

  /** Finds what completed first among all that is not done. */
  refresh(): void {
    let firstDone = Infinity;
    let firstWriteDone = Infinity;
    for (let row = 0; row < this.#head.length; row += 1) {
      const done = this.#firstDoneIn[row] as number;
      const writeDone = this.#firstWriteDoneIn[row] as number;
      if (done < firstDone) firstDone = done;
      if (writeDone < firstWriteDone) firstWriteDone = writeDone;
    }
    this.#firstDone = firstDone;
    this.#firstWriteDone = firstWriteDone;
  }

  /**
   * Goes on in every session as far as no state changes, until nobody waits for another session.
   */
  takePure(): void {
    const { pure } = this.#columns;
    const head = this.#head;
    this.refresh();
    for (;;) {
      let moved = false;
      for (let row = 0; row < head.length; row += 1) {
        for (;;) {
          const op = head[row] as number;
          if (op < 0 || pure[op] === 0 || !this.isReady(op) || !this.#takeIfLegal(op, row)) break;
          moved = true;
        }
      }
      const before = this.#firstDone;
      const writeBefore = this.#firstWriteDone;
      if (moved) this.refresh();
      if (before === this.#firstDone && writeBefore === this.#firstWriteDone) return;
    }
  }

  #takeIfLegal(op: number, row: number): boolean {
    const now = this.stateFor(op);
    if (this.#refusedHead[row] === op && this.#refusedIn[row] === now) return false;
    const state = this.stateAfter(op);
    if (state !== REFUSED) {
      this.take(op, state);
      return true;
    }
    this.#refusedHead[row] = op;
    this.#refusedIn[row] = now;
    return false;
  }

  take(op: number, state: number): void {
    this.#trail.push(op, this.stateFor(op));
    this.#put(op, state, 1);
  }

  undo(trailLength: number): void {
    while (this.#trail.length > trailLength) {
      const state = this.#trail.pop() as number;
      const op = this.#trail.pop() as number;
      this.#put(op, state, 0);
    }
  }

  #put(op: number, state: number, done: 0 | 1): void {
    const { componentOf, indexIn } = this.#columns;
    this.key[this.#states + (componentOf[op] as number)] = state;
    this.componentOf(op).done[indexIn[op] as number] = done;
    const loose = this.#looseOf[op] as number;
    if (loose >= 0) {
      const at = this.exactWords + (loose >> 5);
      this.key[at] = (this.key[at] as number) ^ (1 << (loose & 31));
      return;
    }
    const row = this.#rowOf[op] as number;
    const by = done === 1 ? 1 : -1;
    this.key[row] = (this.key[row] as number) + by;
    this.answered += by;
    this.#lookAhead(row);
  }

  /** The operations done last, in their order. */
  latest(count: number): number[] {
    const from = Math.max(0, this.#trail.length - 2 * count);
    const ops: number[] = [];
    for (let at = from; at < this.#trail.length; at += 2) ops.push(this.#trail[at] as number);
    return ops;
  }

  /** Has an operation on this component been done since the trail had this length? */
  hasMoved(component: number, trailLength: number): boolean {
    for (let at = trailLength; at < this.#trail.length; at += 2) {
      if (this.#columns.componentOf[this.#trail[at] as number] === component) return true;
    }
    return false;
  }
}
