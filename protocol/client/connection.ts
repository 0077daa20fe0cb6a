// How a client finds a server and keeps it: one server of its list after the other, each for a
// share of the session timeout; a ping after a third of it in silence; the next server after two
// thirds without a word. Expiry is only ever learned from a server.
// [ZK-Java ClientCnxn.SendThread, StaticHostProvider]
//
// The ping and read timers are not set anew for every message: they look at the time of the last
// one when they fire, and go on for what is left.
import type { ConnId, ServerId } from '../ids.js';
import { NO_SESSION, NO_ZXID } from '../ids.js';
import type { Packet } from '../message.js';
import { bare, packet } from '../message.js';
import { closeCxid, failQueued, loseSent, sendQueued } from './calls.js';
import type { ClientContext } from './state.js';
import {
  clearTimer,
  makeLink,
  makeLogin,
  makeRoute,
  newLogin,
  NO_CONN,
  note,
  noteState,
  send,
  setTimer,
  unlinked,
} from './state.js';

const PAUSE_US = 100_000;
/** After each fruitless walk around the whole list. */
const ROUND_PAUSE_US = 1_000_000;

function connectTimeoutMs(ctx: ClientContext): number {
  return Math.max(1, Math.floor(ctx.login.timeoutMs / ctx.config.servers.length));
}

function pingUs(ctx: ClientContext): number {
  return Math.floor((ctx.login.timeoutMs * 1000) / 3);
}

function readTimeoutUs(ctx: ClientContext): number {
  return Math.floor((ctx.login.timeoutMs * 2000) / 3);
}

/** Tries the next server of the list, or the one it was told to try. */
export function dial(ctx: ClientContext): void {
  const { servers } = ctx.config;
  const { index, failures, preferred } = ctx.route;
  const peer = preferred ?? servers[index % servers.length];
  if (peer === undefined) return;
  ctx.route = makeRoute(preferred === undefined ? index + 1 : index, failures, undefined);
  ctx.link = makeLink('dialing', peer, NO_CONN, ctx.nowUs, ctx.nowUs);
  noteState(ctx, 'connecting');
  ctx.effects.push({ kind: 'dial', peer, timeoutMs: connectTimeoutMs(ctx) });
}

function pause(ctx: ClientContext, delayUs: number): void {
  ctx.link = unlinked('pausing');
  setTimer(ctx, 'reconnect', delayUs);
}

/** An attempt led nowhere. */
function nextServer(ctx: ClientContext): void {
  const { index, failures, preferred } = ctx.route;
  ctx.route = makeRoute(index, failures + 1, preferred);
  const round = (failures + 1) % ctx.config.servers.length === 0;
  pause(ctx, round ? ROUND_PAUSE_US : PAUSE_US);
}

export function dialFailed(ctx: ClientContext): void {
  if (ctx.link.kind === 'dialing') nextServer(ctx);
}

/** The connect request is the first message; nothing else is sent before its answer. */
export function dialed(ctx: ClientContext, peer: ServerId, conn: ConnId): void {
  const { kind, sentUs } = ctx.link;
  const { index, failures, preferred } = ctx.route;
  if (kind !== 'dialing' || (preferred !== undefined && preferred !== peer)) {
    ctx.effects.push({ kind: 'close', conn });
    if (kind === 'dialing') dial(ctx);
    return;
  }
  ctx.route = makeRoute(index, failures, undefined);
  ctx.link = makeLink('connecting', peer, conn, ctx.nowUs, ctx.nowUs);
  const { session, lastZxid } = ctx.login;
  const timeoutMs = ctx.config.sessionTimeoutMs;
  send(ctx, packet('connect', NO_ZXID, { session, timeoutMs, lastZxid }));
  const leftUs = sentUs + connectTimeoutMs(ctx) * 1000 - ctx.nowUs;
  setTimer(ctx, 'connectTimeout', Math.max(1000, leftUs));
}

