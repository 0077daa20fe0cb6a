// What a server does with a notification before any election sees it; it runs in every role. A
// server that looks is told what this one knows: its vote if it looks as well but an old round, its
// leader if it found one. Whoever does not vote gets an answer at once and is otherwise not
// listened to.
//
// DIVERGES (docs/divergence.md): an observer answers nobody. In Java it answers a looking voter
// whose round lags, the voter answers that at once, and so they bounce while the voter looks.
// [ZK-Java FastLeaderElection.Messenger.WorkerReceiver]
import { unreachable } from '../../base/assert.js';
import type { Context } from '../context.js';
import type { Round, ServerId } from '../ids.js';
import type { NotificationBody, ServerState } from '../message.js';
import { hasSid } from '../sid-set.js';
import type { Role } from '../state.js';
import type { Vote } from '../vote.js';
import { makeNotification, takeNotification } from './looking.js';
import { toSend } from './transport.js';

/**
 * The state that a role reports; undefined while there is no election thread to ask. A server that
 * leaves a role still reports it: Java says LOOKING only after everything is shut down.
 */
function serverStateOf(role: Role): ServerState | undefined {
  switch (role.kind) {
    case 'booting':
    case 'halted':
      return undefined;
    case 'looking':
    case 'following':
    case 'leading':
    case 'observing':
      return role.kind;
    case 'leaving':
      return role.from;
    default:
      return unreachable(role);
  }
}

export function onNotification(ctx: Context, from: ServerId, n: NotificationBody): void {
  const { config, role, settledVote } = ctx;
  const state = serverStateOf(role);
  if (state === undefined) return;
  if (!hasSid(config.ensemble.voters, from)) {
    answer(ctx, from, settledVote.vote, ctx.round, state);
    return;
  }
  if (role.kind === 'looking') {
    if (n.state === 'looking' && n.round < ctx.round)
      answer(ctx, from, role.proposal, ctx.round, state);
    takeNotification(ctx, role, from, n);
  } else if (n.state === 'looking') {
    answer(ctx, from, settledVote.vote, settledVote.round, state);
  }
}

function answer(ctx: Context, to: ServerId, vote: Vote, round: Round, state: ServerState): void {
  if (!ctx.config.observer) toSend(ctx, to, makeNotification(vote, round, state));
}
