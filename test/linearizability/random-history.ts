// Small random histories for the oracle: clients run operations at random times against the model
// itself, each taking effect somewhere between its invocation and its return; then, in every other
// history, one answer is replaced by one that some other operation might have got.
import type { RandomStream } from '../../base/random.js';
import type { History, HistoryOp } from '../../sim/linearizability/history.js';
import type { Model } from '../../sim/linearizability/model.js';
import { Refusal } from '../../sim/linearizability/model.js';

export interface Kind<S, Op, Result> {
  readonly name: string;
  readonly model: Model<S, Op, Result>;
  /** `serial` is different for each operation of a history. */
  readonly draw: (random: RandomStream, serial: number, client: string) => Op;
  /** What the operation returns in this state. */
  readonly answer: (state: S, op: Op) => Result | undefined;
  /** Which operations may be answered from the past, as a replica behind the others does. */
  readonly stale?: (op: Op) => boolean;
  /** An answer of the right type, likely wrong. */
  readonly distort: (random: RandomStream, op: Op) => Result | undefined;
}

interface Draft<Op> {
  readonly client: string;
  readonly invokedAt: number;
  readonly completedAt: number;
  readonly pending: boolean;
  readonly op: Op;
  readonly effectAt: number;
}

export function randomHistory<S, Op, Result>(
  random: RandomStream,
  kind: Kind<S, Op, Result>,
  size: number,
): History<Op, Result> {
  const drafts = draft(random, kind, size);
  const answers = new Map<Draft<Op>, Result | undefined>();
  const states = new Map<string, S>();
  for (const one of [...drafts].sort((a, b) => a.effectAt - b.effectAt)) {
    if (one.pending && random.chance(0.4)) continue;
    const key = kind.model.key?.(one.op) ?? '';
    const state = states.has(key) ? (states.get(key) as S) : kind.model.initial;
    const after = kind.model.step(state, one.op, undefined);
    answers.set(one, kind.answer(state, one.op));
    if (!(after instanceof Refusal)) states.set(key, after);
  }
  for (let wrong = random.pick([0, 1, 1, 2]); wrong > 0; wrong -= 1) {
    const victim = random.pick(drafts);
    answers.set(victim, kind.distort(random, victim.op));
  }
  const ops = drafts.map((one, index): HistoryOp<Op, Result> => {
    const { client, invokedAt, op } = one;
    const line = index + 1;
    if (one.pending) {
      const completedAt = random.chance(0.5) ? one.completedAt : undefined;
      return { client, invokedAt, completedAt, op, result: undefined, outcome: 'unknown', line };
    }
    const result = answers.get(one);
    return { client, invokedAt, completedAt: one.completedAt, op, result, outcome: 'ok', line };
  });
  return random.shuffle(ops);
}

function draft<S, Op, Result>(
  random: RandomStream,
  kind: Kind<S, Op, Result>,
  size: number,
): Draft<Op>[] {
  const clients = random.between(1, 5);
  const now = Array.from({ length: clients }, () => random.int(3));
  const crashes = Array.from({ length: clients }, () => 0);
  const slow = random.pick([2, 4, 9, 20]);
  const crashing = random.pick([0, 0.15, 0.4]);
  return Array.from({ length: size }, (_, serial) => {
    const slot = random.int(clients);
    const invokedAt = (now[slot] ?? 0) + random.int(3);
    const completedAt = invokedAt + random.int(slow);
    const pending = random.chance(crashing);
    const client = `${slot}.${crashes[slot] ?? 0}`;
    if (pending) crashes[slot] = (crashes[slot] ?? 0) + 1;
    now[slot] = completedAt + random.int(2);
    const latest = pending ? completedAt + random.int(6) : completedAt;
    const op = kind.draw(random, serial, client);
    const from = kind.stale?.(op) === true ? Math.max(0, invokedAt - random.int(9)) : invokedAt;
    const effectAt = from + random.unit() * (latest - from);
    return { client, invokedAt, completedAt, pending, op, effectAt };
  });
}
