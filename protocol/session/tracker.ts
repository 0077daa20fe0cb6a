// Which sessions are alive, as the leader tracks it, and who speaks for each. Expiry goes by
// buckets one tick wide: a session touched now expires at the first multiple of the tick beyond now
// + timeout, so after more than its timeout and at most a tick later.
// [ZK-Java SessionTrackerImpl, ExpiryQueue]
//
// A touch only moves the session's own expiry. The session stays listed in its old bucket and is
// listed anew when that one falls due, so that a touch costs one map entry however often it comes.
import { Map, Set } from 'immutable';
import { compareNumbers } from '../../base/order.js';
import type { ServerId, SessionId } from '../ids.js';
import { NOBODY } from '../ids.js';

interface Tracked {
  readonly timeoutMs: number;
  readonly expiryUs: number;
  /** The bucket that lists it: at or before `expiryUs`. A mention in any other bucket is stale. */
  readonly listedUs: number;
  /** The server whose client it is; NOBODY until its first request after a change of leader. */
  readonly owner: ServerId;
}

function makeTracked(
  timeoutMs: number,
  expiryUs: number,
  listedUs: number,
  owner: ServerId,
): Tracked {
  return { timeoutMs, expiryUs, listedUs, owner };
}

interface Mention {
  readonly session: SessionId;
  readonly next: Mention | undefined;
}

interface Bucket {
  readonly atUs: number;
  readonly mentions: Mention | undefined;
}

export interface SessionTracker {
  readonly tickUs: number;
  readonly sessions: Map<SessionId, Tracked>;
  /** Ascending by time. */
  readonly buckets: readonly Bucket[];
  /** No longer tracked; the transaction that closes them is not applied yet. */
  readonly closing: Set<SessionId>;
}

function makeTracker(
  tickUs: number,
  sessions: Map<SessionId, Tracked>,
  buckets: readonly Bucket[],
  closing: Set<SessionId>,
): SessionTracker {
  return { tickUs, sessions, buckets, closing };
}

/** A tracker of no sessions. */
export function noSessions(tickMs: number): SessionTracker {
  return makeTracker(tickMs * 1000, Map(), [], Set());
}

function expiryOf(tickUs: number, timeoutMs: number, nowUs: number): number {
  return (Math.floor((nowUs + timeoutMs * 1000) / tickUs) + 1) * tickUs;
}

function listed(buckets: readonly Bucket[], session: SessionId, atUs: number): readonly Bucket[] {
  let index = buckets.length;
  while (index > 0 && (buckets[index - 1] as Bucket).atUs >= atUs) index -= 1;
  const found = buckets[index];
  if (found?.atUs === atUs) {
    return buckets.with(index, { atUs, mentions: { session, next: found.mentions } });
  }
  return buckets.toSpliced(index, 0, { atUs, mentions: { session, next: undefined } });
}

/** Begins to track a session; one that is tracked already is touched. */
export function track(
  tracker: SessionTracker,
  session: SessionId,
  timeoutMs: number,
  nowUs: number,
): SessionTracker {
  const { tickUs, sessions, buckets, closing } = tracker;
  if (sessions.has(session)) return touch(tracker, session, timeoutMs, nowUs);
  const expiryUs = expiryOf(tickUs, timeoutMs, nowUs);
  const tracked = makeTracked(timeoutMs, expiryUs, expiryUs, NOBODY);
  const more = listed(buckets, session, expiryUs);
  return makeTracker(tickUs, sessions.set(session, tracked), more, closing);
}

/** Somebody heard from the session. One that is not tracked is not revived. */
export function touch(
  tracker: SessionTracker,
  session: SessionId,
  timeoutMs: number,
  nowUs: number,
): SessionTracker {
  const { tickUs, sessions, buckets, closing } = tracker;
  const before = sessions.get(session);
  if (before === undefined) return tracker;
  const expiryUs = expiryOf(tickUs, timeoutMs, nowUs);
  if (before.expiryUs === expiryUs && before.timeoutMs === timeoutMs) return tracker;
  // A shorter timeout after a reconnect may move it before the bucket that lists it.
  const earlier = expiryUs < before.listedUs;
  const listedUs = earlier ? expiryUs : before.listedUs;
  const tracked = makeTracked(timeoutMs, expiryUs, listedUs, before.owner);
  return makeTracker(
    tickUs,
    sessions.set(session, tracked),
    earlier ? listed(buckets, session, expiryUs) : buckets,
    closing,
  );
}

