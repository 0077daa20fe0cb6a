// The order that a server keeps for each client: a request that needs the leader blocks its session
// until the answer is applied here, later requests of the session wait behind it, other sessions go
// on. Every write is passed on at once; what waits is the answer. [ZK-Java CommitProcessor]
import { unreachable } from '../../base/assert.js';
import type { Context } from '../context.js';
import { close, note, send } from '../context.js';
import type { SessionId, Zxid } from '../ids.js';
import { bare, packet } from '../message.js';
import type { LeaderOperation, Operation, ReadOperation, Result } from '../operation.js';
import { makeRequest } from '../operation.js';
import { readTree } from '../tree/tree.js';
import type { Txn } from '../txn.js';
import type { Lane, Pending } from './front-state.js';
import {
  makeLane,
  makeLink,
  makePending,
  NO_CONN,
  withLane,
  withoutConn,
  withoutLane,
} from './front-state.js';

const SYNCED: Result = { kind: 'done', stat: undefined };

function isRead(op: Operation): op is ReadOperation {
  return op.kind === 'getData' || op.kind === 'exists' || op.kind === 'getChildren';
}

function reply(ctx: Context, lane: Lane, cxid: number, zxid: Zxid, result: Result): void {
  send(ctx, lane.link.conn, packet('reply', zxid, { cxid, result }));
  const text = result.kind === 'error' ? result.code : 'ok';
  note(ctx, 'replied', { zxid, value: lane.session, digest: cxid, text });
}

function answerRead(ctx: Context, lane: Lane, cxid: number, op: ReadOperation): void {
  const { tree, lastProcessed } = ctx.database;
  note(ctx, 'read', { zxid: lastProcessed, value: lane.session, digest: cxid, text: op.path });
  reply(ctx, lane, cxid, lastProcessed, readTree(tree, op));
}

function withPending(lane: Lane, pending: Lane['pending']): Lane {
  return makeLane(lane.session, lane.link, pending, lane.touchRound);
}

function wait(ctx: Context, lane: Lane, pending: Pending): void {
  ctx.front = withLane(ctx.front, withPending(lane, lane.pending.push(pending)));
}

function submit(ctx: Context, lane: Lane, cxid: number, op: LeaderOperation): void {
  const request = makeRequest(lane.session, cxid, op, ctx.config.sid);
  ctx.submitted.push({ kind: 'request', request });
}

export function operationReceived(ctx: Context, lane: Lane, cxid: number, op: Operation): void {
  const { conn } = lane.link;
  if (isRead(op)) {
    if (lane.pending.length === 0) answerRead(ctx, lane, cxid, op);
    else wait(ctx, lane, makePending('read', conn, cxid, op, false));
  } else if (op.kind === 'sync') {
    wait(ctx, lane, makePending('sync', conn, cxid, undefined, false));
    ctx.submitted.push({ kind: 'sync', session: lane.session, cxid });
  } else {
    wait(ctx, lane, makePending('write', conn, cxid, undefined, false));
    submit(ctx, lane, cxid, op);
  }
}

export function pingReceived(ctx: Context, lane: Lane): void {
  const { conn } = lane.link;
  if (lane.pending.length === 0) send(ctx, conn, bare('clientPong'));
  else wait(ctx, lane, makePending('ping', conn, 0, undefined, false));
}

/** The last request of a session: what its client sends after it is not looked at. */
export function closeReceived(ctx: Context, lane: Lane, cxid: number): void {
  const { conn, timeoutMs, seenZxid } = lane.link;
  const link = makeLink('closing', conn, timeoutMs, seenZxid);
  const closing = makeLane(lane.session, link, lane.pending, lane.touchRound);
  wait(ctx, closing, makePending('close', conn, cxid, undefined, false));
  submit(ctx, closing, cxid, { kind: 'closeSession' });
}

/** Answers one request that nothing holds up any more. */
function answer(ctx: Context, lane: Lane, { kind, cxid, op }: Pending): void {
  switch (kind) {
    case 'read':
      if (op !== undefined) answerRead(ctx, lane, cxid, op);
      return;
    case 'ping':
      return send(ctx, lane.link.conn, bare('clientPong'));
    case 'sync':
      return reply(ctx, lane, cxid, ctx.database.lastProcessed, SYNCED);
    case 'write':
    case 'close':
      return;
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
function advance(ctx: Context, lane: Lane): void {
  let pending = lane.pending.drop(1);
  for (let head = pending.head; head !== undefined && !isHeldUp(head); head = pending.head) {
    if (head.conn === lane.link.conn) answer(ctx, lane, head);
    pending = pending.drop(1);
  }
  const over = pending.length === 0 && lane.link.phase === 'left';
  ctx.front = over
    ? withoutLane(ctx.front, lane.session)
    : withLane(ctx.front, withPending(lane, pending));
}

/**
 * The lane without its connection; kept while something of it is under way. Returns what is kept.
 */
export function leaveLane(ctx: Context, lane: Lane): Lane {
  const { timeoutMs, seenZxid } = lane.link;
  const link = makeLink('left', NO_CONN, timeoutMs, seenZxid);
  const left = makeLane(lane.session, link, lane.pending, lane.touchRound);
  const rest = withoutConn(ctx.front, lane.link.conn);
  const idle = lane.pending.length === 0;
  ctx.front = idle ? withoutLane(rest, lane.session) : withLane(rest, left);
  return left;
}

/** Closes the lane's connection, if it has one. */
export function dropLane(ctx: Context, lane: Lane): Lane {
  if (lane.link.phase === 'left') return lane;
  close(ctx, lane.link.conn);
  return leaveLane(ctx, lane);
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
  if (result.kind === 'error' && result.code === 'SessionMoved') {
    return advance(ctx, dropLane(ctx, lane));
  }
  reply(ctx, lane, txn.cxid, txn.zxid, result);
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
    const released = makePending('sync', waiting.conn, cxid, undefined, true);
    ctx.front = withLane(ctx.front, withPending(lane, pending.with(index, released)));
    return;
  }
}
