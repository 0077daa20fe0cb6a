// Histories of any size for measuring the checkers: clients in a closed loop, each operation taking
// effect somewhere between its invocation and its answer. Broken ones have a few reads that answer
// with what the object held some operations ago.
import type { RandomStream } from '../base/random.js';
import { RandomStreams } from '../base/random.js';
import type { HistoryOp, Json } from '../sim/linearizability/history.js';
import type { KvOp } from '../sim/linearizability/models/kv.js';
import type { QueueOp } from '../sim/linearizability/models/queue.js';
import type { RegisterOp } from '../sim/linearizability/models/register.js';
import type { ZnodeOp, ZnodeResult } from '../sim/linearizability/models/znode-op.js';

export interface Shape {
  readonly ops: number;
  readonly clients: number;
  readonly keys: number;
  /** Share of operations whose answer is lost. */
  readonly lost: number;
  readonly broken: boolean;
  readonly seed: string;
}

interface Slot {
  readonly client: string;
  readonly invokedAt: number;
  readonly completedAt: number;
  readonly effectAt: number;
  readonly lost: boolean;
  readonly key: number;
}

const SLOWEST = 20;
const STALE_BY = 3;

/** When every operation happens, in the order in which they take effect. */
function slots(shape: Shape, random: RandomStream): Slot[] {
  const free = Array.from({ length: shape.clients }, (_, client) => ({ client, at: 0 }));
  const all: Slot[] = [];
  for (let turn = 0; all.length < shape.ops; turn += 1) {
    const own = free[turn % free.length];
    if (own === undefined) break;
    const invokedAt = own.at + random.unit();
    const completedAt = invokedAt + 1 + random.unit() * SLOWEST;
    own.at = completedAt;
    all.push({
      client: String(own.client),
      invokedAt,
      completedAt,
      effectAt: invokedAt + random.unit() * (completedAt - invokedAt),
      lost: random.chance(shape.lost),
      key: random.int(shape.keys),
    });
  }
  return all.sort((a, b) => a.effectAt - b.effectAt);
}

function history<Op, Result>(
  shape: Shape,
  perform: (
    slot: Slot,
    random: RandomStream,
    serial: number,
  ) => { op: Op; result: Result | undefined },
): HistoryOp<Op, Result>[] {
  const random = new RandomStreams(shape.seed).stream('history');
  const ops = slots(shape, random).map((slot, serial): HistoryOp<Op, Result> => {
    const { op, result } = perform(slot, random, serial);
    const { client, invokedAt, lost, completedAt } = slot;
    if (lost) {
      const by = `${client}.${serial}`;
      return {
        client: by,
        invokedAt,
        completedAt: undefined,
        op,
        result: undefined,
        outcome: 'unknown',
        line: 0,
      };
    }
    return { client, invokedAt, completedAt, op, result, outcome: 'ok', line: 0 };
  });
  return ops.sort((a, b) => a.invokedAt - b.invokedAt);
}

/** The values that a key has had, and whether the next read of a broken run is a stale one. */
class Past<T> {
  readonly #values = new Map<number, T[]>();
  readonly #first: T;
  #staleLeft: number;
  readonly #warmUp: number;

  constructor(first: T, shape: Shape) {
    this.#first = first;
    this.#staleLeft = shape.broken ? 3 : 0;
    this.#warmUp = Math.floor(shape.ops * 0.8);
  }

  now(key: number): T {
    return this.#values.get(key)?.at(-1) ?? this.#first;
  }

  put(key: number, value: T): void {
    const values = this.#values.get(key);
    if (values === undefined) this.#values.set(key, [this.#first, value]);
    else values.push(value);
    if ((values?.length ?? 0) > 2 * SLOWEST * STALE_BY) values?.shift();
  }

