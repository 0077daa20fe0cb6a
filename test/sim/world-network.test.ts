// Connections as TCP shows them to a process.
import { describe, expect, it } from 'vitest';
import { NO_ZXID } from '../../protocol/ids.js';
import { packet } from '../../protocol/message.js';
import { GOOD_LINK, GOOD_PROCESS } from '../../sim/world/conditions.js';
import type { Stage } from './world-script.js';
import { close, dial, listen, send, sid, stage } from './world-script.js';

const SILENT = { ...GOOD_LINK, blocked: 'silent' } as const;
const CUT = { ...GOOD_LINK, blocked: 'reset' } as const;
const ACK = packet('ack', NO_ZXID, undefined);

/** Two servers and connection 1 from server 1 to server 2, open at both ends. */
function connected(edit = {}, seed = '1'): Stage {
  const s = stage(2, () => [], edit, { seed });
  s.tell(1, dial(2));
  s.world.advanceTo(20_000);
  s.seen.length = 0;
  return s;
}

describe('a dial', () => {
  it('takes a round trip; the callee sees it half a round trip later', () => {
    const s = stage(2);
    s.tell(1, dial(2));
    const at = s.world.nowUs / 1000;
    s.world.advanceTo(30_000);
    expect(s.of(1)).toEqual([`dialed@${at + 2}`]);
    expect(s.of(2)).toEqual([`accepted@${at + 3}`]);
  });

  it.each([
    ['refused', 'nobody runs there', (s: Stage) => s.world.crash(0, sid(2), 'process')],
    ['refused', 'the quorum port is shut', (s: Stage) => s.tell(2, listen(false))],
    ['refused', 'the link is cut', (s: Stage) => s.world.setLink(0, sid(2), sid(1), CUT)],
    ['timeout', 'the host has no power', (s: Stage) => s.world.crash(0, sid(2), 'power')],
    [
      'timeout',
      'the way there is silent',
      (s: Stage) => s.world.setLink(0, sid(1), sid(2), SILENT),
    ],
    ['timeout', 'the way back is silent', (s: Stage) => s.world.setLink(0, sid(2), sid(1), SILENT)],
  ])('is answered by %s when %s', (why, _when, make) => {
    const s = stage(2);
    make(s);
    s.tell(1, dial(2, 'quorum'));
    const at = s.world.nowUs / 1000;
    s.world.advanceTo(200_000);
    expect(s.of(1)).toEqual([`dialFailed ${why}@${at + (why === 'refused' ? 2 : 50)}`]);
    expect(s.of(2)).toEqual([]);
  });

  it('fails if a fault breaks the handshake', () => {
    const s = stage(2);
    s.tell(1, dial(2));
    s.world.advanceTo(11_500);
    s.world.resetLink(0, sid(1), sid(2));
    s.world.advanceTo(90_000);
    expect([s.of(1), s.of(2)]).toEqual([['dialFailed refused@11.5'], []]);
  });

  it('succeeds after a partition that heals before it gives up', () => {
    const s = stage(2);
    s.world.setLink(0, sid(1), sid(2), SILENT);
    s.tell(1, dial(2));
    s.world.advanceTo(30_000);
    s.world.setLink(0, sid(1), sid(2), undefined);
    s.world.advanceTo(100_000);
    expect(s.of(1)).toEqual(['dialed@32']);
  });
});

