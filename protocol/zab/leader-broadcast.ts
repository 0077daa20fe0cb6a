// Broadcast as a leader sees it: prep assigns a zxid and decides the transaction, propose sends it
// to every forwarding follower and to the own disk thread, an ACK quorum commits in zxid order. The
// leader's own disk counts like any other: followers alone may form the quorum before it has the
// transaction. [ZK-Java PrepRequestProcessor, ProposalRequestProcessor, Leader.propose, processAck]
import { Fifo } from '../fifo.js';
import type { Mutable } from '../../base/mutable.js';
import type { Context, Submission } from '../context.js';
import { mark, note, wake } from '../context.js';
import type { ConnId, ServerId, SessionId, Zxid } from '../ids.js';
import { counterOf, epochOf, NO_ZXID } from '../ids.js';
import type { SessionTouch } from '../message.js';
import { packet } from '../message.js';
import type { Request } from '../operation.js';
import { revalidated } from '../session/front.js';
import { closed, forget, isTracked, own, refusalOf, touch } from '../session/tracker.js';
import { hasSid, NO_SIDS, withSid } from '../sid-set.js';
import { tabulateSession } from '../storage/apply.js';
import { logTxn } from '../storage/disk-queue.js';
import { settle } from '../tree/prepare.js';
import type { Txn } from '../txn.js';
import type { Handler, LeaderBroadcast, Leading, PendingSync, Proposal } from './leading.js';
import { broadcastNow, giveUp, setBroadcast, tellInOrder } from './leadership.js';
import { copyHandler, copyLeading, isInStep, makeArrival } from './leading.js';
import { asksForWrite, decide } from './leader-prep.js';
import { armSessionExpiry, rearmAfterTouch, trackNew } from './leader-sessions.js';
import { planWaiting } from './leader-sync.js';
import { commitStage, enqueueCommit, finalStage } from './stages.js';

function makeProposal(txn: Txn, acks: Proposal['acks']): Proposal {
  return { txn, acks };
}

/** A request for the prep stage, from a learner's client or our own. */
export function submitRequest(ctx: Context, request: Request): void {
  const now = broadcastNow(ctx);
  if (now === undefined) return;
  const { role, phase } = now;
  if (phase.prep.length === 0) wake(ctx, 'prep');
  const { session, origin, op } = request;
  const asks = asksForWrite(request);
  const moved = asks && refusalOf(phase.tracker, session, origin) === 'SessionMoved';
  if (asks && !moved) phase.tracker = own(phase.tracker, session, origin);
  phase.prep = phase.prep.push(makeArrival(request, moved));
  setBroadcast(ctx, role, phase);
  if (op.kind === 'createSession') trackNew(ctx, session, op.timeoutMs, origin);
}

/** The prep stage: one request becomes one transaction, a refused one an error transaction. */
export function prepStage(ctx: Context): void {
  const now = broadcastNow(ctx);
  const arrival = now?.phase.prep.head;
  // A leader that serves on without its log: the pipeline has gone with it (2247).
  if (now === undefined || arrival === undefined || ctx.disk.failed) return;
  const { request } = arrival;
  const { role, phase } = now;
  phase.prep = phase.prep.drop(1);
  const { limits, rules } = ctx.config;
  const zxid = rules.nextZxid(phase.lastProposed, limits.counterMax);
  if (zxid === undefined) {
    note(ctx, 'rollover', { epoch: role.epoch });
    mark(ctx, 'broadcast/rollover');
    giveUp(ctx, 'zxid counter exhausted');
    return;
  }
  if (phase.prep.length > 0) wake(ctx, 'prep');
  const txn = decide(ctx, phase, arrival, zxid);
  // A session that is being closed takes no further writes.
  const closes = request.op.kind === 'closeSession';
  if (closes && ctx.config.rules.closingRefusedFrom === 'prepared') {
    phase.tracker = forget(phase.tracker, request.session);
  }
  setBroadcast(ctx, role, phase);
  propose(ctx, txn);
}

