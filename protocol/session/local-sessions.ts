// Sessions that only the server they were opened at knows, where such are enabled: no transaction
// opens or closes them, and they expire here. Creating an ephemeral makes one global first, under
// the same id, if that is enabled; otherwise it is refused.
// [ZK-Java UpgradeableSessionTracker, QuorumZooKeeperServer.checkUpgradeSession]
import type { Context } from '../context.js';
import { mark, note, setTimer } from '../context.js';
import type { ErrorCode } from '../error-code.js';
import type { SessionId } from '../ids.js';
import type { CreateOperation, LeaderOperation, WriteOperation } from '../operation.js';
import { isCreate, makeRequest } from '../operation.js';
import type { ServiceSettings } from '../service-settings.js';
import { createInMulti, modeOf } from '../tree/create-request.js';
import type { Front, Lane } from './front-state.js';
import { withLocal } from './front-state.js';
import { dropLane } from './lanes.js';
import { closed, expireDue, forget, isTracked, nextExpiryUs, track } from './tracker.js';

export function isLocal(front: Front, session: SessionId): boolean {
  return isTracked(front.local, session);
}

function arm(ctx: Context): void {
  const atUs = nextExpiryUs(ctx.front.local);
  if (atUs !== undefined) setTimer(ctx, 'localExpiry', Math.max(0, atUs - ctx.nowUs) / 1000);
}

/** A new one, or a touch of one that there is. */
export function trackLocal(ctx: Context, session: SessionId, timeoutMs: number): void {
  const { local } = ctx.front;
  const tracked = track(local, session, timeoutMs, ctx.nowUs);
  if (tracked === local) return;
  ctx.front = withLocal(ctx.front, tracked);
  arm(ctx);
}

export function endLocal(ctx: Context, session: SessionId): void {
  const { local } = ctx.front;
  ctx.front = withLocal(ctx.front, closed(forget(local, session), session));
}

/** Those whose bucket is due lose their connection, and that is all. */
export function localExpiryDue(ctx: Context): void {
  const { tracker, expired } = expireDue(ctx.front.local, ctx.nowUs);
  ctx.front = withLocal(ctx.front, tracker);
  for (const session of expired) {
    note(ctx, 'sessionExpired', { value: session, text: 'local' });
    ctx.front = withLocal(ctx.front, closed(ctx.front.local, session));
    const lane = ctx.front.lanes.get(session);
    if (lane !== undefined) dropLane(ctx, lane);
  }
  arm(ctx);
}

/** Of containers and TTL znodes upstream does not ask. */
function isEphemeral({ kind, flags }: CreateOperation): boolean {
  return (kind === 'create' || kind === 'create2') && modeOf(flags)?.ephemeral === true;
}

/** Must a local session be made global for it? */
export function wantsEphemeral(op: LeaderOperation, settings: ServiceSettings): boolean {
  if (op.kind !== 'multi') return isCreate(op) && isEphemeral(op);
  return op.parts.some((part) => {
    const read = isCreate(part) ? createInMulti(part, settings) : undefined;
    return read !== undefined && isEphemeral(read);
  });
}

/**
 * A write is about to be passed on. If it wants an ephemeral for a local session, that becomes
 * global before it; or else this is what the client will be told of the refusal.
 */
export function beforeEphemeral(
  ctx: Context,
  lane: Lane,
  op: WriteOperation,
): ErrorCode | undefined {
  const { session } = lane;
  if (!isLocal(ctx.front, session) || !wantsEphemeral(op, ctx.config.service)) return undefined;
  if (!ctx.config.service.localSessionsUpgradingEnabled) return 'EphemeralOnLocalSession';
  endLocal(ctx, session);
  const { timeoutMs } = lane.link;
  const request = makeRequest(session, 0, { kind: 'createSession', timeoutMs }, ctx.config.sid);
  ctx.submitted.push({ kind: 'request', request });
  mark(ctx, 'session/upgraded');
  return undefined;
}
