// What the driver of a run has planned: when a fault begins, ticks and ends, when a client asks for
// its next operation, when the run changes phase. Plain data ordered by (time, sequence number);
// the world's own events live in the world.
import { EventHeap } from '../base/heap.js';

export type TaskKind =
  | 'faultBegin'
  | 'faultTick'
  | 'faultEnd'
  | 'invoke'
  | 'quiet'
  | 'look'
  | 'progress'
  | 'sample'
  | 'until';

export interface Task {
  readonly atUs: number;
  readonly seq: number;
  readonly kind: TaskKind;
  /** Of the fault or the client. */
  readonly index: number;
}

export class Agenda {
  readonly #heap = new EventHeap<Task>();
  #seq = 0;
  /** When the next task is due; Infinity when there is none. */
  nextUs = Infinity;

  add(atUs: number, kind: TaskKind, index: number): void {
    this.#heap.push({ atUs, seq: this.#seq, kind, index });
    this.#seq += 1;
    if (atUs < this.nextUs) this.nextUs = atUs;
  }

  /** The next task, taken off. */
  take(): Task | undefined {
    const task = this.#heap.pop();
    this.nextUs = this.#heap.peek()?.atUs ?? Infinity;
    return task;
  }
}
