// The last two stages of every serving server: commit (one committed transaction at a time, in zxid
// order) and final (apply it, answer the client that waits for it here). Both are queues with a
// wake-up, so that a server can be caught between "committed" and "applied". Applying does not wait
// for the local log. [ZK-Java CommitProcessor, FinalRequestProcessor]
import type { Context } from '../context.js';
import { note, wake } from '../context.js';
import { committedApplied, syncReleased } from '../session/front.js';
import { applyToDatabase, isInSnapshot } from '../storage/apply.js';
import { treeDigest } from '../tree/tree.js';
import type { Txn } from '../txn.js';
import type { CommitItem, Pipeline } from './pipeline.js';
import { makePipeline } from './pipeline.js';

export function enqueueCommit(ctx: Context, pipeline: Pipeline, item: CommitItem): Pipeline {
  if (pipeline.commit.length === 0) wake(ctx, 'commit');
  return makePipeline(pipeline.commit.push(item), pipeline.final);
}

export function commitStage(ctx: Context, pipeline: Pipeline): Pipeline {
  const item = pipeline.commit.head;
  if (item === undefined) return pipeline;
  if (pipeline.commit.length > 1) wake(ctx, 'commit');
  if (pipeline.final.length === 0) wake(ctx, 'final');
  return makePipeline(pipeline.commit.drop(1), pipeline.final.push(item));
}

/** Applies one transaction to this serving server's memory. */
function applyServing(ctx: Context, txn: Txn): void {
  if (ctx.config.rules.snapTakenAfterMs > 0 && isInSnapshot(ctx, txn)) return;
  const { tree: before } = ctx.database;
  const applied = applyToDatabase(ctx.database, txn, ctx.config.limits.commitLogCount);
  ctx.database = applied.database;
  note(ctx, 'applied', {
    zxid: txn.zxid,
    epoch: treeDigest(applied.database.tree),
    value: applied.database.lineage,
    digest: txn.digest,
    text: 'serving',
  });
  committedApplied(ctx, txn, applied.result, before);
}

/** Returns the pipeline and the transaction just applied. */
export function finalStage(
  ctx: Context,
  pipeline: Pipeline,
): { pipeline: Pipeline; applied: Txn | undefined } {
  const item = pipeline.final.head;
  if (item === undefined) return { pipeline, applied: undefined };
  if (pipeline.final.length > 1) wake(ctx, 'final');
  const rest = makePipeline(pipeline.commit, pipeline.final.drop(1));
  if (item.kind === 'sync') {
    syncReleased(ctx, item.session, item.cxid);
    return { pipeline: rest, applied: undefined };
  }
  applyServing(ctx, item.txn);
  return { pipeline: rest, applied: item.txn };
}
