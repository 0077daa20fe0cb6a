// The leader owns session expiry: sessions are touched by its own clients, by what learners bring
// back with their pings and by revalidation; one that is not is closed by a transaction like any
// other. [ZK-Java SessionTrackerImpl, LeaderSessionTracker]
import type { Context } from '../context.js';
import { note, setTimer, wake } from '../context.js';
import type { ServerId, SessionId } from '../ids.js';
import { makeRequest } from '../operation.js';
import type { SessionTracker } from '../session/tracker.js';
import { expireDue, keepUnlisted, nextExpiryUs, own, track } from '../session/tracker.js';
import { broadcastNow, setBroadcast } from './leadership.js';
import { makeArrival } from './leading.js';

/** A session that is about to be created; its client is at `owner`. */
export function trackNew(
  ctx: Context,
  session: SessionId,
  timeoutMs: number,
  owner: ServerId,
): void {
  const now = broadcastNow(ctx);
  if (now === undefined) return;
  const tracked = track(now.phase.tracker, session, timeoutMs, ctx.nowUs);
  now.phase.tracker = own(tracked, session, owner);
  setBroadcast(ctx, now.role, now.phase);
  armSessionExpiry(ctx);
}

/** A touch with a shorter timeout can move a session before the bucket that is waited for. */
export function rearmAfterTouch(ctx: Context, before: SessionTracker, after: SessionTracker): void {
  if (after.buckets !== before.buckets) armSessionExpiry(ctx);
}

/** Sets the timer for the next bucket, unless it is set for that or an earlier one. */
export function armSessionExpiry(ctx: Context): void {
  const now = broadcastNow(ctx);
  if (now === undefined) return;
  const { role, phase } = now;
  const at = nextExpiryUs(phase.tracker);
  if (at === undefined || (phase.expiryAtUs >= 0 && at >= phase.expiryAtUs)) return;
  phase.expiryAtUs = at;
  setBroadcast(ctx, role, phase);
  setTimer(ctx, 'sessionExpiry', Math.max(0, at - ctx.nowUs) / 1000);
}

/** Closes every session whose bucket is due. */
export function sessionBucketDue(ctx: Context): void {
  const now = broadcastNow(ctx);
  if (now === undefined) return;
  const { role, phase } = now;
  phase.expiryAtUs = -1;
  const before = phase.tracker;
  const { tracker, expired } = expireDue(before, ctx.nowUs);
  phase.tracker = tracker;
  const trusting = ctx.config.rules.closingRefusedFrom === 'applied';
  for (const session of expired) {
    note(ctx, 'sessionExpired', { value: session });
    if (trusting) phase.tracker = keepUnlisted(phase.tracker, before, session);
    if (phase.prep.length === 0) wake(ctx, 'prep');
    const request = makeRequest(session, 0, { kind: 'closeSession' }, ctx.config.sid);
    phase.prep = phase.prep.push(makeArrival(request, false));
  }
  setBroadcast(ctx, role, phase);
  armSessionExpiry(ctx);
}
