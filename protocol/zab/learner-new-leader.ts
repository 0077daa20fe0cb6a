// What a learner does between NEWLEADER and its ACK, as the permutable list rules.onNewLeader. Each
// step is an event of its own, so a crash may fall between any two. The story of the order: once
// this server has acked, the leader may count it as holding the whole initial history of the epoch.
// If it acked before `flush`, a power loss would take what was counted (3911, 4646). If it wrote
// currentEpoch first, it could come back with the new epoch and the old history, win on the epoch
// and make everybody truncate (4643). [ZK-Java Learner.syncWithLeader, case NEWLEADER]
import { unreachable } from '../../base/assert.js';
import { emptyFifo, Fifo } from '../fifo.js';
import type { Context } from '../context.js';
import { note, wake } from '../context.js';
import type { Epoch } from '../ids.js';
import { makeZxid } from '../ids.js';
import { packet } from '../message.js';
import type { NewLeaderStep } from '../rules.js';
import { setRole } from '../role.js';
import { applyToDatabase } from '../storage/apply.js';
import type { Database } from '../storage/database.js';
import { makeDatabase } from '../storage/database.js';
import { appendToLog, flushNow, logTxn } from '../storage/disk-queue.js';
import { copyDisk } from '../storage/disk-state.js';
import { cutLog, writeEpoch } from '../storage/files.js';
import { writeSnapshot } from '../storage/snapshots.js';
import { TxnLog } from '../txn-log.js';
import type { Txn } from '../txn.js';
import type { Backlog, Learner, LearnerPhase } from './learner.js';
import { copyLearner, NO_PROPOSAL, withPhase } from './learner.js';
import {
  ackEach,
  armReadTimeout,
  leaveLeader,
  restsOnSnapshot,
  tellLeader,
} from './learner-link.js';
import type { SyncMode } from './sync-plan.js';

type NewLeaderPhase = Extract<LearnerPhase, { kind: 'newLeader' }>;

function makePhase(
  from: { epoch: Epoch; mode: SyncMode; backlog: Backlog },
  step: number,
  appended: Fifo<Txn>,
  ahead: Fifo<Txn>,
): NewLeaderPhase {
  const { epoch, mode, backlog } = from;
  return { kind: 'newLeader', epoch, mode, backlog, step, appended, ahead };
}

export function beginNewLeader(
  ctx: Context,
  role: Learner,
  from: { epoch: Epoch; mode: SyncMode; backlog: Backlog },
): void {
  setRole(ctx, withPhase(role, makePhase(from, 0, emptyFifo(), emptyFifo())));
  wake(ctx, 'microStep');
}

/** The list is through: what queues behind it is handled next. */
function finish(ctx: Context, role: Learner, phase: NewLeaderPhase): void {
  const { epoch, appended, ahead } = phase;
  const backlog = withUnapplied(phase.backlog, appended);
  const logged =
    ahead.length === 0 ? appended : Fifo.of([...appended.toArray(), ...ahead.toArray()]);
  setRole(ctx, withPhase(role, { kind: 'awaitUpToDate', epoch, backlog, logged }));
}

/** What is committed and was not applied is applied with the commits that come after UPTODATE. */
function withUnapplied(backlog: Backlog, appended: Fifo<Txn>): Backlog {
  if (appended.length === 0) return backlog;
  const { proposals, commits, lastQueued } = backlog;
  const zxids = appended.toArray().map(({ zxid }) => zxid);
  return { proposals, commits: Fifo.of([...zxids, ...commits.toArray()]), lastQueued };
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
    setRole(ctx, withPhase(role, makePhase(phase, next, phase.appended, phase.ahead)));
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
    case 'enqueue':
      return enqueue(ctx, role, phase);
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
  if (!restsOnSnapshot(ctx, phase.mode)) {
    newLeaderStepDone(ctx, role, phase);
    return;
  }
  const { lastProcessed, lineage } = ctx.database;
  writeSnapshot(ctx, { zxid: lastProcessed, lineage }, true);
}

/** The log begins anew on top of the snapshot: what it held before is another history's. */
function resetLog(ctx: Context, role: Learner, phase: NewLeaderPhase): void {
  if (!restsOnSnapshot(ctx, phase.mode)) {
    newLeaderStepDone(ctx, role, phase);
    return;
  }
  const { snapshots } = ctx.durable;
  const { lastProcessed, lineage } = ctx.database;
  const log = TxnLog.empty(lastProcessed, lineage);
  const kept = snapshots.filter((s) => s.zxid <= lastProcessed);
  cutLog(ctx, 'reset', log, kept);
}

