// Whole elections over a network with delays, cuts and crashes: stories known from real ensembles,
// and what must hold of every election.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RandomStreams } from '../../base/random.js';
import { serverId } from '../../protocol/ids.js';
import { isQuorum, makeHierarchical, makeWeighted, weightOf } from '../../protocol/quorum.js';
import { sidSetOf } from '../../protocol/sid-set.js';
import type { Vote } from '../../protocol/vote.js';
import { makeVote, sameVote, supersedes } from '../../protocol/vote.js';
import { ElectionCluster } from './election-harness.js';
import type { History } from './election-stub.js';
import { history } from './election-stub.js';

describe('stories', () => {
  it('a fresh ensemble elects its largest server, finalizeWait after the last word', () => {
    const cluster = new ElectionCluster({ voters: [1, 2, 3] }).start().run(1000);
    expect(cluster.leaders()).toEqual([3, 3, 3]);
    const elected = cluster.notes.filter(({ note }) => note.kind === 'elected');
    expect(elected.map(({ note }) => note.text)).toEqual(['looking', 'looking', 'looking']);
    for (const { atMs } of elected) {
      expect(atMs).toBeGreaterThan(200);
      expect(atMs).toBeLessThan(215);
    }
  });

  it('followers decide one hop before their leader', () => {
    const cluster = new ElectionCluster({ voters: [1, 2, 3], delayMs: () => 5 }).start().run(1000);
    const [two, three] = [2, 3].map((sid) => cluster.notesOf(sid, 'elected')[0]!.atMs);
    expect(two).toBeLessThan(three!);
  });

  it("a late comer joins at once, at the others' round, although its history is better", () => {
    const histories = new Map([[1, history(9, 9)]]);
    const cluster = new ElectionCluster({ voters: [1, 2, 3], histories }).start(2, 3).run(1000);
    cluster.look(2).look(3).run(1000);
    expect(cluster.state(3).round).toBe(2);
    cluster.start(1).run(20);
    expect(cluster.leaders()).toEqual([3, 3, 3]);
    expect(cluster.state(1).round).toBe(2);
    expect(cluster.marks()).toContain('election/joined-settled');
  });

  it('old votes that still wait for a late comer make it pause, if they are no worse', () => {
    const cluster = new ElectionCluster({ voters: [1, 2, 3] }).start(2, 3).run(1000);
    expect(cluster.start(1).run(150).leaders()).toEqual([0, 3, 3]);
    expect(cluster.run(100).leaders()).toEqual([3, 3, 3]);
  });

  it('a crashed leader is not elected again on the hearsay of its followers', () => {
    const cluster = new ElectionCluster({ voters: [1, 2, 3, 4, 5] }).start().run(1000);
    cluster.crash(5).look(1).run(2000);
    // Two, three and four still claim to follow 5.
    expect(cluster.role(1)).toBe('looking');
    cluster.look(2).look(3).look(4).run(5000);
    expect(cluster.leaders().slice(0, 4)).toEqual([4, 4, 4, 4]);
  });

  it('a restarted server is told first what was true when it went', () => {
    const cluster = new ElectionCluster({ voters: [1, 2, 3] }).start().run(1000);
    cluster.crash(1).reach(history(1, 0), 1).start(1).run(20);
    expect(cluster.marks()).toContain('election/stale-resend');
    expect(cluster.leaders()).toEqual([3, 3, 3]);
  });

  it('who looks before the other has left its role needs one more patience', () => {
    const cluster = new ElectionCluster({ voters: [1, 2, 3] }).start().run(1000).crash(3);
    cluster.look(1).run(50).look(2).run(2000);
    expect(cluster.leaders().slice(0, 2)).toEqual([2, 2]);
    const again = cluster.notesOf(1, 'elected').at(-1)!.atMs;
    expect(again - 1000).toBeGreaterThan(250);
    expect(again - 1000).toBeLessThan(650);
  });

  it('after a long isolation the next word comes only when patience ends', () => {
    const cluster = new ElectionCluster({ voters: [1, 2, 3] }).start().run(1000);
    cluster.cut([1], [2, 3]).look(1).run(25_000).heal().run(400);
    // 0.2 + 0.4 + ... + 12.8 = 25.4 s.
    expect(cluster.role(1)).toBe('looking');
    cluster.run(100);
    expect(cluster.leaders()).toEqual([3, 3, 3]);
  });

  it('a follower that looks alone waits while its leader waits for it', () => {
    // Upstream too: the other follower is gone, so the leader's own word is no quorum.
    const cluster = new ElectionCluster({ voters: [1, 2, 3] }).start(2, 3).run(1000);
    cluster.look(2).run(10_000);
    expect(cluster.leaders()).toEqual([0, 0, 3]);
    cluster.look(3).run(15_000);
    expect(cluster.leaders()).toEqual([0, 3, 3]);
  });

  it('an observer finds the leader of an ensemble old or new, and is never elected', () => {
    const histories = new Map([[4, history(9, 9)]]);
    const cluster = new ElectionCluster({ voters: [1, 2, 3], observers: [4], histories });
    cluster.start().run(2000);
    expect(cluster.leaders()).toEqual([3, 3, 3, 3]);
    expect(cluster.role(4)).toBe('observing');
    // The old votes, said again on the new connections, make it pause like a first election.
    cluster.crash(4).run(10).start(4).run(250);
    expect(cluster.role(4)).toBe('observing');
  });

  it('an observer and a looking voter do not bounce messages', () => {
    const cluster = new ElectionCluster({ voters: [1, 2, 3], observers: [4] });
    // The observer is rounds ahead of a voter without a quorum.
    cluster.start(4).look(4).look(4).look(4).run(10).start(1).run(10_000);
    const between = cluster.sent.filter(({ from, to }) => from === 4 || to === 4);
    expect(between.length).toBeLessThan(40);
  });

  it('a voter without weight leads nobody, whatever its history', () => {
    const weights = [1, 2, 3].map((sid) => ({ sid: serverId(sid), weight: sid === 3 ? 0 : 1 }));
    const histories = new Map([[3, history(9, 9)]]);
    const verifier = makeWeighted(weights);
    const cluster = new ElectionCluster({ voters: [1, 2, 3], verifier, histories });
    cluster.start().run(5000);
    expect(cluster.leaders()).toEqual([2, 2, 2]);
  });

  it('groups elect with a majority of groups', () => {
    const group = (...members: number[]) =>
      members.map((sid) => ({ sid: serverId(sid), weight: 1 }));
    const verifier = makeHierarchical([group(1, 2, 3), group(4, 5, 6), group(7, 8, 9)]);
    const voters = [1, 2, 3, 4, 5, 6, 7, 8, 9];
    const cluster = new ElectionCluster({ voters, verifier }).start(1, 2, 3, 4, 7).run(2000);
    expect([1, 2, 3, 4, 7].map((sid) => cluster.leaderOf(sid))).toEqual([0, 0, 0, 0, 0]);
    cluster.start(5).run(2000);
    expect([1, 2, 3, 4, 5, 7].map((sid) => cluster.leaderOf(sid))).toEqual([7, 7, 7, 7, 7, 7]);
  });
});