/** Stops tracking: the session is closing, and whatever it asks for from now on is refused. */
export function forget(tracker: SessionTracker, session: SessionId): SessionTracker {
  const { tickUs, sessions, buckets, closing } = tracker;
  if (!sessions.has(session)) return tracker;
  const left = sessions.delete(session);
  return makeTracker(tickUs, left, left.size === 0 ? [] : buckets, closing.add(session));
}

/** The session is closed everywhere. */
export function closed(tracker: SessionTracker, session: SessionId): SessionTracker {
  const { tickUs, sessions, buckets, closing } = tracker;
  if (!closing.has(session)) return tracker;
  return makeTracker(tickUs, sessions, buckets, closing.delete(session));
}

export function isClosing(tracker: SessionTracker, session: SessionId): boolean {
  return tracker.closing.has(session);
}

/**
 * Known as before, but never to expire again: no bucket lists it. For a session whose close is
 * under way and that somebody is still willing to serve.
 */
export function keepUnlisted(
  tracker: SessionTracker,
  before: SessionTracker,
  session: SessionId,
): SessionTracker {
  const known = before.sessions.get(session);
  if (known === undefined) return tracker;
  const { timeoutMs, expiryUs, owner } = known;
  const { tickUs, sessions, buckets, closing } = tracker;
  const kept = makeTracked(timeoutMs, expiryUs, -1, owner);
  return makeTracker(tickUs, sessions.set(session, kept), buckets, closing);
}

export function isTracked(tracker: SessionTracker, session: SessionId): boolean {
  return tracker.sessions.has(session);
}

/** The client has moved: from now on the requests of its session come from `owner`. */
export function own(tracker: SessionTracker, session: SessionId, owner: ServerId): SessionTracker {
  const { tickUs, sessions, buckets, closing } = tracker;
  const before = sessions.get(session);
  if (before === undefined || before.owner === owner) return tracker;
  const { timeoutMs, expiryUs, listedUs } = before;
  const tracked = makeTracked(timeoutMs, expiryUs, listedUs, owner);
  return makeTracker(tickUs, sessions.set(session, tracked), buckets, closing);
}

export type SessionRefusal = 'SessionExpired' | 'SessionMoved';

/**
 * May `origin` make a request for the session? Undefined: yes, and `own` it. createSession and
 * closeSession are not asked. SessionMoved keeps a delayed write of an abandoned connection from
 * being carried out after the session was confirmed elsewhere.
 * [ZK-Java SessionTracker.checkSession]
 */
export function refusalOf(
  tracker: SessionTracker,
  session: SessionId,
  origin: ServerId,
): SessionRefusal | undefined {
  const tracked = tracker.sessions.get(session);
  if (tracked === undefined) return 'SessionExpired';
  return tracked.owner === NOBODY || tracked.owner === origin ? undefined : 'SessionMoved';
}

/** When to look again; undefined while there is nobody to expire. Sometimes nobody is due then. */
export function nextExpiryUs(tracker: SessionTracker): number | undefined {
  return tracker.buckets[0]?.atUs;
}

export interface Expiry {
  readonly tracker: SessionTracker;
  /** Closing from now on; bucket by bucket, ascending by id within one. */
  readonly expired: readonly SessionId[];
}

function membersOf(bucket: Bucket): SessionId[] {
  const members: SessionId[] = [];
  for (let mention = bucket.mentions; mention !== undefined; mention = mention.next) {
    members.push(mention.session);
  }
  return members.sort(compareNumbers);
}

/** Takes out the sessions whose bucket has been reached. */
export function expireDue(tracker: SessionTracker, nowUs: number): Expiry {
  const expired: SessionId[] = [];
  let { sessions, buckets, closing } = tracker;
  for (;;) {
    const bucket = buckets[0];
    if (bucket === undefined || bucket.atUs > nowUs) break;
    buckets = buckets.slice(1);
    for (const session of membersOf(bucket)) {
      const tracked = sessions.get(session);
      if (tracked?.listedUs !== bucket.atUs) continue;
      const { timeoutMs, expiryUs, owner } = tracked;
      if (expiryUs === bucket.atUs) {
        expired.push(session);
        sessions = sessions.delete(session);
        closing = closing.add(session);
      } else {
        sessions = sessions.set(session, makeTracked(timeoutMs, expiryUs, expiryUs, owner));
        buckets = listed(buckets, session, expiryUs);
      }
    }
  }
  if (buckets === tracker.buckets) return { tracker, expired };
  const next = sessions.size === 0 ? [] : buckets;
  return { tracker: makeTracker(tracker.tickUs, sessions, next, closing), expired };
}
