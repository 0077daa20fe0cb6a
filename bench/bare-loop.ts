// The scheduler alone, the 1.0 of every ratio: with a hundred things pending, take the earliest and
// put a new one in, as if every event led to one other.
import { EventHeap } from '../base/heap.js';
import { RandomStreams } from '../base/random.js';
import type { Pending } from '../sim/world/pending.js';
import type { Sample } from './cpu.js';
import { timed } from './cpu.js';

const PENDING = 100;
/** A power of two: drawing the delays is no part of the loop. */
const DELAYS = 4096;

function delaysUs(): Int32Array {
  const random = new RandomStreams('bare').stream('delays');
  return Int32Array.from({ length: DELAYS }, () => random.between(200, 5000));
}

function makePending(atUs: number, seq: number): Pending {
  return { atUs, seq, kind: 'timer', actor: seq & 7, cause: seq, key: 0, body: undefined };
}

export function bareLoop(events: number): Sample {
  const delays = delaysUs();
  const heap = new EventHeap<Pending>();
  let seq = 0;
  while (seq < PENDING) {
    seq += 1;
    heap.push(makePending(delays[seq & (DELAYS - 1)] ?? 0, seq));
  }
  return timed(() => {
    for (let done = 0; done < events; done += 1) {
      const top = heap.pop();
      if (top === undefined) break;
      seq += 1;
      heap.push(makePending(top.atUs + (delays[seq & (DELAYS - 1)] ?? 0), seq));
    }
    return events;
  });
}