describe('what is sent', () => {
  it('arrives in order, then the end of file, whatever the latencies', () => {
    const s = connected({ network: { latency: { kind: 'exponential', minUs: 0, meanUs: 5000 } } });
    s.world.advanceTo(90_000);
    s.seen.length = 0;
    for (const from of [1, 2]) s.tell(from, ...[1, 2, 3, 4, 5, 6, 7].map((turn) => send(1, turn)));
    s.tell(1, send(1, 8), close(1));
    s.tell(2, send(1, 9));
    s.world.advanceTo(300_000);
    const kinds = s.of(2).map((text) => text.replace(/@.*/, ''));
    expect(kinds).toEqual(
      [1, 2, 3, 4, 5, 6, 7, 8].map((turn) => `notification${turn}`).concat('closed eof'),
    );
    // Server 1 closed before all of it had arrived; nothing is received after that.
    expect(s.of(1).length).toBeLessThan(8);
    expect(s.records().filter(({ kind }) => kind === 'lost')).not.toEqual([]);
  });

  it('is held by a silent partition and arrives in order when it heals', () => {
    const s = connected();
    s.world.setLink(0, sid(1), sid(2), SILENT);
    s.world.setLink(7, sid(1), sid(2), SILENT);
    s.tell(1, send(1, 1), send(1, 2));
    s.world.advanceTo(50_000);
    s.world.setLink(0, sid(1), sid(2), undefined);
    s.world.advanceTo(60_000);
    expect(s.of(2)).toEqual([]);
    // Still under way when the link heals: it must not overtake what was held.
    s.tell(1, send(1, 3));
    s.world.advanceTo(60_500);
    s.world.setLink(7, sid(1), sid(2), undefined);
    s.tell(2, send(1, 9));
    s.world.advanceTo(90_000);
    expect(s.of(2)).toEqual(['notification1@61.5', 'notification2@61.5', 'notification3@61.5']);
    expect(s.of(1)).toEqual(['notification9@61.51']);
    expect(s.world.effectsOf(0)).toBe(2);
    expect(s.world.effectsOf(7)).toBeGreaterThan(1);
    const effects = s.records().filter(({ kind }) => kind === 'effect');
    expect(effects.map(({ value, peer, text }) => [value, peer, text])).toEqual([
      [0, 2, 'held'],
      [7, 2, 'held'],
    ]);
  });

  it('may be lost only if it is a notification', () => {
    const s = connected();
    s.world.setLink(3, sid(1), sid(2), { ...GOOD_LINK, loss: 1 });
    s.tell(1, send(1, 1), send(1, ACK), send(1, 2));
    s.world.advanceTo(50_000);
    expect(s.of(2)).toEqual(['ack@21.01']);
    expect(s.world.effectsOf(3)).toBe(2);
  });

  it('may come twice, later', () => {
    const s = connected();
    s.world.setLink(3, sid(1), sid(2), { ...GOOD_LINK, duplicate: 1 });
    s.tell(1, send(1, 1));
    s.world.advanceTo(50_000);
    expect(s.of(2)).toEqual(['notification1@21.01', 'notification1@22.01']);
  });

  it('may be overtaken when TCP is broken', () => {
    const s = connected();
    s.world.setLink(3, sid(1), sid(2), { ...GOOD_LINK, reorder: 0.5 });
    s.tell(1, ...[1, 2, 3, 4, 5, 6].map((turn) => send(1, turn)));
    s.world.advanceTo(80_000);
    const order = s.of(2).map((text) => Number(/\d+/.exec(text)?.[0]));
    expect(order.toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(order).not.toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('waits its turn on a narrow link', () => {
    const s = connected();
    s.world.setLink(3, sid(1), sid(2), { ...GOOD_LINK, bytesPerMs: 10, delayUs: 500 });
    s.tell(1, send(1, 1), send(1, 2));
    s.world.advanceTo(80_000);
    expect(s.of(2)).toEqual(['notification1@25.51', 'notification2@29.51']);
  });

  it('can be picked out', () => {
    const s = connected();
    const pick = { from: sid(0), to: sid(2), message: 'ack', nth: 2 } as const;
    s.world.setDrop(3, { ...pick, how: 'lose' });
    s.tell(1, send(1, ACK), send(1, 1), send(1, ACK), send(1, 2), send(1, ACK));
    s.world.advanceTo(30_000);
    expect(s.of(2).map((text) => text.replace(/@.*/, ''))).toEqual([
      ...['ack', 'notification1', 'notification2', 'ack'],
    ]);
    s.world.setDrop(4, { ...pick, nth: 1, how: 'reset' });
    s.tell(1, send(1, ACK));
    s.world.advanceTo(40_000);
    expect(s.of(2).at(-1)).toBe('closed reset@31.01');
    expect([s.world.effectsOf(3), s.world.effectsOf(4)]).toEqual([1, 1]);
  });
});

describe('the other end', () => {
  it('resets the connection when its process dies, behind what it had sent', () => {
    const s = connected();
    s.tell(1, send(1, 1));
    s.world.crash(0, sid(1), 'process');
    s.world.advanceTo(50_000);
    expect(s.of(2)).toEqual(['notification1@21.01', 'closed reset@21.01']);
  });

  it('says nothing when its host loses power, until somebody sends to it', () => {
    const s = connected();
    s.world.crash(0, sid(1), 'power');
    s.world.advanceTo(50_000);
    s.world.restart(sid(1));
    s.world.advanceTo(100_000);
    expect(s.of(2)).toEqual([]);
    s.tell(2, send(1, 1));
    s.world.advanceTo(200_000);
    expect(s.of(2)).toEqual(['closed reset@102.01']);
  });

  it('resets the connection as soon as its host is back, if it was sent to meanwhile', () => {
    const s = connected();
    s.world.crash(0, sid(1), 'power');
    s.tell(2, send(1, 1));
    s.world.advanceTo(50_000);
    expect(s.of(2)).toEqual([]);
    s.world.restart(sid(1));
    s.world.advanceTo(100_000);
    expect(s.of(2)).toEqual(['closed reset@51']);
  });

  it('is told of a death by a silent link only when it heals', () => {
    const s = connected();
    s.world.setLink(0, sid(1), sid(2), SILENT);
    s.world.crash(0, sid(1), 'process');
    s.world.advanceTo(50_000);
    expect(s.of(2)).toEqual([]);
    s.world.setLink(0, sid(1), sid(2), undefined);
    s.world.advanceTo(60_000);
    expect(s.of(2)).toEqual(['closed reset@51']);
  });

  it('loses what its kernel was still repeating when its host loses power', () => {
    const s = connected();
    s.world.setLink(0, sid(1), sid(2), SILENT);
    s.tell(1, send(1, 1));
    s.world.advanceTo(50_000);
    s.world.crash(0, sid(1), 'power');
    s.world.setLink(0, sid(1), sid(2), undefined);
    s.world.advanceTo(90_000);
    expect(s.of(2)).toEqual([]);
  });
});

describe('a reset by a fault', () => {
  it.each([
    ['once', (s: Stage) => s.world.resetLink(0, sid(2), sid(1)), 'dialed@54'],
    [
      'for as long as the link is cut',
      (s: Stage) => s.world.setLink(0, sid(2), sid(1), CUT),
      'dialFailed refused@54',
    ],
  ])('breaks both ends and what was under way, %s', (_how, make, then) => {
    const s = connected();
    s.tell(1, send(1, 1));
    s.world.advanceTo(21_000);
    make(s);
    s.world.advanceTo(51_990);
    expect([s.of(1), s.of(2)]).toEqual([['closed reset@21'], ['closed reset@21']]);
    s.tell(1, dial(2));
    s.world.advanceTo(90_000);
    expect(s.of(1).at(-1)).toBe(then);
    expect(s.world.effectsOf(0)).toBeGreaterThan(0);
  });

  it('may hit any message of a quorum connection, none of an election', () => {
    const s = stage(2);
    s.tell(1, dial(2, 'quorum'), dial(2, 'election'));
    s.world.setLink(0, sid(1), sid(2), { ...GOOD_LINK, resetChance: 1 });
    s.world.advanceTo(20_000);
    s.seen.length = 0;
    s.tell(1, send(1, 1), send(2, 2));
    s.world.advanceTo(50_000);
    expect(s.of(1)).toEqual(['closed reset@21.01']);
    expect(s.of(2)).toEqual(['notification2@21.01', 'closed reset@21.01']);
  });
});

describe('a paused process', () => {
  it('is dialled and sent to all the same, and handles it in order when it goes on', () => {
    const s = stage(3);
    s.tell(2, dial(3));
    s.world.advanceTo(20_000);
    s.seen.length = 0;
    const timer = { kind: 'setTimer', timer: 'readTimeout', key: 0, delayUs: 5000 } as const;
    s.tell(2, timer);
    s.world.setProcess(4, sid(2), { ...GOOD_PROCESS, paused: true });
    s.tell(1, dial(2));
    s.tell(3, send(1, 1));
    s.world.advanceTo(26_000);
    s.tell(3, send(1, 2), close(1));
    s.world.advanceTo(40_000);
    expect(s.of(1)).toEqual(['dialed@22.02']);
    expect(s.of(2)).toEqual([]);
    // What its kernel has is beyond the reach of the network.
    s.world.setLink(5, sid(3), sid(2), SILENT);
    s.world.setProcess(4, sid(2), undefined);
    s.world.advanceTo(50_000);
    expect(s.of(2)).toEqual([
      ...['notification1@40', 'accepted@40', 'readTimeout@40', 'notification2@40', 'closed eof@40'],
    ]);
    expect(s.world.effectsOf(4)).toBeGreaterThan(4);
  });

  it('keeps what a silent link held up of a connection that it has not seen yet', () => {
    const s = stage(2);
    s.world.setProcess(4, sid(2), { ...GOOD_PROCESS, paused: true });
    s.tell(1, dial(2));
    s.world.advanceTo(12_500);
    s.tell(1, send(1, 1));
    s.world.setLink(5, sid(1), sid(2), SILENT);
    s.world.advanceTo(20_000);
    s.world.setLink(5, sid(1), sid(2), undefined);
    s.world.advanceTo(30_000);
    s.world.setProcess(4, sid(2), undefined);
    s.world.advanceTo(40_000);
    expect(s.of(2)).toEqual(['accepted@30', 'notification1@30']);
  });

  it('loses what its kernel had taken for it if it is killed', () => {
    const s = connected();
    s.world.setProcess(4, sid(2), { ...GOOD_PROCESS, paused: true });
    s.tell(1, send(1, 1));
    s.world.advanceTo(30_000);
    s.world.crash(5, sid(2), 'process');
    s.world.setProcess(4, sid(2), undefined);
    s.world.restart(sid(2));
    s.world.advanceTo(40_000);
    expect(s.of(2)).toEqual([]);
    expect(s.of(1)).toEqual(['closed reset@31']);
  });
});
