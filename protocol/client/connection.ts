// How a client finds a server and keeps it: one server of its list after the other, each for a
// share of the session timeout; a ping after a third of it in silence; the next server after two
// thirds without a word. Expiry it learns from a server, or takes for granted after four thirds.
// [ZK-Java ClientCnxn.SendThread, StaticHostProvider]
//
// The ping and read timers are not set anew for every message: they look at the time of the last
// one when they fire, and go on for what is left.
import type { ConnId, ServerId } from '../ids.js';
import { NO_SESSION, NO_ZXID } from '../ids.js';
import type { Packet } from '../message.js';
import { bare, packet } from '../message.js';
import { closeCxid, failQueued, loseSent, sendQueued } from './calls.js';
import { tellState } from './news.js';
import { AUTH_CXID, makeStanding, SET_WATCHES_CXID, withWatches } from './standing.js';
import type { ClientContext, Final } from './state.js';
import {
  clearTimer,
  finalOf,
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
import { NO_CLIENT_WATCHES, toSetAgain } from './watches.js';

const PAUSE_US = 100_000;
/** After each fruitless walk around the whole list. */
const ROUND_PAUSE_US = 1_000_000;
/** However long the session may be silent. */
const PING_US = 10_000_000;

function connectTimeoutMs(ctx: ClientContext): number {
  return Math.max(1, Math.floor(ctx.login.timeoutMs / ctx.config.servers.length));
}

/**
 * Half the read timeout. MODEL: upstream pings up to a second earlier if something wakes its thread
 * just then.
 */
function pingUs(ctx: ClientContext): number {
  return Math.min(PING_US, Math.floor((ctx.login.timeoutMs * 1000) / 3));
}

function readTimeoutUs(ctx: ClientContext): number {
  return Math.floor((ctx.login.timeoutMs * 2000) / 3);
}

function selfExpiryUs(ctx: ClientContext): number {
  return Math.floor((ctx.login.timeoutMs * 4000) / 3);
}

/** Tries the next server of the list, or the one it was told to try. */
export function dial(ctx: ClientContext): void {
  const { servers } = ctx.config;
  const { index, failures, preferred } = ctx.route;
  const peer = preferred ?? servers[index % servers.length];
  if (peer === undefined) return;
  ctx.route = makeRoute(preferred === undefined ? index + 1 : index, failures, undefined);
  ctx.link = makeLink('dialing', peer, NO_CONN, ctx.link.heardUs, ctx.nowUs);
  noteState(ctx, 'connecting');
  ctx.effects.push({ kind: 'dial', peer, timeoutMs: connectTimeoutMs(ctx) });
}

function pause(ctx: ClientContext, delayUs: number): void {
  ctx.link = unlinked('pausing', ctx.link.heardUs);
  setTimer(ctx, 'reconnect', delayUs);
}

/** An attempt led nowhere. */
function nextServer(ctx: ClientContext): void {
  const { index, failures, preferred } = ctx.route;
  ctx.route = makeRoute(index, failures + 1, preferred);
  const round = (failures + 1) % ctx.config.servers.length === 0;
  pause(ctx, round ? ROUND_PAUSE_US : PAUSE_US);
}

/** Nothing waits for a server that does not come, unless the program is patient. */
function loseQueued(ctx: ClientContext): void {
  if (!ctx.config.manner.patient) failQueued(ctx, 'lost');
}

export function dialFailed(ctx: ClientContext): void {
  if (ctx.link.kind !== 'dialing') return;
  loseQueued(ctx);
  nextServer(ctx);
}

/** The connect request is the first message; nothing else is sent before its answer. */
export function dialed(ctx: ClientContext, peer: ServerId, conn: ConnId): void {
  const { kind, heardUs, sentUs } = ctx.link;
  const { index, failures, preferred } = ctx.route;
  if (kind !== 'dialing' || (preferred !== undefined && preferred !== peer)) {
    ctx.effects.push({ kind: 'close', conn });
    if (kind === 'dialing') dial(ctx);
    return;
  }
  ctx.route = makeRoute(index, failures, undefined);
  ctx.link = makeLink('connecting', peer, conn, heardUs, ctx.nowUs);
  const { session, password, lastZxid } = ctx.login;
  const { sessionTimeoutMs: timeoutMs, address } = ctx.config;
  const body = { session, timeoutMs, password, lastZxid, address };
  send(ctx, packet('connect', NO_ZXID, body));
  const leftUs = sentUs + connectTimeoutMs(ctx) * 1000 - ctx.nowUs;
  setTimer(ctx, 'connectTimeout', Math.max(1000, leftUs));
}

function stopTimers(ctx: ClientContext): void {
  clearTimer(ctx, 'connectTimeout');
  clearTimer(ctx, 'ping');
  clearTimer(ctx, 'readTimeout');
}

function armSelfExpiry(ctx: ClientContext): void {
  if (!ctx.config.manner.expiresItself || ctx.login.session === NO_SESSION) return;
  const leftUs = ctx.link.heardUs + selfExpiryUs(ctx) - ctx.nowUs;
  setTimer(ctx, 'selfExpiry', Math.max(0, leftUs));
}

/** The connection is gone: what was sent over it is settled, and another server is tried. */
export function connectionLost(ctx: ClientContext): void {
  const { kind } = ctx.link;
  stopTimers(ctx);
  loseSent(ctx);
  if (kind === 'closing') return stopped(ctx, 'closed');
  loseQueued(ctx);
  tellState(ctx, 'disconnected');
  armSelfExpiry(ctx);
  if (kind === 'connecting') nextServer(ctx);
  else pause(ctx, PAUSE_US);
}

/** Gives the connection up from this end. */
export function disconnect(ctx: ClientContext): void {
  ctx.effects.push({ kind: 'close', conn: ctx.link.conn });
  connectionLost(ctx);
}

/**
 * The session is gone for good, and with it what waited for it and its watches. The next server
 * gives a new one, if the program wants that.
 */
function sessionLost(ctx: ClientContext): void {
  const { kind, conn } = ctx.link;
  tellState(ctx, 'expired');
  failQueued(ctx, 'expired');
  if (kind === 'connecting') ctx.effects.push({ kind: 'close', conn });
  if (!ctx.config.manner.renews) return halt(ctx, 'expired');
  stopTimers(ctx);
  clearTimer(ctx, 'selfExpiry');
  ctx.login = newLogin(ctx.config);
  ctx.standing = withWatches(ctx.standing, NO_CLIENT_WATCHES);
  // An attempt that is under way goes on, for a new session.
  if (kind === 'connecting') pause(ctx, PAUSE_US);
}

/** Nobody has been heard of for so long that the session cannot be alive. */
export function selfExpiryDue(ctx: ClientContext): void {
  const { kind, heardUs } = ctx.link;
  const waits = kind === 'pausing' || kind === 'dialing' || kind === 'connecting';
  if (!waits || ctx.login.session === NO_SESSION) return;
  if (ctx.nowUs - heardUs < selfExpiryUs(ctx)) return armSelfExpiry(ctx);
  sessionLost(ctx);
}

/** A server did not believe who the program said it is: nothing leads on from here. */
export function authFailed(ctx: ClientContext): void {
  ctx.effects.push({ kind: 'close', conn: ctx.link.conn });
  loseSent(ctx);
  stopped(ctx, 'authFailed');
}

/** What the server must know comes first, what the program waits for behind it. */
function prime(ctx: ClientContext): void {
  const { shown, watches } = ctx.standing;
  if (ctx.standing.answered > 0) ctx.standing = makeStanding(shown, 0, watches);
  for (const { op } of shown) send(ctx, packet('operation', NO_ZXID, { cxid: AUTH_CXID, op }));
  for (const op of toSetAgain(watches, ctx.login.lastZxid)) {
    send(ctx, packet('operation', NO_ZXID, { cxid: SET_WATCHES_CXID, op }));
  }
  sendQueued(ctx);
}

export function connected(ctx: ClientContext, message: Packet<'connected'>): void {
  const { session, password, timeoutMs } = message.body;
  const { session: wanted, lastZxid } = ctx.login;
  if (session === NO_SESSION && wanted !== NO_SESSION) return sessionLost(ctx);
  const { peer, conn, sentUs } = ctx.link;
  if (session === NO_SESSION || message.zxid < lastZxid) {
    note(ctx, 'refused', { peer, zxid: message.zxid, text: 'the server is behind' });
    return disconnect(ctx);
  }
  ctx.login = makeLogin(session, password, timeoutMs, lastZxid);
  ctx.route = makeRoute(ctx.route.index, 0, ctx.route.preferred);
  ctx.link = makeLink('connected', peer, conn, ctx.nowUs, sentUs);
  clearTimer(ctx, 'connectTimeout');
  if (wanted !== NO_SESSION) clearTimer(ctx, 'selfExpiry');
  setTimer(ctx, 'ping', pingUs(ctx));
  setTimer(ctx, 'readTimeout', readTimeoutUs(ctx));
  tellState(ctx, 'connected');
  prime(ctx);
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
function halt(ctx: ClientContext, why: Final): void {
  stopTimers(ctx);
  clearTimer(ctx, 'reconnect');
  clearTimer(ctx, 'selfExpiry');
  ctx.link = unlinked(why, ctx.link.heardUs);
}

function stopped(ctx: ClientContext, why: Final): void {
  failQueued(ctx, why);
  tellState(ctx, why);
  halt(ctx, why);
}

/** The program closes its session: politely if there is a connection, else it is left to expire. */
export function closeClient(ctx: ClientContext): void {
  const { kind, peer, conn, heardUs, sentUs } = ctx.link;
  if (kind === 'connected') {
    ctx.link = makeLink('closing', peer, conn, heardUs, sentUs);
    noteState(ctx, 'closing');
    return send(ctx, packet('closeSession', NO_ZXID, { cxid: closeCxid(ctx) }));
  }
  if (kind === 'closing' || finalOf(ctx.link) !== undefined) return;
  if (kind === 'connecting') ctx.effects.push({ kind: 'close', conn });
  stopped(ctx, 'closed');
}