const anyHistory = fc.record({ epoch: fc.integer({ min: 0, max: 2 }), zxid: fc.nat(3) });
const anyVoters = fc.integer({ min: 1, max: 7 });
const seed = fc.integer({ min: 0, max: 1_000_000 }).map(String);

interface Drawn {
  readonly cluster: ElectionCluster;
  readonly candidacies: ReadonlyMap<number, Vote>;
}

function draw(
  pasts: readonly { epoch: number; zxid: number }[],
  delayMaxMs: number,
  streams: RandomStreams,
  patienceMs = 0,
): Drawn {
  const voters = pasts.map((_, at) => at + 1);
  const histories = new Map<number, History>();
  const candidacies = new Map<number, Vote>();
  pasts.forEach(({ epoch, zxid }, at) => {
    const past = history(epoch, zxid);
    histories.set(at + 1, past);
    candidacies.set(at + 1, makeVote(serverId(at + 1), past.lastProcessed, past.currentEpoch));
  });
  const delayMs = (from: number, to: number): number =>
    streams.stream(`link/${from}>${to}`).between(1, delayMaxMs * 1000) / 1000;
  return { cluster: new ElectionCluster({ voters, histories, delayMs, patienceMs }), candidacies };
}

/** Is the vote its leader's own candidacy, and at least as good as those of a quorum? */
function expectBestOfQuorum({ cluster, candidacies }: Drawn, elected: Vote): void {
  expect(sameVote(elected, candidacies.get(elected.leader)!)).toBe(true);
  const outdone = cluster.ensemble.voterList.filter(
    (sid) => !supersedes(candidacies.get(sid)!, elected),
  );
  expect(isQuorum(cluster.ensemble.verifier, sidSetOf(outdone))).toBe(true);
  expect(weightOf(cluster.ensemble.verifier, elected.leader)).toBeGreaterThan(0);
}

