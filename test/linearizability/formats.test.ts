// Files: what each format means, and what is said about one that cannot be read.

import { describe, expect, it } from 'vitest';
import { checkText } from '../../sim/linearizability/check-text.js';
import { znodeHistory } from '../../sim/linearizability/decode-znode.js';
import type { ClientRecord } from '../../sim/linearizability/decode-znode.js';
import { parseHistory } from '../../sim/linearizability/formats/parse.js';
import type { Format } from '../../sim/linearizability/formats/parse.js';
import { isPending } from '../../sim/linearizability/history.js';
import { EdnReader } from '../../sim/linearizability/formats/edn.js';
import { writeZnodeHistory } from '../../sim/linearizability/formats/write.js';

function opsOf(text: string, format: Format = 'auto'): readonly object[] {
  const parsed = parseHistory(text, format);
  if (!parsed.ok) throw parsed.problem;
  return parsed.histories.flatMap(({ ops }) =>
    ops.map(({ client, invokedAt, completedAt, op, result, outcome, line }) => ({
      at: [client, invokedAt, completedAt ?? null, line],
      op: [op.f, op.key ?? null, op.value ?? null],
      result: result === undefined ? null : result.refused ? 'refused' : (result.value ?? null),
      outcome,
    })),
  );
}

describe('a Jepsen log', () => {
  const log = [
    '2024-01-01 INFO  jepsen.core - Worker 3 starting',
    'INFO  jepsen.util - 4\t:invoke\t:read\tnil',
    'INFO  jepsen.util - 0\t:invoke\t:cas\t[1 2]',
    'INFO  jepsen.util - 1\t:invoke\t:write\t3',
    'INFO  jepsen.util - 4\t:fail\t:read\t:timed-out',
    'INFO  jepsen.util - 0\t:fail\t:cas\t[1 2]',
    'INFO  jepsen.util - 1\t:info\t:write\t:timed-out',
    'INFO  jepsen.util - 2\t:invoke\t:write\t5',
    'INFO  jepsen.util - 2\t:fail\t:write\t:timed-out',
  ].join('\n');

  it('has answers, refusals, and operations of which nothing is known', () => {
    expect(opsOf(log)).toEqual([
      { at: ['4', 0, null, 2], op: ['read', null, null], result: null, outcome: 'fail' },
      { at: ['0', 1, 4, 3], op: ['cas', null, [1, 2]], result: 'refused', outcome: 'ok' },
      { at: ['1', 2, null, 4], op: ['write', null, 3], result: null, outcome: 'unknown' },
      { at: ['2', 6, null, 8], op: ['write', null, 5], result: null, outcome: 'unknown' },
    ]);
  });
});

describe('EDN', () => {
  it('is read as far as histories use it', () => {
    const text = `; a comment
      {:a nil, "b" [1 -2 3.5 4N], c #{true false}, :d #inst "2024", 5 (:k \\x) #_ skipped
       :e "x\\n\\"y\\u0041", :f 12345678901234567890, :g {:h {}}}`;
    expect(new EdnReader(text).next()?.value).toEqual({
      a: null, b: [1, -2, 3.5, 4], c: [true, false], d: '2024', 5: [':k', 'x'],
      e: 'x\n"yA', f: '12345678901234567890', g: { h: {} },
    }); // prettier-ignore
  });

  it('holds a history with or without brackets', () => {
    const maps =
      '{:process 1, :type :invoke, :f :read}\n{:process 1, :type :ok, :f :read, :value 2}';
    const expected = [{ at: ['1', 0, 1, 1], op: ['read', null, null], result: 2, outcome: 'ok' }];
    expect(opsOf(maps)).toEqual(expected);
    expect(opsOf(`[${maps}]`)).toEqual(expected);
    expect(opsOf(`(${maps})`)).toEqual(expected);
  });

  it('drops what failed, and leaves out processes that are no clients', () => {
    const text = `{:process 1, :type :invoke, :f :cas, :value [1 2]}
      {:process :faults, :type :info, :f :start, :value "cut"}
      {:process 1, :type :fail, :f :cas, :value [1 2]}`;
    expect(opsOf(text)).toMatchObject([{ outcome: 'fail' }]);
  });

  it('may carry [key value] in the place of each value', () => {
    const text = `{:process 1, :type :invoke, :f :read, :value [7 nil]}
      {:process 2, :type :invoke, :f :cas, :value [8 [1 2]]}
      {:process 1, :type :ok, :f :read, :value [7 5]}`;
    expect(opsOf(text)).toMatchObject([
      { op: ['read', 7, null], result: 5 },
      { op: ['cas', 8, [1, 2]] },
    ]);
  });
});

