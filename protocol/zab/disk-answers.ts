// The disk's answers, routed to whoever waits for them. A failed write makes the server give up its
// role and trust its files again, not its memory (DIVERGES: ZOOKEEPER-4882, docs/divergence.md).
// [ZK-Java ZooKeeperCriticalThread, SyncRequestProcessor]
import { unreachable } from '../../base/assert.js';
import type { Context } from '../context.js';
import { note } from '../context.js';
import type { EpochFile, PeerEvent } from '../event.js';
import type { TxnLog } from '../txn-log.js';
import { diskFailed, logFlushed } from '../storage/disk-queue.js';
import { beginLogAnew, epochWritten, logCut } from '../storage/files.js';
import { snapshotWritten } from '../storage/snapshots.js';
import { makeDurable } from '../storage/durable.js';
import { bootEpochWritten, bootFlushed, bootLogReset } from './booting.js';
import { leaderEpochDone, leaderLogFlushed, leaderSnapshotWritten } from './lead.js';
import {
  learnerEpochWritten,
  learnerLogCut,
  learnerLogFlushed,
  learnerSnapshotWritten,
} from './learning.js';
import {
  leavingDiskAnswered,
  leavingDiskFailed,
  leavingSnapshotWritten,
  leavingReloaded,
} from './leaving.js';

export type DiskEvent = Extract<
  PeerEvent,
  {
    kind:
      | 'logFlushed'
      | 'logFailed'
      | 'epochWritten'
      | 'epochFailed'
      | 'snapshotWritten'
      | 'snapshotFailed'
      | 'logTruncated'
      | 'truncateFailed'
      | 'databaseRead';
  }
>;

export function diskAnswered(ctx: Context, event: DiskEvent): void {
  switch (event.kind) {
    case 'logFlushed':
      return onLogFlushed(ctx);
    case 'epochWritten':
      return onEpochWritten(ctx, event.file);
    case 'snapshotWritten':
      return onSnapshotWritten(ctx);
    case 'logTruncated':
      return onLogTruncated(ctx);
    case 'databaseRead':
      if (ctx.role.kind === 'leaving') leavingReloaded(ctx, ctx.role, event.disk);
      return;
    case 'logFailed':
      replaceLog(ctx, event.log);
      return onFailure(ctx, 'log', 'writing the log failed');
    case 'epochFailed':
      return onFailure(ctx, 'epoch', 'writing an epoch file failed');
    case 'snapshotFailed':
      dropSnapshot(ctx);
      return onFailure(ctx, 'snapshot', 'writing a snapshot failed');
    case 'truncateFailed':
      return onFailure(ctx, 'cut', 'truncating the log failed');
    default:
      return unreachable(event);
  }
}

function onLogFlushed(ctx: Context): void {
  const batch = logFlushed(ctx);
  const role = ctx.role;
  if (role.kind === 'following' || role.kind === 'observing') learnerLogFlushed(ctx, role, batch);
  else if (role.kind === 'leading') leaderLogFlushed(ctx, batch);
  else if (role.kind === 'booting') bootFlushed(ctx);
  else if (role.kind === 'leaving') leavingDiskAnswered(ctx, role);
}

function onEpochWritten(ctx: Context, file: EpochFile): void {
  epochWritten(ctx);
  const role = ctx.role;
  if (role.kind === 'following' || role.kind === 'observing') learnerEpochWritten(ctx, role, file);
  else if (role.kind === 'leading') leaderEpochDone(ctx, role, file);
  else if (role.kind === 'booting') bootEpochWritten(ctx);
  else if (role.kind === 'leaving') leavingDiskAnswered(ctx, role);
}

function onSnapshotWritten(ctx: Context): void {
  const done = snapshotWritten(ctx);
  const role = ctx.role;
  if (role.kind === 'leaving') return leavingSnapshotWritten(ctx, role, done?.purpose);
  if (done?.purpose !== 'step') return;
  if (role.kind === 'booting') return beginLogAnew(ctx);
  if (role.kind === 'following' || role.kind === 'observing') learnerSnapshotWritten(ctx, role);
  else if (role.kind === 'leading') leaderSnapshotWritten(ctx, role);
}

function onLogTruncated(ctx: Context): void {
  logCut(ctx);
  const role = ctx.role;
  if (role.kind === 'following' || role.kind === 'observing') learnerLogCut(ctx, role);
  else if (role.kind === 'booting') bootLogReset(ctx);
  else if (role.kind === 'leaving') leavingDiskAnswered(ctx, role);
}

function replaceLog(ctx: Context, log: TxnLog): void {
  const { acceptedEpoch, currentEpoch, snapshots } = ctx.durable;
  ctx.durable = makeDurable(acceptedEpoch, currentEpoch, log, snapshots);
  note(ctx, 'truncated', { zxid: log.lastZxid, digest: log.lineage, text: 'failed' });
}

function dropSnapshot(ctx: Context): void {
  const lost = ctx.disk.snapshot;
  const { acceptedEpoch, currentEpoch, log, snapshots } = ctx.durable;
  const kept = snapshots.filter((s) => s.zxid !== lost?.zxid);
  ctx.durable = makeDurable(acceptedEpoch, currentEpoch, log, kept);
}

/** It goes on sending pings; `prepStage` decides nothing any more. */
function staysInOffice({ config, role }: Context): boolean {
  if (config.rules.leaderLogFailure === 'leave') return false;
  return role.kind === 'leading' && role.phase.kind === 'broadcast';
}

function onFailure(ctx: Context, what: 'log' | 'epoch' | 'snapshot' | 'cut', reason: string): void {
  diskFailed(ctx, what);
  note(ctx, 'mark', { text: 'disk/failed' });
  const role = ctx.role;
  if (role.kind === 'leaving') leavingDiskFailed(ctx);
  else if (role.kind === 'booting') ctx.transition = { to: 'halted', code: 1, reason };
  else if (what === 'log' && staysInOffice(ctx)) return;
  else if (role.kind !== 'looking') ctx.transition = { to: 'leaving', reason };
}
