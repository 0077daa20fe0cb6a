// The order that a server keeps for each client: a request that needs the leader blocks its session
// until the answer is applied here, later requests of the session wait behind it, other sessions go
// on. Every write is passed on at once; what waits is the answer. [ZK-Java CommitProcessor]
import { unreachable } from '../../base/assert.js';
import type { Context } from '../context.js';
import { note, send } from '../context.js';
import type { ErrorCode } from '../error-code.js';
import type { SessionId, Zxid } from '../ids.js';
import { packet } from '../message.js';
import type { LeaderOperation, Operation, ReadOperation, WriteOperation } from '../operation.js';
import { isWrite, makeRequest } from '../operation.js';
import type { Result } from '../result.js';
import { consumesZxid } from '../tree/prepare.js';
import type { Txn } from '../txn.js';
import type { ClientConn, Lane } from './front-state.js';
import { makeLane, makeLink, withLane, withoutLane } from './front-state.js';
import { dropLane } from './lanes.js';
import { beforeEphemeral, endLocal, isLocal } from './local-sessions.js';
import type { Pending } from './pending.js';
import { makePending, makeRead, releasedSync } from './pending.js';
import { readFor } from './reading.js';

function reply(ctx: Context, lane: Lane, cxid: number, zxid: Zxid, result: Result): void {
  send(ctx, lane.link.conn, packet('reply', zxid, { cxid, result }));
  const text = result.kind === 'error' ? result.code : 'ok';
  note(ctx, 'replied', { zxid, value: lane.session, digest: cxid, text });
}

function failed(code: ErrorCode): Result {
  return { kind: 'error', code };
}

function withPending(lane: Lane, pending: Lane['pending']): Lane {
  return makeLane(lane.session, lane.link, pending, lane.touchRound);
}

function wait(ctx: Context, lane: Lane, pending: Pending): void {
  ctx.front = withLane(ctx.front, withPending(lane, lane.pending.push(pending)));
}

/** In its turn: now, if nothing is before it. */
function answerInTurn(ctx: Context, lane: Lane, pending: Pending): void {
  if (lane.pending.length > 0) wait(ctx, lane, pending);
  else answer(ctx, lane, pending);
}

function submit(
  ctx: Context,
  lane: Lane,
  cxid: number,
  op: LeaderOperation,
  { identities }: ClientConn,
): void {
  const request = makeRequest(lane.session, cxid, op, ctx.config.sid, identities);
  ctx.submitted.push({ kind: 'request', request });
}

function writeReceived(
  ctx: Context,
  lane: Lane,
  cxid: number,
  op: WriteOperation,
  client: ClientConn,
): void {
  const { conn } = lane.link;
  // DIVERGES: upstream proposes it under the zxid of the last transaction (docs/divergence.md).
  if (!consumesZxid(op, ctx.config.service)) {
    return refuseInTurn(ctx, lane, cxid, 'MarshallingError');
  }
  const code = beforeEphemeral(ctx, lane, op);
  wait(ctx, lane, makePending('write', conn, cxid, undefined, code));
  submit(ctx, lane, cxid, op, client);
}

export function operationReceived(
  ctx: Context,
  lane: Lane,
  cxid: number,
  op: Exclude<Operation, { kind: 'addAuth' | 'unknown' }>,
  client: ClientConn,
): void {
  const { conn } = lane.link;
  if (isWrite(op)) {
    writeReceived(ctx, lane, cxid, op, client);
  } else if (op.kind === 'sync') {
    wait(ctx, lane, makePending('sync', conn, cxid, op));
    ctx.submitted.push({ kind: 'sync', session: lane.session, cxid });
  } else if (lane.pending.length === 0) {
    answerRead(ctx, lane, cxid, op, client.identities);
  } else {
    wait(ctx, lane, makeRead(conn, cxid, op, client.identities));
  }
}

/** It will not be carried out; what was asked before is answered first. */
export function refuseInTurn(ctx: Context, lane: Lane, cxid: number, code: ErrorCode): void {
  answerInTurn(ctx, lane, makePending('refused', lane.link.conn, cxid, undefined, code));
}

export function pingReceived(ctx: Context, lane: Lane): void {
  answerInTurn(ctx, lane, makePending('ping', lane.link.conn, 0));
}

/** The last request of a session: what its client sends after it is not looked at. */
export function closeReceived(ctx: Context, lane: Lane, cxid: number, client: ClientConn): void {
  const { conn, timeoutMs, seenZxid } = lane.link;
  const link = makeLink('closing', conn, timeoutMs, seenZxid);
  const closing = makeLane(lane.session, link, lane.pending, lane.touchRound);
  if (isLocal(ctx.front, lane.session)) {
    return answerInTurn(ctx, closing, makePending('closeLocal', conn, cxid));
  }
  wait(ctx, closing, makePending('close', conn, cxid));
  submit(ctx, closing, cxid, { kind: 'closeSession' }, client);
}

