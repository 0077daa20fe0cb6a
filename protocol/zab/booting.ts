// A process start: read the disk, check it, put right what a crash left between two writes, look
// for a leader. Nothing in the files says what was committed: everything logged is history.
// [ZK-Java QuorumPeer.loadDataBase, FileTxnSnapLog.restore]
import type { Context } from '../context.js';
import { mark, note, wake } from '../context.js';
import { epochOf, ZERO_ZXID } from '../ids.js';
import { setRole } from '../role.js';
import { flushNow } from '../storage/disk-queue.js';
import { adoptEpoch, resetStaleLog } from '../storage/files.js';
import type { DiskImage } from '../storage/durable.js';
import { recover } from '../storage/recover.js';
import { makeVote } from '../vote.js';
import { startTransport } from '../election/transport.js';
import { lookAgain } from './leaving.js';
import type { Booting } from './transient.js';
import { makeBooting } from './transient.js';

export function boot(ctx: Context, disk: DiskImage): void {
  note(ctx, 'stepBegun', { text: 'boot/load' });
  const { limits, rules } = ctx.config;
  const database = recover(disk.durable, limits.commitLogCount);
  ctx.durable = rules.readEpochs(disk.durable, epochOf(database?.lastProcessed ?? ZERO_ZXID));
  const { acceptedEpoch, currentEpoch } = ctx.durable;
  if (disk.corruptAt >= 0) return refuse(ctx, 'a log record fails its checksum');
  if (database === undefined) return refuse(ctx, 'the log continues a lost snapshot');
  if (currentEpoch > acceptedEpoch) return refuse(ctx, 'currentEpoch is above acceptedEpoch');
  if (currentEpoch < acceptedEpoch) mark(ctx, 'storage/epoch-left-over');
  ctx.database = database;
  note(ctx, 'loaded', { zxid: database.lastProcessed, value: database.lineage, text: 'boot' });
  note(ctx, 'stepDone', { text: 'boot/load' });
  flushLog(ctx);
}

/**
 * What a killed process had written may be in the system's cache alone. This server votes with it
 * and will count itself as holding it, so it is fsynced first; or a power loss takes it from the
 * quorum that it made. DIVERGES: upstream counts what it can read (docs/divergence.md).
 */
function flushLog(ctx: Context): void {
  if (ctx.durable.log.length === 0) return finishReset(ctx);
  setRole(ctx, makeBooting('flush'));
  note(ctx, 'stepBegun', { text: 'boot/flush' });
  flushNow(ctx);
}

export function bootFlushed(ctx: Context): void {
  note(ctx, 'stepDone', { text: 'boot/flush' });
  finishReset(ctx);
}

function refuse(ctx: Context, reason: string): void {
  ctx.transition = { to: 'halted', code: 1, reason };
}

/** The log must end where memory does before anything is appended to it. */
function finishReset(ctx: Context): void {
  if (!resetStaleLog(ctx)) return finishEpoch(ctx);
  setRole(ctx, makeBooting('resetLog'));
  note(ctx, 'stepBegun', { text: 'boot/resetLog' });
}

export function bootLogReset(ctx: Context): void {
  note(ctx, 'stepDone', { text: 'boot/resetLog' });
  finishEpoch(ctx);
}

function finishEpoch(ctx: Context): void {
  const epoch = epochOf(ctx.database.lastProcessed);
  if (epoch > ctx.durable.acceptedEpoch)
    return refuse(ctx, 'the log is of an epoch never accepted');
  if (ctx.config.rules.epochBehindLog === 'refuse' && epoch > ctx.durable.currentEpoch)
    return refuse(ctx, 'the log is of a later epoch than currentEpoch');
  if (!adoptEpoch(ctx)) return start(ctx);
  setRole(ctx, makeBooting('adoptEpoch'));
  note(ctx, 'stepBegun', { epoch, text: 'boot/adoptEpoch' });
}

export function bootEpochWritten(ctx: Context): void {
  note(ctx, 'stepDone', { text: 'boot/adoptEpoch' });
  start(ctx);
}

function start(ctx: Context): void {
  setRole(ctx, makeBooting('start'));
  wake(ctx, 'microStep');
}

export function bootStep(ctx: Context, role: Booting): void {
  if (role.step !== 'start') return;
  const vote = makeVote(ctx.config.sid, ctx.database.lastProcessed, ctx.durable.currentEpoch);
  ctx.settledVote = { vote, round: ctx.round };
  startTransport(ctx);
  lookAgain(ctx);
}
