// A client's state as a value, and the writable face of it that one step sees, as for a server
// (protocol/context.ts). What the program waits for is in `calls`; where the client stands with the
// ensemble is in `link`. [ZK-Java ClientCnxn, ZooKeeper.States]
import { emptyFifo, type Fifo } from '../fifo.js';
import type { ConnId, ServerId, SessionId, Zxid } from '../ids.js';
import { NOBODY, NO_SESSION, ZERO_ZXID } from '../ids.js';
import type { Message } from '../message.js';
import type { Detail, NoteKind } from '../note.js';
import type { Operation } from '../operation.js';
import type { ClientConfig, ClientEffect, ClientTimer } from './contract.js';

/** What outlives a connection. */
export interface Login {
  /** NO_SESSION: the next server is asked for a new one. */
  readonly session: SessionId;
  /** Wanted, until a server has negotiated. */
  readonly timeoutMs: number;
  /** Newest zxid seen in this session. */
  readonly lastZxid: Zxid;
}

export function makeLogin(session: SessionId, timeoutMs: number, lastZxid: Zxid): Login {
  return { session, timeoutMs, lastZxid };
}

/** Where to go next. */
export interface Route {
  /** Into the list of servers, counting on without end. */
  readonly index: number;
  /** Attempts in a row that led nowhere. */
  readonly failures: number;
  /** Where it was told to go, once. */
  readonly preferred: ServerId | undefined;
}

export function makeRoute(index: number, failures: number, preferred: ServerId | undefined): Route {
  return { index, failures, preferred };
}

export type LinkKind =
  | 'idle'
  /** Between two attempts. */
  | 'pausing'
  | 'dialing'
  /** Connected, and the connect request is sent. */
  | 'connecting'
  | 'connected'
  /** closeSession is sent. */
  | 'closing'
  | 'closed';

export interface Link {
  readonly kind: LinkKind;
  readonly peer: ServerId;
  /** 0 where there is none. */
  readonly conn: ConnId;
  /** Last message received. */
  readonly heardUs: number;
  /** Last message sent; when the dial began. */
  readonly sentUs: number;
}

export const NO_CONN = 0 as ConnId;

export function makeLink(
  kind: LinkKind,
  peer: ServerId,
  conn: ConnId,
  heardUs: number,
  sentUs: number,
): Link {
  return { kind, peer, conn, heardUs, sentUs };
}

/** A link without a connection. */
export function unlinked(kind: 'idle' | 'pausing' | 'closed'): Link {
  return makeLink(kind, NOBODY, NO_CONN, 0, 0);
}

export interface Call {
  readonly cxid: number;
  readonly op: Operation;
  readonly invokedUs: number;
}

export interface Calls {
  readonly nextCxid: number;
  /** Sent over this connection, not answered; answers come in this order. */
  readonly sent: Fifo<Call>;
  /** Waiting for a connection. Empty while there is one. */
  readonly queued: Fifo<Call>;
}

export function makeCalls(nextCxid: number, sent: Fifo<Call>, queued: Fifo<Call>): Calls {
  return { nextCxid, sent, queued };
}

export interface ClientState {
  readonly login: Login;
  readonly route: Route;
  readonly link: Link;
  readonly calls: Calls;
}

export function makeClientState(login: Login, route: Route, link: Link, calls: Calls): ClientState {
  return { login, route, link, calls };
}

export function newLogin(config: ClientConfig): Login {
  return makeLogin(NO_SESSION, config.sessionTimeoutMs, ZERO_ZXID);
}

export function initialClient(config: ClientConfig): ClientState {
  return makeClientState(
    newLogin(config),
    makeRoute(0, 0, undefined),
    unlinked('idle'),
    makeCalls(1, emptyFifo(), emptyFifo()),
  );
}

export interface ClientContext {
  readonly config: ClientConfig;
  readonly nowUs: number;
  login: Login;
  route: Route;
  link: Link;
  calls: Calls;
  readonly effects: ClientEffect[];
}

/** Sends over the current connection. */
export function send(ctx: ClientContext, message: Message): void {
  const { kind, peer, conn, heardUs } = ctx.link;
  ctx.effects.push({ kind: 'send', conn, message });
  ctx.link = makeLink(kind, peer, conn, heardUs, ctx.nowUs);
}

export function setTimer(ctx: ClientContext, timer: ClientTimer, delayUs: number): void {
  ctx.effects.push({ kind: 'setTimer', timer, key: 0, delayUs });
}

export function clearTimer(ctx: ClientContext, timer: ClientTimer): void {
  ctx.effects.push({ kind: 'clearTimer', timer, key: 0 });
}

export interface ClientNoteSlots {
  readonly peer?: ServerId;
  readonly zxid?: Zxid;
  readonly digest?: number;
  readonly text?: string;
  readonly detail?: Detail | undefined;
}

/** A note of this client; its session is always in `value`. */
export function note(ctx: ClientContext, kind: NoteKind, slots: ClientNoteSlots): void {
  const { peer = 0, zxid = 0, digest = 0, text = '', detail } = slots;
  const value = ctx.login.session;
  ctx.effects.push({
    kind: 'note',
    note: { kind, peer, zxid, epoch: 0, value, digest, text, detail },
  });
}

/** Tells the trace where this client stands. */
export function noteState(ctx: ClientContext, text: string): void {
  note(ctx, 'clientState', { peer: ctx.link.peer, zxid: ctx.login.lastZxid, text });
}
