// Discovery: a leader-elect gathers promises and proposes an epoch above them all; a quorum
// promises it and says where its history ends. What a promise binds, what is counted, and what
// becomes of an epoch that nobody heard of. [ZK-Java Leader.lead, Learner.registerWithLeader]
import { describe, expect, it } from 'vitest';
import type { Cluster } from './cluster.js';
import { cluster, everybody, leader, others } from './cluster.js';

/** What a learner told its leader in its latest ACKEPOCH: the epoch it promises, and its own. */
function promiseOf(c: Cluster, sid: number): [number, number] {
  const { epoch, value } = c.last('promised', { actor: sid });
  return [epoch, value];
}

describe('the new epoch', () => {
  it('[ZK-Java Leader.getEpochToPropose] is one more than any acceptedEpoch heard of', () => {
    const c = cluster(3).elect().crash(leader).elect();
    expect([1, 2, 3].map((sid) => c.acceptedEpochOf(sid))).toEqual([2, 2, 1]);
    c.crash(2).restart(3).elect();
    expect([1, 2, 3].map((sid) => c.acceptedEpochOf(sid))).toEqual([3, 2, 3]);
  });

  it('[ZK-Java Leader.getEpochToPropose] an observer that was heard of counts as well', () => {
    const c = cluster(3, { observers: 1 }).elect().lose('leaderInfo', 2, 1).crash(3);
    // Of epoch 2 know server 2, which is gone then, and the observer; 1 and 3 have promised 1.
    c.waitFor('promised', { actor: 4, epoch: 2 }).crash(2).restart(3);
    expect([1, 2, 3, 4].map((sid) => c.acceptedEpochOf(sid))).toEqual([1, 2, 1, 2]);
    c.slow(1, 3, '300ms').waitFor('received', { actor: 3, text: 'observerInfo' }).heal().elect();
    expect([c.leader(), c.epochOf(3)]).toEqual([3, 3]);
  });

  it('[ZK-Java Leader.getEpochToPropose] waits for a quorum that includes the leader', () => {
    const c = cluster(5, { without: [1, 2] }).elect();
    const proposed = c.last('epochProposed');
    const told = c.records('received', { actor: 5, text: 'followerInfo' });
    expect(told.filter(({ index }) => index < proposed.index)).toHaveLength(2);
  });

  it('[ZK-Java Leader.getEpochToPropose] is fixed for those who come later', () => {
    const c = cluster(3, { without: [1] })
      .elect()
      .restart(1)
      .elect();
    expect(c.records('epochProposed')).toHaveLength(1);
    expect(c.wire(3, 1)[0]).toBe('leaderInfo 1:0');
  });

  it('[ZK-Java Leader.getEpochToPropose] who has said hello counts, even if it is gone', () => {
    const c = cluster(5, { without: [1, 2] });
    c.when('elected', { actor: 4 }, () => c.pause(4));
    c.waitFor('received', { actor: 5, peer: 3, text: 'followerInfo' })
      .breakLink(3, 5)
      .runFor('50ms');
    expect(c.peer(5).role).toMatchObject({ handlers: [] });
    c.resume(4).waitFor('epochProposed', { actor: 5, epoch: 1 });
    expect(c.peer(5).role).toMatchObject({ handlers: [{ sid: 4 }] });
    c.elect();
  });
});

describe('a promise', () => {
  it('[ZK-Java Learner.registerWithLeader] begins with what was promised before', () => {
    const c = cluster(3).elect().crash(leader).elect();
    expect(c.wire(1, 2)[0]).toBe('followerInfo 1:0');
    c.restart(3).elect();
    expect(c.wire(3, 2, c.last('boot').index)[0]).toBe('followerInfo 1:0');
  });

  it('[ZK-Java Learner.registerWithLeader] says where the history ends, and in which epoch', () => {
    const c = cluster(3).elect().write('a', 'b').crash(leader).elect();
    const told = c.records('received', { actor: 2, peer: 1, text: 'ackEpoch' });
    expect([told.length, c.wire(1, 2)[1], promiseOf(c, 1)]).toEqual([1, 'ackEpoch 1:3', [2, 1]]);
  });

  it('[ZK-Java Learner.registerWithLeader] is not made twice: the second answer is -1', () => {
    const c = cluster(3).elect().breakLink(1, 3).waitFor('left', { actor: 1 }).elect();
    expect([c.epochOf(3), promiseOf(c, 1)]).toEqual([1, [1, -1]]);
    expect(c.wire(3, 1, c.last('promised').index)).toEqual([
      'diff 1:1',
      'newLeader 1:0',
      'upToDate',
    ]);
  });

  it('[ZK-Java Leader.waitForEpochAck] that says -1 is not counted: time may run out', () => {
    const c = cluster(5).lose('ackEpoch', 1, 5).lose('ackEpoch', 2, 5).lose('ackEpoch', 4, 5);
    c.when('promised', { actor: 3 }, () => c.breakLink(3, 5)).waitFor('left', { actor: 5 });
    expect(promiseOf(c, 3)).toEqual([1, -1]);
    expect(c.last('left', { actor: 5 }).text).toBe('no quorum of ACKEPOCHs within initLimit');
    c.elect();
    expect(c.epochOf(5)).toBe(2);
  });

  it('[ZK-Java Leader.waitForEpochAck] of one that is ahead is refused, and only that one', () => {
    const c = cluster(3).elect().crash(1).crash(2).isolate(3);
    c.propose('a').runFor('10ms').crash(3).heal().restart(1).restart(2);
    // Server 3, with `a`, comes while 2 waits for the ACKEPOCH of 1.
    c.lose('ackEpoch', 1, 2).waitFor('promised', { actor: 1, peer: 2 }).restart(3);
    c.waitFor('refused', { actor: 2, peer: 3 });
    expect(c.last('refused', { actor: 2, peer: 3 }).text).toBe('learner is ahead');
    expect(c.roleOf(2)).toBe('leading/discovery');
    expect(c.peer(2).role).toMatchObject({ handlers: [{ sid: 1 }] });
    c.elect();
    expect([c.leader(), c.chosen()]).toEqual([3, ['session', 'a']]);
  });

  it('[ZK-Java Leader.waitForEpochAck] of one that is ahead, but late, is accepted: TRUNC', () => {
    const c = cluster(3).elect().isolate(3, 'silent').propose('a').runFor('20ms').crash(3).elect();
    c.heal().restart(3).elect();
    expect(c.records('refused', { text: 'learner is ahead' })).toEqual([]);
    expect(c.texts('syncChosen', { peer: 3 }).at(-1)).toBe('trunc');
  });
});

