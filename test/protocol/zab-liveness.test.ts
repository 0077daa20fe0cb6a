// How a leader and its learners watch each other: pings every half tick, the count of those heard
// of at every full tick, the time that a proposal may go without an ACK. [ZK-Java Leader.lead main
// loop, LearnerHandler.ping]
import { describe, expect, it } from 'vitest';
import { createOperation } from '../../protocol/operation.js';
import type { Cluster } from './cluster.js';
import { cluster, everybody, followers, leader } from './cluster.js';

const TICK_MS = 200;
const SYNC_LIMIT_MS = 5 * TICK_MS;

function timesUs(c: Cluster, kind: 'received' | 'timer', text: string, sid: number): number[] {
  return c.records(kind, { actor: sid, text }).map(({ atUs }) => atUs);
}

/** From the last word that a server heard of another until it left its role. */
function patienceMs(c: Cluster, sid: number, of: number, since: number): number {
  const left = c.records('left', { actor: sid }, since)[0]!;
  const heard = c.records('received', { actor: sid, peer: of }).filter((r) => r.index < left.index);
  return (left.atUs - heard.at(-1)!.atUs) / 1000;
}

describe('pings', () => {
  it('[ZK-Java Leader.lead] go to every learner twice in a tick, and are answered', () => {
    const c = cluster(3, { observers: 1 }).elect().runFor('2s');
    for (const sid of [1, 2, 4]) {
      const times = timesUs(c, 'received', 'ping', sid);
      const gaps = times.slice(1).map((at, index) => at - times[index]!);
      expect(new Set(gaps)).toEqual(new Set([TICK_MS * 500]));
      const answers = c.records('received', { actor: 3, peer: sid, text: 'ping' });
      expect(answers.length).toBeGreaterThanOrEqual(times.length - 2);
    }
  });

  it('[ZK-Java LearnerHandler.ping] carry the last zxid proposed', () => {
    const c = cluster(3).elect().write('a').stallDisk(followers).propose('b').runFor('300ms');
    expect(c.zxids('received', { actor: 1, text: 'ping' }).at(-1)).toBe('1:3');
    c.heal();
  });

  it('[ZK-Java LearnerHandler.ping] reach a learner only when its plan is sent', () => {
    const c = cluster(3).elect().crash(1).lose('leaderInfo', 3, 1).restart(1);
    c.waitFor('dialed', { actor: 1, text: 'quorum' }).runFor('1500ms');
    expect(c.records('received', { actor: 1, text: 'ping' }, c.last('boot').index)).toEqual([]);
    c.settle();
  });
});

describe('a leader', () => {
  it('[ZK-Java Leader.lead] counts itself and whom it heard of within syncLimit ticks', () => {
    const c = cluster(5).elect().pause(1).pause(2).runFor('4s');
    expect(c.roleOf(5)).toBe('leading/broadcast');
    const since = c.recorder.count;
    c.pause(3).waitFor('left', { actor: 5 });
    const waitedMs = patienceMs(c, 5, 3, since);
    expect([waitedMs >= SYNC_LIMIT_MS, waitedMs <= SYNC_LIMIT_MS + 2 * TICK_MS]).toEqual([
      true,
      true,
    ]);
    c.settle();
  });

  it('[ZK-Java Leader.lead] steps down at a full tick, not at once', () => {
    for (const laterMs of [0, 30, 90, 130, 190]) {
      const c = cluster(3)
        .elect()
        .runFor(`${laterMs}ms`)
        .crash(followers)
        .waitFor('left', { actor: 3 });
      const { atUs } = c.last('left');
      const ticks = timesUs(c, 'timer', 'halfTick', 3);
      expect(ticks.at(-1)).toBe(atUs);
      expect(ticks.length % 2).toBe(0);
      const goneMs = (atUs - c.last('crash').atUs) / 1000;
      expect(goneMs).toBeLessThanOrEqual(TICK_MS);
    }
  });

  it('[ZK-Java Leader.lead] keeps its role when a quorum is left', () => {
    const c = cluster(5).elect().crash(1).crash(2).runFor('4s').write('a');
    expect([c.leader(), c.epochOf(5), c.records('left').length]).toEqual([5, 1, 0]);
    c.settle();
  });

  it('[ZK-Java LearnerHandler.run] drops a learner that is silent for syncLimit ticks', () => {
    const c = cluster(5).elect().runFor('2s').pause(1).waitFor('refused', { actor: 5, peer: 1 });
    expect(c.last('refused').text).toBe('read timeout: no word from the learner');
    const last = c.records('received', { actor: 5, peer: 1 }).at(-1)!;
    const silentMs = (c.last('refused').atUs - last.atUs) / 1000;
    expect([silentMs >= SYNC_LIMIT_MS, silentMs <= SYNC_LIMIT_MS + TICK_MS]).toEqual([true, true]);
    c.settle();
  });

  it('[ZK-Java LearnerHandler.run] also one that has only just begun to serve', () => {
    const c = cluster(5, { noClient: true })
      .elect()
      .pause(1)
      .waitFor('refused', { actor: 5, peer: 1 });
    const last = c.records('received', { actor: 5, peer: 1 }).at(-1)!;
    const silentMs = (c.last('refused').atUs - last.atUs) / 1000;
    c.settle();
    expect([silentMs >= SYNC_LIMIT_MS, silentMs <= SYNC_LIMIT_MS + TICK_MS]).toEqual([true, true]);
  });

  it('[ZK-Java LearnerHandler.run] nor does it count one for longer that has only just begun', () => {
    const c = cluster(3, { noClient: true }).elect().pause(followers).waitFor('left', { actor: 3 });
    const waitedMs = patienceMs(c, 3, 1, 0);
    c.settle();
    expect([waitedMs >= SYNC_LIMIT_MS, waitedMs <= SYNC_LIMIT_MS + 2 * TICK_MS]).toEqual([
      true,
      true,
    ]);
  });

  it('[ZK-Java LearnerHandler.SyncLimitCheck] drops one that does nothing but ping', () => {
    const c = cluster(3).elect().stallDisk(1).write('a').waitFor('refused', { actor: 3, peer: 1 });
    expect(c.last('refused').text).toBe('proposal not acked');
    const proposed = c.last('proposed', { zxid: '1:2' });
    const waitedMs = (c.last('refused').atUs - proposed.atUs) / 1000;
    expect([waitedMs >= SYNC_LIMIT_MS, waitedMs <= SYNC_LIMIT_MS + TICK_MS]).toEqual([true, true]);
    expect(c.roleOf(3)).toBe('leading/broadcast');
    c.settle();
  });

  it('[ZK-Java LearnerHandler.SyncLimitCheck] not one that acknowledges late, but in time', () => {
    const c = cluster(3).elect();
    for (const name of ['a', 'b', 'c', 'd']) {
      c.stallDisk(1).write(name).runFor('700ms').healDisk(1).runFor('50ms');
    }
    expect(c.records('refused', { peer: 1 })).toEqual([]);
  });

  it('[ZK-Java LearnerHandler.SyncLimitCheck] begins anew at every ACK', () => {
    const c = cluster(3).elect().stallDisk(1).write('a').runFor('800ms').write('b').runFor('100ms');
    // The ACK of `a` comes in time, and `b` is as old as that: it has all of syncLimit from now on.
    c.healDisk(1)
      .when('ackReceived', { peer: 1, zxid: '1:2' }, () => c.stallDisk(1))
      .runFor('20ms');
    c.runFor('700ms');
    expect(c.records('refused', { peer: 1 })).toEqual([]);
    c.healDisk(1).settle();
  });
});

