// Synchronization as a leader sees it: plan and start forwarding in one atomic step, NEWLEADER in
// the next, so that live traffic may fall between them; a quorum of NEWLEADER ACKs commits the
// whole initial history of the epoch; then serve, and tell each learner so with UPTODATE. [ZK-Java
// LearnerHandler.run, Leader.startForwarding, waitForNewLeaderAck, startZkServer]
import { emptyFifo } from '../fifo.js';
import type { Context } from '../context.js';
import { clearTimer, note, setTimer } from '../context.js';
import type { ConnId, Zxid } from '../ids.js';
import { epochOf, makeZxid } from '../ids.js';
import type { Message } from '../message.js';
import { bare, packet } from '../message.js';
import { isQuorum } from '../quorum.js';
import { openFront } from '../session/front.js';
import { noSessions, track } from '../session/tracker.js';
import { hasSid, withSid } from '../sid-set.js';
import { setRole } from '../role.js';
import { makeDatabase } from '../storage/database.js';
import { NO_OUTSTANDING } from '../tree/prepare.js';
import { sessionsOf } from '../tree/tree.js';
import { makeVote } from '../vote.js';
import type { Handler, LeaderBroadcast, Leading } from './leading.js';
import { leadingNow, tell } from './leadership.js';
import {
  copyHandler,
  copyLeading,
  handlerAt,
  makeReaping,
  NO_PROPOSALS,
  putHandler,
} from './leading.js';
import { armHandler } from './leader-liveness.js';
import { armSessionExpiry } from './leader-sessions.js';
import { IDLE_PIPELINE } from './pipeline.js';
import type { SyncPlan } from './sync-plan.js';

/**
 * Does the learner hold proposals of this very epoch that this leader has not applied? It came back
 * on a new connection. They are this leader's own and may be committed at any moment, the learner's
 * earlier ACK counted: they must not be cut off (docs/divergence.md, a stale ACK).
 */
function isAheadInEpoch(ctx: Context, role: Leading, handler: Handler): boolean {
  const { lastZxid } = handler;
  if (role.phase.kind !== 'broadcast' || epochOf(lastZxid) !== role.epoch) return false;
  return lastZxid > ctx.database.lastProcessed && lastZxid <= role.phase.lastProposed;
}

/** Something was applied: learners that waited for it get their plan. */
export function planWaiting(ctx: Context): void {
  const role = leadingNow(ctx);
  if (role === undefined) return;
  for (const handler of role.handlers) {
    if (handler.state === 'awaitApply' && !isAheadInEpoch(ctx, role, handler)) {
      planSync(ctx, handler.conn);
    }
  }
}

/**
 * Plan one learner's synchronization, send it, and register the learner for live traffic: atomic.
 */
export function planSync(ctx: Context, conn: ConnId): void {
  const role = leadingNow(ctx);
  const found = role?.handlers[handlerAt(role.handlers, conn)];
  if (role === undefined || found === undefined) return;
  const { rules, limits } = ctx.config;
  if (rules.aheadInEpoch === 'await' && isAheadInEpoch(ctx, role, found)) {
    const waiting = copyHandler(found);
    waiting.state = 'awaitApply';
    putHandler(role, waiting);
    ctx.role = role;
    note(ctx, 'mark', { peer: found.sid, text: 'sync/ahead-in-epoch' });
    return;
  }
  const { snapshots, log } = ctx.durable;
  const input = {
    peerZxid: found.lastZxid,
    wantsSnapshot: found.wantsSnapshot,
    database: ctx.database,
    log,
    newestSnapshot: snapshots[snapshots.length - 1],
  };
  const plan = rules.chooseSync(input, limits);
  note(ctx, 'syncChosen', {
    peer: found.sid,
    zxid: found.lastZxid,
    epoch: role.epoch,
    value: plan.txns.length,
    text: plan.mode,
  });
  markPlan(ctx, plan);
  sendPlan(ctx, found, plan);
  forwardBacklog(ctx, role, found, plan.upTo);
  const next = copyHandler(found);
  next.state = 'streaming';
  next.forwarding = true;
  putHandler(role, next);
  ctx.role = role;
  setTimer(ctx, 'microStep', 0, conn);
}

/** Names for the rare paths. */
function markPlan(ctx: Context, plan: SyncPlan): void {
  if (plan.fromDisk) note(ctx, 'mark', { text: 'sync/diff-from-disk' });
  if (plan.mode === 'trunc' && plan.txns.length > 0)
    note(ctx, 'mark', { text: 'sync/trunc-then-diff' });
  if (plan.mode === 'diff' && plan.txns.length > 0)
    note(ctx, 'mark', { text: 'sync/diff-with-txns' });
}

function sendPlan(ctx: Context, handler: Handler, plan: SyncPlan): void {
  switch (plan.mode) {
    case 'snap':
      tell(ctx, handler, packet('snap', plan.zxid, { database: ctx.database }));
      break;
    case 'trunc':
      tell(ctx, handler, packet('trunc', plan.zxid, undefined));
      break;
    case 'diff':
      tell(ctx, handler, packet('diff', plan.zxid, undefined));
      break;
  }
  for (const txn of plan.txns) {
    tell(ctx, handler, packet('proposal', txn.zxid, txn));
    tell(ctx, handler, packet('commit', txn.zxid, undefined));
  }
}