/** The committed transactions of the backlog are taken out of it; uncommitted ones stay. */
function takeCommitted(ctx: Context, phase: NewLeaderPhase): NewLeaderPhase | undefined {
  let { proposals, commits } = phase.backlog;
  let { appended } = phase;
  while (commits.length > 0 && proposals.length > 0) {
    const txn = proposals.at(0);
    if (txn.zxid !== commits.head) break;
    appended = appended.push(txn);
    proposals = proposals.drop(1);
    commits = commits.drop(1);
  }
  if (commits.length > 0) {
    leaveLeader(ctx, NO_PROPOSAL);
    return undefined;
  }
  const { epoch, mode } = phase;
  const { lastQueued } = phase.backlog;
  const all = ctx.config.rules.loggedAtNewLeader === 'all';
  const backlog: Backlog = { proposals: all ? emptyFifo() : proposals, commits, lastQueued };
  const ahead = all ? proposals : phase.ahead;
  return makePhase({ epoch, mode, backlog }, phase.step, appended, ahead);
}

/** Committed transactions move from the backlog to the log's buffer. */
function append(ctx: Context, role: Learner, phase: NewLeaderPhase): void {
  const next = takeCommitted(ctx, phase);
  if (next === undefined) return;
  const disk = copyDisk(ctx.disk);
  for (const txn of next.appended.toArray()) appendToLog(ctx, disk, txn);
  for (const txn of next.ahead.toArray()) appendToLog(ctx, disk, txn);
  ctx.disk = disk;
  newLeaderStepDone(ctx, role, next);
}

/** They move to the disk thread's queue, and may be on disk a good while later. */
function enqueue(ctx: Context, role: Learner, phase: NewLeaderPhase): void {
  const next = takeCommitted(ctx, phase);
  if (next === undefined) return;
  for (const txn of next.appended.toArray()) logTxn(ctx, txn);
  for (const txn of next.ahead.toArray()) logTxn(ctx, txn);
  newLeaderStepDone(ctx, role, next);
}

function flush(ctx: Context, role: Learner, phase: NewLeaderPhase): void {
  if (phase.appended.length + phase.ahead.length === 0) newLeaderStepDone(ctx, role, phase);
  else if (ctx.disk.flush === 'idle') flushNow(ctx);
}

/** An fsync is complete: of this step, or of what a disk thread had left when the role began. */
export function newLeaderFlushed(
  ctx: Context,
  role: Learner,
  phase: NewLeaderPhase,
  batch: Fifo<Txn>,
): void {
  const { rules } = ctx.config;
  if (rules.ackSyncTxns === 'flushed') ackEach(ctx, role, phase.epoch, batch);
  if (rules.onNewLeader[phase.step] !== 'flush' || ctx.disk.flush !== 'idle') return;
  if (ctx.disk.unsynced) {
    flushNow(ctx);
    return;
  }
  if (rules.ackSyncTxns === 'flushed') {
    ackEach(ctx, role, phase.epoch, phase.appended);
    ackEach(ctx, role, phase.epoch, phase.ahead);
  }
  newLeaderStepDone(ctx, role, phase);
}

function apply(ctx: Context, role: Learner, phase: NewLeaderPhase): void {
  for (let index = 0; index < phase.appended.length; index++) {
    const txn = phase.appended.at(index);
    ctx.database = applied(ctx, txn);
    const value = ctx.database.lineage;
    note(ctx, 'applied', { zxid: txn.zxid, value, digest: txn.digest, text: 'syncing' });
  }
  const { epoch, mode, backlog, step, ahead } = phase;
  newLeaderStepDone(ctx, role, makePhase({ epoch, mode, backlog }, step, emptyFifo(), ahead));
}

/** The window must have no hole: others are brought up to date from it. */
function applied(ctx: Context, txn: Txn): Database {
  const { limits, rules } = ctx.config;
  const before = ctx.database;
  const { database } = applyToDatabase(before, txn, limits.commitLogCount);
  if (rules.syncedInWindow === 'kept') return database;
  const { tree, lastProcessed, lineage } = database;
  return makeDatabase(tree, lastProcessed, lineage, before.committedLog);
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
