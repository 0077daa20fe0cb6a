// The epoch files and the cutting of the log: writes that a role waits for, one at a time. Memory
// says what a file holds only when the disk has answered. [ZK-Java QuorumPeer.setAcceptedEpoch,
// FileTxnLog.truncate]
import type { Context } from '../context.js';
import { mark, note } from '../context.js';
import type { EpochFile } from '../event.js';
import type { Epoch } from '../ids.js';
import { epochOf } from '../ids.js';
import { TxnLog } from '../txn-log.js';
import type { Cut } from './disk-state.js';
import { copyDisk } from './disk-state.js';
import type { Snapshot } from './durable.js';
import { makeDurable } from './durable.js';
import { writeSnapshot } from './snapshots.js';

/** tmp file, fsync, rename. */
export function writeEpoch(ctx: Context, file: EpochFile, epoch: Epoch): void {
  const next = copyDisk(ctx.disk);
  next.writingEpoch = { file, epoch };
  ctx.disk = next;
  const stored = ctx.config.rules.storedEpoch(next.writingEpoch);
  ctx.effects.push({ kind: 'writeEpoch', file, epoch: stored });
}

/** `epochWritten`: the promise is durable, and known to be. */
export function epochWritten(ctx: Context): void {
  const written = ctx.disk.writingEpoch;
  if (written === undefined) return;
  const next = copyDisk(ctx.disk);
  next.writingEpoch = undefined;
  ctx.disk = next;
  const { acceptedEpoch, currentEpoch, log, snapshots } = ctx.durable;
  const { file, epoch } = written;
  ctx.durable =
    file === 'accepted'
      ? makeDurable(epoch, currentEpoch, log, snapshots)
      : makeDurable(acceptedEpoch, epoch, log, snapshots);
  note(ctx, 'epochFile', { epoch, text: file });
}

/**
 * Replaces the log file by a shorter one, or by an empty one on a new base; newer snapshots go too.
 */
export function cutLog(ctx: Context, cut: Cut, log: TxnLog, snapshots: readonly Snapshot[]): void {
  const next = copyDisk(ctx.disk);
  next.cutting = cut;
  ctx.disk = next;
  const { acceptedEpoch, currentEpoch } = ctx.durable;
  ctx.durable = makeDurable(acceptedEpoch, currentEpoch, log, snapshots);
  ctx.effects.push({ kind: 'truncateLog', log, fsync: true });
}

/**
 * A crash or a failed write fell between the snapshot that a SNAP installed and the new beginning
 * of the log: finishes that. True if there was something to finish; `logTruncated` tells when it is
 * done.
 */
export function resetStaleLog(ctx: Context): boolean {
  const { log } = ctx.durable;
  const { lastProcessed, lineage } = ctx.database;
  // A leader's snapshot may bear the e:0 of its epoch and stand for just what the log holds.
  if (log.lastZxid >= lastProcessed || log.lineage === lineage) return false;
  mark(ctx, 'storage/log-begun-anew');
  writeSnapshot(ctx, { zxid: lastProcessed, lineage }, true);
  return true;
}

/** The second half: the snapshot is known to be durable, so the log may be let go. */
export function beginLogAnew(ctx: Context): void {
  const { lastProcessed, lineage } = ctx.database;
  cutLog(ctx, 'reset', TxnLog.empty(lastProcessed, lineage), ctx.durable.snapshots);
}

/**
 * The log has transactions of an epoch that currentEpoch does not name: a crash or a lost
 * connection fell after the log's fsync at NEWLEADER. Their order proves that the log holds all of
 * that epoch's initial history, as an ACK of NEWLEADER would have said, so the epoch is adopted.
 * True if that takes a write. DIVERGES: upstream refuses to start (ZOOKEEPER-2354,
 * docs/divergence.md).
 */
export function adoptEpoch(ctx: Context): boolean {
  const epoch = epochOf(ctx.database.lastProcessed);
  const { acceptedEpoch, currentEpoch } = ctx.durable;
  if (epoch <= currentEpoch || epoch > acceptedEpoch) return false;
  mark(ctx, 'storage/epoch-adopted');
  writeEpoch(ctx, 'current', epoch);
  return true;
}

/** `logTruncated`. */
export function logCut(ctx: Context): void {
  const cut = ctx.disk.cutting;
  if (cut === undefined) return;
  const next = copyDisk(ctx.disk);
  next.cutting = undefined;
  ctx.disk = next;
  const { log } = ctx.durable;
  note(ctx, 'truncated', { zxid: log.lastZxid, digest: log.lineage, text: cut });
}
