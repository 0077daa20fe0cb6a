// Fast leader election where leader and followers meet those who still look.
// [ZK-Java FastLeaderElection.lookForLeader, FastLeaderElection.Messenger.WorkerReceiver]
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  emptyBox,
  sameLeader,
  sameLeadership,
  supporters,
} from '../../protocol/election/ballots.js';
import { put } from '../../protocol/election/links.js';
import type { ServerState } from '../../protocol/message.js';
import { countSids } from '../../protocol/sid-set.js';
import type { Role } from '../../protocol/state.js';
import { Server, ballot, vote } from './election-server.js';
import { history, roleStub } from './election-stub.js';

describe('who supports a vote', () => {
  const following = { state: 'following' } as const;
  it.each([
    ['looking: all of it must agree', ballot(3), ballot(3), true, true],
    ['looking: the round', ballot(3), ballot(3, { at: 2 }), false, false],
    ['looking: the zxid', ballot(3), ballot(3, { zxid: 1 }), false, false],
    ['looking: the epoch', ballot(3), ballot(3, { epoch: 1 }), false, false],
    ['looking: the leader', ballot(3), ballot(2), false, false],
    ['one of them looking', ballot(3, following), ballot(3, { zxid: 1 }), false, false],
    [
      'settled: not the zxid',
      ballot(3, following),
      ballot(3, { zxid: 1, ...following }),
      true,
      true,
    ],
    [
      'settled: not the round',
      ballot(3, following),
      ballot(3, { at: 2, ...following }),
      true,
      true,
    ],
    ['settled: the leader', ballot(3, following), ballot(2, following), false, false],
    [
      'settled: the epoch, perhaps',
      ballot(3, following),
      ballot(3, { epoch: 1, ...following }),
      true,
      false,
    ],
  ])('%s', (...[, probe, other, byLeader, byLeadership]) => {
    const box = put(emptyBox(3), 2, other);
    expect(countSids(supporters(box, probe, sameLeader)) === 1).toBe(byLeader);
    expect(countSids(supporters(box, probe, sameLeadership)) === 1).toBe(byLeadership);
  });
});

describe('polling: the ballot of a settled voter', () => {
  const voters = [1, 2, 3, 4, 5];
  const settled = (state: ServerState, { at = 1, epoch = 1, zxid = 0 } = {}) =>
    ballot(5, { state, at, epoch, zxid });
  const late = () => new Server(1, history(9, 9), { voters }).look();

  it('a quorum of them with the leader is joined at once, although the own vote is better', () => {
    const one = late().hear(2, settled('following')).hear(3, settled('following'));
    expect(one.transition).toBeUndefined();
    one.hear(5, settled('leading'));
    expect(one.transition).toEqual({ to: 'elected', vote: vote(5, 0, 1), round: 1 });
    expect(one.notes).toEqual(['elected settled', 'mark election/joined-settled']);
  });

  it('without the word of the leader itself a quorum is hearsay', () => {
    const one = late();
    for (const peer of [2, 3, 4]) one.hear(peer, settled('following'));
    // The leader has died and looks now, or it never says anything.
    one.hear(5, ballot(5, { epoch: 1, at: 1 }));
    expect(one.hear(2, settled('following')).transition).toBeUndefined();
  });

  it('of an older or newer round: its round is taken over with the decision', () => {
    for (const at of [1, 7]) {
      const one = late().look().look();
      one.hear(2, settled('following', { at })).hear(3, settled('following', { at }));
      expect(one.state.round).toBe(3);
      one.hear(5, settled('leading', { at }));
      expect(one.transition).toMatchObject({ round: at });
      expect(one.state.round).toBe(at);
    }
  });

  it('of other rounds: leader and epoch must agree, zxid and round need not', () => {
    const one = late().look();
    one.hear(2, settled('following', { zxid: 3 })).hear(3, settled('following', { epoch: 2 }));
    expect(one.hear(5, settled('leading')).transition).toBeUndefined();
    expect(one.hear(4, settled('following', { at: 9, zxid: 8 })).transition).toBeDefined();
  });

  it('ballots of this round and of others count together', () => {
    const one = late()
      .hear(2, settled('following'))
      .hear(3, settled('following', { at: 9 }));
    expect(one.hear(5, settled('leading', { at: 9 })).transition).toMatchObject({ round: 9 });
  });

  it('of this round: only the leader must agree', () => {
    const one = late()
      .hear(2, settled('following', { epoch: 3 }))
      .hear(5, settled('leading'));
    expect(one.hear(3, settled('following', { epoch: 2, zxid: 4 })).transition).toBeDefined();
  });

  it('of this round: looking ballots for the same vote count too', () => {
    const one = late()
      .hear(2, ballot(5, { epoch: 1 }))
      .hear(3, ballot(5, { epoch: 1, zxid: 1 }));
    expect(one.hear(5, settled('leading')).transition).toBeUndefined();
    expect(one.hear(4, ballot(5, { epoch: 1 })).transition).toBeUndefined();
    expect(one.hear(5, settled('leading')).transition).toBeDefined();
  });

  it('who is named leader by a quorum believes it only in its own round', () => {
    const five = new Server(5, history(1, 0), { voters }).look().look();
    for (const peer of [1, 2, 3]) five.hear(peer, settled('following'));
    expect(five.transition).toBeUndefined();
    for (const peer of [1, 2]) five.hear(peer, settled('following', { at: 2 }));
    expect(five.hear(3, settled('following', { at: 2 })).transition).toMatchObject({ round: 2 });
  });

  it('nothing is decided on less than a quorum', () => {
    const one = late().hear(2, settled('following'));
    expect(one.hear(5, settled('leading')).transition).toBeUndefined();
  });
});

