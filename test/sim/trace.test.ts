// The trace: what is hashed, what is stored, who hears what in which order, and what happens
// before what. A saved trace is the trace that was saved, or it is refused with the place and the
// reason.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { causalPast, causeChain, happensBefore } from '../../sim/trace/causality.js';
import type { Entry } from '../../sim/trace/fold.js';
import { decodeTrace, encodeTrace, TRACE_FORMAT } from '../../sim/trace/ndjson.js';
import type { ActorId, TraceRecord } from '../../sim/trace/record.js';
import { RECORD_KINDS, WORLD } from '../../sim/trace/record.js';
import { Recorder } from '../../sim/trace/recorder.js';
import { healthyStory } from './checkers-stories.js';

const HEADER = { zabsim: TRACE_FORMAT, seed: '7', scenario: { name: 'by hand' } } as const;

function entry(slots: Partial<Entry>): Entry {
  const { kind = 'mark', peer = 0, zxid = 0, epoch = 0, value = 0, digest = 0 } = slots;
  return { kind, peer, zxid, epoch, value, digest, text: slots.text ?? '', detail: slots.detail };
}

const END = entry({ kind: 'end' });

const anyEntry: fc.Arbitrary<Entry> = fc
  .record({
    kind: fc.constantFrom(...RECORD_KINDS.filter((kind) => kind !== 'end')),
    peer: fc.nat(200),
    zxid: fc.oneof(fc.constant(-1), fc.nat(), fc.maxSafeNat()),
    epoch: fc.oneof(fc.constant(-1), fc.nat(2 ** 21)),
    value: fc.oneof(fc.constant(-1), fc.maxSafeNat()),
    digest: fc.maxSafeNat(),
    text: fc.string({ maxLength: 8 }),
    detail: fc.constantFrom(
      undefined,
      { kind: 'getData', path: '/a', watch: false } as const,
      { kind: 'delete', path: '/a', version: -1 } as const,
      { kind: 'error', code: 'NoNode' } as const,
    ),
  })
  .map(entry);

const anyRecord = fc.tuple(fc.nat(1e12), fc.nat(140), fc.nat(), anyEntry);

function recordAll(
  recorder: Recorder,
  records: readonly (readonly [number, number, number, Entry])[],
): Recorder {
  for (const [atUs, actor, cause, what] of records) {
    recorder.event(atUs, actor as ActorId, (cause % (recorder.count + 1)) - 1, what);
  }
  return recorder;
}

function full(): Recorder {
  return new Recorder({ level: 'full' });
}

describe('the trace hash', () => {
  const base = entry({ peer: 3, zxid: 2 ** 32 + 1, epoch: 1, value: 5, digest: 9, text: 'x' });

  function hashOf(what: Entry, when: Partial<TraceRecord> = {}): string {
    const recorder = new Recorder({ level: 'hash' });
    const { atUs = 17, actor = 1 as ActorId, cause = -1 } = when;
    recorder.event(atUs, actor, cause, what);
    return recorder.hex();
  }

  it('changes with every slot, and with the upper half of the wide ones', () => {
    const hashes = [
      hashOf(base),
      hashOf({ ...base, kind: 'vote' }),
      hashOf({ ...base, peer: 4 }),
      hashOf({ ...base, zxid: 2 ** 33 + 1 }),
      hashOf({ ...base, epoch: 2 }),
      hashOf({ ...base, value: 5 + 2 ** 40 }),
      hashOf({ ...base, digest: 9 + 2 ** 52 }),
      hashOf({ ...base, text: 'y' }),
      hashOf({ ...base, detail: { kind: 'exists', path: '/a', watch: false } }),
      hashOf({ ...base, detail: { kind: 'exists', path: '/b', watch: false } }),
      hashOf(base, { atUs: 18 }),
      hashOf(base, { atUs: 17 + 2 ** 35 }),
      hashOf(base, { actor: 2 as ActorId }),
      hashOf(base, { cause: 0 }),
    ];
    expect(new Set(hashes).size).toBe(hashes.length);
  });

  it('changes with the order of records', () => {
    const other = { ...base, text: 'y' };
    const one = recordAll(full(), [
      [1, 1, 0, base],
      [1, 1, 0, other],
    ]);
    const two = recordAll(full(), [
      [1, 1, 0, other],
      [1, 1, 0, base],
    ]);
    expect(one.hex()).not.toBe(two.hex());
  });

  it('is the same whether records are stored or not', () => {
    fc.assert(
      fc.property(fc.array(anyRecord, { maxLength: 40 }), (records) => {
        const hashed = recordAll(new Recorder({ level: 'hash' }), records);
        expect(recordAll(full(), records).hex()).toBe(hashed.hex());
      }),
      { seed: 1 },
    );
  });

  it('is pinned: a new hash makes every recorded one worthless', () => {
    expect(healthyStory().recorder.hex()).toMatchInlineSnapshot(`"fc442a154656c6e4"`);
  });
});

