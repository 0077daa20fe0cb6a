// What each model allows, in stories small enough to be judged by eye. The oracle cannot help here,
// because it believes the models.

import { describe, expect, it } from 'vitest';
import { checkText } from '../../sim/linearizability/check-text.js';
import type { CheckTextOptions } from '../../sim/linearizability/check-text.js';
import { checkLinearizable } from '../../sim/linearizability/check.js';
import { compile } from '../../sim/linearizability/compile.js';
import type { HistoryOp } from '../../sim/linearizability/history.js';
import type { Model } from '../../sim/linearizability/model.js';
import { refuse } from '../../sim/linearizability/model.js';
import { registerModel } from '../../sim/linearizability/models/register.js';
import { story } from './story.js';

type Case = readonly [claim: string, allowed: boolean, lines: readonly string[]];

function judges(options: Partial<CheckTextOptions>, cases: readonly Case[]): void {
  it.each(cases)('%s', (_claim, allowed, lines) => {
    const checked = checkText(story(lines), { explaining: undefined, ...options });
    expect(checked.ok ? checked.verdict : checked).toBe(
      allowed ? 'linearizable' : 'not-linearizable',
    );
  });
}

describe('register', () => {
  judges({ model: 'register', initial: 0 }, [
    ['holds its initial value', true, ['a 0-1 read = 0']],
    ['a read sees the last write', false, ['a 0-1 write 1', 'a 2-3 read = 0']],
    ['intervals are closed: what touches is concurrent', true, ['a 0-1 write 1', 'b 1-2 read = 0']],
    ['an unanswered write may take effect late', true, [
      'a 0- write 1', 'b 1-2 read = 0', 'b 3-4 read = 1',
    ]],
    ['but not twice', false, [
      'a 0- write 1', 'b 1-2 read = 1', 'b 3-4 write 2', 'b 5-6 read = 2', 'b 7-8 read = 1',
    ]],
    ['a refused cas saw another value', false, ['a 0-1 cas [0,1] = false']],
    ['a cas that took place saw its value', false, ['a 0-1 cas [1,2] = true']],
    ['keys are independent', true, ['a 0-1 write key:x 1', 'a 2-3 read key:y = 0']],
    ['values are data: the order of fields is nothing', true, [
      'a 0-1 write [1,{"a":1,"b":2}]', 'a 2-3 read = [1,{"b":2,"a":1}]',
    ]],
    ['1 is not "1"', false, ['a 0-1 write 1', 'a 2-3 read = "1"']],
  ]); // prettier-ignore
});

describe('a read of nil', () => {
  const lines = ['a 0-1 write 1', 'a 2-3 read = null'];
  judges({ model: 'register', nilReads: 'any' }, [['tells nothing', true, lines]]);
  judges({ model: 'register', nilReads: 'value' }, [['says that the value is nil', false, lines]]);
});

describe('kv', () => {
  judges({ model: 'kv' }, [
    ['appends', true, [
      'a 0-1 put key:k "x"', 'a 2-3 append key:k "y"', 'a 4-5 get key:k = "xy"',
    ]],
    ['appends in order', false, [
      'a 0-1 append key:k "x"', 'a 2-3 append key:k "y"', 'a 4-5 get key:k = "yx"',
    ]],
    ['is empty before the first write, and after a delete', true, [
      'a 0-1 get key:k = ""', 'a 2-3 put key:k "x"', 'a 4-5 delete key:k', 'a 6-7 get key:k = ""',
    ]],
    ['reads what was there', false, ['a 0-1 put key:k "x"', 'a 2-3 get key:k = "z"']],
  ]); // prettier-ignore
});

describe('list-append-register', () => {
  judges({ model: 'list-append-register' }, [
    ['lists what was appended', true, ['a 0-1 append 1', 'a 2-3 append 2', 'b 4-5 read = [1,2]']],
    ['in one order for all', false, [
      'a 0-9 append 1', 'b 0-9 append 2', 'c 10-11 read = [1,2]', 'd 12-13 read = [2,1]',
    ]],
    ['each element once', false, ['a 0-1 append 1', 'a 2-3 read = [1,1]']],
    ['loses nothing', false, ['a 0-1 append 1', 'b 2-3 append 2', 'c 4-5 read = [2]']],
  ]); // prettier-ignore
});

