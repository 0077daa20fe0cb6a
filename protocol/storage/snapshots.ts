// Snapshots: written in the background every so many transactions (fuzzy: named when the walk
// begins, filled when it ends), or by a role that waits for one. [ZK-Java SyncRequestProcessor,
// FileSnap]
import type { Context } from '../context.js';
import { note, wake } from '../context.js';
import type { Zxid } from '../ids.js';
import type { SnapshotUnderWay } from './disk-state.js';
import { copyDisk } from './disk-state.js';
import type { Snapshot } from './durable.js';
import { makeDurable, makeSnapshot } from './durable.js';

/** A snapshot walk that has not begun to write is abandoned with the role that wanted it. */
export function abandonWalk(ctx: Context): void {
  if (ctx.disk.snapshot?.writing !== false) return;
  const next = copyDisk(ctx.disk);
  next.snapshot = undefined;
  ctx.disk = next;
}

/** snapCount/2 plus a share of it that differs from time to time and from server to server. */
function rollThreshold(ctx: Context): number {
  const half = Math.max(1, Math.floor(ctx.config.limits.snapCount / 2));
  return half + ((Math.imul(ctx.durable.log.length + ctx.config.sid, 0x9e3779b1) >>> 0) % half);
}

/** After each batch: has enough been logged for a snapshot? */
export function maybeRoll(ctx: Context): void {
  if (ctx.role.kind === 'leaving') return;
  if (ctx.disk.sinceSnapshot <= rollThreshold(ctx) || ctx.disk.snapshot !== undefined) return;
  if (hasSnapshot(ctx, ctx.database.lastProcessed)) return;
  const next = copyDisk(ctx.disk);
  next.sinceSnapshot = 0;
  next.snapshot = {
    purpose: 'roll',
    zxid: ctx.database.lastProcessed,
    lineage: ctx.database.lineage,
    writing: false,
    fsync: false,
    begun: ctx.database,
  };
  ctx.disk = next;
  wake(ctx, 'snapshot');
}

/** The `snapshot` stage: the walk ends; its content is the tree of now under the name of then. */
export function snapshotStage(ctx: Context): void {
  const under = ctx.disk.snapshot;
  if (under?.purpose !== 'roll' || under.writing) return;
  putSnapshot(ctx, ctx.config.rules.fuzzySnapshot(under.begun, ctx.database), 'roll', false);
}

/** Starts writing a snapshot of memory that a role waits for. */
export function writeSnapshot(
  ctx: Context,
  named: { zxid: Zxid; lineage: number },
  fsync: boolean,
): void {
  putSnapshot(ctx, makeSnapshot(named.zxid, named.lineage, ctx.database), 'step', fsync);
}

function putSnapshot(
  ctx: Context,
  snapshot: Snapshot,
  purpose: SnapshotUnderWay['purpose'],
  fsync: boolean,
): void {
  const { zxid, lineage, content } = snapshot;
  const next = copyDisk(ctx.disk);
  next.snapshot = { purpose, zxid, lineage, writing: true, fsync, begun: content };
  ctx.disk = next;
  keepSnapshot(ctx, snapshot);
  ctx.effects.push({ kind: 'writeSnapshot', snapshot, fsync });
}

const SNAPSHOTS_KEPT = 3;

/**
 * Is there a snapshot file of that name? An unsynced one must not be written over it: a power loss
 * would take both.
 */
export function hasSnapshot(ctx: Context, zxid: Zxid): boolean {
  return ctx.durable.snapshots.some((snapshot) => snapshot.zxid === zxid);
}

function keepSnapshot(ctx: Context, snapshot: Snapshot): void {
  const { acceptedEpoch, currentEpoch, log, snapshots } = ctx.durable;
  const others = snapshots.filter((s) => s.zxid !== snapshot.zxid);
  const all = [...others, snapshot].sort((a, b) => a.zxid - b.zxid);
  // The log continues from the one that it is based on: that one stays.
  const kept = all.filter(
    (s, index) => index >= all.length - SNAPSHOTS_KEPT || s.zxid === log.baseZxid,
  );
  ctx.durable = makeDurable(acceptedEpoch, currentEpoch, log, kept);
}

/** `snapshotWritten`: who was it for? */
export function snapshotWritten(ctx: Context): SnapshotUnderWay | undefined {
  const under = ctx.disk.snapshot;
  if (under === undefined) return undefined;
  const next = copyDisk(ctx.disk);
  next.snapshot = undefined;
  ctx.disk = next;
  note(ctx, 'snapshot', {
    zxid: under.zxid,
    value: under.lineage,
    text: under.fsync ? 'synced' : 'written',
  });
  return under;
}
