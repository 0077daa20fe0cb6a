// Fast leader election. Every looking server proposes itself, adopts any better vote that it hears
// of, and tells all voters at each change. With a quorum behind its proposal it waits for a moment
// of silence, then it leads or follows. A server that comes late finds the others settled and joins
// them on the word of a quorum and of the leader itself.
//
// An election is not safe by itself: two servers may both think they won. What it is for is speed,
// and that the winner has the best history of a quorum. Discovery settles who really leads.
//
// Java's election thread takes notifications from a queue, one at a time, and waits anew for each.
// Here the queue is empty between steps, so both waits are timers. That of the finalize phase is
// set again at every notification; that for the next telling goes on (Rules.sendsAgain).
// A step runs in this order: answer the sender (receive.ts); take the notification; take one's own
// vote if taking the former changed it, until nothing changes; set the timer. Taking may not call
// itself: the own vote waits in the transport's loopback, as it waits in Java for its turn in the
// queue. [ZK-Java FastLeaderElection.lookForLeader]
import { unreachable } from '../../base/assert.js';
import type { Context } from '../context.js';
import { clearTimer, mark, note, setTimer } from '../context.js';
import type { TimerKind } from '../event.js';
import type { Round, ServerId } from '../ids.js';
import { NOBODY } from '../ids.js';
import type { NotificationBody, ServerState } from '../message.js';
import { hasSid } from '../sid-set.js';
import { setRole } from '../role.js';
import type { Vote } from '../vote.js';
import { NO_VOTE, makeVote } from '../vote.js';
import type { Box, SettledAgreement } from './ballots.js';
import { emptyBox, supporters } from './ballots.js';
import { put } from './links.js';
import type { Looking } from './role.js';
import { inPhase, makeBoxes, makeLooking } from './role.js';
import { connectAll, haveDelivered, sendToEach, takeLoopback } from './transport.js';

export type { Looking } from './role.js';

export function makeNotification(vote: Vote, round: Round, state: ServerState): NotificationBody {
  return { vote, round, state };
}

/** On entering LOOKING, with no timer running. */
export function startLooking(ctx: Context): void {
  const { config } = ctx;
  ctx.round = config.rules.nextRound(ctx.round);
  const initial = config.observer
    ? NO_VOTE
    : makeVote(config.sid, ctx.database.lastProcessed, ctx.durable.currentEpoch);
  const empty = emptyBox(Math.max(...config.ensemble.voterList));
  const boxes = makeBoxes(empty, empty);
  const role = makeLooking('polling', initial, initial, boxes, config.timing.minNotificationMs);
  setRole(ctx, role);
  propose(ctx, initial);
  takeOwn(ctx, undefined);
}

/** One notification of a voter for a looking server. */
export function takeNotification(
  ctx: Context,
  role: Looking,
  from: ServerId,
  notification: NotificationBody,
): void {
  take(ctx, role, from, notification);
  takeOwn(ctx, role.phase);
}

export function lookingTimer(ctx: Context, role: Looking, timer: TimerKind): void {
  if (timer === 'finalize' && role.phase === 'finalizing') {
    decide(ctx, role.proposal, ctx.round, 'looking');
  } else if (timer === 'poll' && role.phase === 'polling') {
    onSilence(ctx, role);
  } else {
    note(ctx, 'ignored', { text: `timer ${timer} while ${role.phase}` });
  }
}

/** Send again if anything can have arrived, else connect again; and be more patient. */
function onSilence(ctx: Context, role: Looking): void {
  if (haveDelivered(ctx.transport)) announce(ctx, role.proposal);
  else connectAll(ctx);
  const pollMs = Math.min(2 * role.pollMs, ctx.config.timing.maxNotificationMs);
  ctx.role = makeLooking(role.phase, role.initial, role.proposal, role.boxes, pollMs);
  takeOwn(ctx, undefined);
}

/**
 * Takes own votes until there are no more, then sets the timer of the phase that this led to.
 * `running`: the phase whose timer runs.
 */
function takeOwn(ctx: Context, running: Looking['phase'] | undefined): void {
  for (;;) {
    const role = ctx.role;
    if (role.kind !== 'looking' || ctx.transition !== undefined) return;
    const own = takeLoopback(ctx);
    if (own === undefined) {
      setPhaseTimer(ctx, running, role);
      return;
    }
    take(ctx, role, ctx.config.sid, own);
  }
}

function setPhaseTimer(ctx: Context, running: Looking['phase'] | undefined, role: Looking): void {
  const { rules, timing } = ctx.config;
  if (role.phase === 'finalizing') {
    if (running === 'polling') clearTimer(ctx, 'poll');
    setTimer(ctx, 'finalize', rules.finalizeWaitMs(timing));
    return;
  }
  if (running === 'finalizing') clearTimer(ctx, 'finalize');
  const goesOn = running === 'polling' && rules.sendsAgain === 'by the clock';
  if (!goesOn) setTimer(ctx, 'poll', role.pollMs);
}

