// Discovery as a learner sees it: connect, tell the leader what was promised before, promise its
// epoch (durably, before the ACKEPOCH that a quorum relies on) and say where the own history ends.
// [ZK-Java Learner.connectToLeader, registerWithLeader]
import type { Context } from '../context.js';
import { close, mark, note, setTimer } from '../context.js';
import type { ConnId, Epoch, ServerId } from '../ids.js';
import { epochOf, makeZxid, NO_EPOCH } from '../ids.js';
import type { Message } from '../message.js';
import { packet } from '../message.js';
import { setRole } from '../role.js';
import { writeEpoch } from '../storage/files.js';
import type { Learner } from './learner.js';
import { copyLearner, makeLearner, withPhase } from './learner.js';
import { armReadTimeout, leaveLeader, tellLeader } from './learner-link.js';

function initTimeoutMs(ctx: Context): number {
  return ctx.config.timing.initLimit * ctx.config.timing.tickMs;
}

export function startLearner(ctx: Context, leader: ServerId): void {
  const kind = ctx.config.observer ? 'observing' : 'following';
  const role = makeLearner(kind, leader, ctx.nowUs, initTimeoutMs(ctx));
  setRole(ctx, role);
  armReadTimeout(ctx, role);
  dialLeader(ctx, leader);
}

function dialLeader(ctx: Context, peer: ServerId): void {
  ctx.effects.push({ kind: 'dial', purpose: 'quorum', peer, timeoutMs: initTimeoutMs(ctx) });
}

export function connectRetry(ctx: Context, role: Learner): void {
  if (role.phase.kind === 'connecting') dialLeader(ctx, role.leader);
}

export function leaderDialFailed(ctx: Context, role: Learner): void {
  if (role.phase.kind !== 'connecting') return;
  const { tries } = role.phase;
  const { connectTries, connectRetryMs } = ctx.config.timing;
  if (tries >= connectTries) {
    leaveLeader(ctx, 'cannot connect to the leader');
    return;
  }
  setRole(ctx, withPhase(role, { kind: 'connecting', tries: tries + 1 }));
  setTimer(ctx, 'connectRetry', connectRetryMs);
}

export function leaderDialed(ctx: Context, role: Learner, conn: ConnId): void {
  if (role.phase.kind !== 'connecting') {
    close(ctx, conn);
    return;
  }
  const next = copyLearner(role);
  next.conn = conn;
  next.lastHeardUs = ctx.nowUs;
  next.phase = { kind: 'awaitLeaderInfo' };
  setRole(ctx, next);
  armReadTimeout(ctx, next);
  const accepted = makeZxid(ctx.durable.acceptedEpoch, 0);
  const kind = role.kind === 'following' ? 'followerInfo' : 'observerInfo';
  tellLeader(ctx, next, packet(kind, accepted, { sid: ctx.config.sid }));
}

export function onLeaderInfo(ctx: Context, role: Learner, message: Message): void {
  if (message.kind !== 'leaderInfo') {
    leaveLeader(ctx, `expected LEADERINFO, got ${message.kind}`);
    return;
  }
  const epoch = epochOf(message.zxid);
  const { acceptedEpoch } = ctx.durable;
  const answer = ctx.config.rules.answerLeaderInfo(epoch, acceptedEpoch);
  if (answer === 'refuse') {
    mark(ctx, 'discovery/leader-outdated', role.leader);
    note(ctx, 'refused', { peer: role.leader, epoch, text: 'leader epoch below acceptedEpoch' });
    leaveLeader(ctx, 'leader epoch below acceptedEpoch');
    return;
  }
  if (answer === 'resync') {
    // Promised once already: asks to be synchronized without being counted again.
    mark(ctx, 'discovery/promised-before', role.leader);
    sendAckEpoch(ctx, role, epoch, NO_EPOCH);
    return;
  }
  setRole(ctx, withPhase(role, { kind: 'promising', epoch, step: 0 }));
  note(ctx, 'stepBegun', { epoch, text: 'promise/writeAcceptedEpoch' });
  writeEpoch(ctx, 'accepted', epoch);
}

/** acceptedEpoch is durable: the promise may be told. */
export function acceptedEpochWritten(ctx: Context, role: Learner, epoch: Epoch): void {
  note(ctx, 'stepDone', { epoch, text: 'promise/writeAcceptedEpoch' });
  sendAckEpoch(ctx, role, epoch, ctx.durable.currentEpoch);
}

function sendAckEpoch(ctx: Context, role: Learner, epoch: Epoch, currentEpoch: Epoch): void {
  const last = ctx.database.lastProcessed;
  setRole(ctx, withPhase(role, { kind: 'awaitPlan', epoch }));
  const body = { currentEpoch, wantsSnapshot: ctx.wantsSnapshot };
  note(ctx, 'promised', { peer: role.leader, zxid: last, epoch, value: currentEpoch });
  tellLeader(ctx, role, packet('ackEpoch', last, body));
}