describe('a failed discovery', () => {
  it('[ZK-Java Leader.getEpochToPropose] burns the epoch that the leader wrote down', () => {
    const c = cluster(3).when('epochFile', { actor: 3, text: 'accepted' }, () => c.crash(3));
    c.waitFor('crash', { actor: 3 });
    expect([1, 2, 3].map((sid) => c.acceptedEpochOf(sid))).toEqual([0, 0, 1]);
    c.restart(3).elect();
    expect([c.leader(), c.epochOf(3)]).toEqual([3, 2]);
  });

  it('[ZK-Java Learner.registerWithLeader] by one epoch does no harm: the answer is -1', () => {
    const c = cluster(3).when('epochFile', { actor: 3, text: 'accepted' }, () => c.crash(3));
    c.waitFor('crash', { actor: 3 }).elect();
    expect([c.leader(), c.epochOf(2), c.acceptedEpochOf(3)]).toEqual([2, 1, 1]);
    c.restart(3).elect();
    expect(promiseOf(c, 3)).toEqual([1, -1]);
  });

  it('[ZK-Java Learner.registerWithLeader] by two epochs locks nobody out: a third comes', () => {
    const c = cluster(3);
    for (const epoch of [1, 2]) {
      // It leads, promises, and is gone before anybody hears of it.
      c.when('epochFile', { actor: 3, text: 'accepted', epoch }, () => c.crash(3));
      c.waitFor('crash', { actor: 3 });
      if (epoch === 1) c.crash(1).crash(2).restartAll();
    }
    expect(c.acceptedEpochOf(3)).toBe(2);
    c.elect();
    expect(c.epochOf(2)).toBe(1);
    c.restart(3).elect();
    expect(c.marks()).toContain('discovery/sticky-refuser');
    expect(
      c.records('left', { actor: 2, text: 'a learner has promised a later epoch' }),
    ).toHaveLength(1);
    expect([1, 2, 3].map((sid) => c.epochOf(sid))).toEqual([3, 3, 3]);
  });

  it('[Zab11 IV.A] leads to one leader for an epoch, whoever is elected', () => {
    const c = cluster(5);
    for (let round = 1; round <= 3; round++) {
      c.when('epochProposed', {}, ({ actor }) => c.isolate(actor))
        .crash(everybody)
        .restartAll();
      c.waitFor('epochProposed').runFor('300ms').heal().runFor('100ms');
    }
    c.elect().write('a').settle();
    const leaders = new Map(c.records('established').map(({ epoch, actor }) => [epoch, actor]));
    expect(leaders.size).toBe(c.records('established').length);
  });
});

describe('a crash in discovery', () => {
  const steps = [
    ['epochProposed', 3, ''],
    ['stepBegun', 3, 'establish/writeAcceptedEpoch'],
    ['stepDone', 3, 'establish/writeAcceptedEpoch'],
    ['stepBegun', 1, 'promise/writeAcceptedEpoch'],
    ['stepDone', 1, 'promise/writeAcceptedEpoch'],
    ['promised', 1, ''],
    ['established', 3, ''],
    ['stepBegun', 3, 'establish/writeCurrentEpoch'],
    ['stepDone', 3, 'establish/writeCurrentEpoch'],
    ['newLeaderAcked', 3, ''],
    ['activated', 3, ''],
  ] as const;

  for (const how of ['process', 'power'] as const) {
    it(`[Zab11 IV.A] of the ${how}, at any step of either side, costs an epoch at most`, () => {
      for (const [kind, sid, text] of steps) {
        const c = cluster(3).elect().write('a').crash(everybody);
        const since = c.recorder.count;
        c.when(kind, { actor: sid, text }, () => c.crash(sid, how)).restartAll();
        c.waitFor('crash', { actor: sid, text: how }).runFor('200ms').restart(sid).elect();
        expect(c.records(kind, { actor: sid, text }, since).length).toBeGreaterThan(0);
        expect(c.epochOf(c.leader())).toBeLessThanOrEqual(3);
        c.write('b').settle().noViolations();
        expect(c.treeOf(1)).toEqual(['a', 'b']);
      }
    });
  }

  it('[Zab11 IV.A] of everybody at once, whatever was promised', () => {
    for (const [kind, sid, text] of steps) {
      const c = cluster(3).elect().write('a').crash(everybody);
      c.when(kind, { actor: sid, text }, () => c.powerLoss(everybody)).restartAll();
      c.waitFor('crash', { text: 'power' }).restartAll().elect().write('b').settle().noViolations();
      expect(c.cast(others)).toHaveLength(2);
    }
  });
});
