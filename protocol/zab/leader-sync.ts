// Synchronization as a leader sees it: plan and start forwarding in one atomic step, NEWLEADER in
// the next, so that live traffic may fall between them; a quorum of NEWLEADER ACKs commits the
// whole initial history of the epoch; then serve, and tell each learner so with UPTODATE. [ZK-Java
// LearnerHandler.run, Leader.startForwarding, waitForNewLeaderAck, startZkServer]
import type { Mutable } from '../../base/mutable.js';
import { emptyFifo } from '../fifo.js';
import type { Context } from '../context.js';
import { clearTimer, mark, note, setTimer } from '../context.js';
import type { ConnId, Zxid } from '../ids.js';
import { counterOf, epochOf, makeZxid, ZERO_ZXID } from '../ids.js';
import type { Message } from '../message.js';
import { bare, packet } from '../message.js';
import { openFront } from '../session/front.js';
import { noSessions, track } from '../session/tracker.js';
import { withSid } from '../sid-set.js';
import { setRole } from '../role.js';
import { makeDatabase } from '../storage/database.js';
import { NO_OUTSTANDING } from '../tree/prepare.js';
import { sessionsOf } from '../tree/tree.js';
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
import { nothingToSend } from './sync-plan.js';

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

/** Nothing proposed in this epoch, nothing ever heard by the learner: are the two in step? */
function isZeroForZero(role: Leading, handler: Handler): boolean {
  const { phase } = role;
  const silent = phase.kind !== 'broadcast' || counterOf(phase.lastProposed) === 0;
  return silent && handler.lastZxid === ZERO_ZXID;
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
    mark(ctx, 'sync/ahead-in-epoch', found.sid);
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
  const inStep = rules.lastProposedAtStart === 'zero' && isZeroForZero(role, found);
  const plan = inStep ? nothingToSend(found.lastZxid) : rules.chooseSync(input, limits);
  note(ctx, 'syncChosen', {
    peer: found.sid,
    zxid: found.lastZxid,
    epoch: role.epoch,
    value: plan.txns.length,
    text: plan.mode,
  });
  markPlan(ctx, plan);
  const next = copyHandler(found);
  next.state = 'streaming';
  next.forwarding = rules.forwardFrom === 'plan';
  const waitMs = plan.mode === 'snap' ? rules.snapTakenAfterMs : 0;
  if (waitMs > 0) next.held = emptyFifo();
  else sendPlan(ctx, found, plan);
  markBacklog(ctx, plan, forwardBacklog(ctx, role, next, plan.upTo));
  if (waitMs > 0) hear(ctx, next, packet('newLeader', makeZxid(role.epoch, 0), undefined));
  putHandler(role, next);
  ctx.role = role;
  setTimer(ctx, 'microStep', waitMs, conn);
}

/** One packet more, for the connection or for what waits behind a snapshot. */
function hear(ctx: Context, draft: Mutable<Handler>, message: Message): void {
  if (draft.held === undefined) tell(ctx, draft, message);
  else draft.held = draft.held.push(message);
}

/** Names for the rare paths. */
function markPlan(ctx: Context, plan: SyncPlan): void {
  if (plan.fromDisk) mark(ctx, 'sync/diff-from-disk');
  if (plan.mode === 'snap') mark(ctx, 'sync/snap');
  if (plan.mode === 'trunc') mark(ctx, 'sync/trunc');
  if (plan.txns.length === 0) return;
  if (plan.mode === 'trunc') mark(ctx, 'sync/trunc-then-diff');
  if (plan.mode === 'diff') mark(ctx, 'sync/diff-with-txns');
}

