// What must not compile, does not: the type checker runs over this file in `npm run check`, and an
// expected error that is none is one. Nothing here does anything at run time.
import { describe, expect, expectTypeOf, it } from 'vitest';
import type { Transition } from '../../protocol/context.js';
import type { Effect } from '../../protocol/effect.js';
import type { PeerEvent } from '../../protocol/event.js';
import { emptyFifo } from '../../protocol/fifo.js';
import type { Epoch, Round, ServerId, SessionId, Zxid } from '../../protocol/ids.js';
import { epochOf, makeZxid, serverId } from '../../protocol/ids.js';
import type { Message, Packet } from '../../protocol/message.js';
import { packet } from '../../protocol/message.js';
import type { LeaveStep, NewLeaderStep } from '../../protocol/rules.js';
import type { PeerState, Role } from '../../protocol/state.js';
import type { Txn } from '../../protocol/txn.js';
import { makeVote } from '../../protocol/vote.js';
import type { Handler, Leading, LeadingPhase } from '../../protocol/zab/leading.js';
import type { Learner, LearnerPhase } from '../../protocol/zab/learner.js';
import { IDLE_PIPELINE } from '../../protocol/zab/pipeline.js';
import type { SyncPlan } from '../../protocol/zab/sync-plan.js';

/** Compiled, and never run. */
function never(body: () => void): void {
  expect(body).toBeTypeOf('function');
}

const aRole = (value: Role): Role => value;
const aTransition = (value: Transition): Transition => value;
const aPhase = (value: LearnerPhase): LearnerPhase => value;
const aLeadingPhase = (value: LeadingPhase): LeadingPhase => value;
const aPlan = (value: SyncPlan): SyncPlan => value;
const aHandlerState = (value: Handler['state']): Handler['state'] => value;
const aNewLeaderStep = (value: NewLeaderStep): NewLeaderStep => value;
const aLeaveStep = (value: LeaveStep): LeaveStep => value;
const anEvent = (value: PeerEvent): PeerEvent => value;
const anEffect = (value: Effect): Effect => value;
const anEpoch = (value: Epoch): Epoch => value;
const aZxid = (value: Zxid): Zxid => value;
const aServer = (value: ServerId): ServerId => value;
const aMessage = (value: Message): Message => value;

declare const epoch: Epoch;
declare const round: Round;
declare const zxid: Zxid;
declare const session: SessionId;
declare const state: PeerState;
declare const learner: Learner;
declare const leading: Leading;
declare const handler: Handler;
declare const backlog: Extract<LearnerPhase, { kind: 'receiving' }>['backlog'];

describe('a role', () => {
  it('and its phase are one: what cannot be, cannot be written', () => {
    never(() => {
      // @ts-expect-error a follower in ELECTION
      aRole({ ...learner, kind: 'following', phase: { kind: 'election' } });
      // @ts-expect-error a server that looks has no leader's phase
      aRole({ kind: 'looking', phase: 'broadcast' });
      // @ts-expect-error a leader does not receive a plan
      aRole({ ...leading, phase: { kind: 'receiving', epoch, mode: 'diff', backlog } });
      // @ts-expect-error there is no such role
      aRole({ kind: 'candidate' });
      // @ts-expect-error only those who serve can be leaving
      aRole({ kind: 'leaving', from: 'looking', step: 0, dirty: false });
      // @ts-expect-error a process that ended says why
      aRole({ kind: 'halted', code: 1 });
    });
    expectTypeOf<Role['kind']>().toEqualTypeOf<
      'booting' | 'looking' | 'following' | 'observing' | 'leading' | 'leaving' | 'halted'
    >();
  });

  it('is reached by a transition, and only by one of four', () => {
    never(() => {
      // @ts-expect-error nobody becomes a leader but by an election
      aTransition({ to: 'leading' });
      // @ts-expect-error an election has a round
      aTransition({ to: 'elected', vote: makeVote(serverId(1), zxid, epoch) });
      // @ts-expect-error a role is left for a reason
      aTransition({ to: 'leaving' });
    });
    expectTypeOf<Transition['to']>().toEqualTypeOf<'elected' | 'leaving' | 'looking' | 'halted'>();
  });

  it('does not change in place', () => {
    never(() => {
      // @ts-expect-error a state is a value
      state.round = round;
      // @ts-expect-error and so is what it holds
      state.durable.currentEpoch = epoch;
      // @ts-expect-error and what that holds
      leading.handlers[0] = handler;
    });
  });
});

