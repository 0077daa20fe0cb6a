// A client's state as a value, and the writable face of it that one step sees, as for a server
// (protocol/context.ts). What the program waits for is in `calls`; where the client stands with the
// ensemble is in `link`. [ZK-Java ClientCnxn, ZooKeeper.States]
import { makeSetTimer } from '../effect.js';
import { emptyFifo, type Fifo } from '../fifo.js';
import type { ConnId, ServerId, SessionId, Zxid } from '../ids.js';
import { NOBODY, NO_SESSION, ZERO_ZXID } from '../ids.js';
import type { Message } from '../message.js';
import type { Detail, NoteKind } from '../note.js';
import type { Operation } from '../operation.js';
import type { ClientConfig, ClientEffect, ClientTimer } from './contract.js';
import type { ClientNews, SessionState } from './hearing.js';
import type { ProgramState } from './program.js';
import type { Standing } from './standing.js';
import { NO_STANDING } from './standing.js';

/** What outlives a connection. */
export interface Login {
  /** NO_SESSION: the next server is asked for a new one. */
  readonly session: SessionId;
  readonly password: string;
  /** Wanted, until a server has negotiated. */
  readonly timeoutMs: number;
  /** Newest zxid seen in this session. */
  readonly lastZxid: Zxid;
}

export function makeLogin(
  session: SessionId,
  password: string,
  timeoutMs: number,
  lastZxid: Zxid,
): Login {
  return { session, password, timeoutMs, lastZxid };
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

/** What nothing leads out of. */
export type Final = 'closed' | 'expired' | 'authFailed';

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
  | Final;

export interface Link {
  readonly kind: LinkKind;
  readonly peer: ServerId;
  /** 0 where there is none. */
  readonly conn: ConnId;
  /** Last message received, over whichever connection. */
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
export function unlinked(kind: 'idle' | 'pausing' | Final, heardUs: number): Link {
  return makeLink(kind, NOBODY, NO_CONN, heardUs, 0);
}

export function finalOf({ kind }: Link): Final | undefined {
  return kind === 'closed' || kind === 'expired' || kind === 'authFailed' ? kind : undefined;
}

export interface Call {
  readonly cxid: number;
  /** In the servers' paths. */
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

/** Of a client with a program. */
export interface Programming {
  readonly state: ProgramState;
  /** Has it had a session? */
  readonly begun: boolean;
  readonly done: boolean;
}

export interface ClientState {
  readonly login: Login;
  readonly route: Route;
  readonly link: Link;
  readonly calls: Calls;
  readonly standing: Standing;
  /** The last state that the program heard of: it is not told the same twice. */
  readonly told: SessionState;
  readonly programming: Programming | undefined;
}

export function newLogin(config: ClientConfig): Login {
  return makeLogin(NO_SESSION, '', config.sessionTimeoutMs, ZERO_ZXID);
}

export function initialClient(config: ClientConfig): ClientState {
  const { program } = config;
  return {
    login: newLogin(config),
    route: makeRoute(0, 0, undefined),
    link: unlinked('idle', 0),
    calls: makeCalls(1, emptyFifo(), emptyFifo()),
    standing: NO_STANDING,
    told: 'disconnected',
    programming: program && { state: program.initial, begun: false, done: false },
  };
}

export interface ClientContext {
  readonly config: ClientConfig;
  readonly nowUs: number;
  login: Login;
  route: Route;
  link: Link;
  calls: Calls;
  standing: Standing;
  told: SessionState;
  programming: Programming | undefined;
  readonly effects: ClientEffect[];
  /** For the program, which hears of it when the step is over. */
  readonly news: ClientNews[];
}

export function openContext(
  config: ClientConfig,
  state: ClientState,
  nowUs: number,
): ClientContext {
  return {
    config,
    nowUs,
    login: state.login,
    route: state.route,
    link: state.link,
    calls: state.calls,
    standing: state.standing,
    told: state.told,
    programming: state.programming,
    effects: [],
    news: [],
  };
}

/** The state after a step; the same object if nothing has changed. */
export function foldContext(ctx: ClientContext, before: ClientState): ClientState {
  const { login, route, link, calls, standing, told, programming } = ctx;
  const same =
    login === before.login &&
    route === before.route &&
    link === before.link &&
    calls === before.calls &&
    standing === before.standing &&
    told === before.told &&
    programming === before.programming;
  return same ? before : { login, route, link, calls, standing, told, programming };
}

/** Sends over the current connection. */
export function send(ctx: ClientContext, message: Message): void {
  const { kind, peer, conn, heardUs } = ctx.link;
  ctx.effects.push({ kind: 'send', conn, message });
  ctx.link = makeLink(kind, peer, conn, heardUs, ctx.nowUs);
}

export function setTimer(ctx: ClientContext, timer: ClientTimer, delayUs: number): void {
  ctx.effects.push(makeSetTimer(timer, 0, delayUs));
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
