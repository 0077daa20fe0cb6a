// The reducer of one server: route an event to the transport, the front or the current role, carry
// out the transition that a handler asked for, and fold the context back into a state. [ZK-Java
// QuorumPeer.run]
import { unreachable } from '../base/assert.js';
import type { PeerConfig } from './peer-config.js';
import type { Context } from './context.js';
import { close, note } from './context.js';
import type { Effect } from './effect.js';
import { NO_EFFECTS } from './effect.js';
import { lookingTimer, startLooking } from './election/looking.js';
import { onNotification } from './election/receive.js';
import {
  EMPTY_TRANSPORT,
  ownsConn,
  transportAccepted,
  transportClosed,
  transportDialed,
  transportDialFailed,
  transportReceived,
} from './election/transport.js';
import type { Now, PeerEvent, TimerKind } from './event.js';
import type { ConnId, Round, ServerId } from './ids.js';
import type { Message } from './message.js';
import {
  clientAccepted,
  clientClosed,
  clientReceived,
  EMPTY_FRONT,
  localExpiryDue,
  ownsClientConn,
} from './session/front.js';
import type { PeerState } from './state.js';
import { setRole } from './role.js';
import { EMPTY_DATABASE } from './storage/database.js';
import { diskAnswered } from './zab/disk-answers.js';
import { goOnLogging, logStage } from './storage/disk-queue.js';
import { snapshotStage } from './storage/snapshots.js';
import { IDLE_DISK } from './storage/disk-state.js';
import { BLANK_DISK } from './storage/durable.js';
import { NO_VOTE } from './vote.js';
import { boot, bootStep } from './zab/booting.js';
import { leaderReceived, leaderTimer, learnerAccepted, learnerGone } from './zab/lead.js';
import { leaderSubmit } from './zab/leader-broadcast.js';
import { startLeading } from './zab/leader-discovery.js';
import { learnerSubmit } from './zab/learner-broadcast.js';
import { leaderDialed, leaderDialFailed, startLearner } from './zab/learner-discovery.js';
import { learnerClosed, learnerReceived, learnerTimer } from './zab/learning.js';
import { leavingStep, lookAgain, startLeaving } from './zab/leaving.js';
import { handlerAt } from './zab/leading.js';
import { BOOTING } from './zab/transient.js';

export interface Step {
  readonly state: PeerState;
  readonly effects: readonly Effect[];
}

/** A process that has not read its disk yet: its first event is `boot`. */
export const UNBORN: PeerState = {
  durable: BLANK_DISK.durable,
  database: EMPTY_DATABASE,
  disk: IDLE_DISK,
  transport: EMPTY_TRANSPORT,
  settledVote: { vote: NO_VOTE, round: 0 as Round },
  round: 0 as Round,
  role: BOOTING,
  front: EMPTY_FRONT,
  wantsSnapshot: false,
};

function open(config: PeerConfig, state: PeerState, now: Now): Context {
  return {
    config,
    nowUs: now.monoUs,
    wallMs: now.wallMs,
    durable: state.durable,
    database: state.database,
    disk: state.disk,
    transport: state.transport,
    settledVote: state.settledVote,
    round: state.round,
    role: state.role,
    front: state.front,
    wantsSnapshot: state.wantsSnapshot,
    transition: undefined,
    submitted: [],
    effects: [],
  };
}

function changed(ctx: Context, state: PeerState): boolean {
  return (
    ctx.role !== state.role ||
    ctx.database !== state.database ||
    ctx.durable !== state.durable ||
    ctx.disk !== state.disk ||
    ctx.transport !== state.transport ||
    ctx.front !== state.front ||
    ctx.settledVote !== state.settledVote ||
    ctx.round !== state.round ||
    ctx.wantsSnapshot !== state.wantsSnapshot
  );
}

function fold(ctx: Context, state: PeerState): Step {
  if (!changed(ctx, state)) {
    return { state, effects: ctx.effects.length === 0 ? NO_EFFECTS : ctx.effects };
  }
  return {
    state: {
      durable: ctx.durable,
      database: ctx.database,
      disk: ctx.disk,
      transport: ctx.transport,
      settledVote: ctx.settledVote,
      round: ctx.round,
      role: ctx.role,
      front: ctx.front,
      wantsSnapshot: ctx.wantsSnapshot,
    },
    effects: ctx.effects,
  };
}

/** One event of one server. Total and pure; the driver's contract is in doc.md. */
export function stepPeer(config: PeerConfig, state: PeerState, event: PeerEvent, now: Now): Step {
  if (state.role.kind === 'halted') return { state, effects: NO_EFFECTS };
  const ctx = open(config, state, now);
  handle(ctx, event);
  settle(ctx);
  return fold(ctx, state);
}

/** Submissions go to the role, transitions are carried out, until neither is left. */
function settle(ctx: Context): void {
  for (;;) {
    if (ctx.submitted.length > 0) {
      const wanted = ctx.submitted;
      ctx.submitted = [];
      for (const submission of wanted) {
        const role = ctx.role;
        if (role.kind === 'leading') leaderSubmit(ctx, submission);
        else if (role.kind === 'following' || role.kind === 'observing') {
          learnerSubmit(ctx, role, submission);
        }
      }
    }
    const transition = ctx.transition;
    if (transition === undefined) {
      if (ctx.submitted.length === 0) return;
      continue;
    }
    ctx.transition = undefined;
    carryOut(ctx, transition);
  }
}

