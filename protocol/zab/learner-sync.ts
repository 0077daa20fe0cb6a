// Synchronization as a learner sees it, up to NEWLEADER: carry out DIFF, TRUNC or SNAP and collect
// what follows. After DIFF and TRUNC everything goes through the log first; only after SNAP are
// commits applied to memory directly, because the whole of memory is about to be written as a
// snapshot. [ZK-Java Learner.syncWithLeader]
import type { Context } from '../context.js';
import { mark, note } from '../context.js';
import type { Epoch, Zxid } from '../ids.js';
import { epochOf, NO_ZXID } from '../ids.js';
import type { Message } from '../message.js';
import { setRole } from '../role.js';
import type { Rules } from '../rules.js';
import { applyToDatabase, isInSnapshot } from '../storage/apply.js';
import { CommittedLog } from '../storage/committed-log.js';
import { makeDatabase } from '../storage/database.js';
import { cutLog } from '../storage/files.js';
import { canTruncate, recover, truncated } from '../storage/recover.js';
import type { Txn } from '../txn.js';
import { beginNewLeader } from './learner-new-leader.js';
import type { Backlog, Learner } from './learner.js';
import { NO_BACKLOG, withPhase } from './learner.js';
import { leaveLeader, restsOnSnapshot } from './learner-link.js';
import type { SyncMode } from './sync-plan.js';

function receive(ctx: Context, role: Learner, epoch: Epoch, mode: SyncMode): void {
  setRole(ctx, withPhase(role, { kind: 'receiving', epoch, mode, backlog: NO_BACKLOG }));
}

/** The first packet after ACKEPOCH decides the mode. */
export function onPlan(ctx: Context, role: Learner, epoch: Epoch, message: Message): void {
  switch (message.kind) {
    case 'diff':
      note(ctx, 'syncing', { peer: role.leader, zxid: message.zxid, epoch, text: 'diff' });
      if (ctx.config.rules.diffHeader === 'advances') advance(ctx, message.zxid);
      receive(ctx, role, epoch, 'diff');
      return;
    case 'snap':
      note(ctx, 'syncing', { peer: role.leader, zxid: message.zxid, epoch, text: 'snap' });
      installSnapshot(ctx, role, message.body.database.tree, message);
      receive(ctx, role, epoch, 'snap');
      return;
    case 'trunc':
      note(ctx, 'syncing', { peer: role.leader, zxid: message.zxid, epoch, text: 'trunc' });
      beginTruncate(ctx, role, epoch, message.zxid);
      return;
    default:
      leaveLeader(ctx, `expected DIFF, TRUNC or SNAP, got ${message.kind}`);
  }
}

function advance(ctx: Context, zxid: Zxid): void {
  const { tree, lineage, committedLog } = ctx.database;
  ctx.database = makeDatabase(tree, zxid, lineage, committedLog);
}

function installSnapshot(
  ctx: Context,
  role: Learner,
  tree: Parameters<typeof makeDatabase>[0],
  message: Message & { kind: 'snap' },
): void {
  const { lineage } = message.body.database;
  ctx.database = makeDatabase(tree, message.zxid, lineage, CommittedLog.empty());
  note(ctx, 'installed', { peer: role.leader, zxid: message.zxid, value: lineage });
}

function beginTruncate(ctx: Context, role: Learner, epoch: Epoch, zxid: Zxid): void {
  const cutAt = ctx.config.rules.cutAt(ctx.durable.log, zxid);
  if (!canTruncate(ctx.durable, cutAt)) {
    // DIVERGES: upstream cuts at the next record or exits with code 13 (docs/divergence.md).
    mark(ctx, 'sync/trunc-impossible', role.leader);
    ctx.wantsSnapshot = true;
    leaveLeader(ctx, 'cannot truncate to that zxid');
    return;
  }
  const cut = truncated(ctx.durable, cutAt);
  setRole(ctx, withPhase(role, { kind: 'truncating', epoch, zxid }));
  note(ctx, 'stepBegun', { zxid, text: 'truncate/cut' });
  cutLog(ctx, 'trunc', cut.log, cut.snapshots);
}

/** The cut is durable: memory is rebuilt from what is left. */
export function truncateDone(ctx: Context, role: Learner, epoch: Epoch, zxid: Zxid): void {
  note(ctx, 'stepDone', { zxid, text: 'truncate/cut' });
  const database = recover(ctx.durable, ctx.config.limits.commitLogCount);
  if (database === undefined) {
    ctx.transition = { to: 'halted', code: 13, reason: 'truncated log cannot be read back' };
    return;
  }
  ctx.database = database;
  note(ctx, 'loaded', { zxid: database.lastProcessed, value: database.lineage, text: 'reload' });
  receive(ctx, role, epoch, 'trunc');
}

/** A proposal must follow the one before it, or begin a later epoch (ZOOKEEPER-4925). */
function continues(backlog: Backlog, zxid: Zxid): boolean {
  const last = backlog.lastQueued;
  return last === NO_ZXID || zxid === last + 1 || epochOf(zxid) > epochOf(last);
}

function withProposal(backlog: Backlog, txn: Txn): Backlog {
  return {
    proposals: backlog.proposals.push(txn),
    commits: backlog.commits,
    lastQueued: txn.zxid,
  };
}

function withCommit(backlog: Backlog, zxid: Zxid): Backlog {
  return {
    proposals: backlog.proposals,
    commits: backlog.commits.push(zxid),
    lastQueued: backlog.lastQueued,
  };
}

/** The backlog after one packet of the stream; undefined when it has a gap and may not. */
export function collect(backlog: Backlog, message: Message, rules: Rules): Backlog | undefined {
  const gapless = rules.streamGap === 'accept' || continues(backlog, message.zxid);
  switch (message.kind) {
    case 'proposal':
      if (!gapless) return undefined;
      return withProposal(backlog, message.body);
    case 'commit':
      return withCommit(backlog, message.zxid);
    case 'inform':
      if (!gapless) return undefined;
      return withCommit(withProposal(backlog, message.body), message.zxid);
    default:
      return backlog;
  }
}

/** After SNAP a committed transaction is applied at once; it may be in the snapshot already. */
function applyCommits(ctx: Context, backlog: Backlog): Backlog {
  let { proposals, commits } = backlog;
  while (commits.length > 0) {
    const txn = proposals.head;
    if (txn?.zxid !== commits.head) break;
    proposals = proposals.drop(1);
    commits = commits.drop(1);
    if (txn === undefined || isInSnapshot(ctx, txn)) continue;
    const windowMax = ctx.config.limits.commitLogCount;
    ctx.database = applyToDatabase(ctx.database, txn, windowMax).database;
    const value = ctx.database.lineage;
    note(ctx, 'applied', { zxid: txn.zxid, value, digest: txn.digest, text: 'syncing' });
  }
  return { proposals, commits, lastQueued: backlog.lastQueued };
}

export function onSyncStream(
  ctx: Context,
  role: Learner,
  phase: { epoch: Epoch; mode: SyncMode; backlog: Backlog },
  message: Message,
): void {
  if (message.kind === 'newLeader') {
    beginNewLeader(ctx, role, phase);
    return;
  }
  const collected = collect(phase.backlog, message, ctx.config.rules);
  if (collected === undefined) {
    leaveLeader(ctx, 'gap in the synchronization stream');
    return;
  }
  const backlog = restsOnSnapshot(ctx, phase.mode) ? applyCommits(ctx, collected) : collected;
  const { epoch, mode } = phase;
  setRole(ctx, withPhase(role, { kind: 'receiving', epoch, mode, backlog }));
}