describe('a learner', () => {
  it('[ZK-Java Learner.syncWithLeader] waits for syncLimit ticks for any word at all', () => {
    const c = cluster(3).elect().runFor('500ms');
    const since = c.recorder.count;
    c.pause(leader).waitFor('left', { actor: 2 });
    for (const sid of [1, 2]) {
      const waitedMs = patienceMs(c, sid, 3, since);
      expect([waitedMs >= SYNC_LIMIT_MS, waitedMs <= SYNC_LIMIT_MS + 1]).toEqual([true, true]);
    }
    c.settle();
  });

  it('[ZK-Java Learner.syncWithLeader] is content with anything that it hears', () => {
    const c = cluster(3).elect().runFor('500ms');
    // Every other ping is lost; more than twice syncLimit passes.
    for (let times = 0; times < 12; times++) c.lose('ping', 3, 1).runFor('200ms');
    expect(c.records('left', { actor: 1 })).toEqual([]);
  });

  it('[ZK-Java Follower.followLeader] hears of a dead process at once, of a dark host late', () => {
    const crashed = cluster(3).elect().runFor('500ms').crash(leader).waitFor('left', { actor: 1 });
    expect(crashed.last('left').atUs - crashed.last('crash').atUs).toBe(1000);
    crashed.settle();
    const dark = cluster(3).elect().runFor('500ms').powerLoss(leader).waitFor('left', { actor: 1 });
    expect(dark.last('left').atUs - dark.last('crash').atUs).toBeGreaterThan(800_000);
    dark.settle();
  });

  it('[ZK-Java Observer.observeLeader] an observer cut off is no loss to the leader', () => {
    const c = cluster(3, { observers: 1 }).elect().isolate(4, 'silent').runFor('3s').write('a');
    expect([c.roleOf(4), c.roleOf(3)]).toEqual(['looking/election', 'leading/broadcast']);
    c.heal().elect();
    expect(c.treeOf(4)).toEqual(['a']);
  });
});

describe('an ensemble', () => {
  it('[Zab11 III.B] without a quorum does nothing, and goes on when it has one', () => {
    const c = cluster(5, { sessionTimeoutMs: 9000 }).elect().write('a').crash(3).crash(4).crash(5);
    c.runFor('10s');
    expect([1, 2].map((sid) => c.roleOf(sid))).toEqual(['looking/election', 'looking/election']);
    c.restart(3).elect().write('b');
    expect(c.chosen()).toEqual(['session', 'a', 'b']);
    c.settle();
  });

  it('[Zab11 III.A] in two parts has one leader that commits, and one that learns better', () => {
    const c = cluster(5, { clientsAt: [3] })
      .elect()
      .runFor('1500ms');
    for (const [a, b] of [
      [5, 1],
      [5, 2],
      [5, 3],
      [4, 1],
      [4, 2],
      [4, 3],
    ] as const) {
      c.cut(a, b, 'silent'); // prettier-ignore
    }
    c.ask(createOperation('/lost', ''));
    c.waitFor('activated', { actor: 3 }).runFor('2s').writeAt(3, 'kept');
    expect([c.roleOf(5), c.chosen().includes('lost')]).toEqual(['looking/election', false]);
    c.settle();
    expect(c.treeOf(5)).toEqual(['kept']);
    expect(c.texts('completed', { actor: 128 })).toEqual(['unknown']);
  });

  it('[Zab11 III.B] survives one failure after the other, everybody once', () => {
    const c = cluster(5, { observers: 1 }).elect();
    for (const sid of [5, 4, 3, 2, 1, 6])
      c.crash(sid).elect().write(`n${sid}`).restart(sid).elect();
    c.powerLoss(everybody).settle();
    expect(c.treeOf(1)).toEqual(['n1', 'n2', 'n3', 'n4', 'n5', 'n6']);
  });
});
