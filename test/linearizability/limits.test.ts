// A limit that is reached says so: the verdict is unknown, never a guess, and memory stays bounded.

import { describe, expect, it } from 'vitest';
import { RandomStreams } from '../../base/random.js';
import { checkLinearizable } from '../../sim/linearizability/check.js';
import { DeadSet } from '../../sim/linearizability/dead-set.js';
import type { HistoryOp, Json } from '../../sim/linearizability/history.js';
import type { Limits } from '../../sim/linearizability/limits.js';
import { BUDGET_SPENT, DEFAULT_LIMITS } from '../../sim/linearizability/limits.js';
import { registerModel } from '../../sim/linearizability/models/register.js';
import type { RegisterOp } from '../../sim/linearizability/models/register.js';
import { checkSessions, sequentialRules } from '../../sim/linearizability/sessions.js';

const key = undefined;

type RegisterHistoryOp = HistoryOp<RegisterOp, Json>;

function answered(client: string, at: number, op: RegisterOp, result?: Json): RegisterHistoryOp {
  return { client, invokedAt: at, completedAt: at + 9, op, result, outcome: 'ok', line: 0 };
}

/** Many concurrent compare-and-sets over few values, and a read that nothing explains. */
function hard(clients: number): RegisterHistoryOp[] {
  const random = new RandomStreams('hard').stream('history');
  const ops = Array.from({ length: clients }, (_, n) =>
    answered(String(n), 0, { f: 'cas', key, from: random.int(12), to: random.int(12) }),
  );
  return [...ops, answered('r', 10, { f: 'read', key }, 99)];
}

const model = { ...registerModel(0), lookahead: undefined };

function limited(limits: Partial<Limits>): Limits {
  return { ...DEFAULT_LIMITS, ...limits };
}

describe('a check that would take too long', () => {
  it('is unknown when the steps are spent', () => {
    const found = checkLinearizable(model, hard(40), limited({ maxSteps: 10_000 }));
    expect(found).toMatchObject({ verdict: 'unknown', reason: BUDGET_SPENT.steps });
    expect(found.steps).toBeLessThan(11_000);
  });

  it('is unknown when the time is up, soon after', () => {
    let polls = 0;
    const expired = (): boolean => (polls += 1) > 5;
    const found = checkLinearizable(model, hard(40), limited({ expired }));
    expect(found).toMatchObject({ verdict: 'unknown', reason: BUDGET_SPENT.time });
    expect(found.steps).toBeLessThan(5_000);
  });

  it('is unknown at once when there was no time to begin with', () => {
    const found = checkLinearizable(model, hard(3), limited({ expired: () => true }));
    expect(found).toMatchObject({ verdict: 'unknown', steps: 0 });
  });

  it('is unknown for sessions as well', () => {
    const found = checkSessions(model, hard(40), sequentialRules(), limited({ maxSteps: 10_000 }));
    expect(found).toMatchObject({ verdict: 'unknown', reason: BUDGET_SPENT.steps });
  });

  it('says no as soon as any key fails, however hard the others are', () => {
    const bad = answered('b', 0, { f: 'read', key: 'other' }, 5);
    const found = checkLinearizable(model, [...hard(40), bad]);
    expect(found.verdict).toBe('not-linearizable');
    expect(found.steps).toBeLessThan(50_000);
    expect(found.parts.map(({ verdict }) => verdict)).toEqual(['unknown', 'not-linearizable']);
  });
});

describe('dead configurations', () => {
  const keyOf = (...words: readonly number[]): Int32Array => Int32Array.from(words);

  it('kill those that used more pending operations, and no others', () => {
    const dead = new DeadSet(2, 1, 100);
    dead.add(keyOf(1, 2, 0b0101));
    expect(dead.has(keyOf(1, 2, 0b0101))).toBe(true);
    expect(dead.has(keyOf(1, 2, 0b1101))).toBe(true);
    expect(dead.has(keyOf(1, 2, 0b1001))).toBe(false);
    expect(dead.has(keyOf(1, 3, 0b0101))).toBe(false);
  });

  it('are forgotten oldest first, so that memory is bounded', () => {
    const dead = new DeadSet(2, 0, 100);
    for (let n = 0; n < 10_000; n += 1) dead.add(keyOf(n, 7));
    expect(dead.has(keyOf(9_999, 7))).toBe(true);
    expect(dead.has(keyOf(9_951, 7))).toBe(true);
    expect(dead.has(keyOf(1, 7))).toBe(false);
  });

  it('are all remembered while there is room', () => {
    const dead = new DeadSet(3, 1, 1 << 20);
    const random = new RandomStreams('dead').stream('keys');
    const draw = (): Int32Array => keyOf(...[40, 40, 3, 8].map((bound) => random.int(bound)));
    const keys = Array.from({ length: 5_000 }, draw);
    for (const one of keys) dead.add(one);
    expect(keys.every((one) => dead.has(one))).toBe(true);
  });
});
