// Fast leader election among servers that look: one under test, the others played by the story.
// [ZK-Java FastLeaderElection.lookForLeader]
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { supersedesInEnsemble } from '../../protocol/election/order.js';
import { transportDialFailed } from '../../protocol/election/transport.js';
import { NOBODY, NO_EPOCH, NO_ZXID, serverId } from '../../protocol/ids.js';
import { makeWeighted } from '../../protocol/quorum.js';
import type { Vote } from '../../protocol/vote.js';
import { Server, ballot, vote } from './election-server.js';
import { ensembleOf, history } from './election-stub.js';

describe('the order on votes', () => {
  const weights = makeWeighted([1, 2, 3].map((sid) => ({ sid: serverId(sid), weight: sid - 1 })));
  it.each([
    ['a higher epoch beats a longer history', vote(2, 1, 2), vote(3, 9, 1), true],
    ['in one epoch the longer history wins', vote(2, 9, 1), vote(3, 8, 1), true],
    ['a tie goes to the larger id', vote(3, 9, 1), vote(2, 9, 1), true],
    ['no vote beats itself', vote(3, 9, 1), vote(3, 9, 1), false],
    ['a lower epoch never wins', vote(3, 9, 1), vote(2, 1, 2), false],
    ['no weight, no preference', vote(1, 9, 9), vote(3, 1, 1), false],
    ['weight does not order', vote(2, 9, 1), vote(3, 8, 1), true],
    ['an id without weight may be beaten', vote(2, 0, 0), vote(1, -1, -1), true],
    ['who does not vote is not preferred', vote(9, 9, 9), vote(3, 0, 0), false],
  ])('%s', (_, candidate, current, expected) => {
    const ensemble = ensembleOf([1, 2, 3], [9], weights);
    expect(supersedesInEnsemble(candidate, current, ensemble)).toBe(expected);
  });

  it('is a strict total order among voters with weight', () => {
    const ensemble = ensembleOf([1, 2, 3]);
    const some = fc.integer({ min: 0, max: 2 });
    const anyVote = fc.tuple(fc.integer({ min: 1, max: 3 }), some, some);
    const better = (a: Vote, b: Vote): boolean => supersedesInEnsemble(a, b, ensemble);
    fc.assert(
      fc.property(anyVote, anyVote, anyVote, (x, y, z) => {
        const [a, b, c] = [vote(...x), vote(...y), vote(...z)];
        const same = x.join() === y.join();
        expect([better(a, b), better(b, a), same].filter(Boolean)).toHaveLength(1);
        if (better(a, b) && better(b, c)) expect(better(a, c)).toBe(true);
      }),
    );
  });
});

describe('at the start', () => {
  it('a voter proposes itself, with its last zxid and its current epoch, to all voters', () => {
    const two = new Server(2, history(4, 77), { voters: [1, 2, 3], observers: [4] }).look();
    expect(two.said).toEqual({ 1: 'looking r1 2(4,77)', 3: 'looking r1 2(4,77)' });
    expect(two.state.round).toBe(1);
  });

  it('its own vote enters its count by loopback', () => {
    const two = new Server(2).look();
    expect(two.looking.boxes.received[2]).toEqual(ballot(2));
    expect(two.timers).toEqual(['poll 200']);
  });

  it('each election begins a new round', () => {
    const two = new Server(2).look().look();
    expect(two.state.round).toBe(2);
    expect(two.looking.boxes.received[2]).toEqual(ballot(2, { at: 2 }));
  });

  it('an observer votes for nobody, with less than any voter has', () => {
    const four = new Server(4, history(4, 77), { observers: [4] }).look();
    expect(four.looking.initial).toEqual({ leader: NOBODY, zxid: NO_ZXID, peerEpoch: NO_EPOCH });
    expect(four.looking.boxes.received).toEqual([undefined, undefined, undefined, undefined]);
    expect(Object.keys(four.said)).toEqual(['1', '2', '3']);
  });

  it('alone it elects itself, after the same pause', () => {
    const one = new Server(1, history(0, 0), { voters: [1] }).look();
    expect(one.timers).toEqual(['finalize 200']);
    expect(one.fire('finalize').transition).toMatchObject({ to: 'elected', vote: vote(1) });
  });
});