describe('queue', () => {
  judges({ model: 'queue' }, [
    ['first in, first out', false, [
      'a 0-1 enqueue 1', 'a 2-3 enqueue 2', 'b 4-5 dequeue = 2', 'b 6-7 dequeue = 1',
    ]],
    ['concurrent enqueues may go either way', true, [
      'a 0-3 enqueue 1', 'b 0-3 enqueue 2', 'b 4-5 dequeue = 2', 'b 6-7 dequeue = 1',
    ]],
    ['an older value cannot be passed over', false, [
      'a 0-1 enqueue 1', 'a 2-3 enqueue 2', 'b 4-5 dequeue = 2',
    ]],
    ['nothing comes out that was not put in', false, ['a 0-1 dequeue = 1']],
    ['nothing comes out twice', false, [
      'a 0-1 enqueue 1', 'b 2-3 dequeue = 1', 'c 2-3 dequeue = 1',
    ]],
    ['is empty only when it may be', false, ['a 0-1 enqueue 1', 'b 2-3 dequeue = null']],
    ['is empty for the moment between two stays that touch', true, [
      'a 0-1 enqueue 1', 'b 5-9 dequeue = 1', 'c 2-5 enqueue 2', 'd 3-7 dequeue = null',
      'b 10-11 dequeue = 2',
    ]],
    ['is not empty when the stays overlap', false, [
      'a 0-1 enqueue 1', 'b 6-9 dequeue = 1', 'c 2-5 enqueue 2', 'd 3-7 dequeue = null',
      'b 10-11 dequeue = 2',
    ]],
    ['a dequeue without an answer may have begun as late as that', true, [
      'a 0-1 enqueue 1', 'a 2-3 enqueue 2', 'b 4-6 dequeue = 2', 'c 6- dequeue',
    ]],
    ['but no later', false, [
      'a 0-1 enqueue 1', 'a 2-3 enqueue 2', 'b 4-6 dequeue = 2', 'c 7- dequeue',
    ]],
    ['a dequeue without an answer may have taken the value', true, [
      'a 0-1 enqueue 1', 'b 2- dequeue', 'c 3-4 dequeue = null',
    ]],
  ]); // prettier-ignore
});

describe('lock', () => {
  judges({ model: 'lock' }, [
    ['is held by one', false, ['a 0-1 acquire', 'b 2-3 acquire']],
    ['passes on', true, ['a 0-1 acquire', 'b 0-5 acquire', 'a 2-3 release']],
    ['anyone may release it', true, ['a 0-1 acquire', 'b 2-3 release']],
    ['a refusal means it was held', false, ['a 0-1 acquire = false']],
  ]);
});

describe('owned-lock', () => {
  judges({ model: 'owned-lock' }, [
    ['only its owner releases it', false, ['a 0-1 acquire', 'b 2-3 release']],
    ['its owner does', true, ['a 0-1 acquire', 'a 2-3 release', 'b 4-5 acquire']],
  ]);
});

describe('set', () => {
  judges({ model: 'set' }, [
    ['contains what was added', false, ['a 0-1 add 1', 'b 2-3 contains 1 = false']],
    ['and not what was removed', false, [
      'a 0-1 add 1', 'a 2-3 remove 1', 'b 4-5 contains 1 = true',
    ]],
    ['says whether it changed', false, ['a 0-1 add 1', 'b 2-3 add 1 = true']],
    ['reads form a chain', false, [
      'a 0-9 add 1', 'b 0-9 add 2', 'c 1-5 read = [1]', 'd 1-5 read = [2]',
    ]],
    ['a read shows all that was added before', false, [
      'a 0-1 add 1', 'b 0-9 add 2', 'c 2-3 read = [2]',
    ]],
    ['in any order', true, ['a 0-1 add 1', 'a 2-3 add 2', 'c 4-5 read = [2,1]']],
  ]); // prettier-ignore
});

