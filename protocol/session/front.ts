// The client-facing side of a serving server: accepts connections, gives each its session, passes
// on what needs the leader, answers the rest from this server's own tree, and closes everything
// when the role ends. What it wants from the role behind it goes to `ctx.submitted`; the role
// answers through `committedApplied`, `syncReleased` and `revalidated`.
// [ZK-Java ZooKeeperServer, NIOServerCnxn]
import { assert } from '../../base/assert.js';
import type { Context } from '../context.js';
import { close, note } from '../context.js';
import type { ConnId } from '../ids.js';
import { NO_SESSION, ZERO_ZXID } from '../ids.js';
import type { Message, SessionTouch } from '../message.js';
import type { Result } from '../operation.js';
import type { Txn } from '../txn.js';
import { connectReceived, firstSessionId, refuse, sessionCreated, sessionEnded } from './attach.js';
import {
  closeReceived,
  leaveLane,
  operationReceived,
  pingReceived,
  writeApplied,
} from './commit-stage.js';
import type { Lane } from './front-state.js';
import {
  clientConns,
  EMPTY_FRONT,
  makeLane,
  openedFront,
  withConn,
  withoutConn,
  withoutTouches,
  withTouch,
} from './front-state.js';

export type { Front } from './front-state.js';
export { EMPTY_FRONT, ownsClientConn } from './front-state.js';
export { revalidated } from './attach.js';
export { syncReleased } from './commit-stage.js';

/** Starts to serve clients. */
export function openFront(ctx: Context): void {
  assert(!ctx.front.serving, 'clients are served already');
  ctx.front = openedFront(firstSessionId(ctx.config.sid, ctx.nowUs));
}

/** Stops: every client loses its connection, and what it asked for has an unknown outcome. */
export function closeFront(ctx: Context): void {
  for (const conn of clientConns(ctx.front)) close(ctx, conn);
  ctx.front = EMPTY_FRONT;
}

export function clientAccepted(ctx: Context, conn: ConnId): void {
  if (ctx.front.serving) ctx.front = withConn(ctx.front, conn, NO_SESSION);
  else refuse(ctx, conn, ZERO_ZXID, 'not serving');
}

export function clientClosed(ctx: Context, conn: ConnId): void {
  const session = ctx.front.conns.get(conn);
  if (session === undefined) return;
  const lane = ctx.front.lanes.get(session);
  if (lane?.link.conn === conn) leaveLane(ctx, lane);
  else ctx.front = withoutConn(ctx.front, conn);
}

/** The session was heard from. Returns its lane as it is now. */
function touched(ctx: Context, lane: Lane): Lane {
  const { round } = ctx.front.touches;
  if (lane.touchRound === round) return lane;
  const marked = makeLane(lane.session, lane.link, lane.pending, round);
  ctx.front = withTouch(ctx.front, marked);
  return marked;
}

export function clientReceived(ctx: Context, conn: ConnId, message: Message): void {
  const { kind } = message;
  const session = ctx.front.conns.get(conn);
  if (session === NO_SESSION && kind === 'connect') {
    return connectReceived(ctx, conn, message.body);
  }
  const lane = session === undefined ? undefined : ctx.front.lanes.get(session);
  if (lane?.link.phase !== 'attached') {
    return note(ctx, 'ignored', { text: `${kind} without a session` });
  }
  const heard = touched(ctx, lane);
  if (kind === 'operation') {
    operationReceived(ctx, heard, message.body.cxid, message.body.op);
  } else if (kind === 'clientPing') {
    pingReceived(ctx, heard);
  } else if (kind === 'closeSession') {
    closeReceived(ctx, heard, message.body.cxid);
  } else {
    note(ctx, 'ignored', { value: heard.session, text: `${kind} from a client` });
  }
}

/** The final stage has applied `txn` to this server's tree. */
export function committedApplied(ctx: Context, txn: Txn, result: Result): void {
  const { kind } = txn.op;
  if (kind === 'createSession') sessionCreated(ctx, txn);
  else if (kind === 'closeSession') sessionEnded(ctx, txn);
  else writeApplied(ctx, txn, result);
}

const NONE_TOUCHED: readonly SessionTouch[] = [];

/** The sessions heard from since the last call. */
export function takeTouches(ctx: Context): readonly SessionTouch[] {
  const { list } = ctx.front.touches;
  if (list.length === 0) return NONE_TOUCHED;
  ctx.front = withoutTouches(ctx.front);
  return list;
}