describe('every election', () => {
  const pastsOf = (size: number) => fc.array(anyHistory, { minLength: size, maxLength: size });
  const anyPasts = anyVoters.chain(pastsOf);

  it('of servers that start together and hear each other soon: all agree on the best', () => {
    fc.assert(
      fc.property(anyPasts, seed, (pasts, seedText) => {
        const drawn = draw(pasts, 20, new RandomStreams(seedText));
        const { cluster, candidacies } = drawn;
        cluster.start().run(5000);
        const best = [...candidacies.values()].reduce((a, b) => (supersedes(b, a) ? b : a));
        expect(cluster.leaders()).toEqual(pasts.map(() => best.leader));
        for (const { sid } of pasts.map((_, at) => ({ sid: at + 1 }))) {
          expect(cluster.state(sid).settledVote.vote).toEqual(best);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('of whatever delays: each names the best of a quorum, and in the end all agree', () => {
    fc.assert(
      fc.property(anyPasts, seed, fc.constantFrom(50, 300, 2000), (pasts, seedText, delayMs) => {
        const drawn = draw(pasts, delayMs, new RandomStreams(seedText), 3 * delayMs);
        const { cluster } = drawn;
        cluster.start().run(300_000);
        for (const { note } of cluster.notes.filter(({ note: { kind } }) => kind === 'elected')) {
          const { peer, zxid, epoch } = note;
          expectBestOfQuorum(drawn, { leader: peer, zxid, peerEpoch: epoch } as Vote);
        }
        const [first] = cluster.leaders();
        expect(first).toBeGreaterThan(0);
        expect(cluster.leaders()).toEqual(pasts.map(() => first));
      }),
      { numRuns: 100 },
    );
  });

  it('among crashes, restarts and cuts: once the world is whole again all find one leader', () => {
    const trouble = fc.tuple(fc.nat(3), fc.nat(4), fc.integer({ min: 1, max: 800 }));
    const troubles = fc.array(trouble, { maxLength: 15 });
    fc.assert(
      fc.property(pastsOf(5), seed, troubles, (pasts, seedText, list) => {
        const { cluster } = draw(pasts, 20, new RandomStreams(seedText), 500);
        const down = new Set<number>();
        cluster.start();
        for (const [what, at, pauseMs] of list) {
          const sid = at + 1;
          if (what === 0 && !down.has(sid)) {
            down.add(sid);
            cluster.crash(sid);
          } else if (what === 1 && down.delete(sid)) cluster.start(sid);
          else if (what === 2) cluster.cut([sid], [(sid % 5) + 1, ((sid + 1) % 5) + 1]);
          else cluster.heal();
          cluster.run(pauseMs);
        }
        cluster.heal();
        if (down.size > 0) cluster.start(...down);
        cluster.run(130_000);
        const [first] = cluster.leaders();
        expect(first).toBeGreaterThan(0);
        expect(cluster.leaders()).toEqual([first, first, first, first, first]);
        for (const a of [1, 2, 3, 4]) expect(cluster.connections(a, a + 1)).toBeLessThanOrEqual(1);
      }),
      { numRuns: 100 },
    );
  });
});
