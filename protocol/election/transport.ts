// The election transport: one connection for each pair of servers, whoever dialled first, and a
// queue of one notification for each peer. Notifications are lost as a matter of course: a newer
// one takes the place of one that waits, and what was sent into a broken connection is gone.
// Elections live with that by sending again, and a new connection starts with the last thing said
// to that peer, stale or not.
//
// One connection must survive when both dial at once, and the one that the larger server dialled
// does. So a server that reaches a larger one only leaves its name and hangs up; the larger one,
// finding a smaller name, drops whatever it has with that server and dials back. A peer that
// restarted is thereby rid of connections that only the other end still believes in.
//
// Connections outlive roles and elections, and nothing here has a deadline; a broken one is dialled
// again by the next `toSend` or `connectAll`. [ZK-Java QuorumCnxManager]
import type { Context } from '../context.js';
import { close, mark, note, send } from '../context.js';
import type { ConnId, ServerId } from '../ids.js';
import { NO_ZXID } from '../ids.js';
import type { Message, NotificationBody } from '../message.js';
import { packet } from '../message.js';
import { hasSid, withSid, withoutSid } from '../sid-set.js';
import type { Queues, Transport, Wires } from './links.js';
import { NO_CONN, emptyTransport, makeQueues, makeTransport, makeWires, put } from './links.js';

export type { Transport } from './links.js';

/** Before boot: nobody is known, and nothing may be sent. */
export const EMPTY_TRANSPORT: Transport = emptyTransport(0);

export interface Received {
  readonly from: ServerId;
  readonly notification: NotificationBody;
}

/** At boot. The election port is open from now on. */
export function startTransport(ctx: Context): void {
  ctx.transport = emptyTransport(Math.max(...ctx.config.ensemble.servers));
}

function setWires(ctx: Context, wires: Wires): void {
  ctx.transport = makeTransport(wires, ctx.transport.queues, ctx.transport.loopback);
}

function setQueues(ctx: Context, queues: Queues): void {
  ctx.transport = makeTransport(ctx.transport.wires, queues, ctx.transport.loopback);
}

function setConn(ctx: Context, peer: ServerId, conn: ConnId): void {
  const { conns, unnamed, dialing } = ctx.transport.wires;
  setWires(ctx, makeWires(put(conns, peer, conn), unnamed, dialing));
}

function dialEnded(ctx: Context, peer: ServerId): void {
  const { conns, unnamed, dialing } = ctx.transport.wires;
  setWires(ctx, makeWires(conns, unnamed, withoutSid(dialing, peer)));
}

function forgetUnnamed(ctx: Context, conn: ConnId): void {
  const { conns, unnamed, dialing } = ctx.transport.wires;
  const others = unnamed.filter((one) => one !== conn);
  setWires(ctx, makeWires(conns, others, dialing));
}

function connOf(ctx: Context, peer: ServerId): ConnId {
  return ctx.transport.wires.conns[peer] ?? NO_CONN;
}

function isMember(ctx: Context, sid: ServerId): boolean {
  const { voters, observers } = ctx.config.ensemble;
  return hasSid(voters, sid) || hasSid(observers, sid);
}

/** Unless connected or about to be. */
function dial(ctx: Context, peer: ServerId): void {
  const { conns, unnamed, dialing } = ctx.transport.wires;
  if (connOf(ctx, peer) !== NO_CONN || hasSid(dialing, peer)) return;
  setWires(ctx, makeWires(conns, unnamed, withSid(dialing, peer)));
  const timeoutMs = ctx.config.timing.electionDialTimeoutMs;
  ctx.effects.push({ kind: 'dial', purpose: 'election', peer, timeoutMs });
}

/** Gives up the connection with `peer`, even a healthy one. */
function drop(ctx: Context, peer: ServerId): void {
  const conn = connOf(ctx, peer);
  if (conn === NO_CONN) return;
  close(ctx, conn);
  setConn(ctx, peer, NO_CONN);
}

/** `conn` becomes the connection with `peer`; the waiting notification goes first. */
function establish(ctx: Context, peer: ServerId, conn: ConnId): void {
  drop(ctx, peer);
  setConn(ctx, peer, conn);
  const { known, outbox, lastSent } = ctx.transport.queues;
  const waiting = outbox[peer];
  const body = waiting ?? lastSent[peer];
  if (body !== undefined) send(ctx, conn, packet('notification', NO_ZXID, body));
  if (waiting !== undefined) {
    setQueues(
      ctx,
      makeQueues(withSid(known, peer), put(outbox, peer, undefined), put(lastSent, peer, waiting)),
    );
    return;
  }
  if (body !== undefined) mark(ctx, 'election/stale-resend', peer);
  setQueues(ctx, makeQueues(withSid(known, peer), outbox, lastSent));
}