describe('multi-register', () => {
  const txn = (client: string, from: number, to: number, ...value: readonly unknown[]): string =>
    JSON.stringify({
      client,
      invoked: from,
      completed: to,
      op: { f: 'txn', value },
      outcome: 'ok',
    });
  const verdict = (...lines: readonly string[]): unknown => {
    const checked = checkText(lines.join('\n'), { initial: 0, explaining: undefined });
    return checked.ok ? checked.verdict : checked;
  };

  it('is written all at once', () => {
    const write = txn('a', 0, 9, ['write', 'x', 1], ['write', 'y', 1]);
    const half = txn('b', 1, 2, ['read', 'x', 1], ['read', 'y', 0]);
    const whole = txn('b', 1, 2, ['read', 'x', 1], ['read', 'y', 1]);
    expect(verdict(write, half)).toBe('not-linearizable');
    expect(verdict(write, whole)).toBe('linearizable');
  });
});

describe('znode, every read linearizable', () => {
  judges({ model: 'znode', consistency: 'linearizable' }, [
    ['versions count the writes', true, [
      'a 0-1 create /x "u" = {"version":0}', 'a 2-3 set /x "v" = {"version":1}',
      'b 4-5 get /x = {"value":"v","version":1}',
    ]],
    ['and never skip one', false, [
      'a 0-1 create /x "u"', 'a 2-3 set /x "v" = {"version":2}',
    ]],
    ['unless a write went unanswered', true, [
      'a 0-1 create /x "u"', 'b 0- set /x "w"', 'a 2-3 set /x "v" = {"version":2}',
    ]],
    ['a version comes back after a delete', true, [
      'a 0-1 create /x "u"', 'a 2-3 set /x "v" = {"version":1}', 'a 4-5 delete /x',
      'a 6-7 create /x "w"', 'b 8-9 get /x = {"value":"w","version":0}',
    ]],
    ['but not without one', false, [
      'a 0-1 create /x "u"', 'a 2-3 set /x "v" = {"version":1}',
      'b 8-9 get /x = {"value":"u","version":0}',
    ]],
    ['a conditional set needs its version', false, [
      'a 0-1 create /x "u"', 'a 2-3 set /x "v" {"version":1}',
    ]],
    ['BADVERSION says that the version was another', false, [
      'a 0-1 create /x "u"', 'a 2-3 set /x "v" {"version":0} = BADVERSION',
    ]],
    ['NONODE says that it did not exist', false, ['a 0-1 create /x "u"', 'a 2-3 get /x = NONODE']],
    ['NODEEXISTS says that it did', false, ['a 0-1 create /x "u" = NODEEXISTS']],
    ['no child without its parent', false, [
      'a 0-1 create /p "u"', 'a 2-3 delete /p', 'a 4-5 create /p/c "v"',
    ]],
    ['no delete of a parent', false, [
      'a 0-1 create /p "u"', 'a 2-3 create /p/c "v"', 'a 4-5 delete /p',
    ]],
    ['NOTEMPTY says why', true, [
      'a 0-1 create /p "u"', 'a 2-3 create /p/c "v"', 'a 4-5 delete /p = NOTEMPTY',
    ]],
    ['parents that nobody mentions exist', true, ['a 0-1 create /q/c "v"']],
    ['the root exists from the beginning', true, [
      'a 0-1 create /x "u"', 'a 2-3 get / = {"value":"","version":0}',
    ]],
    ['and is created by nobody', false, ['a 0-1 create / "u"']],
    ['a sync says nothing of its path', true, ['a 0-1 sync /q', 'a 2-3 create /q/c "u"']],
    ['a stale read is a violation here', false, [
      'a 0-1 create /x "u"', 'a 2-3 set /x "v"', 'b 4-5 get /x = {"value":"u"}',
    ]],
    ['an ephemeral may vanish', true, [
      'a 0-1 create /e "u" {"ephemeral":true}', 'b 2-3 exists /e = {"version":0}',
      'b 4-5 exists /e = NONODE',
    ]],
    ['anything else may not', false, [
      'a 0-1 create /e "u"', 'b 2-3 exists /e = {"version":0}', 'b 4-5 exists /e = NONODE',
    ]],
    ['a lost connection leaves it open', true, [
      'a 0-1 create /x "u" = CONNECTIONLOSS', 'b 2-3 get /x = NONODE',
      'b 4-5 get /x = {"value":"u"}',
    ]],
  ]); // prettier-ignore
});

