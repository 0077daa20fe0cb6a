// What a real ZooKeeper answered, the simulated ensemble answers as well: every script of golden/,
// through sockets' worth of bytes, sessions, elections and quorums.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { KNOWN } from './known-differences.js';
import type { Replayed } from './replay.js';
import { casesIn, judged, replay, replayedText, simulate, tally } from './replay.js';
import type { Answer } from './script/answer.js';
import { goldenText } from './script/answer.js';
import { differences, differenceText } from './script/compare.js';
import { parseScript } from './script/script.js';

const CASES = casesIn(fileURLToPath(new URL('golden', import.meta.url)));

describe('as a real ZooKeeper 3.8.0', () => {
  it('has its scripts: none would agree with everything', () => {
    expect(CASES.length).toBeGreaterThanOrEqual(378);
  });

  const all: Replayed[] = [];

  it.each(CASES)('$name', async (one) => {
    const replayed = await replay(one);
    all.push(replayed);
    expect(replayed.differences.map(differenceText)).toEqual([]);
  });

  it('differs where it is known to, and nowhere else', () => {
    const known = all.filter(({ explained }) => explained.length > 0);
    expect(known.map(({ name }) => name)).toEqual([
      'check-alone',
      'ens-config',
      'ens-config-node',
      ...['multi-null-get', 'multi-null-ls', 'multi-raw'],
      ...['paths-check', 'paths-check1', 'paths-mcreate', 'paths-mdel', 'paths-mseq'],
      ...['paths-mset', 'paths-mttl'],
      'unknown-opcode',
    ]);
    expect(tally(all)).toContain(`${CASES.length} passed, 0 differ`);
  });
});

describe('a difference', () => {
  const name = 'create-basic';
  const one = CASES.find((found) => found.name === name);
  const REPLY = 1;

  /** A golden that says something else: the simulator must be told that it is wrong. */
  function doctored(step: number, edit: (answer: Answer) => Answer): readonly Answer[] {
    return (one?.golden.results ?? []).map((answer, at) => (at === step ? edit(answer) : answer));
  }

  const edits: readonly [string, number, (answer: Answer) => Answer][] = [
    ['an error code', REPLY, (answer) => ({ ...answer, rc: -110 })],
    ['a zxid', REPLY, (answer) => ({ ...answer, zxid: 77 })],
    ['an event too many', REPLY, (answer) => ({ ...answer, ev: { A: [['NodeCreated', '/x']] } })],
    ['a connection lost', REPLY, (answer) => ({ ...answer, lost: ['A'] })],
    ['no answer', REPLY, () => ({ '#': '', closed: true })],
  ];

  it.each(edits)('in %s is found, at its step', async (_what, step, edit) => {
    if (one === undefined) throw new Error(`no script ${name}`);
    const got = await simulate(one.script);
    const { differences: found } = judged(name, one.script, got, doctored(step, edit));
    expect(found.length).toBeGreaterThan(0);
    expect(found.every((difference) => difference.step === step)).toBe(true);
  });

  it('in a missing answer is found', () => {
    const all = one?.golden.results ?? [];
    expect(differences(all.slice(0, -1), all)).toHaveLength(1);
  });

  it('in the order of events counts, but not among ephemerals of one session', () => {
    const events = [
      ['NodeDeleted', '/a'],
      ['NodeDeleted', '/b'],
    ];
    const wanted: Answer = { '#': 'close', ev: { B: events } };
    const got: Answer = { '#': 'close', ev: { B: events.toReversed() } };
    expect(differences([got], [wanted])).not.toEqual([]);
    const unordered: Answer = { ...wanted, evUnordered: true };
    expect(differences([got], [unordered])).toEqual([]);
    expect(differences([{ ...got, ev: { B: events.slice(1) } }], [unordered])).not.toEqual([]);
  });

  it('reads as one line that says where', () => {
    const answer: Answer = { '#': 'A create /a', rc: 0 };
    const found = differences([{ ...answer, rc: -1 }], [answer]);
    expect(replayedText({ name, explained: [], differences: found })).toBe(
      `${name} differs:\n  step 1 (A create /a): rc is -1, should be 0\n`,
    );
  });
});

describe('a known difference', () => {
  it.each(KNOWN.map(({ id }) => ({ id })))('$id has a row in docs/divergence.md', ({ id }) => {
    const page = readFileSync(new URL('../../docs/divergence.md', import.meta.url), 'utf8');
    expect(page).toContain(`\n| ${id} |`);
  });

  const script = parseScript(
    JSON.stringify({
      name: 'check-alone',
      steps: [
        { op: 'connect', s: 'A' },
        { op: 'check', s: 'A', path: '/none', version: -1 },
        { op: 'check', s: 'A', path: '/', version: 0 },
        { op: 'exists', s: 'A', path: '/' },
      ],
    }),
    'here',
  );
  const real: Answer[] = [
    { '#': '', session: 'A', timeout: 10_000, readOnly: false },
    { '#': '', rc: -101, err: 'NONODE', zxid: 1 },
    { '#': '', timeout: true },
    { '#': '', rc: 0, err: 'OK', zxid: 2 },
  ];

  it('is explained where it is', () => {
    const got = real.with(2, { '#': '', rc: 0, err: 'OK', zxid: 2 });
    const { differences: left, explained } = judged('', script, got, real);
    expect(left).toEqual([]);
    expect(explained.length).toBeGreaterThan(0);
  });

  it('explains nothing else: neither an error before nor what comes after', () => {
    const got = real
      .with(1, { '#': '', rc: -103, err: 'BADVERSION', zxid: 1 })
      .with(3, { '#': '', rc: 0, err: 'OK', zxid: 3 });
    const { differences: left } = judged('', script, got, real);
    expect(left.map(({ step, where }) => `${step} ${where}`)).toEqual(['1 rc', '1 err', '3 zxid']);
  });
});

describe('a script', () => {
  it('that is none is refused with its place and what is wrong with it', () => {
    expect(() => parseScript('{"name": "x"', 'x.json')).toThrow(/^x\.json: not JSON/);
    const read = (step: object): (() => unknown) => {
      return () => parseScript(JSON.stringify({ name: 'x', steps: [step] }), 'x.json');
    };
    expect(read({ op: 'crate', s: 'A' })).toThrow(/no such step: crate[^]*steps\[0\]/);
    expect(read({ op: 'create', s: 'A', path: 5 })).toThrow(/steps\[0\]\.path/);
    expect(read({ op: 'wait', ms: 'long' })).toThrow(/expected number/);
  });

  it('has its answers written as they were read', () => {
    for (const { golden } of CASES.slice(0, 10)) {
      expect(JSON.parse(goldenText(golden))).toEqual(golden);
    }
  });
});