describe('the receiver', () => {
  const settledRoles: [Role, ServerState][] = [
    [roleStub('following'), 'following'],
    [roleStub('leading'), 'leading'],
    [roleStub('leaving', 'following'), 'following'],
    [roleStub('leaving', 'leading'), 'leading'],
  ];

  it.each(settledRoles)(
    '%j: tells a looking voter whom it has, and of which round',
    (role, state) => {
      const two = new Server(2)
        .look()
        .look()
        .play(role, vote(3, 7, 4), 1);
      expect(two.hear(1, ballot(1)).said).toEqual({ 1: `${state} r1 3(4,7)` });
    },
  );

  it.each(settledRoles)('%j: does not answer a settled voter', (role) => {
    const two = new Server(2).look().play(role);
    expect(two.hear(1, ballot(3, { state: 'following' })).said).toEqual({});
  });

  it.each([...settledRoles, [undefined, 'looking'] as const])(
    '%j: answers whoever does not vote at once, with its own round',
    (role, state) => {
      const two = new Server(2, history(4, 7), { observers: [4] }).look();
      if (role !== undefined) two.play(role, vote(3, 7, 4), 9);
      const leader = role === undefined ? '2(4,7)' : '3(4,7)';
      two.hear(4, ballot(0, { at: 5 }));
      expect(two.said).toEqual({ 4: `${state} r1 ${leader}` });
    },
  );

  it('a looking voter tells an observer what it was settled on before', () => {
    const two = new Server(2, history(4, 7), { observers: [4] }).look();
    two.hear(3, ballot(3, { epoch: 8 })).hear(4, ballot(0));
    expect(two.said).toEqual({ 4: 'looking r1 2(4,7)' });
  });

  it('is not there before boot and after the end', () => {
    for (const kind of ['booting', 'halted'] as const) {
      const two = new Server(2).play(roleStub(kind));
      expect(two.hear(1, ballot(1)).effects).toEqual([]);
    }
  });

  it('an observer answers nobody', () => {
    const four = new Server(4, history(0, 0), { observers: [4] }).look().look();
    expect(four.hear(1, ballot(1)).said).toEqual({});
    four.play(roleStub('observing'));
    expect(four.hear(1, ballot(1)).said).toEqual({});
  });
});

describe('an observer', () => {
  const observer = () => new Server(4, history(0, 0), { observers: [4] }).look();

  it('leaves with a quorum of looking voters, itself not counted, after the pause', () => {
    const four = observer().hear(3, ballot(3));
    expect(four.looking.proposal).toEqual(vote(3));
    expect(four.looking.phase).toBe('polling');
    expect(four.hear(2, ballot(3)).looking.phase).toBe('finalizing');
    expect(four.fire('finalize').transition).toMatchObject({ vote: vote(3) });
  });

  it('leaves with a quorum of settled voters at once', () => {
    const four = observer().hear(3, ballot(3, { at: 6, state: 'leading' }));
    four.hear(2, ballot(3, { at: 6, state: 'following' }));
    expect(four.transition).toMatchObject({ vote: vote(3), round: 6 });
  });
});

it('the answer to any notification in any state is a state, never an exception', () => {
  const sid = fc.integer({ min: 0, max: 6 });
  const anyBallot = fc.record({
    leader: sid,
    zxid: fc.integer({ min: -1, max: 2 }),
    epoch: fc.integer({ min: -1, max: 2 }),
    at: fc.integer({ min: 0, max: 3 }),
    state: fc.constantFrom<ServerState>('looking', 'following', 'leading', 'observing'),
  });
  const from = fc.integer({ min: 1, max: 6 });
  const timer = fc.constantFrom('poll', 'finalize', undefined);
  const moves = fc.array(fc.tuple(from, anyBallot, timer), { maxLength: 40 });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 6 }), moves, (self, list) => {
      const options = { voters: [1, 2, 3, 4], observers: [5, 6] };
      const server = new Server(self, history(1, 1), options).look();
      for (const [peer, { leader, ...rest }, fired] of list) {
        if (server.transition !== undefined) server.look();
        if (fired !== undefined) server.fire(fired);
        else if (peer !== self) server.hear(peer, ballot(leader, rest));
        expect(server.state.transport.loopback).toBeUndefined();
        if (server.transition !== undefined) continue;
        // Exactly one of the two waits is under way.
        expect(server.looking.phase).toMatch(/polling|finalizing/);
      }
    }),
  );
});