  read(key: number, serial: number): T {
    const values = this.#values.get(key) ?? [];
    // As many operations ago as the open ones cannot account for.
    const old = values.at(-SLOWEST * STALE_BY) ?? values[0];
    if (serial < this.#warmUp || this.#staleLeft === 0 || old === undefined) return this.now(key);
    this.#staleLeft -= 1;
    return old;
  }
}

/**
 * Texts by key, as Porcupine's c10 and c50: half appends, few puts, values almost always unique.
 */
export function kvHistory(shape: Shape): HistoryOp<KvOp, string>[] {
  const past = new Past('', shape);
  return history<KvOp, string>(shape, ({ key, lost }, random, serial) => {
    const name = String(key);
    const draw = random.unit();
    if (draw < 0.43 && !lost) {
      return { op: { f: 'get', key: name, value: '' }, result: past.read(key, serial) };
    }
    const text = `x ${random.int(shape.clients)} ${random.chance(0.99) ? serial : 0} y`;
    if (draw > 0.94) {
      past.put(key, text);
      return { op: { f: 'put', key: name, value: text }, result: undefined };
    }
    past.put(key, past.now(key) + text);
    return { op: { f: 'append', key: name, value: text }, result: undefined };
  });
}

/** Registers; with `values` undefined each value is written once. */
export function registerHistory(
  shape: Shape,
  values: number | undefined,
): HistoryOp<RegisterOp, Json>[] {
  const past = new Past<number>(0, shape);
  return history<RegisterOp, Json>(shape, ({ key, lost }, random, serial) => {
    const name = String(key);
    const draw = random.unit();
    if (draw < 0.5 && !lost)
      return { op: { f: 'read', key: name }, result: past.read(key, serial) };
    const value = values === undefined ? serial + 1 : random.int(values);
    if (values !== undefined && draw > 0.75) {
      const from = random.int(values);
      const holds = past.now(key) === from;
      if (holds) past.put(key, value);
      return { op: { f: 'cas', key: name, from, to: value }, result: holds };
    }
    past.put(key, value);
    return { op: { f: 'write', key: name, value }, result: undefined };
  });
}

export function queueHistory(shape: Shape): HistoryOp<QueueOp, Json>[] {
  const queues = new Map<number, number[]>();
  let swapAt = shape.broken ? Math.floor(shape.ops * 0.8) : Infinity;
  return history<QueueOp, Json>(shape, ({ key, lost }, random, serial) => {
    const name = String(key);
    const queue = queues.get(key) ?? [];
    queues.set(key, queue);
    if (random.chance(0.5)) {
      queue.push(serial);
      return { op: { f: 'enqueue', key: name, value: serial }, result: undefined };
    }
    // Out of turn by more than those that are still being enqueued.
    if (serial >= swapAt && !lost && queue.length > 4 * shape.clients) {
      swapAt = Infinity;
      return { op: { f: 'dequeue', key: name, value: null }, result: queue.pop() ?? null };
    }
    return { op: { f: 'dequeue', key: name, value: null }, result: queue.shift() ?? null };
  });
}

interface Write {
  readonly key: number;
  readonly value: string;
  readonly version: number;
}

function lastBefore(writes: readonly Write[], end: number, key: number): Write | undefined {
  for (let at = end - 1; at >= 0; at -= 1) if (writes[at]?.key === key) return writes[at];
  return undefined;
}

/** One znode a key; reads come from a replica that is up to `lag` writes behind, per session. */
export function znodeHistory(shape: Shape, lag: number): HistoryOp<ZnodeOp, ZnodeResult>[] {
  const writes: Write[] = [];
  const seen = new Map<string, number>();
  const heads = new Map<number, { value: string; version: number }>();
  const answer = (value: string | undefined, version: number, zxid: number): ZnodeResult => {
    return { error: undefined, value, version, zxid };
  };
  return history<ZnodeOp, ZnodeResult>(shape, ({ key, client, lost }, random, serial) => {
    const path = `/k${key}`;
    const head = heads.get(key);
    const op = { path, value: '', version: -1, owner: '' };
    if (head !== undefined && random.chance(0.5) && !lost) {
      const behind = Math.max(seen.get(client) ?? 0, writes.length - random.int(lag + 1));
      seen.set(client, behind);
      const found = lastBefore(writes, behind, key);
      if (shape.broken && serial > shape.ops * 0.8 && found !== undefined && found.version > 9) {
        return { op: { ...op, f: 'get' }, result: answer('x', found.version - 5, behind) };
      }
      if (found === undefined) {
        const absent = { error: 'NONODE', value: undefined, version: undefined, zxid: behind };
        return { op: { ...op, f: 'get' }, result: absent };
      }
      return { op: { ...op, f: 'get' }, result: answer(found.value, found.version, behind) };
    }
    const value = random.chance(0.5) ? 'same' : String(serial);
    const version = head === undefined ? 0 : head.version + 1;
    heads.set(key, { value, version });
    writes.push({ key, value, version });
    if (!lost) seen.set(client, writes.length);
    const f = version === 0 ? 'create' : 'set';
    return { op: { ...op, f, value }, result: answer(undefined, version, writes.length) };
  });
}
