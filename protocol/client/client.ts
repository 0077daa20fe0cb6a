// The client's reducer: its table of contents. What each event means is in `connection.ts`
// (servers, sessions, timers) and `calls.ts` (what the program asked for). [ZK-Java ClientCnxn]
import { unreachable } from '../../base/assert.js';
import type { ConnId } from '../ids.js';
import type { Message, Packet } from '../message.js';
import { invoke, queueExpired, replied, seen, shownAnswered } from './calls.js';
import {
  authFailed,
  closeClient,
  connected,
  connectionLost,
  dial,
  dialed,
  dialFailed,
  disconnect,
  pingDue,
  readDue,
  selfExpiryDue,
} from './connection.js';
import type { ClientConfig, ClientEffect, ClientEvent, ClientTimer } from './contract.js';
import type { ClientNews } from './hearing.js';
import { tellWatched } from './news.js';
import { tellNews, tellProgram } from './programming.js';
import { AUTH_CXID, SET_WATCHES_CXID, withWatches } from './standing.js';
import type { ClientContext, ClientState } from './state.js';
import { finalOf, foldContext, makeLink, makeRoute, note, openContext } from './state.js';
import { heard } from './watches.js';

export type { ClientState } from './state.js';
export { initialClient } from './state.js';

export interface ClientStep {
  readonly state: ClientState;
  readonly effects: readonly ClientEffect[];
  /** What the program hears of it. */
  readonly news: readonly ClientNews[];
}

const NO_EFFECTS: readonly ClientEffect[] = [];
const NO_NEWS: readonly ClientNews[] = Object.freeze([]);

function onReply(ctx: ClientContext, message: Packet<'reply'>): void {
  const { cxid, result } = message.body;
  if (cxid === AUTH_CXID) {
    shownAnswered(ctx, result);
    if (result.kind === 'error') authFailed(ctx);
  } else if (cxid === SET_WATCHES_CXID) {
    seen(ctx, message.zxid);
  } else if (!replied(ctx, cxid, message.zxid, result)) {
    note(ctx, 'ignored', { peer: ctx.link.peer, digest: cxid, text: 'an answer out of turn' });
    disconnect(ctx);
  }
}

function onWatchEvent(ctx: ClientContext, { zxid, body }: Packet<'watchEvent'>): void {
  const { watches, wanted } = heard(ctx.standing.watches, body);
  if (watches !== ctx.standing.watches) ctx.standing = withWatches(ctx.standing, watches);
  if (wanted) tellWatched(ctx, body.type, body.path, zxid);
}

function onMessage(ctx: ClientContext, conn: ConnId, message: Message): void {
  const { kind, peer, sentUs } = ctx.link;
  if (ctx.link.conn !== conn) return;
  ctx.link = makeLink(kind, peer, conn, ctx.nowUs, sentUs);
  if (kind === 'connecting') {
    if (message.kind === 'connected') return connected(ctx, message);
  } else if (message.kind === 'reply') {
    return onReply(ctx, message);
  } else if (message.kind === 'watchEvent') {
    return onWatchEvent(ctx, message);
  } else if (message.kind === 'clientPong') {
    return;
  } else if (message.kind === 'sessionClosed' && kind === 'closing') {
    return disconnect(ctx);
  }
  note(ctx, 'ignored', { peer, text: `${message.kind} while ${kind}` });
}

function onTimer(ctx: ClientContext, timer: ClientTimer): void {
  switch (timer) {
    case 'reconnect':
      if (ctx.link.kind === 'pausing') dial(ctx);
      return;
    case 'connectTimeout':
      if (ctx.link.kind === 'connecting') disconnect(ctx);
      return;
    case 'ping':
      return pingDue(ctx);
    case 'readTimeout':
      return readDue(ctx);
    case 'expiry':
      return queueExpired(ctx);
    case 'selfExpiry':
      return selfExpiryDue(ctx);
    case 'program':
      return tellProgram(ctx, { kind: 'timer' });
    default:
      return unreachable(timer);
  }
}

function onDisconnect(
  ctx: ClientContext,
  server: ClientConfig['servers'][number] | undefined,
): void {
  const { kind } = ctx.link;
  if (kind === 'closing' || finalOf(ctx.link) !== undefined) return;
  if (server !== undefined) {
    ctx.route = makeRoute(ctx.route.index, ctx.route.failures, server);
  }
  if (kind === 'connecting' || kind === 'connected') disconnect(ctx);
}

function onEvent(ctx: ClientContext, event: ClientEvent): void {
  switch (event.kind) {
    case 'start':
      if (ctx.link.kind === 'idle') dial(ctx);
      return;
    case 'dialed':
      return dialed(ctx, event.peer, event.conn);
    case 'dialFailed':
      return dialFailed(ctx);
    case 'received':
      return onMessage(ctx, event.conn, event.message);
    case 'closed':
      if (ctx.link.conn === event.conn) connectionLost(ctx);
      return;
    case 'timer':
      return onTimer(ctx, event.timer);
    case 'invoke':
      return invoke(ctx, event.op);
    case 'disconnect':
      return onDisconnect(ctx, event.server);
    case 'finish':
      return tellProgram(ctx, { kind: 'finish' });
    case 'close':
      return closeClient(ctx);
    default:
      return unreachable(event);
  }
}

export function stepClient(
  config: ClientConfig,
  state: ClientState,
  event: ClientEvent,
  nowUs: number,
): ClientStep {
  const ctx = openContext(config, state, nowUs);
  onEvent(ctx, event);
  tellNews(ctx);
  return {
    state: foldContext(ctx, state),
    effects: ctx.effects.length === 0 ? NO_EFFECTS : ctx.effects,
    news: ctx.news.length === 0 ? NO_NEWS : ctx.news,
  };
}
