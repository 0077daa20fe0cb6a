// The pending queue against its naive twin, a list that is sorted before each pop.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EventHeap, type Timed } from '../../base/heap.js';

function byTime(a: Timed, b: Timed): number {
  return a.atUs - b.atUs || a.seq - b.seq;
}

function drain(heap: EventHeap<Timed>): Timed[] {
  const popped: Timed[] = [];
  for (let item = heap.pop(); item !== undefined; item = heap.pop()) popped.push(item);
  return popped;
}

describe('EventHeap', () => {
  it('pops by time, then by sequence number, for any mix of pushes and pops', () => {
    const moves = fc.array(fc.option(fc.nat(5), { freq: 3 }), { maxLength: 200 });
    fc.assert(
      fc.property(moves, (script) => {
        const heap = new EventHeap<Timed>();
        const twin: Timed[] = [];
        script.forEach((atUs, move) => {
          if (atUs === null) {
            twin.sort(byTime);
            expect(heap.peek()).toBe(twin[0]);
            expect(heap.pop()).toBe(twin.shift());
          } else {
            // Sequence numbers fall while times repeat, so that a tie broken by luck shows.
            const item = { atUs, seq: 1000 - move };
            heap.push(item);
            twin.push(item);
          }
          expect(heap.size).toBe(twin.length);
        });
        expect(drain(heap)).toEqual(twin.sort(byTime));
      }),
    );
  });

  it('copies without sharing anything but the items', () => {
    const heap = new EventHeap<Timed>();
    for (let seq = 0; seq < 10; seq += 1) heap.push({ atUs: 10 - seq, seq });
    const copy = heap.copy();
    expect(copy.peek()).toBe(heap.peek());

    const rest = drain(heap);
    expect(copy.size).toBe(10);
    copy.push({ atUs: 0, seq: 99 });
    expect(heap.size).toBe(0);
    expect(drain(copy).slice(1)).toEqual(rest);
  });

  it('shows what is pending and can be emptied', () => {
    const heap = new EventHeap<Timed>();
    heap.push({ atUs: 2, seq: 0 });
    heap.push({ atUs: 1, seq: 1 });
    expect([...heap.items()].sort(byTime).map((item) => item.seq)).toEqual([1, 0]);
    heap.clear();
    expect([heap.size, heap.peek(), heap.pop()]).toEqual([0, undefined, undefined]);
  });
});
