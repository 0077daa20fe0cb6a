// How a lane loses its connection: from here, or because that is gone.
import type { Context } from '../context.js';
import { close } from '../context.js';
import type { Lane } from './front-state.js';
import { makeLane, makeLink, NO_CONN, withLane, withoutConn, withoutLane } from './front-state.js';

/**
 * The lane without its connection; kept while something of it is under way. Returns what is kept.
 */
export function leaveLane(ctx: Context, lane: Lane): Lane {
  const { timeoutMs, seenZxid } = lane.link;
  const link = makeLink('left', NO_CONN, timeoutMs, seenZxid);
  const left = makeLane(lane.session, link, lane.pending, lane.touchRound);
  const rest = withoutConn(ctx.front, lane.link.conn);
  const idle = lane.pending.length === 0;
  ctx.front = idle ? withoutLane(rest, lane.session) : withLane(rest, left);
  return left;
}

/** Closes the lane's connection, if it has one. */
export function dropLane(ctx: Context, lane: Lane): Lane {
  if (lane.link.phase === 'left') return lane;
  close(ctx, lane.link.conn);
  return leaveLane(ctx, lane);
}