describe('JSON lines', () => {
  it('may be intervals', () => {
    const text = `{"id":0,"process":1,"f":"read","value":null,"call":3,"ret":5,"type":"ok","out":2}
{"id":1,"process":2,"f":"write","value":4,"call":4,"ret":null,"type":"info","out":4}
{"client":3,"k":"w","v":9,"call":6,"ret":7}`;
    expect(opsOf(text)).toEqual([
      { at: ['1', 3, 5, 1], op: ['read', null, null], result: 2, outcome: 'ok' },
      { at: ['2', 4, null, 2], op: ['write', null, 4], result: null, outcome: 'unknown' },
      { at: ['3', 6, 7, 3], op: ['write', null, 9], result: 9, outcome: 'ok' },
    ]);
  });

  it('may be events', () => {
    const text = `{"process":1,"type":"invoke","f":"enqueue","value":4}
{"process":1,"type":"ok","f":"enqueue","value":4}`;
    expect(opsOf(text)).toMatchObject([{ op: ['enqueue', null, 4], outcome: 'ok' }]);
  });
});

describe("the simulator's records", () => {
  const record = (client: string, at: number, more: Partial<ClientRecord>): ClientRecord => ({
    client,
    invokedAt: at,
    completedAt: at + 1,
    kind: 'getData',
    path: '/x',
    value: undefined,
    expected: undefined,
    version: undefined,
    zxid: undefined,
    ephemeral: false,
    outcome: 'ok',
    ...more,
  });

  it('are the same after a file', () => {
    const { history, skipped } = znodeHistory([
      record('s1', 0, {
        kind: 'create',
        value: 'u',
        version: 0,
        zxid: 4294967297,
        ephemeral: true,
      }),
      record('s1', 2, { kind: 'setData', value: 'v', expected: 0, version: 1, zxid: 4294967298 }),
      record('s2', 3, { kind: 'getData', value: 'v', version: 1, zxid: 4294967298 }),
      record('s2', 5, { kind: 'delete', outcome: 'error:BADVERSION', expected: 7 }),
      record('s2', 7, { kind: 'delete', outcome: 'error:CONNECTIONLOSS' }),
      record('s2', 9, { kind: 'sync' }),
      record('s2', 11, { kind: 'getChildren2' }),
      record('s2', 13, { kind: 'addWatch' }),
    ]);
    expect(skipped).toEqual([]);
    expect(history.filter(isPending).map(({ op }) => op.f)).toEqual(['expire', 'delete']);
    const checked = checkText(writeZnodeHistory(history));
    expect(checked.ok && checked.histories[0]).toMatchObject({
      format: 'zabsim',
      judgement: { verdict: 'linearizable', model: 'znode', consistency: 'session', operations: 7 },
    });
    // The expiry of the ephemeral is one of them, and the delete without an answer.
    expect(checked.ok && checked.histories[0]?.judgement.pending).toBe(2);
  });

  it('name the writes that the model lacks', () => {
    expect(znodeHistory([record('s', 0, { kind: 'multi' })]).skipped).toEqual(['multi']);
  });
});

/** A line of our own format about one operation. */
function line(op: string, more = '"outcome":"ok"'): string {
  return `{"client":"a","invoked":0,"completed":1,"op":${op},${more}}`;
}

