// What a reader sees of an election, a synchronization, a crash and a violation, word by word.

import { describe, expect, it } from 'vitest';
import { PLAIN } from '../../reports/painter.js';
import type { TimelineOptions } from '../../reports/timeline.js';
import { timelineOf } from '../../reports/timeline.js';
import type { Line } from './story.js';
import { ELECTION, story, zxid } from './story.js';

const OPTIONS: TimelineOptions = {
  level: 'short',
  servers: [1, 2, 3],
  width: 100,
  paint: PLAIN,
  violations: [],
};

function text(lines: readonly Line[], options: Partial<TimelineOptions> = {}): string {
  return [...timelineOf(story(lines), { ...OPTIONS, ...options })].join('\n');
}

describe('a short timeline', () => {
  it('lets a reader follow an election, a synchronization and a power loss', () => {
    expect(`\n${text(ELECTION)}\n`).toBe(`
? looking  l leader elect  L leader  f follower joining  F follower  o/O observer  ~ leaving  x down
     time   record   s1 s2 s3
   0.000s       #1  [·][·][·] s1-s3 start with an empty disk
   0.000s       #7  [?][?][?] s1-s3 vote for themselves in round 1 (epoch 0, empty history)
   0.002s      #11  [?][?] ?  s1 and s2 vote for s3 in round 1 (epoch 0, empty history)
   0.210s      #13   ?  ? [l] s3 wins round 1: a quorum votes for it
   0.212s      #15  [f][f] l  s1 and s2 accept s3 as leader: a quorum of round 1
   0.220s      #19   f  f [l] s3 proposes epoch 1, above all it has heard of
   0.225s      #20   f──f─▶l  s1 and s2 promise s3 epoch 1 (ACKEPOCH: epoch 0, empty history)
   0.230s      #22   f  f [l] s3 is established in epoch 1: a quorum promised it
   0.231s      #24   f◀─f◀─l  s3 ── DIFF for empty history ─▶ s1 and s2
   0.232s      #26   f◀─f◀─l  s3 ── NEWLEADER of epoch 1 ─▶ s1 and s2
   0.240s      #28   f──f─▶l  s1 and s2 acknowledge NEWLEADER of epoch 1 to s3
   0.245s      #30   f  f [l] s3 has a quorum of ACKs in epoch 1: its history is committed
   0.245s      #31   f  f [L] s3 serves as leader of epoch 1
   0.247s      #33  [F][F] L  s1 and s2 serve under s3 in epoch 1 (UPTODATE)
        ⋮      +15   1.3 s: commits 1:1 to 1:2, operations 1 ok
   1.500s      #40   F  F  L  fault 2 begins: crash server 3 (power)
   1.500s      #41   F  F [x] s3 loses power: its disk keeps epoch 1, log to 1:2
   1.501s      #42  [F][F] x  s1 and s2 leave their role: connection closed
        ⋮       +5   3.5 s quiet
`);
  });

  it('puts a violation under its record, and shows evidence that is usually hidden', () => {
    const lines: Line[] = [
      [0, 1, 'boot'],
      [10, 1, 'appended', { zxid: zxid(1, 1) }],
      [20, 1, 'ackSent', { peer: 2, zxid: zxid(1, 1) }],
    ];
    const violation = {
      checker: 'ack-truthfulness',
      invariant: 'proposal-not-on-disk',
      atUs: 20_000,
      record: 2,
      actors: [1, 2],
      evidence: [1, 2],
      facts: { acked: '1:1', claims: '1 txns to 1:1', onDisk: '0 txns to 0:0', currentEpoch: 1 },
    };
    const rest = text(lines, { violations: [violation], width: 90 })
      .split('\n')
      .slice(4);
    expect(rest).toEqual([
      '   0.010s       #1  [·] x  x  s1 appends 1:1 to its log (not yet durable)',
      '   0.020s       #2   ·─▶x  x  s1 acknowledges 1:1 to s2',
      '                  ✗ VIOLATION ack-truthfulness: s1 acknowledges 1:1, but its disk holds',
      '                    nothing: a power failure would take it',
    ]);
  });

  it('never writes beyond the width it is given', () => {
    const long: Line[] = [[0, 0, 'fault', { text: 'a very long description '.repeat(12).trim() }]];
    for (const line of text(long, { width: 80 }).split('\n').slice(2)) {
      expect(line.length).toBeLessThanOrEqual(80);
    }
  });
});

describe('lines that servers share', () => {
  const votes = (atMs: number, actor: number, leader: number): Line => [
    ...([atMs, actor, 'vote'] as const),
    { peer: leader, value: 1 },
  ];
  const told = (lines: readonly Line[]): string[] =>
    text(lines)
      .split('\n')
      .slice(2)
      .map((line) => line.slice(30));

  it('may be joined past lines of others, but never out of order for one server', () => {
    expect(told([votes(1, 1, 3), votes(2, 2, 2), votes(3, 2, 3), votes(4, 3, 3)])).toEqual([
      's1 votes for s3 in round 1 (epoch 0, empty history)',
      's2 and s3 vote for themselves in round 1 (epoch 0, empty history)',
      's2 votes for s3 in round 1 (epoch 0, empty history)',
    ]);
  });

  it('are not joined past a turning point, nor after a while', () => {
    const crash: Line = [2, 3, 'crash', { text: 'process' }];
    expect(told([votes(1, 1, 3), crash, votes(3, 2, 3)])).toHaveLength(3);
    expect(told([votes(1, 1, 3), votes(15, 2, 3)])).toHaveLength(1);
    expect(told([votes(1, 1, 3), votes(30, 2, 3)])).toHaveLength(2);
  });
});

describe('what repeats', () => {
  it('is told three times, then counted, whatever the round', () => {
    const refusals = Array.from({ length: 40 }, (_, at): Line => [
      ...([50 * at, 1, 'elected'] as const),
      { peer: 2, text: 'settled', value: at },
    ]);
    const lines = text(refusals).split('\n').slice(2);
    expect(lines).toHaveLength(4);
    expect(lines[3]).toBe('        ⋮      +37   1.9 s: 37 more lines like these');
  });

  it('is shown when it changes something: a cut that removes nothing does not', () => {
    const cut = (atMs: number, counter: number): Line => [
      ...([atMs, 1, 'truncated'] as const),
      { text: 'trunc', zxid: zxid(1, counter) },
    ];
    const shown = text([[0, 1, 'appended', { zxid: zxid(1, 9) }], cut(100, 7), cut(200, 7)]);
    expect(shown.match(/cuts its log/g)).toHaveLength(1);
  });
});

describe('a selected timeline', () => {
  it('shows exactly what is asked for, with the lanes as they are by then', () => {
    const shown = text(ELECTION, {
      inside: (record) => record.atUs >= 300_000,
      wanted: (record) => record.kind === 'committed',
    });
    expect(shown.split('\n').slice(2)).toEqual([
      '   0.300s      #37   F  F [L] s3 commits 1:1',
      '   0.900s      #38   F  F [L] s3 commits 1:2',
    ]);
  });

  it('ends where it is told to end', () => {
    const shown = text(ELECTION, { inside: (record) => record.atUs <= 1_000_000 });
    expect(shown.split('\n').at(-1)).toBe(
      '        ⋮      +15   662 ms: commits 1:1 to 1:2, operations 1 ok',
    );
  });

  it('in full, every record has a line of its own', () => {
    expect(text(ELECTION, { level: 'full' }).split('\n')).toHaveLength(2 + ELECTION.length);
  });
});
