// The search for a linearization [Wing93], with memory of dead configurations [Lowe17]. It walks
// depth first and linearizes just in time: the return that comes first decides which operations may
// come next, and the operation that returns first is tried first. Four rules keep it small; each
// is a claim about completions, proved by moving or exchanging operations:
//
// 1. An operation that changes no state whatever is linearized as soon as it is legal, without
//    branching: moved to the front of a completion it leaves all states as they were. (That it
//    leaves *this* state alone is not enough: a write of the present value may be needed later.)
// 2. Of open operations that no model can tell apart only the one that returns first is tried: in a
//    completion that begins with another one the two can swap places. Pending ones return last.
// 3. A pending operation that would change nothing now is not used: it is optional.
// 4. The model's lookahead may know that a state, once left, never comes back, or that two states
//    are the same to all that is still to come.
import type { Part } from './compile.js';
import { NEVER } from './compile.js';
import { Configuration } from './configuration.js';
import { DeadSet } from './dead-set.js';
import type { Limits } from './limits.js';
import { BUDGET_SPENT } from './limits.js';
import type { Lookahead, Model } from './model.js';
import { DOOMED } from './model.js';
import { REFUSED, Transitions } from './transitions.js';
import type { Verdict } from './verdict.js';

export interface SearchResult {
  readonly verdict: Verdict;
  /** Why the verdict is unknown. */
  readonly reason: string | undefined;
  /** Steps of the model that were tried: the same on every machine. */
  readonly steps: number;
  readonly configurations: number;
  /** Operations of the part in an order that explains it; empty unless linearizable. */
  readonly order: readonly number[];
}

/** Where a search could not go on, for explanations. */
export interface DeadEnd<S> {
  /** Operations in the order of the attempt. */
  readonly order: () => readonly number[];
  readonly length: number;
  readonly state: S;
  /** How many returns are explained. */
  readonly returns: number;
}

interface Frame {
  readonly state: number;
  readonly trailLength: number;
  readonly firstReturn: number;
  /** Its candidates are those from here to the end of the stack of candidates. */
  readonly from: number;
  next: number;
}

const POLL_STEPS = 256;
const STATE_BYTES_MAX = 512 << 20;

export class Search<S, Op, Result> {
  readonly #part: Part<Op, Result>;
  readonly #limits: Limits;
  readonly #onDeadEnd: ((end: DeadEnd<S>) => void) | undefined;
  readonly #transitions: Transitions<S, Op, Result>;
  readonly #lookahead: Lookahead<S> | undefined;
  readonly #dead: DeadSet;
  readonly #at: Configuration;
  readonly #frames: Frame[] = [];
  readonly #candidates: number[] = [];
  /** Frame that last saw a class, and where its candidate is. */
  readonly #seenBy: Int32Array;
  readonly #seenAt: Int32Array;
  #frameNumber = 0;
  #steps = 0;
  #nextPoll = POLL_STEPS;

  /**
   * With `onDeadEnd` the search is complete but does without lookahead, and tells where it stops.
   */
  constructor(
    model: Model<S, Op, Result>,
    part: Part<Op, Result>,
    limits: Limits,
    onDeadEnd?: (end: DeadEnd<S>) => void,
  ) {
    this.#part = part;
    this.#limits = limits;
    this.#onDeadEnd = onDeadEnd;
    this.#transitions = new Transitions(model, part.classes);
    this.#lookahead = onDeadEnd === undefined ? model.lookahead?.(part.ops) : undefined;
    const words = (part.slots + 31) >> 5;
    this.#dead = new DeadSet(2 + words, (part.pendingCount + 31) >> 5, limits.maxConfigurations);
    this.#at = new Configuration(part);
    this.#at.state = this.#transitions.idOf(model.initial);
    this.#seenBy = new Int32Array(part.classes.length);
    this.#seenAt = new Int32Array(part.classes.length);
  }

  run(): SearchResult {
    const at = this.#at;
    this.#linearizePure();
    if (at.isComplete()) return this.#answer('linearizable', undefined);
    this.#pushFrame(0, 0, at.state);
    for (;;) {
      const spent = this.#budgetSpent();
      if (spent !== undefined) return this.#answer('unknown', spent);
      const frame = this.#frames.at(-1);
      if (frame === undefined) return this.#answer('not-linearizable', undefined);
      if (frame.next === this.#candidates.length) {
        this.#giveUp(frame);
        continue;
      }
      const op = this.#candidates[frame.next] as number;
      frame.next += 1;
      const { state, trailLength, firstReturn } = at;
      if (!this.#advance(op)) continue;
      if (at.isComplete()) return this.#answer('linearizable', undefined);
      if (this.#dead.has(at.key)) {
        at.undo(trailLength, firstReturn);
        at.state = state;
      } else {
        this.#pushFrame(trailLength, firstReturn, state);
      }
    }
  }

  #answer(verdict: Verdict, reason: string | undefined): SearchResult {
    return {
      verdict,
      reason,
      steps: this.#steps,
      configurations: this.#dead.added,
      order: verdict === 'linearizable' ? this.#order() : [],
    };
  }

