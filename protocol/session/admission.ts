// A request arrives at the server that has the connection: its session has been heard from, and on
// the leader, which is the only one that knows, the session is looked up. A learner takes in
// whatever comes; of a write its leader decides. [ZK-Java ZooKeeperServer.touch,
// PrepRequestProcessor.pRequest, LeaderSessionTracker.checkSession]
import type { Context } from '../context.js';
import { broadcastNow, setBroadcast } from '../zab/leadership.js';
import { rearmAfterTouch } from '../zab/leader-sessions.js';
import type { Lane } from './front-state.js';
import { makeLane, withTouch } from './front-state.js';
import { isLocal, trackLocal } from './local-sessions.js';
import { isTracked, own, refusalOf, touch } from './tracker.js';

/**
 * `dropped`: the session is unknown or closing, and there is no answer. `moved`: it speaks through
 * another server now.
 */
export type Admission = 'welcome' | 'moved' | 'dropped';

/** The leader will be told with the next ping. */
function noteTouch(ctx: Context, lane: Lane): void {
  const { round } = ctx.front.touches;
  if (lane.touchRound === round) return;
  ctx.front = withTouch(ctx.front, makeLane(lane.session, lane.link, lane.pending, round));
}

function admitAtLeader(ctx: Context, { session, link }: Lane): Admission {
  const now = broadcastNow(ctx);
  if (now === undefined || !isTracked(now.phase.tracker, session)) return 'dropped';
  const { role, phase } = now;
  const { sid } = ctx.config;
  const before = phase.tracker;
  phase.tracker = touch(before, session, link.timeoutMs, ctx.nowUs);
  const moved = refusalOf(phase.tracker, session, sid) !== undefined;
  if (!moved) phase.tracker = own(phase.tracker, session, sid);
  if (phase.tracker !== before) setBroadcast(ctx, role, phase);
  rearmAfterTouch(ctx, before, phase.tracker);
  return moved ? 'moved' : 'welcome';
}

/** Hears from the session of a lane. */
export function admit(ctx: Context, lane: Lane): Admission {
  if (isLocal(ctx.front, lane.session)) {
    trackLocal(ctx, lane.session, lane.link.timeoutMs);
    return 'welcome';
  }
  if (ctx.role.kind === 'leading') return admitAtLeader(ctx, lane);
  noteTouch(ctx, lane);
  return 'welcome';
}
