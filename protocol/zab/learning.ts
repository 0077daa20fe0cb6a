// A learner's table of contents: which event goes to which handler in which phase.
// [ZK-Java Follower.followLeader, Observer.observeLeader]
import { unreachable } from '../../base/assert.js';
import { emptyFifo, Fifo } from '../fifo.js';
import type { Context } from '../context.js';
import { setRole } from '../role.js';
import type { EpochFile, TimerKind } from '../event.js';
import type { Message } from '../message.js';
import type { Txn } from '../txn.js';
import {
  learnerCommitStage,
  learnerFinalStage,
  learnerFlushed,
  onAwaitUpToDate,
  onBroadcast,
} from './learner-broadcast.js';
import { acceptedEpochWritten, connectRetry, onLeaderInfo } from './learner-discovery.js';
import { newLeaderFlushed, newLeaderStep, newLeaderStepDone } from './learner-new-leader.js';
import { onPlan, onSyncStream, truncateDone } from './learner-sync.js';
import type { Learner } from './learner.js';
import { copyLearner, isBlocked } from './learner.js';
import { armReadTimeout, ignored, leaveLeader } from './learner-link.js';

/** A packet from the leader. It waits in the inbox while this server waits for its disk. */
export function learnerReceived(ctx: Context, before: Learner, message: Message): void {
  const role = copyLearner(before);
  role.lastHeardUs = ctx.nowUs;
  const blocked = isBlocked(role.phase);
  if (blocked) role.inbox = role.inbox.push(message);
  ctx.role = role;
  if (!blocked) handle(ctx, role, message);
}

function handle(ctx: Context, role: Learner, message: Message): void {
  const { phase } = role;
  switch (phase.kind) {
    case 'awaitLeaderInfo':
      return onLeaderInfo(ctx, role, message);
    case 'awaitPlan':
      return onPlan(ctx, role, phase.epoch, message);
    case 'receiving':
      return onSyncStream(ctx, role, phase, message);
    case 'awaitUpToDate':
      return onAwaitUpToDate(ctx, role, phase, message);
    case 'broadcast':
      return onBroadcast(ctx, role, phase, message);
    case 'connecting':
    case 'promising':
    case 'truncating':
    case 'newLeader':
      return ignored(ctx, role.leader, `${message.kind} in ${phase.kind}`);
    default:
      return unreachable(phase);
  }
}

/** The disk answered: what arrived meanwhile is handled now, until the next wait. */
function drainInbox(ctx: Context): void {
  for (;;) {
    const role = ctx.role;
    if (ctx.transition !== undefined) return;
    if (role.kind !== 'following' && role.kind !== 'observing') return;
    const message = role.inbox.head;
    if (message === undefined || isBlocked(role.phase)) return;
    const next = copyLearner(role);
    next.inbox = role.inbox.length === 1 ? emptyFifo() : role.inbox.drop(1);
    ctx.role = next;
    handle(ctx, next, message);
  }
}

export function learnerTimer(ctx: Context, role: Learner, timer: TimerKind): void {
  const { phase } = role;
  switch (timer) {
    case 'connectRetry':
      return connectRetry(ctx, role);
    case 'readTimeout':
      if (ctx.nowUs - role.lastHeardUs < role.readTimeoutMs * 1000) armReadTimeout(ctx, role);
      else leaveLeader(ctx, 'read timeout: no word from the leader');
      return;
    case 'microStep':
      if (phase.kind === 'newLeader') newLeaderStep(ctx, role, phase);
      return drainInbox(ctx);
    case 'commit':
      if (phase.kind === 'broadcast') learnerCommitStage(ctx, role, phase);
      return;
    case 'final':
      if (phase.kind === 'broadcast') learnerFinalStage(ctx, role, phase);
      return;
    default:
      return;
  }
}

export function learnerEpochWritten(ctx: Context, role: Learner, file: EpochFile): void {
  const { phase } = role;
  if (file === 'accepted' && phase.kind === 'promising') {
    acceptedEpochWritten(ctx, role, phase.epoch);
  }
  if (file === 'current' && phase.kind === 'newLeader') newLeaderStepDone(ctx, role, phase);
  drainInbox(ctx);
}

export function learnerLogFlushed(ctx: Context, role: Learner, batch: Fifo<Txn>): void {
  const { phase } = role;
  if (phase.kind === 'newLeader') newLeaderFlushed(ctx, role, phase, batch);
  else learnerFlushed(ctx, role, batch);
}

export function learnerSnapshotWritten(ctx: Context, role: Learner): void {
  if (role.phase.kind === 'newLeader') newLeaderStepDone(ctx, role, role.phase);
}

export function learnerLogCut(ctx: Context, role: Learner): void {
  const { phase } = role;
  if (phase.kind === 'truncating') truncateDone(ctx, role, phase.epoch, phase.zxid);
  else if (phase.kind === 'newLeader') newLeaderStepDone(ctx, role, phase);
  drainInbox(ctx);
}

export function learnerClosed(ctx: Context, role: Learner, reason: string): void {
  const next = copyLearner(role);
  next.conn = 0 as Learner['conn'];
  setRole(ctx, next);
  leaveLeader(ctx, `connection to the leader closed (${reason})`);
}
