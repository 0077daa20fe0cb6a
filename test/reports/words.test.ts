// Every kind of record and every kind of violation has words of its own.

import { describe as group, expect, it } from 'vitest';
import {
  actorName,
  actorNames,
  counted,
  duration,
  listed,
  thousands,
  wrapped,
} from '../../reports/format.js';
import { sentence, states, thirdPerson } from '../../reports/phrase.js';
import { table } from '../../reports/table.js';
import { violationWords, WORDED } from '../../reports/violation-words.js';
import { describe } from '../../reports/words.js';
import { CHECKERS } from '../../sim/checkers/registry.js';
import { RECORD_KINDS } from '../../sim/trace/record.js';
import { story, zxid } from './story.js';

group('words for records', () => {
  it('exist for every kind, without holes', () => {
    for (const kind of RECORD_KINDS) {
      const [record] = story([[1, 1, kind, { peer: 2, text: 'text', zxid: zxid(1, 7), epoch: 1 }]]);
      expect(describe(record!), kind).toMatch(/^[a-z].{5,}$/);
      expect(describe(record!), kind).not.toMatch(/undefined|NaN/);
    }
  });

  it('say who promises what, and when a promise does not count', () => {
    const [promise, again] = story([
      [1, 2, 'promised', { peer: 3, epoch: 2, value: 1, zxid: zxid(1, 7) }],
      [1, 2, 'promised', { peer: 3, epoch: 2, value: -1, zxid: zxid(1, 7) }],
    ]);
    expect(describe(promise!)).toBe('s2 promises s3 epoch 2 (ACKEPOCH: epoch 1, history to 1:7)');
    expect(describe(again!)).toBe(
      's2 promises s3 nothing new: epoch 2 was promised before (ACKEPOCH -1)',
    );
  });

  it('name messages as ZooKeeper does', () => {
    const received = (text: string, at: number): string =>
      describe(story([[1, 1, 'received', { peer: 3, text, zxid: at }]])[0]!);
    expect(received('newLeader', zxid(2, 0))).toBe('s3 ── NEWLEADER of epoch 2 ─▶ s1');
    expect(received('ack', zxid(2, 0))).toBe('s3 ── ACK of epoch 2 ─▶ s1');
    expect(received('ack', zxid(2, 1))).toBe('s3 ── ACK 2:1 ─▶ s1');
    expect(received('trunc', zxid(1, 7))).toBe('s3 ── TRUNC back to 1:7 ─▶ s1');
    expect(received('ofAnotherVersion', 0)).toBe('s3 ── ofAnotherVersion ─▶ s1');
  });
});

group('phrases', () => {
  it('agree with their subjects', () => {
    expect(['vote', 'be', 'have', 'apply', 'crash', 'lose'].map(thirdPerson)).toEqual([
      ...['votes', 'is', 'has', 'applies', 'crashes', 'loses'],
    ]);
    const leaves = { form: 'does', actor: 1, verb: 'be', rest: 'done with its role' } as const;
    expect(sentence(leaves)).toBe('s1 is done with its role');
    expect(sentence(leaves, { actors: [1, 2], targets: [] })).toBe(
      's1 and s2 are done with their role',
    );
    expect(sentence(states('the run ends'))).toBe('the run ends');
  });
});

group('words for violations', () => {
  const violation = (
    checker: string,
    invariant: string,
    facts: Record<string, string | number>,
  ) => ({
    ...{ checker, invariant, facts, atUs: 0, record: 1, actors: [3, 1], evidence: [] },
  });

  it('fill in the facts', () => {
    const facts = { history: '4 txns to 1:4', epoch: 1, onDiskOf: '2 3', voters: 5 };
    const words = violationWords(violation('chosen-by-quorum', 'committed-transaction', facts));
    expect(words).toBe(
      's3 commits 4 transactions up to 1:4, but who has that on disk, of 5 voters, is s2 and s3',
    );
  });

  it('say who waits for whom', () => {
    const facts = { server1: 'looking/election, for 31000 ms', server2: 'down' };
    expect(violationWords(violation('liveness', 'no-leader-serves', facts))).toBe(
      'all faults are healed and no leader serves: s1 looking/election, for 31000 ms; s2 down',
    );
  });

  it('tell the facts of a violation that has no sentence yet', () => {
    expect(violationWords(violation('new', 'broken', { a: 1, b: 'x' }))).toBe(
      's3 and s1: broken (a 1, b x)',
    );
  });

  it('belong to checkers that exist', () => {
    const ids = new Set(CHECKERS.map(({ id }) => id));
    expect(WORDED.filter((key) => !ids.has(key.split('/')[0] ?? ''))).toEqual([]);
  });
});

group('formats', () => {
  it('write numbers, times and names the same on every machine', () => {
    expect([0, 999, 1000, 1234567].map(thousands)).toEqual(['0', '999', '1,000', '1,234,567']);
    expect([85, 310_400, 4_210_000, 1.5e9].map(duration)).toEqual([
      ...['85 µs', '310 ms', '4.2 s', '1,500 s'],
    ]);
    expect([0, 3, 128].map(actorName)).toEqual(['world', 's3', 'client-1']);
    expect([counted(1, 'crash', 'crashes'), counted(2, 'crash', 'crashes')]).toEqual([
      ...['1 crash', '2 crashes'],
    ]);
    expect(listed(['a', 'b', 'c'])).toBe('a, b and c');
    expect(actorNames([1, 2, 3, 5, 6, 128])).toBe('s1-s3, s5, s6 and client-1');
    expect(wrapped('one two three', 7)).toEqual(['one two', 'three']);
  });

  it('align columns and leave no spaces at the end of a line', () => {
    const rows = [
      ['1', 'short', ''],
      ['20', 'longer one', 'x'],
    ];
    expect(table(rows, { right: [0] })).toEqual(['   1  short', '  20  longer one  x']);
  });
});
