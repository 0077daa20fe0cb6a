// A leader's table of contents: which event goes to which handler in which phase.
// [ZK-Java Leader.lead, LearnerHandler.run]
import type { Fifo } from '../fifo.js';
import type { Context } from '../context.js';
import { note } from '../context.js';
import type { EpochFile, TimerKind } from '../event.js';
import type { ConnId } from '../ids.js';
import { NO_ZXID } from '../ids.js';
import type { Message } from '../message.js';
import { packet } from '../message.js';
import type { Txn } from '../txn.js';
import {
  ackedBy,
  leaderCommitStage,
  leaderFinalStage,
  leaderFlushed,
  prepStage,
  processAck,
  processSync,
  submitRequest,
  revalidate,
} from './leader-broadcast.js';
import {
  leaderLoaded,
  leaderPromised,
  leaderWaitOver,
  onAckEpoch,
  onInfo,
} from './leader-discovery.js';
import { armHandler, halfTick, handlerTimer, heardFrom, onPing } from './leader-liveness.js';
import { reapDue } from './leader-reaper.js';
import { sessionBucketDue } from './leader-sessions.js';
import { leaderEpochWritten, onNewLeaderAck, sendNewLeader } from './leader-sync.js';
import type { Handler, Leading } from './leading.js';
import { tell } from './leadership.js';
import { copyLeading, handlerAt, makeHandler, putHandler } from './leading.js';

export function learnerAccepted(ctx: Context, role: Leading, conn: ConnId): void {
  const next = copyLeading(role);
  const handler = makeHandler(conn, ctx.nowUs);
  putHandler(next, handler);
  ctx.role = next;
  armHandler(ctx, handler);
}

export function leaderReceived(
  ctx: Context,
  before: Leading,
  conn: ConnId,
  message: Message,
): void {
  const known = before.handlers[handlerAt(before.handlers, conn)];
  if (known === undefined) return;
  const role = copyLeading(before);
  let handler: Handler = heardFrom(ctx, before, known);
  if (message.kind === 'ack') handler = ackedBy(ctx, before, handler, message.zxid);
  putHandler(role, handler);
  ctx.role = role;
  switch (handler.state) {
    case 'awaitInfo':
      return onInfo(ctx, role, handler, message);
    case 'awaitAckEpoch':
      return onAckEpoch(ctx, role, handler, message);
    case 'awaitNewLeaderAck':
      return onNewLeaderAck(ctx, role, handler, message);
    case 'acked':
    case 'live':
      return onLive(ctx, handler, message);
    case 'awaitEpoch':
    case 'awaitEpochQuorum':
    case 'awaitApply':
    case 'streaming':
      note(ctx, 'ignored', { peer: handler.sid, text: `${message.kind} in ${handler.state}` });
  }
}

function onLive(ctx: Context, handler: Handler, message: Message): void {
  switch (message.kind) {
    case 'ack':
      return processAck(ctx, handler.sid, message.zxid, handler.conn);
    case 'request':
      return submitRequest(ctx, message.body);
    case 'sync':
      return processSync(ctx, handler.conn, message.body.session, message.body.cxid);
    case 'ping':
      return onPing(ctx, message.body.touches);
    case 'revalidate': {
      const { session, timeoutMs } = message.body;
      const valid = revalidate(ctx, message.body, handler.sid);
      return tell(ctx, handler, packet('revalidate', NO_ZXID, { session, timeoutMs, valid }));
    }
    default:
      note(ctx, 'ignored', { peer: handler.sid, text: `${message.kind} from a learner` });
  }
}

export function learnerGone(ctx: Context, role: Leading, conn: ConnId): void {
  const next = copyLeading(role);
  next.handlers = role.handlers.filter((h) => h.conn !== conn);
  ctx.role = next;
}

export function leaderTimer(ctx: Context, role: Leading, timer: TimerKind, key: number): void {
  switch (timer) {
    case 'prep':
      return prepStage(ctx);
    case 'commit':
      return leaderCommitStage(ctx);
    case 'final':
      return leaderFinalStage(ctx);
    case 'halfTick':
      return halfTick(ctx);
    case 'handler':
      return handlerTimer(ctx, key as ConnId);
    case 'microStep':
      if (key === 0) return leaderSnapshotWritten(ctx, role);
      return sendNewLeader(ctx, key as ConnId);
    case 'sessionExpiry':
      return sessionBucketDue(ctx);
    case 'reap':
      return reapDue(ctx);
    default:
      return leaderWaitOver(ctx, role, timer);
  }
}

export function leaderEpochDone(ctx: Context, role: Leading, file: EpochFile): void {
  if (file === 'accepted' && role.phase.kind === 'promising') leaderPromised(ctx, role);
  if (file === 'current' && role.phase.kind === 'awaitNewLeaderAcks') leaderEpochWritten(ctx, role);
}

export function leaderLogFlushed(ctx: Context, batch: Fifo<Txn>): void {
  leaderFlushed(ctx, batch);
}

export function leaderSnapshotWritten(ctx: Context, role: Leading): void {
  if (role.phase.kind === 'loading') leaderLoaded(ctx, role);
}
