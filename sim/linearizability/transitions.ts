// States and steps as small integers, so that the search touches no object. A state gets a number
// when it is first reached; the step from a state by a class of operations is asked of the model
// once and remembered while there are few classes.
import type { Model } from './model.js';
import { Refusal } from './model.js';

/** Operations that no model can tell apart: same operation, same result. */
export interface OpClass<Op, Result> {
  readonly op: Op;
  readonly result: Result | undefined;
}

export const REFUSED = -1;
const UNASKED = -2;
/** Beyond this a class is hardly ever met twice in one state, and a table would not pay. */
const CLASSES_MAX = 512;
const TABLE_MAX = 1 << 23;

export class Transitions<S, Op, Result> {
  readonly #model: Model<S, Op, Result>;
  readonly #classes: readonly OpClass<Op, Result>[];
  readonly #states: S[] = [];
  readonly #ids = new Map<string | number, number>();
  #table: Int32Array;
  /** Rough size of all states kept, in bytes. */
  bytes = 0;

  constructor(model: Model<S, Op, Result>, classes: readonly OpClass<Op, Result>[]) {
    this.#model = model;
    this.#classes = classes;
    const width = classes.length <= CLASSES_MAX ? classes.length : 0;
    this.#table = new Int32Array(width * 16).fill(UNASKED);
    this.idOf(model.initial);
  }

  stateOf(id: number): S {
    return this.#states[id] as S;
  }

  idOf(state: S): number {
    const key = this.#keyOf(state);
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    const id = this.#states.length;
    this.#ids.set(key, id);
    this.#states.push(state);
    this.bytes += 64 + (typeof key === 'string' ? 2 * key.length : 0);
    return id;
  }

  #keyOf(state: S): string | number {
    if (this.#model.stateKey !== undefined) return this.#model.stateKey(state);
    if (typeof state === 'string' || typeof state === 'number') return state;
    // No text that a model would use as a state begins like this.
    return `\u0000${JSON.stringify(state)}`;
  }

  /** The state after the class, or REFUSED. */
  next(state: number, cls: number): number {
    const width = this.#classes.length;
    const at = state * width + cls;
    if (at < this.#table.length) {
      const known = this.#table[at] as number;
      if (known !== UNASKED) return known;
      const after = this.#ask(state, cls);
      this.#table[at] = after;
      return after;
    }
    const after = this.#ask(state, cls);
    if (width <= CLASSES_MAX && at < TABLE_MAX) {
      const table = new Int32Array(Math.max(this.#table.length * 2, at + width));
      table.set(this.#table);
      table.fill(UNASKED, this.#table.length);
      table[at] = after;
      this.#table = table;
    }
    return after;
  }

  #ask(state: number, cls: number): number {
    const { op, result } = this.#classes[cls] as OpClass<Op, Result>;
    const after = this.#model.step(this.#states[state] as S, op, result);
    return after instanceof Refusal ? REFUSED : this.idOf(after);
  }
}