/** Sent to followers first, then to the own disk thread: they work in parallel. */
function propose(ctx: Context, txn: Txn): void {
  const now = broadcastNow(ctx);
  if (now === undefined) return;
  const { role, phase } = now;
  phase.lastProposed = txn.zxid;
  phase.outstanding = phase.outstanding.push(makeProposal(txn, NO_SIDS));
  note(ctx, 'proposed', {
    zxid: txn.zxid,
    epoch: role.epoch,
    digest: txn.digest,
    detail: txn,
  });
  const next = copyLeading(role);
  next.phase = phase;
  const message = packet('proposal', txn.zxid, txn);
  let handlers = role.handlers;
  let copied = false;
  for (let index = 0; index < handlers.length; index++) {
    const handler = handlers[index];
    if (handler === undefined || !handler.forwarding || handler.observer) continue;
    handlers = tellInOrder(ctx, handlers, index, message);
    if (handler.state === 'streaming') mark(ctx, 'sync/live-before-newleader', handler.sid);
    // The watch on its acknowledgements begins when it is past synchronization.
    if (handler.waitingZxid !== 0 || !isInStep(handler)) continue;
    if (!copied) {
      handlers = handlers.slice();
      copied = true;
    }
    (handlers as Handler[])[index] = watching(handler, txn.zxid, ctx.nowUs);
  }
  next.handlers = handlers;
  ctx.role = next;
  logTxn(ctx, txn);
  const { rules, sid } = ctx.config;
  if (rules.sessionTable === 'proposed') tabulateSession(ctx, txn);
  if (rules.leaderAck === 'proposed') processAck(ctx, sid, txn.zxid, 0 as ConnId);
}

function watching(handler: Handler, zxid: Zxid, sinceUs: number): Handler {
  const next = copyHandler(handler);
  next.waitingZxid = zxid;
  next.waitingSinceUs = sinceUs;
  return next;
}

/** The watch on a learner's acknowledgements moves to the latest proposal. */
export function ackedBy(ctx: Context, role: Leading, handler: Handler, zxid: Zxid): Handler {
  if (handler.waitingZxid === 0 || zxid < handler.waitingZxid) return handler;
  const latest = role.phase.kind === 'broadcast' ? role.phase.lastProposed : zxid;
  return latest > zxid ? watching(handler, latest, ctx.nowUs) : watching(handler, 0 as Zxid, 0);
}

/** An ACK of a proposal, on `conn`; 0 for the leader's own. */
export function processAck(ctx: Context, sid: ServerId, zxid: Zxid, conn: ConnId): void {
  if (counterOf(zxid) === 0) return;
  note(ctx, 'ackReceived', { peer: sid, zxid, value: conn });
  countAck(ctx, sid, zxid);
}

/** Counts one server as holding one proposal, then commits if that makes a quorum. */
function countAck(ctx: Context, sid: ServerId, zxid: Zxid): void {
  const now = broadcastNow(ctx);
  if (now === undefined) return;
  const { role, phase } = now;
  const head = phase.outstanding.head;
  if (head === undefined || zxid <= phase.lastCommitted) return;
  const at = zxid - head.txn.zxid;
  if (at < 0 || at >= phase.outstanding.length) return;
  const { ensemble, rules } = ctx.config;
  if (!rules.counts(ensemble, sid)) return;
  const proposal = phase.outstanding.at(at);
  const acked = makeProposal(proposal.txn, withSid(proposal.acks, sid));
  // In order: while zxid - 1 is outstanding, zxid waits. Links are FIFO, so k - 1 had k's quorum
  // before.
  const isDue = at === 0 || rules.commitOrder === 'any';
  if (!isDue || !rules.quorums.commit(ensemble.verifier, acked.acks)) {
    phase.outstanding = phase.outstanding.with(at, acked);
    setBroadcast(ctx, role, phase);
    return;
  }
  phase.outstanding = phase.outstanding.drop(at + 1);
  if (!hasSid(acked.acks, ctx.config.sid)) mark(ctx, 'broadcast/committed-by-others');
  commit(ctx, role, phase, acked.txn);
}

/** Does it hear of commits? */
function isTold(ctx: Context, handler: Handler): boolean {
  return ctx.config.rules.commitsTo === 'live' ? isInStep(handler) : handler.forwarding;
}

function commit(ctx: Context, role: Leading, draft: Mutable<LeaderBroadcast>, txn: Txn): void {
  draft.toBeApplied = draft.toBeApplied.push(txn);
  draft.lastCommitted = txn.zxid;
  note(ctx, 'committed', { zxid: txn.zxid, epoch: role.epoch, digest: txn.digest });
  const commitMessage = packet('commit', txn.zxid, undefined);
  const informMessage = packet('inform', txn.zxid, txn);
  const next = copyLeading(role);
  for (let index = 0; index < next.handlers.length; index++) {
    const handler = next.handlers[index];
    if (handler === undefined || !isTold(ctx, handler)) continue;
    const message = handler.observer ? informMessage : commitMessage;
    next.handlers = tellInOrder(ctx, next.handlers, index, message);
  }
  draft.pipeline = enqueueCommit(ctx, draft.pipeline, { kind: 'txn', txn });
  let sync = draft.pendingSyncs.head;
  while (sync !== undefined && sync.zxid <= txn.zxid) {
    draft.pendingSyncs = draft.pendingSyncs.drop(1);
    releaseSync(ctx, draft, sync);
    sync = draft.pendingSyncs.head;
  }
  next.phase = draft;
  ctx.role = next;
}

