// How a client connection gets its session, and how a session leaves its connection. A server
// behind what the client has seen refuses it: that, and not waiting, is what keeps a moving
// client's view from going back.
// [ZK-Java ZooKeeperServer.processConnectRequest, LearnerZooKeeperServer.revalidateSession]
import { emptyFifo } from '../fifo.js';
import type { Context } from '../context.js';
import { close, note, send } from '../context.js';
import type { ConnId, SessionId, Zxid } from '../ids.js';
import { NO_SESSION } from '../ids.js';
import type { Bodies } from '../message.js';
import { packet } from '../message.js';
import { makeRequest } from '../operation.js';
import type { Txn } from '../txn.js';
import type { Lane, Link } from './front-state.js';
import {
  makeClientConn,
  makeLane,
  makeLink,
  newLane,
  withConn,
  withLane,
  withNextSession,
  withoutConn,
  withoutLane,
} from './front-state.js';
import { initialIdentities } from './identities.js';
import { dropLane } from './lanes.js';
import { isLocal, trackLocal } from './local-sessions.js';
import { NO_PASSWORD, passwordOf } from './password.js';

function negotiate(ctx: Context, wantedMs: number): number {
  const { minSessionTimeoutMs, maxSessionTimeoutMs } = ctx.config.timing;
  return Math.min(Math.max(wantedMs, minSessionTimeoutMs), maxSessionTimeoutMs);
}

/** Turns a connection away before it has a session. */
export function refuse(ctx: Context, conn: ConnId, seenZxid: Zxid, why: string): void {
  note(ctx, 'refused', { zxid: seenZxid, text: why });
  close(ctx, conn);
  ctx.front = withoutConn(ctx.front, conn);
}

/** What a client cannot tell from the end of its session. */
function tellExpired(ctx: Context, conn: ConnId): void {
  const expired = { session: NO_SESSION, password: NO_PASSWORD, timeoutMs: 0 };
  send(ctx, conn, packet('connected', ctx.database.lastProcessed, expired));
}

function begin(ctx: Context, conn: ConnId, timeoutMs: number, body: Bodies['connect']): void {
  const session = ctx.front.nextSession;
  const lane = newLane(session, makeLink('creating', conn, timeoutMs, body.lastZxid));
  const counted = withNextSession(ctx.front, (session + 1) as SessionId);
  const client = makeClientConn(session, initialIdentities(body.address));
  ctx.front = withLane(withConn(counted, conn, client), lane);
  if (ctx.config.service.localSessionsEnabled) {
    trackLocal(ctx, session, timeoutMs);
    return attach(ctx, lane, timeoutMs);
  }
  const request = makeRequest(session, 0, { kind: 'createSession', timeoutMs }, ctx.config.sid);
  ctx.submitted.push({ kind: 'request', request });
}

/**
 * An older connection of the session goes at once, before anybody knows whether the new one may
 * stay.
 */
function resume(ctx: Context, link: Link, body: Bodies['connect']): void {
  const { session, password, address } = body;
  const before = ctx.front.lanes.get(session);
  const left = before === undefined ? undefined : dropLane(ctx, before);
  if (password !== passwordOf(session)) {
    tellExpired(ctx, link.conn);
    return refuse(ctx, link.conn, link.seenZxid, 'wrong password');
  }
  const lane = makeLane(session, link, left?.pending ?? emptyFifo(), -1);
  const client = makeClientConn(session, initialIdentities(address));
  ctx.front = withLane(withConn(ctx.front, link.conn, client), lane);
  if (isLocal(ctx.front, session)) {
    trackLocal(ctx, session, link.timeoutMs);
    return attach(ctx, lane, link.timeoutMs);
  }
  ctx.submitted.push({ kind: 'revalidate', session, timeoutMs: link.timeoutMs });
}

export function connectReceived(ctx: Context, conn: ConnId, body: Bodies['connect']): void {
  const { session, lastZxid } = body;
  if (!ctx.config.rules.admits(lastZxid, ctx.database.lastProcessed)) {
    return refuse(ctx, conn, lastZxid, 'the client has seen more');
  }
  const timeoutMs = negotiate(ctx, body.timeoutMs);
  if (session === NO_SESSION) return begin(ctx, conn, timeoutMs, body);
  resume(ctx, makeLink('revalidating', conn, timeoutMs, lastZxid), body);
}

function attach(ctx: Context, lane: Lane, timeoutMs: number): void {
  const { session } = lane;
  const { conn, seenZxid } = lane.link;
  const link = makeLink('attached', conn, timeoutMs, seenZxid);
  ctx.front = withLane(ctx.front, makeLane(session, link, lane.pending, lane.touchRound));
  const zxid = ctx.database.lastProcessed;
  note(ctx, 'attached', { zxid, value: session, digest: seenZxid });
  const granted = { session, password: passwordOf(session), timeoutMs };
  send(ctx, conn, packet('connected', zxid, granted));
}

function noteTable(ctx: Context, kind: 'sessionOpened' | 'sessionClosed', txn: Txn): void {
  const { digest } = ctx.database.tree.sessions;
  note(ctx, kind, { zxid: txn.zxid, value: txn.session, digest });
}

/** createSession was applied here; whoever waits for it gets the session. */
export function sessionCreated(ctx: Context, txn: Txn): void {
  noteTable(ctx, 'sessionOpened', txn);
  const lane = ctx.front.lanes.get(txn.session);
  if (lane?.link.phase === 'creating') attach(ctx, lane, lane.link.timeoutMs);
}

/**
 * The leader has looked whether the session that a client brought is alive, and with which timeout.
 */
export function sessionConfirmed(
  ctx: Context,
  session: SessionId,
  timeoutMs: number,
  valid: boolean,
): void {
  const lane = ctx.front.lanes.get(session);
  if (lane?.link.phase !== 'revalidating') return;
  if (valid) return attach(ctx, lane, timeoutMs);
  const { conn, seenZxid } = lane.link;
  tellExpired(ctx, conn);
  note(ctx, 'refused', { zxid: seenZxid, value: session, text: 'session expired' });
  dropLane(ctx, lane);
}

/**
 * closeSession was applied here: at the client's wish, which is answered, or because the session
 * expired. A connection that is still asking whether the session lives gets that answer instead.
 */
export function sessionEnded(ctx: Context, txn: Txn): void {
  const { session, cxid, zxid } = txn;
  noteTable(ctx, 'sessionClosed', txn);
  const lane = ctx.front.lanes.get(session);
  if (lane === undefined) return;
  const { phase, conn } = lane.link;
  if (phase === 'revalidating') {
    ctx.front = withLane(ctx.front, newLane(session, lane.link));
    return;
  }
  if (phase === 'closing' && lane.pending.at(lane.pending.length - 1).cxid === cxid) {
    send(ctx, conn, packet('sessionClosed', zxid, undefined));
  }
  dropLane(ctx, lane);
  ctx.front = withoutLane(ctx.front, session);
}
