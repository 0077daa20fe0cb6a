// The leader's watch over its learners: every half tick it pings, every full tick it counts who has
// been heard of, and without a quorum of those it gives up. A learner that leaves a proposal
// unacknowledged for syncLimit ticks is dropped. [ZK-Java Leader.lead main loop,
// LearnerHandler.ping, SyncLimitCheck]
import type { Mutable } from '../../base/mutable.js';
import type { Context } from '../context.js';
import { close, mark, note, setTimer } from '../context.js';
import type { ConnId } from '../ids.js';

import type { SessionTouch } from '../message.js';
import { packet } from '../message.js';
import { touch } from '../session/tracker.js';
import { NO_SIDS, withSid } from '../sid-set.js';
import type { Handler, Leading } from './leading.js';
import { broadcastNow, giveUp, leadingNow, setBroadcast, tell } from './leadership.js';
import { rearmAfterTouch } from './leader-sessions.js';
import { copyHandler, handlerAt, isInStep } from './leading.js';

function syncLimitUs(ctx: Context): number {
  return ctx.config.timing.syncLimit * ctx.config.timing.tickMs * 1000;
}

/** Silence after which a learner's connection is given up: longer before its NEWLEADER ACK. */
function silenceUs(ctx: Context, handler: Handler): number {
  const { initLimit, tickMs } = ctx.config.timing;
  return isInStep(handler) ? syncLimitUs(ctx) : initLimit * tickMs * 1000;
}

function hasQuorum(ctx: Context, role: Leading): boolean {
  let heard = withSid(NO_SIDS, ctx.config.sid);
  for (const handler of role.handlers) {
    if (role.tick <= handler.deadlineTick) heard = withSid(heard, handler.sid);
  }
  return ctx.config.rules.quorums.heard(ctx.config.ensemble.verifier, heard);
}

function isStuck(ctx: Context, handler: Handler): boolean {
  return handler.waitingZxid !== 0 && ctx.nowUs - handler.waitingSinceUs > syncLimitUs(ctx);
}

/** Its sending thread runs: the plan is queued, so a ping comes behind it. */
function isStreaming(handler: Handler): boolean {
  const { state, held } = handler;
  return (
    held === undefined &&
    state !== 'awaitApply' &&
    state !== 'awaitInfo' &&
    state !== 'awaitEpoch' &&
    state !== 'awaitAckEpoch' &&
    state !== 'awaitEpochQuorum'
  );
}

export function halfTick(ctx: Context): void {
  const role = leadingNow(ctx);
  if (role?.phase.kind !== 'broadcast') return;
  role.halfTicks += 1;
  const full = role.halfTicks % 2 === 0;
  if (full) role.tick += 1;
  if (full && !hasQuorum(ctx, role)) {
    ctx.role = role;
    mark(ctx, 'broadcast/quorum-lost');
    giveUp(ctx, 'not enough learners heard of within syncLimit');
    return;
  }
  const { lastProposed } = role.phase;
  let dropped = false;
  for (const handler of role.handlers) {
    if (isStuck(ctx, handler)) {
      mark(ctx, 'broadcast/unacked-dropped', handler.sid);
      note(ctx, 'refused', {
        peer: handler.sid,
        zxid: handler.waitingZxid,
        text: 'proposal not acked',
      });
      close(ctx, handler.conn);
      dropped = true;
    } else if (isStreaming(handler)) {
      tell(ctx, handler, packet('ping', lastProposed, { touches: [] }));
    }
  }
  if (dropped) role.handlers = role.handlers.filter((h) => !isStuck(ctx, h));
  ctx.role = role;
  setTimer(ctx, 'halfTick', ctx.config.timing.tickMs / 2);
}

/** Anything from a learner is a sign of life. */
export function heardFrom(ctx: Context, role: Leading, handler: Handler): Mutable<Handler> {
  const next = copyHandler(handler);
  next.lastHeardUs = ctx.nowUs;
  if (isInStep(handler)) next.deadlineTick = role.tick + ctx.config.timing.syncLimit;
  return next;
}

/** The read timeout of one learner's connection, lazily renewed. */
export function handlerTimer(ctx: Context, conn: ConnId): void {
  const role = leadingNow(ctx);
  const handler = role?.handlers[handlerAt(role.handlers, conn)];
  if (role === undefined || handler === undefined) return;
  const leftUs = silenceUs(ctx, handler) - (ctx.nowUs - handler.lastHeardUs);
  if (leftUs > 0) {
    setTimer(ctx, 'handler', leftUs / 1000, conn);
    return;
  }
  note(ctx, 'refused', { peer: handler.sid, text: 'read timeout: no word from the learner' });
  close(ctx, conn);
  role.handlers = role.handlers.filter((h) => h.conn !== conn);
  ctx.role = role;
}

export function armHandler(ctx: Context, handler: Handler): void {
  setTimer(ctx, 'handler', silenceUs(ctx, handler) / 1000, handler.conn);
}

/** A learner's answer to a ping brings the sessions its clients used. */
export function onPing(ctx: Context, touches: readonly SessionTouch[]): void {
  if (touches.length === 0) return;
  const now = broadcastNow(ctx);
  if (now === undefined) return;
  const { role, phase } = now;
  const before = phase.tracker;
  for (const { session, timeoutMs } of touches) {
    phase.tracker = touch(phase.tracker, session, timeoutMs, ctx.nowUs);
  }
  setBroadcast(ctx, role, phase);
  rearmAfterTouch(ctx, before, phase.tracker);
}
