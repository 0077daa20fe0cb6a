// An explanation must be true: what is left of a failing history fails by itself, no less of it
// does, the prefix before the offending answer can be explained, and every reason given is the
// model's.

import { describe, expect, it } from 'vitest';
import { RandomStreams } from '../../base/random.js';
import { checkText } from '../../sim/linearizability/check-text.js';
import { checkLinearizable } from '../../sim/linearizability/check.js';
import { explainFailure } from '../../sim/linearizability/explain.js';
import type { Explanation } from '../../sim/linearizability/explain.js';
import type { History, HistoryOp } from '../../sim/linearizability/history.js';
import { asPending, isPending } from '../../sim/linearizability/history.js';
import type { FailureView } from '../../sim/linearizability/judge.js';
import { DEFAULT_LIMITS } from '../../sim/linearizability/limits.js';
import { Refusal } from '../../sim/linearizability/model.js';
import { explainable } from './brute-force.js';
import * as kinds from './kinds.js';
import type { Kind } from './random-history.js';
import { randomHistory } from './random-history.js';
import { story } from './story.js';

const SIZE = 7;

/** Everything that was answered by then, and as unanswered what was not. */
function prefixBefore<Op, Result>(
  history: History<Op, Result>,
  offending: HistoryOp<Op, Result>,
): HistoryOp<Op, Result>[] {
  const end = offending.completedAt ?? Infinity;
  return history
    .filter(({ invokedAt }) => invokedAt <= end)
    .map((op) => {
      const answered = !isPending(op) && op !== offending && (op.completedAt ?? Infinity) < end;
      return answered ? op : asPending(op);
    });
}

function problemsOf<S, Op, Result>(
  { model }: Kind<S, Op, Result>,
  history: History<Op, Result>,
  found: Explanation<Op, Result>,
): string[] {
  const { core, free, offending, attempts } = found;
  const problems: string[] = [];
  if (!core.every((op) => history.includes(op))) problems.push('the core is not of the history');
  if (explainable(model, core)) problems.push('the core can be explained by itself');
  if (explainable(model, [...core, ...free])) problems.push('the free operations explain it');
  if (!explainable(model, prefixBefore(history, offending))) problems.push('the prefix fails');
  for (const op of core) {
    const others = core.filter((other) => other !== op);
    const without =
      model.isPure?.(op.op, op.result) === true ? others : [...others, pendingTwin(op)];
    if (!explainable(model, [...without, ...free])) problems.push('the core is not minimal');
  }
  if (attempts.length === 0) problems.push('nothing was attempted');
  for (const { order, stuck } of attempts) {
    let state = model.initial;
    for (const { op, result } of order) {
      const after = model.step(state, op, result);
      if (after instanceof Refusal) problems.push('an attempt is no order of the model');
      else state = after;
    }
    if (stuck.length === 0) problems.push('an attempt with nothing stuck');
    if (stuck.some(({ reason }) => reason === '')) problems.push('stuck without a reason');
  }
  return problems;
}

function pendingTwin<Op, Result>(op: HistoryOp<Op, Result>): HistoryOp<Op, Result> {
  return { ...op, completedAt: undefined, outcome: 'unknown' };
}

function examine<S, Op, Result>(kind: Kind<S, Op, Result>, count: number): string[] {
  const random = new RandomStreams('explain').stream(kind.name);
  const problems: string[] = [];
  let explained = 0;
  for (let n = 0; n < count; n += 1) {
    const history = randomHistory(random, kind, SIZE).filter(({ op }) => {
      // One part: keys are told apart before anything is explained.
      return kind.model.key === undefined || kind.model.key(op) === keyOf(kind, n);
    });
    const whole = checkLinearizable(kind.model, history);
    if (whole.verdict !== 'not-linearizable') continue;
    const found = explainFailure(kind.model, history, DEFAULT_LIMITS);
    explained += 1;
    for (const problem of problemsOf(kind, history, found)) {
      problems.push(`${kind.name} ${n}: ${problem}\n${JSON.stringify(history)}`);
    }
  }
  if (explained < count / 20) problems.push(`${kind.name}: only ${explained} to explain`);
  return problems.slice(0, 2);
}

