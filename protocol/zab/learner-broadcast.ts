// From the NEWLEADER ACK to the end of the role: UPTODATE opens the server to clients, then
// PROPOSAL is logged and acknowledged after its fsync, COMMIT is applied in order, whether or not
// it is in the own log yet. A COMMIT that is not for the oldest pending proposal ends the process,
// as in ZooKeeper. [ZK-Java Follower.processPacket, Observer.processPacket,
// FollowerZooKeeperServer]
import { Fifo } from '../fifo.js';
import type { Context, Submission } from '../context.js';
import { mark, note } from '../context.js';
import type { Epoch, Zxid } from '../ids.js';
import { makeZxid, NO_ZXID } from '../ids.js';
import type { Message } from '../message.js';
import { packet } from '../message.js';
import { openFront, revalidated, takeTouches } from '../session/front.js';
import { setRole } from '../role.js';
import { tabulateSession } from '../storage/apply.js';
import { logTxn } from '../storage/disk-queue.js';
import { writeEpoch } from '../storage/files.js';
import type { Txn } from '../txn.js';
import { collect } from './learner-sync.js';
import type { Learner, LearnerPhase } from './learner.js';
import { NO_PROPOSAL, withPhase } from './learner.js';
import { ackEach, ignored, leaveLeader, tellLeader } from './learner-link.js';
import type { Pipeline } from './pipeline.js';
import { IDLE_PIPELINE } from './pipeline.js';
import { commitStage, enqueueCommit, finalStage } from './stages.js';

type AwaitPhase = Extract<LearnerPhase, { kind: 'awaitUpToDate' }>;
export type BroadcastPhase = Extract<LearnerPhase, { kind: 'broadcast' }>;

function makeBroadcast(epoch: Epoch, pending: Fifo<Txn>, pipeline: Pipeline): BroadcastPhase {
  return { kind: 'broadcast', epoch, pending, pipeline };
}

const EXIT_UNMATCHED_COMMIT = 12;

export function onAwaitUpToDate(
  ctx: Context,
  role: Learner,
  phase: AwaitPhase,
  message: Message,
): void {
  switch (message.kind) {
    case 'upToDate':
      serve(ctx, role, phase);
      return;
    case 'proposal':
    case 'commit':
    case 'inform': {
      if (message.kind === 'commit') mark(ctx, 'sync/commit-before-uptodate', role.leader);
      if (message.kind === 'commit' && phase.backlog.proposals.length === 0) {
        leaveLeader(ctx, NO_PROPOSAL);
        return;
      }
      const { epoch, logged } = phase;
      const backlog = collect(phase.backlog, message, ctx.config.rules);
      if (backlog === undefined) leaveLeader(ctx, 'gap in the synchronization stream');
      else setRole(ctx, withPhase(role, { kind: 'awaitUpToDate', epoch, backlog, logged }));
      return;
    }
    case 'ping':
      return;
    default:
      ignored(ctx, role.leader, `${message.kind} before UPTODATE`);
  }
}

/** UPTODATE: open to clients, then treat the backlog as live traffic. */
function serve(ctx: Context, role: Learner, phase: AwaitPhase): void {
  const { epoch, backlog, logged } = phase;
  const { vote, round } = ctx.settledVote;
  ctx.settledVote = { vote: ctx.config.rules.refreshVote(vote, epoch), round };
  const zxid = makeZxid(epoch, 0);
  note(ctx, 'ackSent', { peer: role.leader, zxid, epoch });
  tellLeader(ctx, role, packet('ack', zxid, undefined));
  setRole(ctx, withPhase(role, makeBroadcast(epoch, logged, IDLE_PIPELINE)));
  const { lastProcessed, lineage } = ctx.database;
  note(ctx, 'serving', { peer: role.leader, zxid: lastProcessed, epoch, value: lineage });
  openFront(ctx);
  if (ctx.config.rules.epochAtUpToDate) writeEpoch(ctx, 'current', epoch);
  if (ctx.config.rules.ackSyncTxns === 'never') ackEach(ctx, role, epoch, onDisk(ctx, logged));
  for (const txn of backlog.proposals.toArray()) acceptProposal(ctx, txn);
  for (const committed of backlog.commits.toArray()) acceptCommit(ctx, committed);
}

/** Those that the disk thread has done with; it acknowledges the others when it has. */
function onDisk(ctx: Context, logged: Fifo<Txn>): Fifo<Txn> {
  const next = ctx.disk.batch.head ?? ctx.disk.queued.head;
  if (next === undefined || logged.length === 0) return logged;
  return Fifo.of(logged.toArray().filter(({ zxid }) => zxid < next.zxid));
}

/** The phase as it stands in the context, after handlers that may have replaced it. */
function current(ctx: Context): { role: Learner; phase: BroadcastPhase } | undefined {
  const role = ctx.role;
  if (role.kind !== 'following' && role.kind !== 'observing') return undefined;
  return role.phase.kind === 'broadcast' ? { role, phase: role.phase } : undefined;
}