function isBetter(ctx: Context, candidate: Vote, current: Vote): boolean {
  return ctx.config.rules.supersedes(candidate, current, ctx.config.ensemble);
}

/** Tells all voters, this server included if it is one. */
function announce(ctx: Context, vote: Vote): void {
  sendToEach(ctx, ctx.config.ensemble.voterList, makeNotification(vote, ctx.round, 'looking'));
}

function propose(ctx: Context, vote: Vote): void {
  if (vote.leader !== NOBODY) {
    const { leader, zxid, peerEpoch } = vote;
    note(ctx, 'vote', { peer: leader, zxid, epoch: peerEpoch, value: ctx.round });
  }
  announce(ctx, vote);
}

/** The end: what comes next is the business of whoever carries out the transition. */
function decide(ctx: Context, vote: Vote, round: Round, quorum: 'looking' | 'settled'): void {
  const { leader, zxid, peerEpoch } = vote;
  note(ctx, 'elected', { peer: leader, zxid, epoch: peerEpoch, value: round, text: quorum });
  if (quorum === 'settled') mark(ctx, 'election/joined-settled', leader);
  if (ctx.config.observer) mark(ctx, 'election/observer-joined', leader);
  ctx.round = round;
  ctx.transition = { to: 'elected', vote, round };
}

function take(ctx: Context, role: Looking, from: ServerId, n: NotificationBody): void {
  if (role.phase === 'finalizing') {
    // Only a better vote counts now, whatever the round or state of who casts it.
    if (!isBetter(ctx, n.vote, role.proposal)) {
      if (n.round > ctx.round) note(ctx, 'ignored', { peer: from, text: 'newer round, no better' });
      return;
    }
    mark(ctx, 'election/finalize-interrupted', from);
    ctx.role = inPhase(role, 'polling');
    takePolling(ctx, ctx.role, from, n);
  } else {
    takePolling(ctx, role, from, n);
  }
}

function takePolling(ctx: Context, role: Looking, from: ServerId, n: NotificationBody): void {
  if (!hasSid(ctx.config.ensemble.voters, n.vote.leader)) {
    note(ctx, 'ignored', { peer: from, text: 'vote for a non-voter' });
    return;
  }
  switch (n.state) {
    case 'looking':
      onLooking(ctx, role, from, n);
      return;
    case 'following':
    case 'leading':
      onSettled(ctx, role, from, n);
      return;
    case 'observing':
      note(ctx, 'ignored', { peer: from, text: 'notification of an observer' });
      return;
    default:
      unreachable(n.state);
  }
}

/** The ballot of a voter that looks as well. */
function onLooking(ctx: Context, role: Looking, from: ServerId, n: NotificationBody): void {
  if (n.round < ctx.round) {
    note(ctx, 'ignored', { peer: from, value: n.round, text: 'older round' });
    return;
  }
  let { proposal } = role;
  let { received } = role.boxes;
  if (n.round > ctx.round) {
    mark(ctx, 'election/rounds-crossed', from);
    ctx.round = n.round;
    received = emptyBox(received.length - 1);
    proposal = isBetter(ctx, n.vote, role.initial) ? n.vote : role.initial;
    propose(ctx, proposal);
  } else if (isBetter(ctx, n.vote, proposal)) {
    proposal = n.vote;
    propose(ctx, proposal);
  }
  received = put(received, from, n);
  const probe = makeNotification(proposal, ctx.round, 'looking');
  const { ensemble, rules } = ctx.config;
  const support = supporters(received, probe, rules.agreesInRound);
  const phase = rules.endsElection(ensemble, support, received) ? 'finalizing' : 'polling';
  const boxes = makeBoxes(received, role.boxes.settled);
  ctx.role = makeLooking(phase, role.initial, proposal, boxes, role.pollMs);
}

/** The ballot of a voter that has its leader: a quorum of these is joined at once. */
function onSettled(ctx: Context, role: Looking, from: ServerId, n: NotificationBody): void {
  const { agreesInRound, agreesOutside } = ctx.config.rules;
  let { received } = role.boxes;
  if (n.round === ctx.round) {
    received = put(received, from, n);
    if (isSettled(ctx, received, n, agreesInRound)) {
      decide(ctx, n.vote, n.round, 'settled');
      return;
    }
  }
  const settled = put(role.boxes.settled, from, n);
  if (isSettled(ctx, settled, n, agreesOutside)) {
    decide(ctx, n.vote, n.round, 'settled');
    return;
  }
  const boxes = makeBoxes(received, settled);
  ctx.role = makeLooking(role.phase, role.initial, role.proposal, boxes, role.pollMs);
}

/** Does a quorum mean the same leader as `n` does, and that leader too? */
function isSettled(
  ctx: Context,
  box: Box,
  n: NotificationBody,
  agreement: SettledAgreement,
): boolean {
  const { ensemble, rules, sid } = ctx.config;
  if (!rules.quorums.election(ensemble.verifier, supporters(box, n, agreement))) return false;
  return rules.isConfirmed(box, n, sid, ctx.round);
}