/** Two events of one process. */
function events(first: string, second: string): string {
  return [first, second].map((rest) => `{:process 1, ${rest}}`).join('\n');
}

describe('a file that cannot be read', () => {
  const cases: readonly (readonly [string, string, number, RegExp])[] = [
    ['prose', 'Dear Sir,\n', 1, /found "Dear Sir,", expected a history/],
    ['a broken line', `${line('{"f":"read"}')}\n{"cli`, 2, /JSON object/],
    ['no object', '{"zabsim":"history","version":1}\n7', 2, /found "7", expected a JSON object/],
    [
      'another version',
      '{"zabsim":"history","version":9}',
      1,
      /found version 9, expected version 1/,
    ],
    ['an unknown model', '{"zabsim":"history","version":1,"model":"t"}', 1, /one of register/],
    ['time running back', '{"f":"read","call":5,"ret":3,"process":1}', 1, /completes at 3/],
    ['no time at all', '{"client":"a","op":{"f":"read"}}', 1, /found nothing for "invoked"/],
    ['no client', '{"invoked":0,"completed":1,"op":{"f":"read"}}', 1, /a client/],
    ['no such outcome', line('{"f":"read"}', '"outcome":"well"'), 1, /"well", expected "ok"/],
    [
      'an answer without a time',
      line('{"f":"read"}', '"completed":null,"outcome":"ok"'),
      1,
      /no "com/,
    ],
    ['operations of no model', line('{"f":"fly"}'), 1, /found "fly", expected the operations/],
    ['a write without a value', line('{"f":"write"}'), 1, /found "write", expected the value/],
    ['a cas without two values', line('{"f":"cas","value":1}'), 1, /two values/],
    ['a relative path', line('{"f":"get","path":"x"}'), 1, /"path" from \//],
    ['a completion of nothing', '{:process 1, :type :ok, :f :read}', 1, /an invocation by that/],
    [
      'two invocations at once',
      events(':type :invoke, :f :read', ':type :invoke, :f :read'),
      2,
      /whose read of line 1 is still open/,
    ],
    [
      'a completion of something else',
      events(':type :invoke, :f :read', ':type :ok, :f :write'),
      2,
      /found the completion of "write"/,
    ],
    ['an unknown type', '{:process 1, :type :maybe, :f :read}', 1, /"maybe", expected invoke/],
    ['a map cut off', '[{:process 1, :type :invoke\n :f :read', 2, /found the end, expected the }/],
    ['a vector cut off', '[{:process 1, :type :invoke, :f :read}\n', 1, /the ] that closes/],
    ['an odd map', '{:process 1 :type}', 1, /a key without a value/],
    ['nesting without end', `{:a ${'['.repeat(5000)}`, 1, /levels of nesting/],
    [
      'a truncated log',
      'jepsen.util - 4 :invoke :read nil\njepsen.util - 4 :o',
      2,
      /process, :type/,
    ],
    ['a document of another kind', '{"a":\n[1,2]}', 1, /"histories", a list/],
    ['a broken document', '[\n{"f":"read",\n]', 3, /JSON/],
  ];

  it.each(cases)('%s', (_name, text, at, message) => {
    const checked = checkText(text);
    expect(checked.ok).toBe(false);
    if (checked.ok) return;
    expect(checked.line).toBe(at);
    expect(`found ${checked.found}, expected ${checked.expected}`).toMatch(message);
  });

  it('is held to the format that was asked for', () => {
    expect(checkText('{"f":"read","call":0,"ret":1,"process":1}', { format: 'zabsim' }).ok).toBe(
      false,
    );
    expect(checkText('hello', { format: 'jepsen-log' }).ok).toBe(false);
  });
});

describe('a file without operations', () => {
  it('is a history in which nothing happened', () => {
    for (const text of ['', '\n', '{"zabsim":"history","version":1,"model":"znode"}\n', '[]']) {
      const checked = checkText(text);
      expect(checked.ok && checked.verdict).toBe('linearizable');
    }
  });
});