const STALE = ['a 0-1 create /x "u"', 'a 2-3 set /x "v"', 'b 4-5 get /x = {"value":"u"}'];

const STALE_AFTER_SYNC = [
  'a 0-1 create /x "u"',
  'a 2-3 set /x "v"',
  'b 4-5 sync /x',
  'b 6-7 get /x = {"value":"u"}',
];

describe('znode, reads in session order', () => {
  judges({ model: 'znode' }, [
    ['a read may be stale', true, STALE],
    ['also when it shows its version', true, [
      'a 0-1 create /x "u" = {"version":0}', 'a 2-3 set /x "v" = {"version":1}',
      'b 4-5 get /x = {"value":"u","version":0}',
    ]],
    ['even after a sync', true, STALE_AFTER_SYNC],
    ['but a session never goes back', false, [
      ...STALE.slice(0, 2), 'b 4-5 get /x = {"value":"v"}', 'b 6-7 get /x = {"value":"u"}',
    ]],
    ['nor from one path to another', false, [
      'a 0-1 create /x "u"', 'a 2-3 create /y "v"',
      'b 4-5 get /y = {"value":"v"}', 'b 6-7 get /x = NONODE',
    ]],
    ['and sees its own writes', false, [...STALE.slice(0, 2), 'a 4-5 get /x = {"value":"u"}']],
    ['no read sees what is not yet written', false, [
      'b 0-1 get /x = {"value":"u"}', 'a 2-3 create /x "u"',
    ]],
    ['writes are linearizable', false, [
      'a 0-1 create /x "u"', 'b 2-3 create /x "v"',
    ]],
    ['refused ones too', false, ['a 0-1 create /x "u"', 'b 2-3 delete /x = NONODE']],
  ]); // prettier-ignore
});

describe('znode, reads fresh after sync', () => {
  judges({ model: 'znode', consistency: 'sync' }, [
    ['a read without sync may be stale', true, STALE],
    ['not after a sync', false, STALE_AFTER_SYNC],
    ['whatever path was synced', false, [
      ...STALE.slice(0, 2), 'b 4-5 sync /other', 'b 6-7 get /x = {"value":"u"}',
    ]],
    ['a sync knows nothing of writes still open', true, [
      'a 0-1 create /x "u"', 'a 2-9 set /x "v"', 'b 4-5 sync /x', 'b 6-7 get /x = {"value":"u"}',
    ]],
  ]); // prettier-ignore
});

