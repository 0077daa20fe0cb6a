// The log's own pipeline (Java SyncRequestProcessor, "the disk thread"): requests queue, a batch is
// appended to the buffer, one fsync covers the batch, and only then is each of its transactions
// acknowledged. While an fsync runs arrivals queue: group commit. The window between the append and
// the flush request is the `log` stage: a process that dies in it loses the batch.
import type { Mutable } from '../../base/mutable.js';
import { emptyFifo } from '../fifo.js';
import type { Fifo } from '../fifo.js';
import type { Context } from '../context.js';
import { note, wake } from '../context.js';
import type { Txn } from '../txn.js';
import type { DiskQueue } from './disk-state.js';
import { copyDisk } from './disk-state.js';
import { makeDurable } from './durable.js';
import { maybeRoll } from './snapshots.js';

/** Has the disk answered everything this server asked of it, with nothing left to append? */
export function diskSettled(disk: DiskQueue): boolean {
  return (
    disk.flush === 'idle' &&
    disk.queued.length === 0 &&
    disk.writingEpoch === undefined &&
    disk.cutting === undefined &&
    !disk.snapshot?.writing
  );
}

/** Appends one transaction to the log's buffer; `draft` is the disk's record to be. */
export function appendToLog(ctx: Context, draft: Mutable<DiskQueue>, txn: Txn): void {
  draft.unsynced = true;
  const { acceptedEpoch, currentEpoch, log, snapshots } = ctx.durable;
  const longer = log.append(txn);
  ctx.durable = makeDurable(acceptedEpoch, currentEpoch, longer, snapshots);
  ctx.effects.push({ kind: 'appendLog', log: longer });
  note(ctx, 'appended', { zxid: txn.zxid, value: longer.lineage, digest: txn.digest });
}

/** Hands a transaction to the disk thread. */
export function logTxn(ctx: Context, txn: Txn): void {
  const next = copyDisk(ctx.disk);
  if (next.flush === 'idle') {
    appendToLog(ctx, next, txn);
    next.batch = next.batch.push(txn);
    next.flush = 'appended';
    next.sinceSnapshot += 1;
    wake(ctx, 'log');
  } else {
    next.queued = next.queued.push(txn);
  }
  ctx.disk = next;
}

/**
 * The timers of a role are gone, and with them its stages. A disk thread that nobody has stopped
 * goes on with what it has been given: a process start and a role know nothing of each other's.
 */
export function goOnLogging(ctx: Context): void {
  if (ctx.config.rules.leaveRole.includes('stopQueue')) return;
  if (ctx.disk.flush === 'appended') wake(ctx, 'log');
  if (ctx.disk.snapshot?.writing === false) wake(ctx, 'snapshot');
}

/** The `log` stage: append what has queued meanwhile, then ask for one fsync for all of it. */
export function logStage(ctx: Context): void {
  if (ctx.disk.flush !== 'appended') return;
  const next = copyDisk(ctx.disk);
  const room = Math.max(0, ctx.config.limits.maxBatchSize - next.batch.length);
  const count = Math.min(room, next.queued.length);
  for (let index = 0; index < count; index++) {
    const txn = next.queued.at(index);
    appendToLog(ctx, next, txn);
    next.batch = next.batch.push(txn);
  }
  next.queued = next.queued.drop(count);
  next.sinceSnapshot += count;
  next.flush = 'flushing';
  next.unsynced = false;
  ctx.disk = next;
  ctx.effects.push({ kind: 'flushLog' });
  maybeRoll(ctx);
}

/** Asks for an fsync of what `appendToLog` wrote outside the queue (a micro-step of its own). */
export function flushNow(ctx: Context): void {
  const next = copyDisk(ctx.disk);
  next.flush = 'flushing';
  next.unsynced = false;
  ctx.disk = next;
  ctx.effects.push({ kind: 'flushLog' });
}

/**
 * `logFlushed`: the batch is durable and is returned to be acknowledged, in order. What queued
 * behind it becomes the next batch.
 */
export function logFlushed(ctx: Context): Fifo<Txn> {
  const { log } = ctx.durable;
  const next = copyDisk(ctx.disk);
  const batch = next.batch;
  next.batch = emptyFifo();
  next.flush = 'idle';
  const last = batch.length > 0 ? batch.at(batch.length - 1).zxid : log.lastZxid;
  const index = log.indexFrom(last);
  // A queue that outlives its role (4712) may see its batch cut off before it is durable.
  const held = index < log.length && log.at(index).zxid === last;
  if (held) note(ctx, 'flushed', { zxid: last, value: log.lineageAt(index + 1) });
  else note(ctx, 'flushed', { zxid: log.lastZxid, value: log.lineage });
  const first = next.queued.head;
  if (first !== undefined) next.queued = next.queued.drop(1);
  ctx.disk = next;
  if (first !== undefined) logTxn(ctx, first);
  return batch;
}

/**
 * A request failed: what it was for is forgotten, the files are in doubt until they are read again.
 */
export function diskFailed(ctx: Context, what: 'log' | 'epoch' | 'snapshot' | 'cut'): void {
  const next = copyDisk(ctx.disk);
  next.failed = true;
  if (what === 'log') {
    next.flush = 'idle';
    next.batch = emptyFifo();
    next.queued = emptyFifo();
  }
  if (what === 'epoch') next.writingEpoch = undefined;
  if (what === 'snapshot') next.snapshot = undefined;
  if (what === 'cut') next.cutting = undefined;
  ctx.disk = next;
}

/** Memory has been rebuilt from the files: nothing is in doubt any more. */
export function diskTrusted(ctx: Context): void {
  const next = copyDisk(ctx.disk);
  next.failed = false;
  ctx.disk = next;
}