  #order(): number[] {
    return [...this.#at.trail.subarray(0, this.#at.trailLength)];
  }

  #budgetSpent(): string | undefined {
    if (this.#steps > this.#limits.maxSteps) return BUDGET_SPENT.steps;
    if (this.#steps < this.#nextPoll) return undefined;
    this.#nextPoll = this.#steps + POLL_STEPS;
    if (this.#transitions.bytes > STATE_BYTES_MAX) return BUDGET_SPENT.memory;
    return this.#limits.expired() ? BUDGET_SPENT.time : undefined;
  }

  /** Linearizes `op` and, without choice, what follows from it; false if it may not come next. */
  #advance(op: number): boolean {
    const at = this.#at;
    this.#steps += 1;
    let state = this.#transitions.next(at.state, this.#part.classOf[op] as number);
    if (state === REFUSED) return false;
    if (state !== at.state && this.#lookahead !== undefined) {
      const to = this.#transitions.stateOf(state);
      at.done[op] = 1;
      const allowed = this.#lookahead(this.#transitions.stateOf(at.state), to, at.done);
      at.done[op] = 0;
      if (allowed === DOOMED) return false;
      if (allowed !== to) state = this.#transitions.idOf(allowed);
    }
    if (state === at.state && this.#part.returnRank[op] === NEVER) return false;
    at.state = state;
    at.linearize(op);
    this.#linearizePure();
    return true;
  }

  /** Rule 1. One pass is enough, because no step of it changes the state. */
  #linearizePure(): void {
    const at = this.#at;
    const { callRank, classOf, pure, ops } = this.#part;
    let op = at.firstOpen;
    while (op !== ops.length && (callRank[op] as number) < at.horizon) {
      const next = at.nextOpen(op);
      if (pure[op] === 1) {
        this.#steps += 1;
        if (this.#transitions.next(at.state, classOf[op] as number) !== REFUSED) at.linearize(op);
      }
      op = next;
    }
  }

  /** Remembers how to come back to what was before, and lists what may come next. */
  #pushFrame(trailLength: number, firstReturn: number, state: number): void {
    const from = this.#candidates.length;
    this.#frames.push({ state, trailLength, firstReturn, from, next: from });
    this.#frameNumber += 1;
    const at = this.#at;
    const { callRank, classOf, pure, ops, pendingGroups } = this.#part;
    const horizon = at.horizon;
    for (let op = at.firstOpen; op !== ops.length; op = at.nextOpen(op)) {
      if ((callRank[op] as number) >= horizon) break;
      if (pure[op] === 0) this.#offer(op);
    }
    this.#sortByReturn(from);
    for (let group = 0; group < pendingGroups.length; group += 1) {
      const op = at.nextPending(group);
      if (op < 0 || (callRank[op] as number) >= horizon) continue;
      // Rule 2: an open completed operation of the same class goes first.
      if (this.#seenBy[classOf[op] as number] !== this.#frameNumber) this.#candidates.push(op);
    }
  }

  /** Rule 2: one candidate a class, the one that returns first. */
  #offer(op: number): void {
    const cls = this.#part.classOf[op] as number;
    if (this.#seenBy[cls] !== this.#frameNumber) {
      this.#seenBy[cls] = this.#frameNumber;
      this.#seenAt[cls] = this.#candidates.length;
      this.#candidates.push(op);
      return;
    }
    const at = this.#seenAt[cls] as number;
    const { returnRank } = this.#part;
    const rival = this.#candidates[at] as number;
    if ((returnRank[op] as number) < (returnRank[rival] as number)) this.#candidates[at] = op;
  }

  #sortByReturn(from: number): void {
    const { returnRank } = this.#part;
    const list = this.#candidates;
    for (let end = from + 1; end < list.length; end += 1) {
      const op = list[end] as number;
      const key = returnRank[op] as number;
      let at = end;
      while (at > from && (returnRank[list[at - 1] as number] as number) > key) {
        list[at] = list[at - 1] as number;
        at -= 1;
      }
      list[at] = op;
    }
  }

  /** No candidate led to the end: the configuration is dead. */
  #giveUp(frame: Frame): void {
    const at = this.#at;
    this.#dead.add(at.key);
    this.#onDeadEnd?.({
      order: () => this.#order(),
      length: at.trailLength,
      state: this.#transitions.stateOf(at.state),
      returns: at.firstReturn,
    });
    this.#frames.pop();
    this.#candidates.length = frame.from;
    at.undo(frame.trailLength, frame.firstReturn);
    at.state = frame.state;
  }
}
