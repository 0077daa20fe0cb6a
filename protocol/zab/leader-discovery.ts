// Discovery as a leader sees it: gather a quorum's acceptedEpochs, promise one above them all
// (durably, before LEADERINFO tells it), then let a quorum confirm that nobody in it has a longer
// history. The second quorum is what makes the leader's history at least as recent as any committed
// one. [ZK-Java Leader.lead, getEpochToPropose, waitForEpochAck]
import type { Mutable } from '../../base/mutable.js';
import type { Context } from '../context.js';
import { clearTimer, mark, note, setTimer } from '../context.js';
import type { Epoch, Zxid } from '../ids.js';
import { epochOf, makeZxid, NO_EPOCH } from '../ids.js';
import type { Message } from '../message.js';
import { packet } from '../message.js';
import { hasSid, withSid } from '../sid-set.js';
import { setRole } from '../role.js';
import { writeEpoch } from '../storage/files.js';
import { hasSnapshot, writeSnapshot } from '../storage/snapshots.js';
import { countHeld } from './leader-broadcast.js';
import { planSync } from './leader-sync.js';
import type { Handler, Leading } from './leading.js';
import { dropHandler, giveUp, leadingNow, tell } from './leadership.js';
import { copyHandler, copyLeading, makeLeading, putHandler } from './leading.js';
import { makeHistory } from './promises.js';

function initLimitMs(ctx: Context): number {
  return ctx.config.timing.initLimit * ctx.config.timing.tickMs;
}

/**
 * Java loadData: a snapshot of everything logged, committed or not; learners may connect meanwhile.
 */
export function startLeading(ctx: Context): void {
  setRole(ctx, makeLeading());
  ctx.effects.push({ kind: 'listen', open: true });
  const { lastProcessed, lineage } = ctx.database;
  note(ctx, 'stepBegun', { zxid: lastProcessed, text: 'lead/snapshot' });
  if (hasSnapshot(ctx, lastProcessed)) setTimer(ctx, 'microStep', 0);
  else writeSnapshot(ctx, { zxid: lastProcessed, lineage }, false);
}

export function leaderLoaded(ctx: Context, role: Leading): void {
  note(ctx, 'stepDone', { text: 'lead/snapshot' });
  const next = copyLeading(role);
  next.phase = { kind: 'gathering' };
  next.connecting = withSid(next.connecting, ctx.config.sid);
  hearOf(ctx, next, ctx.durable.acceptedEpoch);
  setRole(ctx, next);
  setTimer(ctx, 'waitEpoch', initLimitMs(ctx));
  proposeEpochIfQuorum(ctx);
}

/** A learner's first packet. */
export function onInfo(ctx: Context, role: Leading, handler: Handler, message: Message): void {
  const next = copyLeading(role);
  if (message.kind !== 'followerInfo' && message.kind !== 'observerInfo') {
    dropHandler(ctx, next, handler.conn);
    ctx.role = next;
    return;
  }
  const known = copyHandler(handler);
  known.sid = message.body.sid;
  known.observer = message.kind === 'observerInfo';
  known.state = 'awaitEpoch';
  known.deadlineTick = next.tick + ctx.config.timing.initLimit + ctx.config.timing.syncLimit;
  putHandler(next, known);
  if (next.epoch > 0) {
    const { laterPromise } = ctx.config.rules;
    if (epochOf(message.zxid) > next.epoch && laterPromise === 'giveUp') {
      // It has promised a later epoch and may never follow this one. DIVERGES: upstream it comes
      // back and is refused for as long as this leader lives (docs/divergence.md, sticky refuser).
      mark(ctx, 'discovery/sticky-refuser', known.sid);
      ctx.role = next;
      giveUp(ctx, 'a learner has promised a later epoch');
      return;
    }
    // A late joiner: the epoch is fixed, its acceptedEpoch is not considered.
    if (next.phase.kind !== 'promising') sendLeaderInfo(ctx, next, known);
    ctx.role = next;
    return;
  }
  hearOf(ctx, next, epochOf(message.zxid));
  const { ensemble, rules } = ctx.config;
  if (rules.counts(ensemble, known.sid)) {
    next.connecting = withSid(next.connecting, known.sid);
  }
  ctx.role = next;
  proposeEpochIfQuorum(ctx);
}

/** One more acceptedEpoch for the new epoch to be above. */
function hearOf(ctx: Context, draft: Mutable<Leading>, accepted: Epoch): void {
  const { lastProcessed } = ctx.database;
  draft.nextEpoch = ctx.config.rules.proposeEpoch(draft.nextEpoch, accepted, lastProcessed);
}

function proposeEpochIfQuorum(ctx: Context): void {
  const next = leadingNow(ctx);
  if (next?.phase.kind !== 'gathering') return;
  const { ensemble, rules, sid } = ctx.config;
  if (!hasSid(next.connecting, sid)) return;
  if (!rules.quorums.followerInfo(ensemble.verifier, next.connecting)) return;
  next.epoch = next.nextEpoch;
  next.phase = { kind: 'promising' };
  clearTimer(ctx, 'waitEpoch');
  note(ctx, 'epochProposed', { epoch: next.epoch });
  setRole(ctx, next);
  note(ctx, 'stepBegun', { epoch: next.epoch, text: 'establish/writeAcceptedEpoch' });
  writeEpoch(ctx, 'accepted', next.epoch);
}