function releaseSync(ctx: Context, draft: Mutable<LeaderBroadcast>, sync: PendingSync): void {
  const { session, cxid } = sync;
  if (sync.conn === 0) {
    draft.pipeline = enqueueCommit(ctx, draft.pipeline, { kind: 'sync', session, cxid });
  } else {
    const message = packet('sync', NO_ZXID, { session, cxid });
    ctx.effects.push({ kind: 'send', conn: sync.conn, message });
  }
}

/** Released when everything proposed by now is committed; at once when nothing is outstanding. */
export function processSync(ctx: Context, conn: ConnId, session: SessionId, cxid: number): void {
  const now = broadcastNow(ctx);
  if (now === undefined) return;
  const { role, phase } = now;
  const sync: PendingSync = { zxid: phase.lastProposed, conn, session, cxid };
  if (phase.outstanding.length === 0) releaseSync(ctx, phase, sync);
  else phase.pendingSyncs = phase.pendingSyncs.push(sync);
  setBroadcast(ctx, role, phase);
}

/** What a client of the leader wants. */
export function leaderSubmit(ctx: Context, wanted: Submission): void {
  switch (wanted.kind) {
    case 'request':
      return submitRequest(ctx, wanted.request);
    case 'sync':
      return processSync(ctx, 0 as ConnId, wanted.session, wanted.cxid);
    case 'revalidate': {
      const { session, timeoutMs } = wanted;
      return revalidated(ctx, session, timeoutMs, revalidate(ctx, wanted, ctx.config.sid));
    }
  }
}

/** A client has come to `owner` with its session. True if that lives; it is touched then. */
export function revalidate(ctx: Context, touched: SessionTouch, owner: ServerId): boolean {
  const { session, timeoutMs } = touched;
  const now = broadcastNow(ctx);
  if (now === undefined || !isTracked(now.phase.tracker, session)) return false;
  const { role, phase } = now;
  const before = phase.tracker;
  phase.tracker = own(touch(before, session, timeoutMs, ctx.nowUs), session, owner);
  setBroadcast(ctx, role, phase);
  rearmAfterTouch(ctx, before, phase.tracker);
  return true;
}

/** The leader's own batch is durable: it acknowledges like any other server. */
export function leaderFlushed(ctx: Context, batch: Fifo<Txn>): void {
  if (ctx.config.rules.leaderAck !== 'flushed') return;
  for (let index = 0; index < batch.length; index++) {
    processAck(ctx, ctx.config.sid, batch.at(index).zxid, 0 as ConnId);
  }
}

export function leaderCommitStage(ctx: Context): void {
  const now = broadcastNow(ctx);
  if (now === undefined) return;
  now.phase.pipeline = commitStage(ctx, now.phase.pipeline);
  setBroadcast(ctx, now.role, now.phase);
}

export function leaderFinalStage(ctx: Context): void {
  const before = broadcastNow(ctx);
  if (before === undefined) return;
  const { pipeline, applied } = finalStage(ctx, before.phase.pipeline);
  const now = broadcastNow(ctx);
  if (now === undefined) return;
  const { role, phase } = now;
  phase.pipeline = pipeline;
  if (applied !== undefined) {
    const { zxid, session, op } = applied;
    if (phase.toBeApplied.head?.zxid === zxid) phase.toBeApplied = phase.toBeApplied.drop(1);
    phase.changes = settle(phase.changes, zxid);
    // Not long forgotten only by rules.closingRefusedFrom.
    if (op.kind === 'closeSession') phase.tracker = closed(forget(phase.tracker, session), session);
  }
  setBroadcast(ctx, role, phase);
  armSessionExpiry(ctx);
  if (applied !== undefined) planWaiting(ctx);
}

/** What a returning learner holds is durable there: it counts as acknowledged (see planSync). */
export function countHeld(ctx: Context, sid: ServerId, lastZxid: Zxid): void {
  const before = broadcastNow(ctx)?.phase;
  if (before === undefined || epochOf(lastZxid) !== epochOf(before.lastProposed)) return;
  const { outstanding } = before;
  for (let index = 0; index < outstanding.length; index++) {
    const { zxid } = outstanding.at(index).txn;
    if (zxid > lastZxid) return;
    countAck(ctx, sid, zxid);
  }
}