function acceptProposal(ctx: Context, txn: Txn): void {
  const now = current(ctx);
  if (now === undefined) return;
  const { role, phase } = now;
  setRole(
    ctx,
    withPhase(role, makeBroadcast(phase.epoch, phase.pending.push(txn), phase.pipeline)),
  );
  const { ackProposal: when, snapTakenAfterMs } = ctx.config.rules;
  // A snapshot that ran ahead stands for it already, and the log begins after that.
  if (snapTakenAfterMs > 0 && txn.zxid <= ctx.durable.log.lastZxid) return;
  if (when === 'received') ackProposal(ctx, role, txn.zxid, phase.epoch);
  logTxn(ctx, txn);
  if (ctx.config.rules.sessionTable === 'proposed') tabulateSession(ctx, txn);
}

function acceptCommit(ctx: Context, zxid: Zxid): void {
  const now = current(ctx);
  if (now === undefined) return;
  const { role, phase } = now;
  const txn = phase.pending.head;
  if (txn === undefined) {
    ignored(ctx, role.leader, 'COMMIT with no pending proposal');
    return;
  }
  if (txn.zxid !== zxid) {
    ctx.transition = {
      to: 'halted',
      code: EXIT_UNMATCHED_COMMIT,
      reason: 'COMMIT is not for the oldest pending proposal',
    };
    return;
  }
  note(ctx, 'learned', { peer: role.leader, zxid });
  const pipeline = enqueueCommit(ctx, phase.pipeline, { kind: 'txn', txn });
  setRole(ctx, withPhase(role, makeBroadcast(phase.epoch, phase.pending.drop(1), pipeline)));
}

/** An observer's PROPOSAL and COMMIT in one. */
function acceptInform(ctx: Context, txn: Txn): void {
  const now = current(ctx);
  if (now === undefined) return;
  const { role, phase } = now;
  note(ctx, 'learned', { peer: role.leader, zxid: txn.zxid });
  logTxn(ctx, txn);
  const pipeline = enqueueCommit(ctx, phase.pipeline, { kind: 'txn', txn });
  setRole(ctx, withPhase(role, makeBroadcast(phase.epoch, phase.pending, pipeline)));
}

function ackProposal(ctx: Context, role: Learner, zxid: Zxid, epoch: Epoch): void {
  note(ctx, 'ackSent', { peer: role.leader, zxid, epoch });
  tellLeader(ctx, role, packet('ack', zxid, undefined));
}

function echoPing(ctx: Context, role: Learner, zxid: Zxid): void {
  tellLeader(ctx, role, packet('ping', zxid, { touches: takeTouches(ctx) }));
}

export function onBroadcast(
  ctx: Context,
  role: Learner,
  phase: BroadcastPhase,
  message: Message,
): void {
  switch (message.kind) {
    case 'proposal':
      return acceptProposal(ctx, message.body);
    case 'commit':
      return acceptCommit(ctx, message.zxid);
    case 'inform':
      return acceptInform(ctx, message.body);
    case 'ping':
      return echoPing(ctx, role, message.zxid);
    case 'sync': {
      const { session, cxid } = message.body;
      const pipeline = enqueueCommit(ctx, phase.pipeline, { kind: 'sync', session, cxid });
      setRole(ctx, withPhase(role, makeBroadcast(phase.epoch, phase.pending, pipeline)));
      return;
    }
    case 'revalidate': {
      const { session, timeoutMs, valid } = message.body;
      return revalidated(ctx, session, timeoutMs, valid);
    }
    default:
      return ignored(ctx, role.leader, `${message.kind} in broadcast`);
  }
}

/** The batch is durable: a follower acknowledges each of it, in order. */
export function learnerFlushed(ctx: Context, role: Learner, batch: Fifo<Txn>): void {
  const { phase } = role;
  const { ackProposal: when, ackSyncTxns } = ctx.config.rules;
  const early = phase.kind === 'awaitUpToDate' && ackSyncTxns === 'flushed';
  if ((phase.kind === 'broadcast' && when === 'flushed') || early) {
    ackEach(ctx, role, phase.epoch, batch);
  }
}

export function learnerCommitStage(ctx: Context, role: Learner, phase: BroadcastPhase): void {
  const pipeline = commitStage(ctx, phase.pipeline);
  setRole(ctx, withPhase(role, makeBroadcast(phase.epoch, phase.pending, pipeline)));
}

export function learnerFinalStage(ctx: Context, role: Learner, phase: BroadcastPhase): void {
  const { pipeline } = finalStage(ctx, phase.pipeline);
  setRole(ctx, withPhase(role, makeBroadcast(phase.epoch, phase.pending, pipeline)));
}

/** What a client of this learner wants from the leader. */
export function learnerSubmit(ctx: Context, role: Learner, wanted: Submission): void {
  switch (wanted.kind) {
    case 'request':
      return tellLeader(ctx, role, packet('request', NO_ZXID, wanted.request));
    case 'sync': {
      const { session, cxid } = wanted;
      return tellLeader(ctx, role, packet('sync', NO_ZXID, { session, cxid }));
    }
    case 'revalidate': {
      const { session, timeoutMs } = wanted;
      const body = { session, timeoutMs, valid: false };
      return tellLeader(ctx, role, packet('revalidate', NO_ZXID, body));
    }
  }
}