/** Names for the rare paths beyond the plan. */
function markBacklog(ctx: Context, plan: SyncPlan, forwarded: Forwarded): void {
  const { committed, outstanding } = forwarded;
  if (committed > 0) mark(ctx, 'sync/committed-forwarded');
  if (outstanding > 0) mark(ctx, 'sync/outstanding-forwarded');
  if (committed + outstanding === 0) return;
  if (plan.mode === 'snap') mark(ctx, 'sync/snap-with-proposals');
  if (plan.mode === 'trunc') mark(ctx, 'sync/trunc-with-proposals');
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

/** How many transactions followed a plan. */
interface Forwarded {
  readonly committed: number;
  readonly outstanding: number;
}

const NOTHING_FORWARDED: Forwarded = { committed: 0, outstanding: 0 };

/** Committed but unapplied transactions and outstanding proposals beyond `seen`. */
function forwardBacklog(
  ctx: Context,
  role: Leading,
  handler: Mutable<Handler>,
  seen: Zxid,
): Forwarded {
  if (role.phase.kind !== 'broadcast') return NOTHING_FORWARDED;
  const { toBeApplied, outstanding, lastProposed } = role.phase;
  if (lastProposed <= seen) return NOTHING_FORWARDED;
  let committed = 0;
  let proposed = 0;
  for (const txn of toBeApplied.toArray()) {
    if (txn.zxid <= seen) continue;
    hear(ctx, handler, packet('proposal', txn.zxid, txn));
    hear(ctx, handler, packet('commit', txn.zxid, undefined));
    committed += 1;
  }
  if (handler.observer) return { committed, outstanding: 0 };
  for (const { txn } of outstanding.toArray()) {
    if (txn.zxid <= seen) continue;
    hear(ctx, handler, packet('proposal', txn.zxid, txn));
    proposed += 1;
  }
  return { committed, outstanding: proposed };
}

/** The step after the plan: NEWLEADER closes the stream. */
export function sendNewLeader(ctx: Context, conn: ConnId): void {
  const role = leadingNow(ctx);
  const found = role?.handlers[handlerAt(role.handlers, conn)];
  if (role === undefined || found?.state !== 'streaming') return;
  const next = copyHandler(found);
  next.state = 'awaitNewLeaderAck';
  if (ctx.config.rules.forwardFrom === 'newLeader') next.forwarding = true;
  next.held = undefined;
  putHandler(role, next);
  ctx.role = role;
  if (found.held === undefined) {
    tell(ctx, next, packet('newLeader', makeZxid(role.epoch, 0), undefined));
    return;
  }
  const { lastProcessed } = ctx.database;
  tell(ctx, next, packet('snap', lastProcessed, { database: ctx.database }));
  for (const message of found.held.toArray()) tell(ctx, next, message);
}

export function onNewLeaderAck(
  ctx: Context,
  role: Leading,
  handler: Handler,
  message: Message,
): void {
  if (message.kind !== 'ack') return;
  const { ensemble, rules } = ctx.config;
  const next = copyLeading(role);
  const acked = copyHandler(handler);
  if (message.zxid !== makeZxid(role.epoch, 0)) {
    // An ACK of a proposal overtook the one of NEWLEADER (ZOOKEEPER-4685): not counted, not fatal.
    mark(ctx, 'sync/ack-before-newleader-ack', handler.sid);
    note(ctx, 'ignored', {
      peer: handler.sid,
      zxid: message.zxid,
      text: 'ACK before NEWLEADER ACK',
    });
  } else if (rules.counts(ensemble, handler.sid)) {
    next.newLeaderAcks = withSid(next.newLeaderAcks, handler.sid);
  }
  note(ctx, 'ackReceived', { peer: handler.sid, zxid: message.zxid, value: handler.conn });
  acked.state = 'acked';
  acked.forwarding = true;
  putHandler(next, acked);
  ctx.role = next;
  const serving = next.phase.kind === 'broadcast';
  if (serving || rules.upToDate === 'newLeaderAck') sendUpToDate(ctx, acked.conn);
  if (!serving) activateIfQuorum(ctx);
  else if (!isAcked(ctx, role)) noteIfAcked(ctx, next);
}

function isAcked(ctx: Context, role: Leading): boolean {
  const { ensemble, rules } = ctx.config;
  return rules.quorums.newLeader(ensemble.verifier, role.newLeaderAcks);
}

/** The quorum that commits the initial history is told once, when it has come together. */
function noteIfAcked(ctx: Context, role: Leading): void {
  if (!isAcked(ctx, role)) return;
  const { log } = ctx.durable;
  const initial = log.take(log.indexFrom(makeZxid(role.epoch, 0)));
  const { lastZxid, lineage } = initial;
  note(ctx, 'newLeaderAcked', { zxid: lastZxid, epoch: role.epoch, value: lineage });
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
  const { activation } = ctx.config.rules;
  if (activation === 'newLeaderQuorum' && !isAcked(ctx, role)) return;
  clearTimer(ctx, 'waitNewLeaderAck');
  noteIfAcked(ctx, role);
  activate(ctx, role);
}

/** Everything in the log is committed now; lp becomes e:0 and the first proposal will be e:1. */
function activate(ctx: Context, draft: ReturnType<typeof copyLeading>): void {
  const { rules } = ctx.config;
  const epochStart = makeZxid(draft.epoch, 0);
  const { tree, lineage, committedLog, lastProcessed } = ctx.database;
  note(ctx, 'activated', { zxid: lastProcessed, epoch: draft.epoch, value: lineage });
  const { vote, round } = ctx.settledVote;
  ctx.settledVote = { vote: rules.refreshVote(vote, draft.epoch), round };
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
    lastProposed: makeZxid(draft.epoch, rules.openingCounter(lastProcessed)),
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
