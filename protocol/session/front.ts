// The client-facing side of a serving server: accepts connections, gives each its session, passes
// on what needs the leader, answers the rest from this server's own tree, and closes everything
// when the role ends. What it wants from the role behind it goes to `ctx.submitted`; the role
// answers through `committedApplied`, `syncReleased` and `revalidated`.
// [ZK-Java ZooKeeperServer, NIOServerCnxn]
import { assert } from '../../base/assert.js';
import type { Context } from '../context.js';
import { close } from '../context.js';
import type { ConnId, SessionId } from '../ids.js';
import { ZERO_ZXID } from '../ids.js';
import type { SessionTouch } from '../message.js';
import type { Result } from '../result.js';
import type { Tree } from '../tree/tree.js';
import type { Txn } from '../txn.js';
import { refuse, sessionConfirmed, sessionCreated, sessionEnded } from './attach.js';
import { writeApplied } from './commit-stage.js';
import { releaseHeld } from './entry.js';
import {
  clientConns,
  EMPTY_FRONT,
  openedFront,
  withConn,
  withoutConn,
  withoutTouches,
} from './front-state.js';
import { leaveLane } from './lanes.js';
import { firstSessionId } from './session-id.js';
import { fireWatches } from './watches/firing.js';

export type { Front } from './front-state.js';
export { EMPTY_FRONT, ownsClientConn } from './front-state.js';
export { syncReleased } from './commit-stage.js';
export { clientReceived } from './entry.js';
export { localExpiryDue } from './local-sessions.js';

/** Starts to serve clients. */
export function openFront(ctx: Context): void {
  assert(!ctx.front.serving, 'clients are served already');
  const { sid, timing } = ctx.config;
  ctx.front = openedFront(firstSessionId(sid, ctx.nowUs), timing.tickMs);
}

/** Stops: every client loses its connection, and what it asked for has an unknown outcome. */
export function closeFront(ctx: Context): void {
  for (const conn of clientConns(ctx.front)) close(ctx, conn);
  ctx.front = EMPTY_FRONT;
}

export function clientAccepted(ctx: Context, conn: ConnId): void {
  if (ctx.front.serving) ctx.front = withConn(ctx.front, conn);
  else refuse(ctx, conn, ZERO_ZXID, 'not serving');
}

export function clientClosed(ctx: Context, conn: ConnId): void {
  const client = ctx.front.conns.get(conn);
  if (client === undefined) return;
  const lane = ctx.front.lanes.get(client.session);
  if (lane?.link.conn === conn) leaveLane(ctx, lane);
  else ctx.front = withoutConn(ctx.front, conn);
}

/** The leader's word on a session that a client has brought. */
export function revalidated(
  ctx: Context,
  session: SessionId,
  timeoutMs: number,
  valid: boolean,
): void {
  sessionConfirmed(ctx, session, timeoutMs, valid);
  releaseHeld(ctx, session);
}

/** The final stage has applied `txn` to this server's tree, which was `before`. */
export function committedApplied(ctx: Context, txn: Txn, result: Result, before: Tree): void {
  fireWatches(ctx, before, txn);
  const { kind } = txn.op;
  if (kind === 'createSession') {
    sessionCreated(ctx, txn);
    releaseHeld(ctx, txn.session);
  } else if (kind === 'closeSession') {
    sessionEnded(ctx, txn);
  } else {
    writeApplied(ctx, txn, result);
  }
}

const NONE_TOUCHED: readonly SessionTouch[] = [];

/** The sessions heard from since the last call. */
export function takeTouches(ctx: Context): readonly SessionTouch[] {
  const { list } = ctx.front.touches;
  if (list.length === 0) return NONE_TOUCHED;
  ctx.front = withoutTouches(ctx.front);
  return list;
}
