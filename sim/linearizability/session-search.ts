// The search behind sessions.ts: depth first over how far each session is explained, with memory
// of dead configurations (dead-set.ts). A configuration is a place in every row, the optional
// operations used, and the state of every object.
//
// An optional operation has no deadline, so it can wait until right before the next operation on
// the same object, and is useless if there is none. So after one of them only its object moves.
import { DeadSet } from './dead-set.js';
import type { History, HistoryOp } from './history.js';
import type { Limits } from './limits.js';
import { BUDGET_SPENT } from './limits.js';
import type { Model } from './model.js';
import { DOOMED, Refusal } from './model.js';
import type { Loose, SessionColumns } from './session-columns.js';
import { sessionColumns } from './session-columns.js';
import type { SessionRules } from './session-rules.js';
import { SessionState } from './session-state.js';
import { REFUSED } from './transitions.js';
import type { Verdict } from './verdict.js';

/** The furthest point reached, and why each session goes no further. */
export interface Stuck<Op, Result> {
  /** The end of the attempted order, and how many operations stand before it. */
  readonly order: readonly HistoryOp<Op, Result>[];
  readonly before: number;
  readonly heads: readonly { readonly op: HistoryOp<Op, Result>; readonly reason: string }[];
}

export interface SessionSearchResult<Op, Result> {
  readonly verdict: Verdict;
  readonly reason: string | undefined;
  readonly steps: number;
  readonly configurations: number;
  readonly stuck: Stuck<Op, Result> | undefined;
}

interface Frame {
  readonly trailLength: number;
  /** The component that has to move next, or -1. */
  readonly only: number;
  readonly candidates: number[];
  next: number;
  /** Are all optional operations among the candidates? */
  widened: boolean;
}

const POLL_STEPS = 64;
const STATE_BYTES_MAX = 512 << 20;
/** What a remembered configuration may cost compared with those of search.ts. */
const KEY_WORDS = 8;
const ORDER_KEPT = 100;

export class SessionSearch<S, Op, Result> {
  readonly #model: Model<S, Op, Result>;
  readonly #limits: Limits;
  readonly #columns: SessionColumns<S, Op, Result>;
  readonly #at: SessionState<S, Op, Result>;
  readonly #hint: Float64Array;
  readonly #completedAt: Float64Array;
  /** Optional operations of each component. */
  readonly #looseIn: Loose[][];
  readonly #dead: DeadSet;
  readonly #frames: Frame[] = [];
  #nextPoll = POLL_STEPS;
  #best = -1;
  #bestKey: Int32Array | undefined;
  #bestOrder: readonly number[] = [];
  #bestLength = 0;

  constructor(
    model: Model<S, Op, Result>,
    ops: History<Op, Result>,
    rules: SessionRules<Op, Result>,
    limits: Limits,
  ) {
    const needs = ops.map((op) => rules.needOf(op));
    this.#model = model;
    this.#limits = limits;
    this.#columns = sessionColumns(model, ops, (_op, index) => needs[index] === 'everything');
    this.#at = new SessionState(this.#columns, model.initial, needs);
    this.#hint = Float64Array.from(ops, (op) => rules.hintOf(op) ?? NaN);
    this.#completedAt = Float64Array.from(ops, ({ completedAt }) => completedAt ?? Infinity);
    this.#looseIn = this.#columns.components.map(() => []);
    for (const one of this.#columns.loose) {
      this.#looseIn[this.#columns.componentOf[one.op] as number]?.push(one);
    }
    const { key, exactWords } = this.#at;
    const capacity = Math.ceil((limits.maxConfigurations * KEY_WORDS) / Math.max(1, key.length));
    const most = Math.min(limits.maxConfigurations, capacity);
    this.#dead = new DeadSet(exactWords, key.length - exactWords, most);
  }

