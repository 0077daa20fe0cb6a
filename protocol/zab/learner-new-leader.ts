// What a learner does between NEWLEADER and its ACK, as the permutable list rules.onNewLeader. Each
// step is an event of its own, so a crash may fall between any two. The story of the order: once
// this server has acked, the leader may count it as holding the whole initial history of the epoch.
// If it acked before `flush`, a power loss would take what was counted (3911, 4646). If it wrote
// currentEpoch first, it could come back with the new epoch and the old history, win on the epoch
// and make everybody truncate (4643). [ZK-Java Learner.syncWithLeader, case NEWLEADER]
import { unreachable } from '../../base/assert.js';
import type { Fifo } from '../fifo.js';
import { emptyFifo } from '../fifo.js';
import type { Context } from '../context.js';
import { note, wake } from '../context.js';
import type { Epoch } from '../ids.js';
import { makeZxid } from '../ids.js';
import { packet } from '../message.js';
import type { NewLeaderStep } from '../rules.js';
import { setRole } from '../role.js';
import { applyToDatabase } from '../storage/apply.js';
import { appendToLog, flushNow } from '../storage/disk-queue.js';
import { copyDisk } from '../storage/disk-state.js';
import { cutLog, writeEpoch } from '../storage/files.js';
import { writeSnapshot } from '../storage/snapshots.js';
import { TxnLog } from '../txn-log.js';
import type { Txn } from '../txn.js';
import type { Backlog, Learner, LearnerPhase } from './learner.js';
import { copyLearner, withPhase } from './learner.js';
import { armReadTimeout, leaveLeader, tellLeader } from './learner-link.js';
import type { SyncMode } from './sync-plan.js';

type NewLeaderPhase = Extract<LearnerPhase, { kind: 'newLeader' }>;

function makePhase(
  from: { epoch: Epoch; mode: SyncMode; backlog: Backlog },
  step: number,
  appended: Fifo<Txn>,
): NewLeaderPhase {
  const { epoch, mode, backlog } = from;
  return { kind: 'newLeader', epoch, mode, backlog, step, appended };
}

export function beginNewLeader(
  ctx: Context,
  role: Learner,
  from: { epoch: Epoch; mode: SyncMode; backlog: Backlog },
): void {
  setRole(ctx, withPhase(role, makePhase(from, 0, emptyFifo())));
  wake(ctx, 'microStep');
}

/** The list is through: what queues behind it is handled next. */
function finish(ctx: Context, role: Learner, phase: NewLeaderPhase): void {
  const { epoch, backlog } = phase;
  setRole(ctx, withPhase(role, { kind: 'awaitUpToDate', epoch, backlog }));
}

function stepText(step: NewLeaderStep): string {
  return `newLeader/${step}`;
}

/** The current step is complete: go on with the next. */
export function newLeaderStepDone(ctx: Context, role: Learner, phase: NewLeaderPhase): void {
  const steps = ctx.config.rules.onNewLeader;
  const step = steps[phase.step];
  if (step === undefined) return;
  note(ctx, 'stepDone', { epoch: phase.epoch, value: phase.step, text: stepText(step) });
  const next = phase.step + 1;
  if (next < steps.length) {
    setRole(ctx, withPhase(role, makePhase(phase, next, phase.appended)));
    wake(ctx, 'microStep');
  } else {
    finish(ctx, role, phase);
  }
}

/** The `microStep` stage: begin the current step; it is done now or when the disk answers. */
export function newLeaderStep(ctx: Context, role: Learner, phase: NewLeaderPhase): void {
  const step = ctx.config.rules.onNewLeader[phase.step];
  if (step === undefined) {
    finish(ctx, role, phase);
    return;
  }
  note(ctx, 'stepBegun', { epoch: phase.epoch, value: phase.step, text: stepText(step) });
  switch (step) {
    case 'snapshot':
      return takeSnapshot(ctx, role, phase);
    case 'resetLog':
      return resetLog(ctx, role, phase);
    case 'append':
      return append(ctx, role, phase);
    case 'flush':
      return flush(ctx, role, phase);
    case 'apply':
      return apply(ctx, role, phase);
    case 'writeCurrentEpoch':
      return writeEpoch(ctx, 'current', phase.epoch);
    case 'ack':
      return ack(ctx, role, phase);
    default:
      return unreachable(step);
  }
}

function takeSnapshot(ctx: Context, role: Learner, phase: NewLeaderPhase): void {
  if (phase.mode !== 'snap') {
    newLeaderStepDone(ctx, role, phase);
    return;
  }
  const { lastProcessed, lineage } = ctx.database;
  writeSnapshot(ctx, { zxid: lastProcessed, lineage }, true);
}

/** The log begins anew on top of the snapshot: what it held before is another history's. */
function resetLog(ctx: Context, role: Learner, phase: NewLeaderPhase): void {
  if (phase.mode !== 'snap') {
    newLeaderStepDone(ctx, role, phase);
    return;
  }
  const { snapshots } = ctx.durable;
  const { lastProcessed, lineage } = ctx.database;
  const log = TxnLog.empty(lastProcessed, lineage);
  const kept = snapshots.filter((s) => s.zxid <= lastProcessed);
  cutLog(ctx, 'reset', log, kept);
}

/** Committed transactions move from the backlog to the log's buffer; uncommitted ones stay. */
function append(ctx: Context, role: Learner, phase: NewLeaderPhase): void {
  let { proposals, commits } = phase.backlog;
  let appended = phase.appended;
  const disk = copyDisk(ctx.disk);
  while (commits.length > 0 && proposals.length > 0) {
    const txn = proposals.at(0);
    if (txn.zxid !== commits.head) break;
    appendToLog(ctx, disk, txn);
    appended = appended.push(txn);
    proposals = proposals.drop(1);
    commits = commits.drop(1);
  }
  ctx.disk = disk;
  if (commits.length > 0) {
    leaveLeader(ctx, 'COMMIT without its proposal');
    return;
  }
  const backlog: Backlog = { proposals, commits, lastQueued: phase.backlog.lastQueued };
  const { epoch, mode } = phase;
  newLeaderStepDone(ctx, role, makePhase({ epoch, mode, backlog }, phase.step, appended));
}

function flush(ctx: Context, role: Learner, phase: NewLeaderPhase): void {
  if (phase.appended.length === 0) newLeaderStepDone(ctx, role, phase);
  else flushNow(ctx);
}

function apply(ctx: Context, role: Learner, phase: NewLeaderPhase): void {
  for (let index = 0; index < phase.appended.length; index++) {
    const txn = phase.appended.at(index);
    if (txn.zxid <= ctx.database.lastProcessed) continue;
    const windowMax = ctx.config.limits.commitLogCount;
    ctx.database = applyToDatabase(ctx.database, txn, windowMax).database;
    const value = ctx.database.lineage;
    note(ctx, 'applied', { zxid: txn.zxid, value, digest: txn.digest, text: 'syncing' });
  }
  newLeaderStepDone(ctx, role, phase);
}

/** From here on the leader counts this server; it also speaks up at least every syncLimit ticks. */
function ack(ctx: Context, role: Learner, phase: NewLeaderPhase): void {
  const next = copyLearner(role);
  next.readTimeoutMs = ctx.config.timing.syncLimit * ctx.config.timing.tickMs;
  const zxid = makeZxid(phase.epoch, 0);
  ctx.wantsSnapshot = false;
  armReadTimeout(ctx, next);
  note(ctx, 'ackSent', { peer: role.leader, zxid, epoch: phase.epoch });
  tellLeader(ctx, next, packet('ack', zxid, undefined));
  newLeaderStepDone(ctx, next, phase);
}