function keyOf<S, Op, Result>(kind: Kind<S, Op, Result>, n: number): string {
  const random = new RandomStreams('explain').stream(`key ${kind.name}`);
  const op = kind.draw(random, n, 'a');
  return kind.model.key?.(op) ?? '';
}

describe('explanations of random failures are true', () => {
  it('for registers', () => expect(examine(kinds.casRegister, 400)).toEqual([]));
  it('by a monitor of zones', () => expect(examine(kinds.uniqueRegister, 400)).toEqual([]));
  it('for texts', () => expect(examine(kinds.kvWithResets, 400)).toEqual([]));
  it('by a monitor of lists', () => expect(examine(kinds.listAppend, 400)).toEqual([]));
  it('for queues', () => expect(examine(kinds.queue, 400)).toEqual([]));
  it('for sets', () => expect(examine(kinds.setAsWhole, 400)).toEqual([]));
  it('for znodes', () => expect(examine(kinds.znodes, 400)).toEqual([]));
});

function failureOf(lines: readonly string[], model?: 'znode'): FailureView {
  const checked = checkText(story(lines), { initial: 0, model });
  const failure = checked.ok ? checked.histories[0]?.judgement.failure : undefined;
  if (failure === undefined || failure === null) throw new Error('no failure to look at');
  return failure;
}

describe('a stale read', () => {
  const failure = failureOf([
    'a 0-1 write 1', 'b 0-9 write 7', 'a 2-3 read = 1', 'a 4-5 write 2', 'b 10-11 read = 7',
    'c 6-8 read = 1', 'a 20-21 read = 7',
  ]); // prettier-ignore

  it('is found where it happened', () => {
    expect(failure.offending).toMatchObject({ client: 'c', text: 'read 1', line: 6 });
    expect(failure.prefix).toBe(3);
  });

  it('is reduced to three operations', () => {
    expect(failure.core.map(({ text }) => text)).toEqual(['write 1', 'write 2', 'read 1']);
    expect(failure.minimal).toBe(true);
  });

  it('is attempted in every way that gets as far, and in no other', () => {
    expect(failure.attempts.length).toBeGreaterThan(1);
    for (const { order } of failure.attempts) {
      expect(order.map(({ text }) => text)).toContain('write 2');
    }
  });

  it('is told in words', () => {
    const reasons = failure.attempts.flatMap(({ stuck }) => stuck.map(({ reason }) => reason));
    expect(reasons).toContain('it returned 1, but the register holds 2');
  });
});

describe('a session that goes back', () => {
  it('is reduced to what it read and what was written', () => {
    const failure = failureOf(
      [
        'a 0-1 create /x "u"', 'a 2-3 set /x "v"',
        'c 0-1 create /z "w"', 'c 3-4 get /z = {"value":"w"}',
        'b 4-5 get /x = {"value":"v"}', 'b 6-7 get /x = {"value":"u"}',
      ],
      'znode',
    ); // prettier-ignore
    expect(failure.core.map(({ text }) => text)).toContain('get /x = "u"');
    expect(failure.core.map(({ text }) => text).join()).not.toContain('/z');
    const reasons = failure.attempts.flatMap(({ stuck }) => stuck.map(({ reason }) => reason));
    expect(reasons).toContain('it returned "u", but /x holds "v" version 1');
  });

  it('needs no search where versions tell', () => {
    const lines = [
      'a 0-1 create /x "u" = {"version":0}',
      'a 2-3 set /x "v" = {"version":1}',
      'b 4-5 get /x = {"value":"v","version":1}',
      'b 6-7 get /x = {"value":"u","version":0}',
    ];
    const checked = checkText(story(lines), { model: 'znode' });
    const judgement = checked.ok ? checked.histories[0]?.judgement : undefined;
    expect(judgement).toMatchObject({ verdict: 'not-linearizable', steps: 0 });
    expect(judgement?.failure?.because).toBe('session b was at version 1 before');
    expect(judgement?.failure?.core.map(({ line }) => line)).toEqual([3, 4]);
  });
});