function stopTimers(ctx: ClientContext): void {
  clearTimer(ctx, 'connectTimeout');
  clearTimer(ctx, 'ping');
  clearTimer(ctx, 'readTimeout');
}

/** The connection is gone: what was sent over it is settled, and another server is tried. */
export function connectionLost(ctx: ClientContext): void {
  const { kind } = ctx.link;
  stopTimers(ctx);
  loseSent(ctx);
  if (kind === 'closing') return stopped(ctx);
  noteState(ctx, 'disconnected');
  if (kind === 'connecting') nextServer(ctx);
  else pause(ctx, PAUSE_US);
}

/** Gives the connection up from this end. */
export function disconnect(ctx: ClientContext): void {
  ctx.effects.push({ kind: 'close', conn: ctx.link.conn });
  connectionLost(ctx);
}

/**
 * The session is gone for good, and with it what waited for it. The next server gives a new one.
 */
function sessionLost(ctx: ClientContext): void {
  noteState(ctx, 'expired');
  failQueued(ctx, 'expired');
  ctx.effects.push({ kind: 'close', conn: ctx.link.conn });
  stopTimers(ctx);
  ctx.login = newLogin(ctx.config);
  pause(ctx, PAUSE_US);
}

export function connected(ctx: ClientContext, message: Packet<'connected'>): void {
  const { session, timeoutMs } = message.body;
  const { session: wanted, lastZxid } = ctx.login;
  if (session === NO_SESSION && wanted !== NO_SESSION) return sessionLost(ctx);
  const { peer, conn, sentUs } = ctx.link;
  if (session === NO_SESSION || message.zxid < lastZxid) {
    note(ctx, 'refused', { peer, zxid: message.zxid, text: 'the server is behind' });
    return disconnect(ctx);
  }
  ctx.login = makeLogin(session, timeoutMs, lastZxid);
  ctx.route = makeRoute(ctx.route.index, 0, ctx.route.preferred);
  ctx.link = makeLink('connected', peer, conn, ctx.nowUs, sentUs);
  clearTimer(ctx, 'connectTimeout');
  setTimer(ctx, 'ping', pingUs(ctx));
  setTimer(ctx, 'readTimeout', readTimeoutUs(ctx));
  noteState(ctx, 'connected');
  sendQueued(ctx);
}

export function pingDue(ctx: ClientContext): void {
  if (ctx.link.kind !== 'connected') return;
  const leftUs = ctx.link.sentUs + pingUs(ctx) - ctx.nowUs;
  if (leftUs > 0) return setTimer(ctx, 'ping', leftUs);
  send(ctx, bare('clientPing'));
  setTimer(ctx, 'ping', pingUs(ctx));
}

export function readDue(ctx: ClientContext): void {
  const { kind, heardUs } = ctx.link;
  if (kind !== 'connected' && kind !== 'closing') return;
  const leftUs = heardUs + readTimeoutUs(ctx) - ctx.nowUs;
  if (leftUs > 0) setTimer(ctx, 'readTimeout', leftUs);
  else disconnect(ctx);
}

/** Nothing is left of the client but its state. */
function stopped(ctx: ClientContext): void {
  failQueued(ctx, 'stopped');
  noteState(ctx, 'closed');
  stopTimers(ctx);
  clearTimer(ctx, 'reconnect');
  ctx.link = unlinked('closed');
}

/** The program closes its session: politely if there is a connection, else it is left to expire. */
export function closeClient(ctx: ClientContext): void {
  const { kind, peer, conn, heardUs, sentUs } = ctx.link;
  if (kind === 'connected') {
    ctx.link = makeLink('closing', peer, conn, heardUs, sentUs);
    noteState(ctx, 'closing');
    return send(ctx, packet('closeSession', NO_ZXID, { cxid: closeCxid(ctx) }));
  }
  if (kind === 'closing' || kind === 'closed') return;
  if (kind === 'connecting') ctx.effects.push({ kind: 'close', conn });
  stopped(ctx);
}