function readZxid({ config, database, durable }: Context): Zxid {
  const { lastProcessed } = database;
  if (config.rules.readZxid === 'applied') return lastProcessed;
  const { lastZxid } = durable.log;
  return lastZxid > lastProcessed ? lastZxid : lastProcessed;
}

function answerRead(
  ctx: Context,
  lane: Lane,
  cxid: number,
  op: ReadOperation,
  identities: ClientConn['identities'],
): void {
  const result = readFor(ctx, lane, cxid, op, identities);
  reply(ctx, lane, cxid, readZxid(ctx), result);
}

/** Answers one request that nothing holds up any more. Returns the lane as it is then. */
function answer(ctx: Context, lane: Lane, pending: Pending): Lane {
  const { kind, cxid, op, code } = pending;
  const zxid = ctx.database.lastProcessed;
  switch (kind) {
    case 'read':
      answerRead(ctx, lane, cxid, op as ReadOperation, pending.identities);
      return lane;
    case 'ping':
      send(ctx, lane.link.conn, packet('clientPong', zxid, undefined));
      return lane;
    case 'sync': {
      const path = op?.kind === 'sync' ? op.path : null;
      reply(ctx, lane, cxid, zxid, { kind: 'synced', path });
      return lane;
    }
    case 'refused':
      // A client that has moved must not hear from its old connection.
      if (code === undefined || code === 'SessionMoved') return dropLane(ctx, lane);
      reply(ctx, lane, cxid, zxid, failed(code));
      return lane;
    case 'closeLocal':
      send(ctx, lane.link.conn, packet('sessionClosed', zxid, undefined));
      endLocal(ctx, lane.session);
      return dropLane(ctx, lane);
    case 'write':
    case 'close':
      return lane;
    default:
      return unreachable(kind);
  }
}

function isHeldUp({ kind, released }: Pending): boolean {
  return kind === 'write' || kind === 'close' || (kind === 'sync' && !released);
}

/**
 * The head of the lane is dealt with: answers what waited behind it, up to the next one that waits.
 */
function advance(ctx: Context, before: Lane): void {
  let lane = before;
  let pending = lane.pending.drop(1);
  for (let head = pending.head; head !== undefined && !isHeldUp(head); head = pending.head) {
    if (head.conn === lane.link.conn) lane = answer(ctx, lane, head);
    pending = pending.drop(1);
  }
  const over = pending.length === 0 && lane.link.phase === 'left';
  ctx.front = over
    ? withoutLane(ctx.front, lane.session)
    : withLane(ctx.front, withPending(lane, pending));
}

/** Has the client gone to another server, as the leader sees it? */
function saysMoved(result: Result): boolean {
  if (result.kind === 'multi') return result.results.some(saysMoved);
  return result.kind === 'error' && result.code === 'SessionMoved';
}

/**
 * A write was applied here. It is answered if it is the one that its session waits for; then what
 * waited behind it. SessionMoved is no answer: a client that has moved must not hear from its old
 * connection.
 */
export function writeApplied(ctx: Context, txn: Txn, result: Result): void {
  const lane = ctx.front.lanes.get(txn.session);
  const head = lane?.pending.head;
  if (lane === undefined || head?.kind !== 'write' || head.cxid !== txn.cxid) return;
  if (head.conn !== lane.link.conn) return advance(ctx, lane);
  if (saysMoved(result)) return advance(ctx, dropLane(ctx, lane));
  const { code } = head;
  const told = result.kind === 'error' && code !== undefined ? failed(code) : result;
  reply(ctx, lane, txn.cxid, txn.zxid, told);
  advance(ctx, lane);
}

/** The leader's answer to a sync arrived, and with it everything committed before. */
export function syncReleased(ctx: Context, session: SessionId, cxid: number): void {
  const lane = ctx.front.lanes.get(session);
  if (lane === undefined) return;
  const { pending } = lane;
  for (let index = 0; index < pending.length; index++) {
    const waiting = pending.at(index);
    if (waiting.kind !== 'sync' || waiting.cxid !== cxid || waiting.released) continue;
    if (index === 0) {
      if (waiting.conn === lane.link.conn) answer(ctx, lane, waiting);
      return advance(ctx, lane);
    }
    ctx.front = withLane(ctx.front, withPending(lane, pending.with(index, releasedSync(waiting))));
    return;
  }
}