describe('a phase', () => {
  it('has what belongs to it', () => {
    never(() => {
      // @ts-expect-error broadcast without an epoch
      aPhase({ kind: 'broadcast', pending: emptyFifo(), pipeline: IDLE_PIPELINE });
      // @ts-expect-error synchronization without a mode
      aPhase({ kind: 'receiving', epoch, backlog });
      // @ts-expect-error there is no mode NONE
      aPhase({ kind: 'receiving', epoch, mode: 'none', backlog });
      // @ts-expect-error a TRUNC goes somewhere
      aPhase({ kind: 'truncating', epoch });
      // @ts-expect-error nothing is pending before the server serves
      aPhase({ kind: 'awaitUpToDate', epoch, backlog, pending: emptyFifo() });
      // @ts-expect-error a leader in broadcast knows what is outstanding
      aLeadingPhase({ kind: 'broadcast' });
      // @ts-expect-error its own ack counts or does not
      aLeadingPhase({ kind: 'awaitNewLeaderAcks' });
      // @ts-expect-error a plan is one of three
      aPlan({ mode: 'none', zxid, txns: [], upTo: zxid, fromDisk: false });
    });
  });

  it('of a handler, a step and a timer has a name', () => {
    never(() => {
      // @ts-expect-error no such state
      aHandlerState('synced');
      // @ts-expect-error no such step
      aNewLeaderStep('fsync');
      // @ts-expect-error no such step either
      aLeaveStep('flush');
      // @ts-expect-error no such timer
      anEvent({ kind: 'timer', timer: 'tick', key: 0 });
      // @ts-expect-error a message goes over a connection
      anEffect({ kind: 'send', message: packet('upToDate', zxid, undefined) });
    });
  });
});

describe('a number', () => {
  it('is not just a number', () => {
    never(() => {
      // @ts-expect-error an epoch is branded
      anEpoch(1);
      // @ts-expect-error a zxid is branded
      aZxid(4294967297);
      // @ts-expect-error a server's id is branded: serverId(1) is how
      aServer(1);
      // @ts-expect-error an epoch is no zxid
      aZxid(epoch);
      // @ts-expect-error a round is no epoch: that confusion has a history of its own
      anEpoch(round);
      // @ts-expect-error a zxid is no epoch: epochOf is how
      anEpoch(zxid);
      // @ts-expect-error a session is no server
      aServer(session);
      // @ts-expect-error the sum of an epoch and one is a number
      anEpoch(epoch + 1);
      // @ts-expect-error a zxid is made of an epoch
      makeZxid(1, 1);
      // @ts-expect-error first the leader, then the zxid, then the epoch
      makeVote(serverId(1), epoch, zxid);
    });
    expectTypeOf(epochOf(0 as Zxid)).toEqualTypeOf<Epoch>();
  });
});

describe('a message', () => {
  it('has the body of its kind', () => {
    never(() => {
      // @ts-expect-error a proposal carries a transaction
      packet('proposal', zxid, undefined);
      // @ts-expect-error a commit carries nothing
      packet('commit', zxid, {} as Txn);
      // @ts-expect-error an ACKEPOCH says of which epoch the history is
      packet('ackEpoch', zxid, { wantsSnapshot: false });
      // @ts-expect-error there is no such packet: ACK of NEWLEADER is an ack of e:0
      packet('ackNewLeader', zxid, undefined);
      // @ts-expect-error a packet has a zxid, if only NO_ZXID
      aMessage({ kind: 'upToDate', body: undefined });
    });
    expectTypeOf<Packet<'proposal'>['body']>().toEqualTypeOf<Txn>();
    expectTypeOf<Extract<Message, { kind: 'diff' }>['body']>().toEqualTypeOf<undefined>();
  });
});