describe('a stored trace', () => {
  it('gives back what was recorded, across chunks', () => {
    const recorder = full();
    for (let index = 0; index < 3000; index++) {
      recorder.event(index, (index % 5) as ActorId, index - 1, entry({ value: index * 2 ** 20 }));
    }
    expect(recorder.at(2999)).toEqual({
      ...entry({ value: 2999 * 2 ** 20 }),
      index: 2999,
      atUs: 2999,
      actor: 4,
      cause: 2998,
    });
    expect([...recorder.records()].every((record, index) => record.index === index)).toBe(true);
  });

  it('is forked: one past, two futures', () => {
    const trunk = recordAll(full(), [[1, 1, 0, entry({ text: 'past' })]]);
    const branch = trunk.copy();
    trunk.event(2, 1 as ActorId, 0, entry({ text: 'here' }));
    branch.event(2, 1 as ActorId, 0, entry({ text: 'there' }));
    expect([trunk.at(1).text, branch.at(1).text, branch.at(0).text]).toEqual([
      'here',
      'there',
      'past',
    ]);
    expect(trunk.hex()).not.toBe(branch.hex());

    const hashed = trunk.copy('hash');
    hashed.event(3, 1 as ActorId, 0, END);
    trunk.event(3, 1 as ActorId, 0, END);
    expect(hashed.hex()).toBe(trunk.hex());
  });
});

describe('listeners', () => {
  it('hear their kinds only', () => {
    const recorder = new Recorder({ level: 'hash' });
    const heard: string[] = [];
    recorder.subscribe(['vote', 'role'], (record) => heard.push(`${record.index} ${record.kind}`));
    for (const kind of ['vote', 'mark', 'role'] as const) {
      recorder.event(1, 1 as ActorId, -1, entry({ kind }));
    }
    expect(heard).toEqual(['0 vote', '2 role']);
  });

  it('hear records in order, even when one of them makes another', () => {
    const recorder = new Recorder({ level: 'hash' });
    const heard: number[] = [];
    recorder.subscribe(['vote'], (record) => {
      recorder.event(1, WORLD, record.index, entry({ kind: 'fault' }));
    });
    recorder.subscribe(['vote', 'fault'], (record) => heard.push(record.index));
    recorder.event(1, 1 as ActorId, -1, entry({ kind: 'vote' }));
    recorder.event(1, 1 as ActorId, -1, entry({ kind: 'vote' }));
    expect(heard).toEqual([0, 1, 2, 3]);
  });
});