  run(): SessionSearchResult<Op, Result> {
    const at = this.#at;
    at.takePure();
    if (at.isComplete()) return this.#answer('linearizable', undefined);
    this.#pushFrame(0, -1);
    for (;;) {
      const spent = this.#budgetSpent();
      if (spent !== undefined) return this.#answer('unknown', spent);
      const frame = this.#frames.at(-1);
      if (frame === undefined) return this.#answer('not-linearizable', undefined);
      if (frame.next === frame.candidates.length && !frame.widened) this.#widen(frame);
      const op = frame.candidates[frame.next];
      frame.next += 1;
      if (op === undefined) {
        this.#giveUp(frame);
        continue;
      }
      const { trailLength } = at;
      if (!this.#advance(op)) continue;
      if (at.isComplete()) return this.#answer('linearizable', undefined);
      if (this.#dead.has(at.key)) at.undo(trailLength);
      else this.#pushFrame(trailLength, this.#mustMove(op, trailLength));
    }
  }

  /** The component of an optional operation that nothing has followed yet, or -1. */
  #mustMove(op: number, trailLength: number): number {
    if (!this.#at.isOptional(op)) return -1;
    const component = this.#columns.componentOf[op] as number;
    return this.#at.hasMoved(component, trailLength + 2) ? -1 : component;
  }

  #answer(verdict: Verdict, reason: string | undefined): SessionSearchResult<Op, Result> {
    const stuck = verdict === 'not-linearizable' ? this.#describeBest() : undefined;
    const { steps } = this.#at;
    return { verdict, reason, steps, configurations: this.#dead.added, stuck };
  }

  #budgetSpent(): string | undefined {
    const { steps } = this.#at;
    if (steps > this.#limits.maxSteps) return BUDGET_SPENT.steps;
    if (steps < this.#nextPoll) return undefined;
    this.#nextPoll = steps + POLL_STEPS;
    let bytes = 0;
    for (const { transitions } of this.#columns.components) bytes += transitions.bytes;
    if (bytes > STATE_BYTES_MAX) return BUDGET_SPENT.memory;
    return this.#limits.expired() ? BUDGET_SPENT.time : undefined;
  }

  #advance(op: number): boolean {
    const at = this.#at;
    const before = at.stateFor(op);
    let after = at.stateAfter(op);
    if (after === REFUSED) return false;
    const { lookahead, transitions, done } = at.componentOf(op);
    if (after !== before && lookahead !== undefined) {
      const index = this.#columns.indexIn[op] as number;
      const to = transitions.stateOf(after);
      done[index] = 1;
      const allowed = lookahead(transitions.stateOf(before), to, done);
      done[index] = 0;
      if (allowed === DOOMED) return false;
      if (allowed !== to) after = transitions.idOf(allowed);
    }
    if (after === before && at.isOptional(op)) return false;
    at.take(op, after);
    at.takePure();
    return true;
  }

  /** First the writes that sessions wait for; optional ones before them where those are stuck. */
  #pushFrame(trailLength: number, only: number): void {
    const heads = this.#heads(only);
    const first = heads[0];
    const stuck = first === undefined || this.#at.stateAfter(first) === REFUSED;
    const candidates = stuck ? [...this.#helpful(only), ...heads] : heads;
    this.#frames.push({ trailLength, only, candidates, next: 0, widened: false });
  }

  #widen(frame: Frame): void {
    frame.widened = true;
    this.#at.refresh();
    const known = new Set(frame.candidates);
    for (let component = 0; component < this.#looseIn.length; component += 1) {
      if (frame.only >= 0 && frame.only !== component) continue;
      for (const op of this.#optional(component)) if (!known.has(op)) frame.candidates.push(op);
    }
  }

  /** Next writes of the sessions, the likeliest first. */
  #heads(only: number): number[] {
    const { rows, pure, componentOf } = this.#columns;
    const heads: number[] = [];
    let hinted = true;
    for (let row = 0; row < rows.length; row += 1) {
      const op = this.#at.headOf(row);
      if (op < 0 || pure[op] === 1 || !this.#at.isReady(op)) continue;
      if (only >= 0 && componentOf[op] !== only) continue;
      heads.push(op);
      hinted &&= !Number.isNaN(this.#hint[op]);
    }
    const rank = hinted ? this.#hint : this.#completedAt;
    return heads.sort((a, b) => (rank[a] as number) - (rank[b] as number));
  }

  /** Optional operations after which some session can go on. */
  #helpful(only: number): number[] {
    const at = this.#at;
    const { rows, componentOf, classOf } = this.#columns;
    const waiting = new Map<number, number[]>();
    for (let row = 0; row < rows.length; row += 1) {
      const op = at.headOf(row);
      if (op < 0 || !at.isReady(op) || at.stateAfter(op) !== REFUSED) continue;
      const component = componentOf[op] as number;
      if (only >= 0 && component !== only) continue;
      const list = waiting.get(component);
      if (list === undefined) waiting.set(component, [op]);
      else list.push(op);
    }
    const found: number[] = [];
    for (const [component, heads] of waiting) {
      for (const op of this.#optional(component)) {
        const state = at.stateAfter(op);
        if (state === REFUSED) continue;
        const { transitions } = at.componentOf(op);
        const helps = heads.some(
          (head) => transitions.next(state, classOf[head] as number) !== REFUSED,
        );
        if (helps) found.push(op);
      }
    }
    return found;
  }

  /** Optional operations of a component that may come next, one a class. */
  #optional(component: number): number[] {
    const at = this.#at;
    const seen = new Set<number>();
    const found: number[] = [];
    for (const { op, row, after } of this.#looseIn[component] ?? []) {
      const cls = this.#columns.classOf[op] as number;
      if (seen.has(cls) || (at.key[row] as number) < after || at.isUsed(op)) continue;
      if (!at.isReady(op)) continue;
      seen.add(cls);
      found.push(op);
    }
    return found;
  }

  #giveUp(frame: Frame): void {
    const at = this.#at;
    if (at.answered > this.#best) {
      this.#best = at.answered;
      this.#bestKey = at.key.slice();
      this.#bestOrder = at.latest(ORDER_KEPT);
      this.#bestLength = at.trailLength / 2;
    }
    // With only one component allowed to move, the others have not been tried.
    if (frame.only < 0) this.#dead.add(at.key);
    this.#frames.pop();
    at.undo(frame.trailLength);
  }

  #describeBest(): Stuck<Op, Result> | undefined {
    if (this.#bestKey === undefined) return undefined;
    this.#at.restore(this.#bestKey);
    const heads = this.#columns.rows.flatMap((_row, index) => {
      const op = this.#at.headOf(index);
      if (op < 0) return [];
      return [{ op: this.#columns.ops[op] as HistoryOp<Op, Result>, reason: this.#whyNot(op) }];
    });
    const order = this.#bestOrder.map((op) => this.#columns.ops[op] as HistoryOp<Op, Result>);
    return { order, before: this.#bestLength - order.length, heads };
  }

  #whyNot(op: number): string {
    if (!this.#at.isReady(op)) {
      return 'an operation that completed before it was invoked is not explained yet';
    }
    const { transitions } = this.#at.componentOf(op);
    const { op: what, result } = this.#columns.ops[op] as HistoryOp<Op, Result>;
    const after = this.#model.step(transitions.stateOf(this.#at.stateFor(op)), what, result);
    return after instanceof Refusal
      ? after.reason
      : 'it may, but nothing that can follow explains the rest';
  }
}
