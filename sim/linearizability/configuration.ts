// Where a search stands: which operations are linearized, in what order, and which return comes
// first among those still to be explained. Changed in place; `undo` takes back the latest changes
// and must be called in the reverse order of `linearize`, because the list of open operations
// is mended by the links that a removed operation kept.
import type { Part } from './compile.js';
import { NEVER } from './compile.js';

/** Places in the key, which is what DeadSet expects. */
const RETURN = 0;
const STATE = 1;
const MASKS = 2;

type Columns = Part<unknown, unknown>;

export class Configuration {
  readonly done: Uint8Array;
  /** [return, state, ...open completed operations done, ...pending operations used]. */
  readonly key: Int32Array;
  readonly trail: Int32Array;
  trailLength = 0;
  readonly #part: Columns;
  readonly #pendingMask: number;
  /** Completed operations not yet done, by invocation; the last index is the sentinel. */
  readonly #after: Int32Array;
  readonly #before: Int32Array;
  readonly #groupOf: Int32Array;
  readonly #usedInGroup: Int32Array;

  constructor(part: Columns) {
    const size = part.ops.length;
    this.#part = part;
    this.#pendingMask = MASKS + ((part.slots + 31) >> 5);
    this.done = new Uint8Array(size);
    this.key = new Int32Array(this.#pendingMask + ((part.pendingCount + 31) >> 5));
    this.trail = new Int32Array(size);
    this.#after = new Int32Array(size + 1);
    this.#before = new Int32Array(size + 1);
    this.#groupOf = new Int32Array(size);
    this.#usedInGroup = new Int32Array(part.pendingGroups.length);
    part.pendingGroups.forEach((group, index) => {
      for (const op of group) this.#groupOf[op] = index;
    });
    let last = size;
    for (let op = 0; op < size; op += 1) {
      if (part.returnRank[op] === NEVER) continue;
      this.#after[last] = op;
      this.#before[op] = last;
      last = op;
    }
    this.#after[last] = size;
    this.#before[size] = last;
  }

  get firstReturn(): number {
    return this.key[RETURN] as number;
  }

  get state(): number {
    return this.key[STATE] as number;
  }

  set state(state: number) {
    this.key[STATE] = state;
  }

  isComplete(): boolean {
    return this.key[RETURN] === this.#part.returns.length;
  }

  /** Operations invoked before this rank may come next. */
  get horizon(): number {
    const { returns, returnRank } = this.#part;
    if (this.isComplete()) return NEVER;
    return returnRank[returns[this.firstReturn] as number] as number;
  }

  /** First completed operation not yet done, or the number of operations. */
  get firstOpen(): number {
    return this.#after[this.#part.ops.length] as number;
  }

  nextOpen(op: number): number {
    return this.#after[op] as number;
  }

  /** The pending operation of a group that would be used next, or -1. */
  nextPending(group: number): number {
    const ops = this.#part.pendingGroups[group] as Int32Array;
    const used = this.#usedInGroup[group] as number;
    return used < ops.length ? (ops[used] as number) : -1;
  }

  linearize(op: number): void {
    this.trail[this.trailLength] = op;
    this.trailLength += 1;
    this.done[op] = 1;
    const slot = this.#part.slot[op] as number;
    if (this.#part.returnRank[op] === NEVER) {
      this.#set(this.#pendingMask, slot);
      this.#countUse(op, 1);
      return;
    }
    const after = this.#after[op] as number;
    const before = this.#before[op] as number;
    this.#after[before] = after;
    this.#before[after] = before;
    this.#set(MASKS, slot);
    this.#passReturns();
  }

  #passReturns(): void {
    const { returns, slot } = this.#part;
    let first = this.firstReturn;
    while (first < returns.length) {
      const op = returns[first] as number;
      if (this.done[op] === 0) break;
      this.#clear(MASKS, slot[op] as number);
      first += 1;
    }
    this.key[RETURN] = first;
  }

  /** Back to where the trail had this length and the first return was `firstReturn`. */
  undo(trailLength: number, firstReturn: number): void {
    const { returns, returnRank, returnIndex, slot } = this.#part;
    const passed = this.firstReturn;
    while (this.trailLength > trailLength) {
      this.trailLength -= 1;
      const op = this.trail[this.trailLength] as number;
      this.done[op] = 0;
      if (returnRank[op] === NEVER) {
        this.#clear(this.#pendingMask, slot[op] as number);
        this.#countUse(op, -1);
        continue;
      }
      this.#after[this.#before[op] as number] = op;
      this.#before[this.#after[op] as number] = op;
      // The bit of an operation whose return is passed is clear, or already somebody else's.
      if ((returnIndex[op] as number) >= passed) this.#clear(MASKS, slot[op] as number);
    }
    for (let index = passed - 1; index >= firstReturn; index -= 1) {
      const op = returns[index] as number;
      if (this.done[op] === 1) this.#set(MASKS, slot[op] as number);
    }
    this.key[RETURN] = firstReturn;
  }

  #countUse(op: number, change: number): void {
    const group = this.#groupOf[op] as number;
    this.#usedInGroup[group] = (this.#usedInGroup[group] as number) + change;
  }

  #set(base: number, slot: number): void {
    const at = base + (slot >> 5);
    this.key[at] = (this.key[at] as number) | (1 << (slot & 31));
  }

  #clear(base: number, slot: number): void {
    const at = base + (slot >> 5);
    this.key[at] = (this.key[at] as number) & ~(1 << (slot & 31));
  }
}