/** Committed but unapplied transactions and outstanding proposals beyond `seen`. */
function forwardBacklog(ctx: Context, role: Leading, handler: Handler, seen: Zxid): void {
  if (role.phase.kind !== 'broadcast') return;
  const { toBeApplied, outstanding, lastProposed } = role.phase;
  if (lastProposed <= seen) return;
  for (const txn of toBeApplied.toArray()) {
    if (txn.zxid <= seen) continue;
    tell(ctx, handler, packet('proposal', txn.zxid, txn));
    tell(ctx, handler, packet('commit', txn.zxid, undefined));
  }
  if (handler.observer) return;
  for (const { txn } of outstanding.toArray()) {
    if (txn.zxid > seen) {
      note(ctx, 'mark', { text: 'sync/outstanding-forwarded' });
      tell(ctx, handler, packet('proposal', txn.zxid, txn));
    }
  }
}

/** The step after the plan: NEWLEADER closes the stream. */
export function sendNewLeader(ctx: Context, conn: ConnId): void {
  const role = leadingNow(ctx);
  const found = role?.handlers[handlerAt(role.handlers, conn)];
  if (role === undefined || found?.state !== 'streaming') return;
  const next = copyHandler(found);
  next.state = 'awaitNewLeaderAck';
  putHandler(role, next);
  ctx.role = role;
  tell(ctx, next, packet('newLeader', makeZxid(role.epoch, 0), undefined));
}

export function onNewLeaderAck(
  ctx: Context,
  role: Leading,
  handler: Handler,
  message: Message,
): void {
  if (message.kind !== 'ack') return;
  const next = copyLeading(role);
  const acked = copyHandler(handler);
  if (message.zxid !== makeZxid(role.epoch, 0)) {
    // An ACK of a proposal overtook the one of NEWLEADER (ZOOKEEPER-4685): not counted, not fatal.
    note(ctx, 'ignored', {
      peer: handler.sid,
      zxid: message.zxid,
      text: 'ACK before NEWLEADER ACK',
    });
  } else if (hasSid(ctx.config.ensemble.voters, handler.sid)) {
    next.newLeaderAcks = withSid(next.newLeaderAcks, handler.sid);
  }
  note(ctx, 'ackReceived', { peer: handler.sid, zxid: message.zxid, value: handler.conn });
  acked.state = 'acked';
  putHandler(next, acked);
  ctx.role = next;
  if (next.phase.kind === 'broadcast') sendUpToDate(ctx, acked.conn);
  else activateIfQuorum(ctx);
}

/** currentEpoch is durable: the leader's own ack of its history counts from here. */
export function leaderEpochWritten(ctx: Context, role: Leading): void {
  note(ctx, 'stepDone', { epoch: role.epoch, text: 'establish/writeCurrentEpoch' });
  const next = copyLeading(role);
  next.phase = { kind: 'awaitNewLeaderAcks', written: true };
  next.newLeaderAcks = withSid(next.newLeaderAcks, ctx.config.sid);
  setRole(ctx, next);
  activateIfQuorum(ctx);
}

function activateIfQuorum(ctx: Context): void {
  const role = leadingNow(ctx);
  if (role?.phase.kind !== 'awaitNewLeaderAcks' || !role.phase.written) return;
  if (!isQuorum(ctx.config.ensemble.verifier, role.newLeaderAcks)) return;
  const { log } = ctx.durable;
  clearTimer(ctx, 'waitNewLeaderAck');
  note(ctx, 'newLeaderAcked', { zxid: log.lastZxid, epoch: role.epoch, value: log.lineage });
  activate(ctx, role);
}

/** Everything in the log is committed now; lp becomes e:0 and the first proposal will be e:1. */
function activate(ctx: Context, draft: ReturnType<typeof copyLeading>): void {
  const epochStart = makeZxid(draft.epoch, 0);
  const { tree, lineage, committedLog, lastProcessed } = ctx.database;
  note(ctx, 'activated', { zxid: lastProcessed, epoch: draft.epoch, value: lineage });
  const { vote, round } = ctx.settledVote;
  ctx.settledVote = { vote: makeVote(vote.leader, vote.zxid, draft.epoch), round };
  ctx.database = makeDatabase(tree, epochStart, lineage, committedLog);
  const { timing, service } = ctx.config;
  let tracker = noSessions(timing.tickMs);
  for (const { session, timeoutMs } of sessionsOf(tree)) {
    tracker = track(tracker, session, timeoutMs, ctx.nowUs);
  }
  const phase: LeaderBroadcast = {
    kind: 'broadcast',
    outstanding: NO_PROPOSALS,
    toBeApplied: emptyFifo(),
    lastProposed: epochStart,
    lastCommitted: epochStart,
    prep: emptyFifo(),
    changes: NO_OUTSTANDING,
    tracker,
    expiryAtUs: -1,
    pendingSyncs: emptyFifo(),
    pipeline: IDLE_PIPELINE,
    reaping: makeReaping([], ctx.nowUs + service.containerCheckIntervalMs * 1000),
  };
  draft.phase = phase;
  setRole(ctx, draft);
  armSessionExpiry(ctx);
  setTimer(ctx, 'halfTick', timing.tickMs / 2);
  setTimer(ctx, 'reap', service.containerCheckIntervalMs);
  openFront(ctx);
  for (const handler of draft.handlers) {
    if (handler.state === 'acked') sendUpToDate(ctx, handler.conn);
  }
}

function sendUpToDate(ctx: Context, conn: ConnId): void {
  const role = leadingNow(ctx);
  const found = role?.handlers[handlerAt(role.handlers, conn)];
  if (role === undefined || found === undefined) return;
  const live = copyHandler(found);
  live.state = 'live';
  live.deadlineTick = role.tick + ctx.config.timing.syncLimit;
  putHandler(role, live);
  armHandler(ctx, live);
  ctx.role = role;
  tell(ctx, live, bare('upToDate'));
}