describe('polling: the ballot of a looking voter', () => {
  it('a better one is adopted, told to all and counted with the own vote', () => {
    const two = new Server(2, history(1, 5), { voters: [1, 2, 3, 4, 5] }).look();
    two.hear(3, ballot(3, { epoch: 1, zxid: 6 }));
    expect(two.looking.proposal).toEqual(vote(3, 6, 1));
    expect(two.said[1]).toBe('looking r1 3(1,6)');
    expect(two.looking.boxes.received.filter((one) => one?.vote.leader === 3)).toHaveLength(2);
    expect(two.looking.phase).toBe('polling');
    expect(two.timers).toEqual([]);
  });

  it('a worse one is counted and changes nothing', () => {
    const two = new Server(2, history(1, 5)).look().hear(1, ballot(1, { epoch: 1, zxid: 4 }));
    expect(two.looking.proposal).toEqual(vote(2, 5, 1));
    expect(two.said).toEqual({});
    expect(two.looking.boxes.received[1]).toBeDefined();
  });

  it('of a newer round: the round is taken over and the count begins again', () => {
    const two = new Server(2, history(1, 5)).look();
    two.hear(1, ballot(1, { epoch: 1, zxid: 4 }));
    two.hear(3, ballot(3, { at: 7, epoch: 1, zxid: 4 }));
    expect(two.state.round).toBe(7);
    expect(two.looking.proposal).toEqual(vote(2, 5, 1));
    expect(two.said[1]).toBe('looking r7 2(1,5)');
    expect(two.looking.boxes.received[1]).toBeUndefined();
    expect(two.notes).toContain('mark election/rounds-crossed');
  });

  it('of a newer round: what was adopted in the old one is forgotten', () => {
    const two = new Server(2, history(1, 5), { voters: [1, 2, 3, 4, 5] }).look();
    two.hear(5, ballot(5, { epoch: 2 })).hear(1, ballot(1, { at: 2 }));
    expect(two.looking.proposal).toEqual(vote(2, 5, 1));
    two.hear(3, ballot(3, { at: 3, epoch: 1, zxid: 5 }));
    expect(two.looking.proposal).toEqual(vote(3, 5, 1));
  });

  it('of an older round: not counted, but answered with the present proposal', () => {
    const two = new Server(2).look().look().hear(1, ballot(3));
    expect(two.looking.boxes.received[1]).toBeUndefined();
    expect(two.said).toEqual({ 1: 'looking r2 2(0,0)' });
  });

  it('for somebody who does not vote: ignored', () => {
    const two = new Server(2, history(0, 0), { observers: [4] }).look();
    for (const leader of [0, 4, 9]) {
      two.hear(1, ballot(leader, { epoch: 9 }));
      expect(two.looking.boxes.received[1]).toBeUndefined();
      expect(two.notes).toEqual(['ignored vote for a non-voter']);
    }
  });

  it('a candidate without weight keeps its own proposal and convinces nobody', () => {
    const verifier = makeWeighted(
      [1, 2, 3].map((sid) => ({ sid: serverId(sid), weight: sid - 1 })),
    );
    const one = new Server(1, history(5, 5), { verifier }).look();
    expect(one.looking.proposal).toEqual(vote(1, 5, 5));
    const two = new Server(2, history(0, 0), { verifier }).look();
    expect(two.hear(1, ballot(1, { epoch: 5, zxid: 5 })).looking.proposal).toEqual(vote(2));
  });
});

describe('finalizing', () => {
  const ready = () => new Server(2, history(1, 5)).look().hear(3, ballot(3, { epoch: 1, zxid: 6 }));

  it('begins with a quorum behind the proposal', () => {
    expect(ready().looking.phase).toBe('finalizing');
    expect(ready().timers).toEqual(['no poll', 'finalize 200']);
  });

  it('ends in silence with a decision, in the present round', () => {
    const two = ready().fire('finalize');
    expect(two.transition).toEqual({ to: 'elected', vote: vote(3, 6, 1), round: 1 });
    expect(two.notes).toEqual(['elected looking']);
  });

  it('discards whatever is not better, of any state or round, and waits anew', () => {
    const two = ready();
    for (const one of [
      ballot(1, { epoch: 1, zxid: 4 }),
      ballot(1, { epoch: 1, zxid: 4, at: 9 }),
      ballot(3, { epoch: 1, zxid: 6, state: 'leading' }),
    ]) {
      const before = two.state;
      two.hear(1, one);
      expect(two.state).toEqual(before);
      expect(two.timers).toEqual(['finalize 200']);
    }
  });

  it('ends with a better vote, which is then taken as usual', () => {
    const two = ready().hear(1, ballot(1, { epoch: 2 }));
    expect(two.looking.proposal).toEqual(vote(1, 0, 2));
    expect(two.notes).toContain('mark election/finalize-interrupted');
    // The ballot of 1 and the own one are a quorum again.
    expect(two.looking.phase).toBe('finalizing');
    expect(two.timers).toEqual(['finalize 200']);
  });

  it('ends even with a better vote of an older round, which then is ignored', () => {
    const two = new Server(2)
      .look()
      .look()
      .hear(3, ballot(3, { at: 2 }));
    two.hear(1, ballot(1, { epoch: 2, at: 1 }));
    expect(two.looking.phase).toBe('polling');
    expect(two.looking.proposal).toEqual(vote(3));
    expect(two.timers).toEqual(['no finalize', 'poll 200']);
    // The quorum is still there: the next ballot of this round finds it.
    expect(two.hear(3, ballot(3, { at: 2 })).looking.phase).toBe('finalizing');
  });
});

describe('silence', () => {
  it('doubles the patience up to a minute, and it never shrinks in one election', () => {
    const one = new Server(1).look();
    const waits = Array.from({ length: 10 }, () => one.fire('poll').looking.pollMs);
    expect(waits.slice(0, 3)).toEqual([400, 800, 1600]);
    expect(waits.slice(-3)).toEqual([51_200, 60_000, 60_000]);
    expect(one.timers).toEqual(['poll 60000']);
    expect(one.hear(2, ballot(1)).looking.phase).toBe('finalizing');
    expect(one.look().looking.pollMs).toBe(200);
  });

  it('is not needed: nobody whom a server hears puts off what it tells next', () => {
    const two = new Server(2, history(1, 5)).look().hear(1, ballot(1));
    expect([two.looking.phase, two.timers, two.said]).toEqual(['polling', [], {}]);
    expect(two.fire('poll').said[1]).toBe('looking r1 2(1,5)');
  });

  it('sends again if any queue is empty', () => {
    const two = new Server(2).look();
    expect(two.fire('poll').said[1]).toBe('looking r1 2(0,0)');
  });

  it('else only connects again, and what waits goes on waiting', () => {
    const one = new Server(1).look();
    one.step((ctx) => [2, 3].forEach((peer) => transportDialFailed(ctx, serverId(peer))));
    const { outbox } = one.state.transport.queues;
    expect(Object.keys(one.fire('poll').said)).toEqual(['2', '3']);
    expect(one.state.transport.queues.outbox).toBe(outbox);
  });
});