function carryOut(ctx: Context, transition: NonNullable<Context['transition']>): void {
  switch (transition.to) {
    case 'elected': {
      const { vote, round } = transition;
      ctx.settledVote = { vote, round };
      ctx.effects.push({ kind: 'clearTimers' });
      goOnLogging(ctx);
      if (vote.leader === ctx.config.sid) startLeading(ctx);
      else startLearner(ctx, vote.leader);
      return;
    }
    case 'leaving':
      return startLeaving(ctx, transition.reason);
    case 'looking':
      ctx.effects.push({ kind: 'clearTimers' });
      goOnLogging(ctx);
      return startLooking(ctx);
    case 'halted': {
      const { code, reason } = transition;
      note(ctx, 'halted', { value: code, text: reason });
      setRole(ctx, { kind: 'halted', code, reason });
      ctx.effects.push({ kind: 'exit', code, reason });
      return;
    }
    default:
      return unreachable(transition);
  }
}

function handle(ctx: Context, event: PeerEvent): void {
  switch (event.kind) {
    case 'boot':
      return boot(ctx, event.disk);
    case 'received':
      return received(ctx, event.conn, event.message);
    case 'timer':
      return timer(ctx, event.timer, event.key);
    case 'dialed':
      if (event.purpose === 'election') return transportDialed(ctx, event.peer, event.conn);
      return quorumDialed(ctx, event.peer, event.conn);
    case 'dialFailed':
      if (event.purpose === 'election') return transportDialFailed(ctx, event.peer);
      return quorumDialFailed(ctx, event.peer);
    case 'accepted':
      return accepted(ctx, event);
    case 'closed':
      return closed(ctx, event.conn, event.reason);
    case 'logFlushed':
    case 'logFailed':
    case 'epochWritten':
    case 'epochFailed':
    case 'snapshotWritten':
    case 'snapshotFailed':
    case 'logTruncated':
    case 'truncateFailed':
    case 'databaseRead':
      return diskAnswered(ctx, event);
    default:
      return unreachable(event);
  }
}

function received(ctx: Context, conn: ConnId, message: Message): void {
  const role = ctx.role;
  if ((role.kind === 'following' || role.kind === 'observing') && role.conn === conn) {
    return learnerReceived(ctx, role, message);
  }
  if (role.kind === 'leading' && handlerAt(role.handlers, conn) >= 0) {
    return leaderReceived(ctx, role, conn, message);
  }
  if (ownsClientConn(ctx.front, conn)) return clientReceived(ctx, conn, message);
  if (message.kind === 'greeting' || message.kind === 'notification') {
    const heard = transportReceived(ctx, conn, message);
    if (heard !== undefined) onNotification(ctx, heard.from, heard.notification);
  }
}

function quorumDialed(ctx: Context, peer: ServerId, conn: ConnId): void {
  const role = ctx.role;
  const learner = role.kind === 'following' || role.kind === 'observing';
  // A dial of an earlier role may succeed late.
  if (learner && role.leader === peer) leaderDialed(ctx, role, conn);
  else close(ctx, conn);
}

function quorumDialFailed(ctx: Context, peer: ServerId): void {
  const role = ctx.role;
  const learner = role.kind === 'following' || role.kind === 'observing';
  if (learner && role.leader === peer) leaderDialFailed(ctx, role);
}

function accepted(ctx: Context, event: PeerEvent & { kind: 'accepted' }): void {
  switch (event.purpose) {
    case 'election':
      return transportAccepted(ctx, event.conn);
    case 'client':
      return clientAccepted(ctx, event.conn);
    case 'quorum':
      if (ctx.role.kind === 'leading') learnerAccepted(ctx, ctx.role, event.conn);
      else close(ctx, event.conn);
      return;
    default:
      return unreachable(event.purpose);
  }
}

function closed(ctx: Context, conn: ConnId, reason: string): void {
  const role = ctx.role;
  if ((role.kind === 'following' || role.kind === 'observing') && role.conn === conn) {
    return learnerClosed(ctx, role, reason);
  }
  if (role.kind === 'leading' && handlerAt(role.handlers, conn) >= 0) {
    return learnerGone(ctx, role, conn);
  }
  if (ownsClientConn(ctx.front, conn)) return clientClosed(ctx, conn);
  if (ownsConn(ctx.transport, conn)) transportClosed(ctx, conn);
}

function timer(ctx: Context, kind: TimerKind, key: number): void {
  // The disk thread runs in every role.
  if (kind === 'log') return logStage(ctx);
  if (kind === 'snapshot') return snapshotStage(ctx);
  if (kind === 'localExpiry') return localExpiryDue(ctx);
  const role = ctx.role;
  switch (role.kind) {
    case 'booting':
      return kind === 'microStep' ? bootStep(ctx, role) : undefined;
    case 'looking':
      return lookingTimer(ctx, role, kind);
    case 'following':
    case 'observing':
      return learnerTimer(ctx, role, kind);
    case 'leading':
      return leaderTimer(ctx, role, kind, key);
    case 'leaving':
      if (kind === 'microStep') leavingStep(ctx, role);
      if (kind === 'observerDelay') lookAgain(ctx);
      return;
    case 'halted':
      return;
    default:
      return unreachable(role);
  }
}
