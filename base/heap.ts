// The pending queue: a binary heap of whatever happens at a time, ordered by (atUs, seq) and by
// nothing else. `seq` is unique, so the order is total: two runs that push the same things pop
// them alike, ties included, whatever the order of the pushes.
//
// The comparison is written out in both loops because a call there costs more than the rest of
// the loop. Items are never changed, so a copy of the queue shares them.

/** Something that happens at a virtual time; `seq` decides between equal times. */
export interface Timed {
  readonly atUs: number;
  readonly seq: number;
}

export class EventHeap<T extends Timed> {
  #items: T[] = [];

  get size(): number {
    return this.#items.length;
  }

  /** The earliest item, left in place. */
  peek(): T | undefined {
    return this.#items[0];
  }

  push(item: T): void {
    const items = this.#items;
    const { atUs, seq } = item;
    let hole = items.length;
    items.push(item);
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      const above = items[parent] as T;
      if (above.atUs < atUs || (above.atUs === atUs && above.seq < seq)) break;
      items[hole] = above;
      hole = parent;
    }
    items[hole] = item;
  }

  /** Removes and returns the earliest item. */
  pop(): T | undefined {
    const items = this.#items;
    const first = items[0];
    const last = items.pop();
    if (last !== undefined && items.length > 0) this.#sink(last);
    return first;
  }

  /** Puts `item` where the root was: smaller children rise until it fits. */
  #sink(item: T): void {
    const items = this.#items;
    const { length } = items;
    const { atUs, seq } = item;
    let hole = 0;
    for (;;) {
      let child = 2 * hole + 1;
      if (child >= length) break;
      let below = items[child] as T;
      if (child + 1 < length) {
        const right = items[child + 1] as T;
        if (right.atUs < below.atUs || (right.atUs === below.atUs && right.seq < below.seq)) {
          child += 1;
          below = right;
        }
      }
      if (atUs < below.atUs || (atUs === below.atUs && seq < below.seq)) break;
      items[hole] = below;
      hole = child;
    }
    items[hole] = item;
  }

  /** An independent queue with the same items. */
  copy(): EventHeap<T> {
    const twin = new EventHeap<T>();
    twin.#items = this.#items.slice();
    return twin;
  }

  clear(): void {
    this.#items = [];
  }

  /** What is pending, for inspection, in no useful order; valid until the next change. */
  items(): readonly T[] {
    return this.#items;
  }
}