describe('a saved trace', () => {
  it('is the trace that was saved', () => {
    fc.assert(
      fc.property(fc.array(anyRecord, { maxLength: 30 }), (records) => {
        const recorder = recordAll(full(), records);
        recorder.event(1e13, WORLD, -1, END);
        const decoded = decodeTrace(encodeTrace(HEADER, recorder));
        expect(decoded.ok && decoded.trace.header).toEqual(HEADER);
        expect(decoded.ok && decoded.trace.recorder.hex()).toBe(recorder.hex());
        expect(decoded.ok && [...decoded.trace.recorder.records()]).toEqual([
          ...recorder.records(),
        ]);
      }),
      { seed: 2 },
    );
  });

  it('is written to be read', () => {
    const recorder = recordAll(full(), [
      [9, 2, 0, entry({ kind: 'vote', peer: 3, zxid: 2 ** 32 + 4, epoch: 1, value: 2 })],
    ]);
    recorder.event(10, WORLD, -1, END);
    const lines = [...encodeTrace(HEADER, recorder)];
    expect(lines.slice(0, 2)).toEqual([
      '{"zabsim":1,"seed":"7","scenario":{"name":"by hand"}}',
      '{"index":0,"atUs":9,"actor":2,"cause":-1,"kind":"vote",' +
        '"peer":3,"zxid":"1:4","epoch":1,"value":2}',
    ]);
    expect(JSON.parse(lines[2]!)).toMatchObject({ kind: 'end', hash: recorder.hex() });
  });

  const lines = [...encodeTrace(HEADER, healthyStory().recorder)];
  const { length } = lines;

  function withLine(at: number, change: (line: string) => string): string[] {
    return lines.map((line, index) => (index === at ? change(line) : line));
  }

  it.each([
    ['an empty file', [], 1, 'an empty file'],
    ['something else', ['{"traceEvents":[]}'], 1, '{"traceEvents":[]}'],
    ['no JSON at all', ['# Elle history'], 1, '# Elle history'],
    ['another format', ['{"zabsim":99}'], 1, 'trace format 99'],
    ['a file cut short', lines.slice(0, 50), 51, 'the end of the file after 49 records'],
    ['a line cut short', withLine(7, (l) => l.slice(0, -3)), 8, ''],
    ['a missing record', lines.filter((_, index) => index !== 5), 6, 'record 5'],
    [
      'an unknown kind',
      withLine(4, (l) => l.replace(/"kind":"\w+"/, '"kind":"ping"')),
      5,
      'kind "ping"',
    ],
    ['an unknown field', withLine(4, (l) => l.replace('{', '{"sid":1,')), 5, 'field sid'],
    ['a fraction', withLine(4, (l) => l.replace(/"atUs":\d+/, '"atUs":1.5')), 5, 'atUs 1.5'],
    [
      'a cause that comes later',
      withLine(4, (l) => l.replace('"cause":-1', '"cause":9')),
      5,
      'cause 9',
    ],
    ['a changed record', withLine(9, (l) => l.replace(/"atUs":\d+/, '"atUs":1')), length, 'hash "'],
    ['more after the end', [...lines, '{}'], length + 1, '{}'],
  ])('is refused: %s', (_what, given, line, found) => {
    const decoded = decodeTrace(given);
    expect(decoded.ok).toBe(false);
    if (decoded.ok) return;
    expect(decoded.problem.line).toBe(line);
    expect(decoded.problem.found).toContain(found);
    expect(decoded.problem.expected).not.toBe('');
  });

  it('may end with a line end', () => {
    expect(decodeTrace([...lines, '']).ok).toBe(true);
  });
});

describe('happens-before', () => {
  const recorder = full();
  const tell = (actor: number, cause: number): number =>
    recorder.event(recorder.count, actor as ActorId, cause, entry({}));
  const [start, one, two, fault, sent, local, got, later] = [
    tell(0, -1),
    tell(1, 0),
    tell(2, 0),
    tell(0, -1),
    tell(1, 3),
    tell(2, -1),
    tell(2, 4),
    tell(1, -1),
  ] as const;

  it('follows causes and the order within a server, not the order of the world', () => {
    expect(causalPast(recorder, got)).toEqual([start, one, two, fault, sent, local, got]);
    expect(causalPast(recorder, local)).toEqual([start, two, local]);
    expect(causeChain(recorder, got)).toEqual([fault, sent, got]);
  });

  it('is asked for two records', () => {
    expect(happensBefore(recorder, one, got)).toBe(true);
    expect(happensBefore(recorder, fault, local)).toBe(false);
    expect(happensBefore(recorder, got, later)).toBe(false);
    expect(happensBefore(recorder, got, one)).toBe(false);
  });
});
