// Virtual time and what is pending in it. Usually the earliest (atUs, seq) is taken next. By
// choice, as in a replay, nothing has an order of its own: whoever drives names what happens next.
//
// Beside the queue stands what was held up (by a partition, a pause, a stalled disk) and has been
// released: it is taken first, in the order in which it was held. Released things keep their seq
// and use up none, so holding is invisible to a replay.
import { EventHeap } from '../../base/heap.js';
import type { Pending, PendingBody, PendingKind } from './pending.js';

export class Timeline {
  nowUs = 0;
  /** Record index of the event being handled: the cause of what is scheduled now. */
  cause = -1;
  /** Was the thing taken last released from being held? */
  released = false;
  #lastSeq = 0;
  #heap = new EventHeap<Pending>();
  readonly #chosen: Map<number, Pending> | undefined;
  #ready: readonly Pending[] = [];
  #readyHead = 0;

  constructor(byChoice: boolean) {
    this.#chosen = byChoice ? new Map<number, Pending>() : undefined;
  }

  get byChoice(): boolean {
    return this.#chosen !== undefined;
  }

  nextSeq(): number {
    this.#lastSeq += 1;
    return this.#lastSeq;
  }

  schedule(kind: PendingKind, actor: number, atUs: number, key: number, body: PendingBody): number {
    this.#lastSeq += 1;
    const seq = this.#lastSeq;
    this.#add({ atUs, seq, kind, actor, cause: this.cause, key, body });
    return seq;
  }

  /** Queues a timer under the seq and cause that it got when it was set. */
  arm(seq: number, actor: number, atUs: number, key: number, cause: number): void {
    // The same fields in the same order as above: one hidden class.
    this.#add({ atUs, seq, kind: 'timer', actor, cause, key, body: undefined });
  }

  /**
   * A disk request will be done sooner; the entry that it had comes too late for anybody to care.
   */
  hasten(seq: number, actor: number, atUs: number, cause: number): void {
    this.#add({ atUs, seq, kind: 'disk', actor, cause, key: 0, body: undefined });
  }

  /** Of what is pending, all that `isLate` picks happens by `atUs`, in the order it has. */
  bringForward(atUs: number, isLate: (pending: Pending) => boolean): void {
    const items = this.#heap.items();
    this.#heap = new EventHeap<Pending>();
    for (const pending of items) {
      if (pending.atUs <= atUs || !isLate(pending)) {
        this.#heap.push(pending);
        continue;
      }
      const { seq, kind, actor, cause, key, body } = pending;
      this.#heap.push({ atUs, seq, kind, actor, cause, key, body });
    }
  }

  #add(pending: Pending): void {
    if (this.#chosen === undefined) this.#heap.push(pending);
    else this.#chosen.set(pending.seq, pending);
  }

  /** What was held may happen now, in this order and before anything else. */
  release(held: readonly Pending[]): void {
    if (held.length === 0) return;
    this.#ready = this.#ready.slice(this.#readyHead).concat(held);
    this.#readyHead = 0;
  }

  /** Time of what is taken next; Infinity when nothing is pending. */
  nextUs(): number {
    if (this.#readyHead < this.#ready.length) return this.nowUs;
    const top = this.#heap.peek();
    return top === undefined ? Infinity : top.atUs;
  }

  /** What is taken next, left in place; undefined if it was released or there is none. */
  peek(): Pending | undefined {
    return this.#readyHead < this.#ready.length ? undefined : this.#heap.peek();
  }

  /** Removes the earliest and moves time there. */
  take(): Pending | undefined {
    if (this.#readyHead < this.#ready.length) {
      const first = this.#ready[this.#readyHead];
      this.#readyHead += 1;
      if (this.#readyHead === this.#ready.length) {
        this.#ready = [];
        this.#readyHead = 0;
      }
      this.released = true;
      return first;
    }
    const top = this.#heap.pop();
    this.released = false;
    if (top !== undefined && top.atUs > this.nowUs) this.nowUs = top.atUs;
    return top;
  }

  /** Removes the earliest without it having happened. */
  drop(): void {
    this.#heap.pop();
  }

  /** By choice only: what is pending under this seq. */
  chosen(seq: number): Pending | undefined {
    return this.#chosen?.get(seq);
  }

  /** By choice only: it has happened, or never will. */
  forget(seq: number): void {
    this.#chosen?.delete(seq);
  }

  /** Everything pending, in no useful order; stale timers included. */
  pending(): readonly Pending[] {
    if (this.#chosen !== undefined) return [...this.#chosen.values()];
    return this.#ready.slice(this.#readyHead).concat(this.#heap.items());
  }

  copy(): Timeline {
    const twin = new Timeline(this.byChoice);
    twin.nowUs = this.nowUs;
    twin.cause = this.cause;
    twin.#lastSeq = this.#lastSeq;
    twin.#heap = this.#heap.copy();
    twin.#ready = this.#ready;
    twin.#readyHead = this.#readyHead;
    if (this.#chosen !== undefined) {
      for (const pending of this.#chosen.values()) twin.#add(pending);
    }
    return twin;
  }
}
