// Session expiry in buckets, against the sentence it implements and against a plain model.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SessionId } from '../../protocol/ids.js';
import { serverId } from '../../protocol/ids.js';
import type { SessionTracker } from '../../protocol/session/tracker.js';
import {
  closed,
  expireDue,
  forget,
  isClosing,
  isTracked,
  nextExpiryUs,
  noSessions,
  own,
  refusalOf,
  touch,
  track,
} from '../../protocol/session/tracker.js';

const TICK_MS = 2000;
const s = (id: number): SessionId => id as SessionId;
const ms = (value: number): number => value * 1000;

/** Walks from bucket to bucket until nobody is left; when each session expired, in ms. */
function expiries(tracker: SessionTracker): [number, number][] {
  const list: [number, number][] = [];
  let at = nextExpiryUs(tracker);
  let left = tracker;
  while (at !== undefined) {
    const { tracker: next, expired } = expireDue(left, at);
    for (const session of expired) list.push([session, at / 1000]);
    left = next;
    at = nextExpiryUs(next);
  }
  return list;
}

describe('a tracked session', () => {
  it.each([
    [4000, 0, 6000],
    [4000, 1, 6000],
    [4000, 1999, 6000],
    [4000, 2000, 8000],
    [5000, 0, 6000],
    [5999, 0, 6000],
    [6000, 0, 8000],
  ])('of timeout %i ms touched at %i ms expires at %i ms', (timeoutMs, atMs, expiryMs) => {
    expect(expiries(track(noSessions(TICK_MS), s(1), timeoutMs, ms(atMs)))).toEqual([
      [1, expiryMs],
    ]);
    const early = track(noSessions(TICK_MS), s(1), timeoutMs, 0);
    expect(expiries(touch(early, s(1), timeoutMs, ms(atMs)))).toEqual([[1, expiryMs]]);
  });

  it('is not expired before its bucket is reached', () => {
    const tracker = track(noSessions(TICK_MS), s(1), 4000, 0);
    expect(expireDue(tracker, ms(6000) - 1)).toEqual({ tracker, expired: [] });
    expect(isTracked(expireDue(tracker, ms(6000)).tracker, s(1))).toBe(false);
  });

  it('moves forward to an earlier bucket when its timeout is shortened', () => {
    const tracker = track(noSessions(TICK_MS), s(1), 40_000, 0);
    expect(expiries(touch(tracker, s(1), 4000, 0))).toEqual([[1, 6000]]);
  });

  it('costs nothing to touch again within the same bucket', () => {
    const tracker = track(noSessions(TICK_MS), s(1), 4000, 0);
    expect(touch(tracker, s(1), 4000, ms(1000))).toBe(tracker);
  });

  it('is not revived by a touch once it is forgotten', () => {
    const tracker = forget(track(noSessions(TICK_MS), s(1), 4000, 0), s(1));
    expect(isTracked(touch(tracker, s(1), 4000, 1), s(1))).toBe(false);
  });
});

describe('a request for a session', () => {
  const tracker = track(noSessions(TICK_MS), s(1), 4000, 0);

  it('is refused when the session is unknown', () => {
    expect(refusalOf(tracker, s(2), serverId(1))).toBe('SessionExpired');
  });

  it('is let through while nobody speaks for the session, and from its owner', () => {
    expect(refusalOf(tracker, s(1), serverId(1))).toBeUndefined();
    expect(refusalOf(own(tracker, s(1), serverId(1)), s(1), serverId(1))).toBeUndefined();
  });

  it('is refused when the session has moved', () => {
    const moved = own(own(tracker, s(1), serverId(1)), s(1), serverId(2));
    expect(refusalOf(moved, s(1), serverId(1))).toBe('SessionMoved');
    const touched = touch(moved, s(1), 4000, ms(3000));
    expect(refusalOf(touched, s(1), serverId(1))).toBe('SessionMoved');
  });
});

describe('a session that is closing', () => {
  it('is known as such from the decision until it is closed everywhere', () => {
    const tracker = track(track(noSessions(TICK_MS), s(1), 4000, 0), s(2), 4000, 0);
    const wished = forget(tracker, s(1));
    const { tracker: expired } = expireDue(wished, ms(6000));
    const closing = (of: SessionTracker): boolean[] => [1, 2].map((id) => isClosing(of, s(id)));
    expect([tracker, wished, expired].map(closing)).toEqual([
      [false, false],
      [true, false],
      [true, true],
    ]);
    expect(closing(closed(closed(expired, s(1)), s(2)))).toEqual([false, false]);
    expect(closing(forget(tracker, s(9)))).toEqual([false, false]);
    expect(closed(tracker, s(1))).toBe(tracker);
  });
});

interface Step {
  readonly kind: 'track' | 'touch' | 'forget' | 'wait';
  readonly session: number;
  readonly timeoutMs: number;
  readonly waitMs: number;
}

describe('the buckets', () => {
  it('expire whom a list of deadlines would expire, when it would', () => {
    const step: fc.Arbitrary<Step> = fc.record({
      kind: fc.constantFrom('track', 'touch', 'touch', 'forget', 'wait', 'wait'),
      session: fc.integer({ min: 1, max: 4 }),
      timeoutMs: fc.constantFrom(4000, 7000, 20_000),
      waitMs: fc.integer({ min: 0, max: 3000 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80, size: 'max' }), (steps) => {
        let tracker = noSessions(TICK_MS);
        const plain = new Map<number, number>();
        let nowMs = 0;
        const deadline = (timeoutMs: number): number =>
          (Math.floor((nowMs + timeoutMs) / TICK_MS) + 1) * TICK_MS;
        for (const { kind, session, timeoutMs, waitMs } of steps) {
          if (kind === 'track') {
            tracker = track(tracker, s(session), timeoutMs, ms(nowMs));
            plain.set(session, deadline(timeoutMs));
          } else if (kind === 'touch') {
            tracker = touch(tracker, s(session), timeoutMs, ms(nowMs));
            if (plain.has(session)) plain.set(session, deadline(timeoutMs));
          } else if (kind === 'forget') {
            tracker = forget(tracker, s(session));
            plain.delete(session);
          } else {
            nowMs += waitMs;
            const due = [...plain].filter(([, at]) => at <= nowMs);
            due.sort(([a, aAt], [b, bAt]) => aAt - bAt || a - b);
            for (const [session] of due) plain.delete(session);
            const expiry = expireDue(tracker, ms(nowMs));
            expect(expiry.expired).toEqual(due.map(([session]) => session));
            tracker = expiry.tracker;
          }
          const first = Math.min(...plain.values());
          expect(nextExpiryUs(tracker) ?? Infinity).toBeLessThanOrEqual(ms(first));
        }
      }),
      { numRuns: 200 },
    );
  });
});
