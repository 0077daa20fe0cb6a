// Between giving up a role and looking for a leader: the permutable list rules.leaveRole, each step
// an event of its own. The story of the order: the disk thread must be empty before memory catches
// up with the log, or what it appends afterwards is in nobody's memory (4712); memory must have
// caught up before lp is read, or the vote hides logged transactions (2845); memory that a broken
// synchronization or a failed disk has put ahead of the log must be rebuilt, or the vote promises
// what a crash would take (3642, 5094, 4882). Notifications are still answered with the old role
// meanwhile. [ZK-Java ZooKeeperServer.shutdown]
import { unreachable } from '../../base/assert.js';
import type { Context } from '../context.js';
import { close, note, setTimer, wake } from '../context.js';
import { NOBODY } from '../ids.js';
import type { LeaveStep } from '../rules.js';
import { closeFront } from '../session/front.js';
import type { Role } from '../state.js';
import { setRole } from '../role.js';
import {
  diskSettled,
  diskTrusted,
  flushNow,
  goOnLogging,
  logStage,
} from '../storage/disk-queue.js';
import { adoptEpoch, beginLogAnew, resetStaleLog } from '../storage/files.js';
import { abandonWalk } from '../storage/snapshots.js';
import type { DiskImage } from '../storage/durable.js';
import { recover, replayLog } from '../storage/recover.js';
import { restsOnSnapshot } from './learner-link.js';
import type { Leaving } from './transient.js';
import { makeLeaving } from './transient.js';

/** Has a synchronization changed memory without the log, or the log without memory? */
function memoryAhead(ctx: Context, role: Role): boolean {
  if (role.kind !== 'following' && role.kind !== 'observing') return false;
  const { phase } = role;
  if (phase.kind === 'truncating') return true;
  if (phase.kind !== 'receiving' && phase.kind !== 'newLeader') return false;
  const { mode } = phase;
  const doubt = mode === 'snap' ? 'snap' : 'trunc';
  return restsOnSnapshot(ctx, mode) && ctx.config.rules.doubts.includes(doubt);
}

function failedDiskCounts(ctx: Context): boolean {
  return ctx.disk.failed && ctx.config.rules.doubts.includes('disk');
}

/** Must memory be read back from the files? */
function inDoubt(ctx: Context, role: Leaving): boolean {
  return role.dirty || failedDiskCounts(ctx);
}

function closeConnections(ctx: Context, role: Role): void {
  if (role.kind === 'leading') {
    ctx.effects.push({ kind: 'listen', open: false });
    for (const handler of role.handlers) close(ctx, handler.conn);
  }
  if ((role.kind === 'following' || role.kind === 'observing') && role.conn !== 0) {
    close(ctx, role.conn);
  }
}

export function startLeaving(ctx: Context, reason: string): void {
  const role = ctx.role;
  if (role.kind !== 'following' && role.kind !== 'observing' && role.kind !== 'leading') return;
  const { lastProcessed, lineage } = ctx.database;
  const leader = role.kind === 'leading' ? ctx.config.sid : role.leader;
  note(ctx, 'left', { peer: leader, zxid: lastProcessed, value: lineage, text: reason });
  closeFront(ctx);
  closeConnections(ctx, role);
  ctx.effects.push({ kind: 'clearTimers' });
  const dirty = memoryAhead(ctx, role) || failedDiskCounts(ctx);
  setRole(ctx, makeLeaving(role.kind, 0, dirty));
  goOnLogging(ctx);
  wake(ctx, 'microStep');
}

function stepDone(ctx: Context, role: Leaving): void {
  const steps = ctx.config.rules.leaveRole;
  const step = steps[role.step];
  if (step !== undefined) note(ctx, 'stepDone', { value: role.step, text: `leave/${step}` });
  const next = role.step + 1;
  setRole(ctx, makeLeaving(role.from, next, role.dirty));
  if (next < steps.length) {
    wake(ctx, 'microStep');
  } else if (ctx.config.observer) {
    setTimer(ctx, 'observerDelay', ctx.config.observerDelayMs);
  } else {
    lookAgain(ctx);
  }
}

/** The `microStep` stage: begin the current step. */
export function leavingStep(ctx: Context, role: Leaving): void {
  const step = ctx.config.rules.leaveRole[role.step];
  if (step === undefined) return;
  note(ctx, 'stepBegun', { value: role.step, text: `leave/${step}` });
  carryOut(ctx, role, step);
}