describe('the order that zxids claim', () => {
  const objections = (lines: readonly string[]): readonly string[] => {
    const checked = checkText(story(lines), { model: 'znode', explaining: undefined });
    const found = checked.ok ? checked.histories[0]?.judgement.objections : undefined;
    return (found ?? []).map(({ because }) => because);
  };

  it('is believed where nothing speaks against it', () => {
    const lines = [
      'a 0-5 create /x "u" = {"zxid":1}',
      'b 0-5 set /x "v" = {"version":1,"zxid":2}',
      'c 1-2 get /x = {"value":"u","version":0,"zxid":"0x1"}',
    ];
    expect(objections(lines)).toEqual([]);
  });

  it('is wrong about real time, sessions, answers, or itself', () => {
    const late = ['a 0-1 create /x "u" = {"zxid":2}', 'b 2-3 create /y "v" = {"zxid":1}'];
    expect(objections(late)).toEqual([
      'the write with the larger zxid had completed before the other was invoked',
    ]);
    const back = ['a 0-1 create /x "u" = {"zxid":2}', 'a 2-3 get /y = {"zxid":1}'];
    expect(objections(back)).toEqual(['session a was answered from an earlier state than before']);
    const twice = ['a 0-5 create /x "u" = {"zxid":1}', 'b 0-5 create /y "v" = {"zxid":1}'];
    expect(objections(twice)).toEqual(['two writes carry the same zxid']);
    const swapped = ['a 0-5 create /x "u" = {"zxid":2}', 'b 0-5 set /x "v" = {"zxid":1}'];
    expect(objections(swapped)).toEqual([
      'in the order of zxids, it succeeded, but /x does not exist',
    ]);
  });
});

describe('sequential consistency', () => {
  judges({ model: 'register', initial: 0, consistency: 'sequential' }, [
    ['asks nothing of real time', true, ['a 0-1 write 1', 'b 2-3 read = 0']],
    ['but one order for all', false, [
      'a 0-1 write 1', 'b 0-1 write 2',
      'c 2-3 read = 1', 'c 4-5 read = 2', 'd 2-3 read = 2', 'd 4-5 read = 1',
    ]],
    ['across keys', false, [
      'a 0-1 write key:x 1', 'a 2-3 read key:y = 0', 'b 0-1 write key:y 1', 'b 2-3 read key:x = 0',
    ]],
  ]); // prettier-ignore
});

describe('registers, reads in session order', () => {
  judges({ model: 'register', initial: 0, consistency: 'session' }, [
    ['a read may be stale', true, ['a 0-1 write 1', 'b 2-3 read = 0']],
    // The unanswered one was invoked after the write had completed, so it found 1.
    ['a write without an answer still follows what completed before it', false, [
      'b 3-3 write 1', 'd 5- cas [0,2]', 'c 7-7 read = 2', 'c 8-9 write 1',
    ]],
  ]); // prettier-ignore
});

// The example of docs/checking-histories.md.
type CounterOp = { readonly f: 'add'; readonly n: number } | { readonly f: 'get' };

const counter: Model<number, CounterOp, number> = {
  name: 'counter',
  initial: 0,
  step: (state, op, result) => {
    if (op.f === 'add') return state + op.n;
    if (result === undefined || result === state) return state;
    return refuse(`it returned ${result}, but the counter is ${state}`);
  },
};

describe('a model of ten lines', () => {
  const op = (
    from: number,
    to: number,
    what: CounterOp,
    result?: number,
  ): HistoryOp<CounterOp, number> => {
    const outcome = 'ok';
    return { client: 'a', invokedAt: from, completedAt: to, op: what, result, outcome, line: 0 };
  };

  it('is enough', () => {
    const adds = [op(0, 9, { f: 'add', n: 1 }), op(0, 9, { f: 'add', n: 2 })];
    const get = (value: number): HistoryOp<CounterOp, number> => op(3, 5, { f: 'get' }, value);
    for (const value of [0, 1, 2, 3]) {
      expect(checkLinearizable(counter, [...adds, get(value)]).verdict).toBe('linearizable');
    }
    expect(checkLinearizable(counter, [...adds, get(4)]).verdict).toBe('not-linearizable');
  });
});

describe('a compiled history', () => {
  it('needs as many slots as operations are ever open at once', () => {
    const history = [0, 10, 20, 30].flatMap((at) => [
      { at, until: at + 4 },
      { at: at + 1, until: at + 3 },
    ]);
    const part = compile(
      registerModel(0),
      history.map(({ at, until }) => ({
        client: 'a',
        invokedAt: at,
        completedAt: until,
        op: { f: 'read' as const, key: undefined },
        result: 0,
        outcome: 'ok' as const,
        line: 0,
      })),
      () => false,
    );
    expect(part?.slots).toBe(2);
  });
});
