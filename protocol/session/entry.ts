// What a server looks at before a request of a client takes its turn: whether it is too large,
// shows who the client is, belongs to a session that is alive, is a request at all. What comes
// before the session is decided waits. [ZK-Java ZooKeeperServer.processPacket, submitRequestNow,
// NIOServerCnxn.readPayload]
import type { Context } from '../context.js';
import { note, send } from '../context.js';
import type { ErrorCode } from '../error-code.js';
import type { ConnId, SessionId } from '../ids.js';
import { NO_SESSION, NO_ZXID, ZERO_ZXID } from '../ids.js';
import type { Message } from '../message.js';
import { packet } from '../message.js';
import type { Operation } from '../operation.js';
import { isWrite } from '../operation.js';
import { requestBytes } from '../request-bytes.js';
import type { Result } from '../result.js';
import { admit } from './admission.js';
import { connectReceived, refuse } from './attach.js';
import { closeReceived, operationReceived, pingReceived, refuseInTurn } from './commit-stage.js';
import type { ClientConn, Lane } from './front-state.js';
import { makeClientConn, withConn } from './front-state.js';
import { shown } from './identities.js';
import { dropLane } from './lanes.js';

/** Sent behind a connect request: it waits until that is decided. */
function hold(ctx: Context, conn: ConnId, client: ClientConn, message: Message): void {
  const { session, identities, held } = client;
  ctx.front = withConn(ctx.front, conn, makeClientConn(session, identities, [...held, message]));
}

/** The session is there: what was sent behind the connect request is read now. */
export function releaseHeld(ctx: Context, session: SessionId): void {
  const lane = ctx.front.lanes.get(session);
  const client = lane === undefined ? undefined : ctx.front.conns.get(lane.link.conn);
  if (lane?.link.phase !== 'attached' || client === undefined || client.held.length === 0) return;
  const { conn } = lane.link;
  ctx.front = withConn(ctx.front, conn, makeClientConn(session, client.identities));
  for (const message of client.held) clientReceived(ctx, conn, message);
}

function failed(code: ErrorCode): Result {
  return { kind: 'error', code };
}

/** At once, whatever waits: it counts for everything that is read after it. */
function authReceived(
  ctx: Context,
  lane: Lane,
  cxid: number,
  op: Extract<Operation, { kind: 'addAuth' }>,
  client: ClientConn,
): void {
  const { conn } = lane.link;
  const identities = shown(client.identities, op.scheme, op.auth, ctx.config.service);
  const result: Result = identities === undefined ? failed('AuthFailed') : { kind: 'done' };
  send(ctx, conn, packet('reply', ZERO_ZXID, { cxid, result }));
  if (identities === undefined) {
    dropLane(ctx, lane);
    return;
  }
  for (const { scheme, id } of identities.slice(client.identities.length)) {
    note(ctx, 'identified', { value: lane.session, text: `${scheme} ${id}` });
  }
  ctx.front = withConn(ctx.front, conn, makeClientConn(lane.session, identities));
}

/** It knows no such request, says so at once, and hangs up. */
function unknownReceived(ctx: Context, lane: Lane, cxid: number): void {
  const result = failed('Unimplemented');
  send(ctx, lane.link.conn, packet('reply', NO_ZXID, { cxid, result }));
  dropLane(ctx, lane);
}

function requestReceived(ctx: Context, before: Lane, client: ClientConn, message: Message): void {
  const { session } = before;
  const admission = admit(ctx, before);
  if (admission === 'dropped') {
    return note(ctx, 'ignored', { value: session, text: `${message.kind} of a lost session` });
  }
  const lane = ctx.front.lanes.get(session) ?? before;
  const moved = admission === 'moved';
  if (message.kind === 'operation') {
    const { cxid, op } = message.body;
    if (op.kind === 'unknown') unknownReceived(ctx, lane, cxid);
    else if (moved && !isWrite(op)) refuseInTurn(ctx, lane, cxid, 'SessionMoved');
    else if (op.kind !== 'addAuth') operationReceived(ctx, lane, cxid, op, client);
  } else if (message.kind === 'clientPing') {
    if (moved) refuseInTurn(ctx, lane, 0, 'SessionMoved');
    else pingReceived(ctx, lane);
  } else if (message.kind === 'closeSession') {
    closeReceived(ctx, lane, message.body.cxid, client);
  } else {
    note(ctx, 'ignored', { value: session, text: `${message.kind} from a client` });
  }
}

function attachedReceived(ctx: Context, lane: Lane, client: ClientConn, message: Message): void {
  if (message.kind === 'operation') {
    const { cxid, op } = message.body;
    if (requestBytes(op) > ctx.config.service.maxBufferBytes) {
      note(ctx, 'refused', { value: lane.session, text: 'a request beyond jute.maxbuffer' });
      dropLane(ctx, lane);
      return;
    }
    if (op.kind === 'addAuth') return authReceived(ctx, lane, cxid, op, client);
  }
  requestReceived(ctx, lane, client, message);
}

/** A connect request comes first; of anything else the server can make nothing. */
function firstReceived(ctx: Context, conn: ConnId, message: Message): void {
  if (message.kind === 'connect') return connectReceived(ctx, conn, message.body);
  refuse(ctx, conn, ZERO_ZXID, `${message.kind} without a session`);
}

export function clientReceived(ctx: Context, conn: ConnId, message: Message): void {
  const client = ctx.front.conns.get(conn);
  if (client === undefined) return;
  const { session } = client;
  if (session === NO_SESSION) return firstReceived(ctx, conn, message);
  const lane = ctx.front.lanes.get(session);
  const phase = lane?.link.conn === conn ? lane.link.phase : 'left';
  if (lane !== undefined && phase === 'attached') {
    attachedReceived(ctx, lane, client, message);
  } else if (phase === 'creating' || phase === 'revalidating') {
    hold(ctx, conn, client, message);
  } else {
    note(ctx, 'ignored', { value: session, text: `${message.kind} without a session` });
  }
}