export function leaderPromised(ctx: Context, role: Leading): void {
  note(ctx, 'stepDone', { epoch: role.epoch, text: 'establish/writeAcceptedEpoch' });
  const next = copyLeading(role);
  next.phase = { kind: 'awaitEpochAcks' };
  next.electing = withSid(next.electing, ctx.config.sid);
  for (const handler of role.handlers) {
    if (handler.state === 'awaitEpoch') sendLeaderInfo(ctx, next, handler);
  }
  setRole(ctx, next);
  setTimer(ctx, 'waitEpochAck', initLimitMs(ctx));
  establishIfQuorum(ctx);
}

function sendLeaderInfo(
  ctx: Context,
  role: ReturnType<typeof copyLeading>,
  handler: Handler,
): void {
  const told = copyHandler(handler);
  told.state = 'awaitAckEpoch';
  putHandler(role, told);
  tell(ctx, told, packet('leaderInfo', makeZxid(role.epoch, 0), undefined));
}

/** Is the learner's history newer than ours? Then its connection ends and we wait on. */
function isAhead(ctx: Context, currentEpoch: Epoch, lastZxid: Zxid): boolean {
  const own = makeHistory(ctx.durable.currentEpoch, ctx.database.lastProcessed);
  return ctx.config.rules.isAhead(makeHistory(currentEpoch, lastZxid), own);
}

export function onAckEpoch(ctx: Context, role: Leading, handler: Handler, message: Message): void {
  const next = copyLeading(role);
  if (message.kind !== 'ackEpoch') {
    dropHandler(ctx, next, handler.conn);
    ctx.role = next;
    return;
  }
  const { currentEpoch, wantsSnapshot } = message.body;
  const open = next.phase.kind === 'awaitEpochAcks';
  if (open && currentEpoch !== NO_EPOCH) {
    if (isAhead(ctx, currentEpoch, message.zxid)) {
      mark(ctx, 'discovery/learner-ahead', handler.sid);
      note(ctx, 'refused', { peer: handler.sid, zxid: message.zxid, text: 'learner is ahead' });
      dropHandler(ctx, next, handler.conn);
      ctx.role = next;
      return;
    }
    if (ctx.config.rules.counts(ctx.config.ensemble, handler.sid)) {
      next.electing = withSid(next.electing, handler.sid);
    }
  }
  const acked = copyHandler(handler);
  acked.state = 'awaitEpochQuorum';
  acked.lastZxid = message.zxid;
  acked.wantsSnapshot = wantsSnapshot;
  putHandler(next, acked);
  ctx.role = next;
  if (open) {
    establishIfQuorum(ctx);
    return;
  }
  if (ctx.config.rules.aheadInEpoch === 'await') countHeld(ctx, handler.sid, message.zxid);
  planSync(ctx, handler.conn);
}

/** A quorum follows: the leader is established, and synchronization may begin. */
function establishIfQuorum(ctx: Context): void {
  const next = leadingNow(ctx);
  if (next?.phase.kind !== 'awaitEpochAcks') return;
  const { ensemble, rules } = ctx.config;
  if (!rules.quorums.ackEpoch(ensemble.verifier, next.electing)) return;
  next.phase = { kind: 'awaitNewLeaderAcks', written: false };
  clearTimer(ctx, 'waitEpochAck');
  const { log } = ctx.durable;
  note(ctx, 'established', { zxid: log.lastZxid, epoch: next.epoch, value: log.lineage });
  setRole(ctx, next);
  setTimer(ctx, 'waitNewLeaderAck', initLimitMs(ctx));
  note(ctx, 'stepBegun', { epoch: next.epoch, text: 'establish/writeCurrentEpoch' });
  writeEpoch(ctx, 'current', next.epoch);
  // The handlers are released by the same quorum and do not wait for that write.
  for (const handler of next.handlers) {
    if (handler.state === 'awaitEpochQuorum') planSync(ctx, handler.conn);
  }
}

/** One of the leader's own waits has lasted initLimit ticks. */
export function leaderWaitOver(ctx: Context, role: Leading, timer: string): void {
  const { kind } = role.phase;
  if (timer === 'waitEpoch' && kind === 'gathering') mark(ctx, 'discovery/elected-without-quorum');
  if (timer === 'waitEpoch' && kind === 'gathering') {
    giveUp(ctx, 'no quorum of FOLLOWERINFOs within initLimit');
  }
  if (timer === 'waitEpochAck' && kind === 'awaitEpochAcks') {
    giveUp(ctx, 'no quorum of ACKEPOCHs within initLimit');
  }
  if (timer === 'waitNewLeaderAck' && kind === 'awaitNewLeaderAcks') {
    giveUp(ctx, 'no quorum of NEWLEADER ACKs within initLimit');
  }
}