function carryOut(ctx: Context, role: Leaving, step: LeaveStep): void {
  switch (step) {
    case 'stopQueue':
      // A background snapshot that has not begun to write is abandoned.
      abandonWalk(ctx);
      return stepDone(ctx, role);
    case 'drain':
      // After a failure nobody knows what is durable until an fsync has succeeded; and NEWLEADER's
      // transactions may be appended but not flushed.
      if (ctx.disk.flush === 'idle' && (ctx.disk.failed || ctx.disk.unsynced)) flushNow(ctx);
      if (ctx.disk.flush === 'appended') logStage(ctx);
      return drained(ctx, role);
    case 'fastForward':
      if (!inDoubt(ctx, role)) fastForward(ctx);
      return stepDone(ctx, role);
    case 'discardPartial':
      if (inDoubt(ctx, role)) {
        ctx.effects.push({ kind: 'loadDatabase' });
        return;
      }
      if (ctx.disk.failed) diskTrusted(ctx);
      return stepDone(ctx, role);
    case 'readLastZxid':
      if (ctx.config.rules.epochBehindLog === 'refuse' || !adoptEpoch(ctx)) stepDone(ctx, role);
      return;
    default:
      return unreachable(step);
  }
}

/** `drain` is over when the disk has answered everything; each completion asks again. */
function drained(ctx: Context, role: Leaving): void {
  if (diskSettled(ctx.disk)) stepDone(ctx, role);
}

/** A completion from the disk while leaving. */
export function leavingDiskAnswered(ctx: Context, role: Leaving): void {
  const step = ctx.config.rules.leaveRole[role.step];
  if (step === 'drain') drained(ctx, role);
  const reset = step === 'discardPartial' || step === 'readLastZxid';
  if (reset && diskSettled(ctx.disk)) stepDone(ctx, role);
}

/** A snapshot is on the disk: the background's, or the one on which the log begins anew. */
export function leavingSnapshotWritten(
  ctx: Context,
  role: Leaving,
  purpose: 'roll' | 'step' | undefined,
): void {
  const step = ctx.config.rules.leaveRole[role.step];
  if (step === 'discardPartial' && purpose === 'step') beginLogAnew(ctx);
  else leavingDiskAnswered(ctx, role);
}

function fastForward(ctx: Context): void {
  const before = ctx.database.lastProcessed;
  ctx.database = replayLog(ctx.database, ctx.durable.log, ctx.config.limits.commitLogCount);
  const { lastProcessed, lineage } = ctx.database;
  if (lastProcessed !== before) note(ctx, 'fastForwarded', { zxid: lastProcessed, value: lineage });
}

const DISK_RETRY_MS = 100;

/**
 * The disk failed while leaving: what it holds must be settled before anybody is told, so try
 * again.
 */
export function leavingDiskFailed(ctx: Context): void {
  setTimer(ctx, 'microStep', DISK_RETRY_MS);
}

/** What the files hold is what this server remembers from here on. */
export function leavingReloaded(ctx: Context, role: Leaving, disk: DiskImage): void {
  if (ctx.config.rules.leaveRole[role.step] !== 'discardPartial') return;
  ctx.durable = disk.durable;
  if (disk.corruptAt >= 0) {
    ctx.transition = { to: 'halted', code: 1, reason: 'a log record fails its checksum' };
    return;
  }
  reload(ctx);
  if (ctx.transition === undefined && !resetStaleLog(ctx)) stepDone(ctx, role);
}

function reload(ctx: Context): void {
  const database = recover(ctx.durable, ctx.config.limits.commitLogCount);
  if (database === undefined) {
    ctx.transition = { to: 'halted', code: 1, reason: 'the log continues a lost snapshot' };
    return;
  }
  ctx.database = database;
  diskTrusted(ctx);
  note(ctx, 'loaded', { zxid: database.lastProcessed, value: database.lineage, text: 'reload' });
}

export function lookAgain(ctx: Context): void {
  const { lastProcessed, lineage } = ctx.database;
  note(ctx, 'lookingAgain', {
    peer: NOBODY,
    zxid: lastProcessed,
    epoch: ctx.durable.currentEpoch,
    value: lineage,
    digest: ctx.durable.log.lineage,
  });
  ctx.transition = { to: 'looking' };
}