export function ownsConn(transport: Transport, conn: ConnId): boolean {
  const { conns, unnamed } = transport.wires;
  return conns.includes(conn) || unnamed.includes(conn);
}

export function transportDialed(ctx: Context, peer: ServerId, conn: ConnId): void {
  dialEnded(ctx, peer);
  send(ctx, conn, packet('greeting', NO_ZXID, { sid: ctx.config.sid }));
  if (peer > ctx.config.sid) close(ctx, conn);
  else establish(ctx, peer, conn);
}

export function transportDialFailed(ctx: Context, peer: ServerId): void {
  dialEnded(ctx, peer);
}

export function transportAccepted(ctx: Context, conn: ConnId): void {
  const { conns, unnamed, dialing } = ctx.transport.wires;
  if (conns.length === EMPTY_TRANSPORT.wires.conns.length) {
    // Java opens the election port after loading. Kept, it would be an open connection to nobody.
    close(ctx, conn);
    return;
  }
  setWires(ctx, makeWires(conns, [...unnamed, conn], dialing));
}

/** What there is for the election in a message on a connection of ours. */
export function transportReceived(
  ctx: Context,
  conn: ConnId,
  message: Message,
): Received | undefined {
  const { conns, unnamed } = ctx.transport.wires;
  const from = conns.indexOf(conn) as ServerId | -1;
  if (from === -1) {
    if (message.kind === 'greeting' && unnamed.includes(conn)) {
      onGreeting(ctx, conn, message.body.sid);
    } else {
      note(ctx, 'ignored', { text: `${message.kind} before a greeting` });
    }
    return undefined;
  }
  if (message.kind === 'notification') return { from, notification: message.body };
  note(ctx, 'ignored', { peer: from, text: `${message.kind} on an election connection` });
  return undefined;
}

function onGreeting(ctx: Context, conn: ConnId, peer: ServerId): void {
  forgetUnnamed(ctx, conn);
  const self = ctx.config.sid;
  if (peer > self && isMember(ctx, peer)) {
    establish(ctx, peer, conn);
    return;
  }
  close(ctx, conn);
  if (peer === self || !isMember(ctx, peer)) {
    note(ctx, 'ignored', { peer, text: 'greeting of a stranger' });
    return;
  }
  drop(ctx, peer);
  dial(ctx, peer);
}

export function transportClosed(ctx: Context, conn: ConnId): void {
  const { conns, unnamed } = ctx.transport.wires;
  const peer = conns.indexOf(conn);
  if (peer !== -1) setConn(ctx, peer as ServerId, NO_CONN);
  else if (unnamed.includes(conn)) forgetUnnamed(ctx, conn);
}

/** One's own server included: that is how one's vote enters one's own count. */
export function toSend(ctx: Context, peer: ServerId, body: NotificationBody): void {
  sendToEach(ctx, [peer], body);
}

/** The same notification to several, with one change of state. */
export function sendToEach(ctx: Context, peers: readonly ServerId[], body: NotificationBody): void {
  const message = packet('notification', NO_ZXID, body);
  const { queues, wires } = ctx.transport;
  const outbox = queues.outbox.slice();
  const lastSent = queues.lastSent.slice();
  let { known } = queues;
  let { loopback } = ctx.transport;
  for (const peer of peers) {
    const conn = wires.conns[peer] ?? NO_CONN;
    if (peer === ctx.config.sid) {
      loopback = body;
    } else if (conn === NO_CONN) {
      known = withSid(known, peer);
      outbox[peer] = body;
    } else {
      lastSent[peer] = body;
      send(ctx, conn, message);
    }
  }
  ctx.transport = makeTransport(wires, makeQueues(known, outbox, lastSent), loopback);
  for (const peer of peers) {
    if (outbox[peer] === body) dial(ctx, peer);
  }
}

export function takeLoopback(ctx: Context): NotificationBody | undefined {
  const { wires, queues, loopback } = ctx.transport;
  if (loopback !== undefined) ctx.transport = makeTransport(wires, queues, undefined);
  return loopback;
}

/**
 * Is any queue empty? One that is says that the network works, so that sending again may help; not
 * that everything was delivered. [ZK-Java QuorumCnxManager.haveDelivered]
 */
export function haveDelivered(transport: Transport): boolean {
  const { known, outbox } = transport.queues;
  return outbox.some((waiting, sid) => waiting === undefined && hasSid(known, sid as ServerId));
}

/** Dials everybody who has a queue and no connection. */
export function connectAll(ctx: Context): void {
  const { known } = ctx.transport.queues;
  for (const peer of ctx.config.ensemble.servers) {
    if (hasSid(known, peer)) dial(ctx, peer);
  }
}
