// Synchronization on the wire and on either side of it: what a learner is sent and in which order,
// what live traffic does in between, what is counted, and when a leader and its learners begin to
// serve. [ZK-Java LearnerHandler.run, Leader.startForwarding, Learner.syncWithLeader]
import { describe, expect, it } from 'vitest';
import { formatZxid, makeZxid } from '../../protocol/ids.js';
import type { Epoch } from '../../protocol/ids.js';
import { createOperation } from '../../protocol/operation.js';
import type { Cluster } from './cluster.js';
import { cluster, everybody, followers, leader, others } from './cluster.js';

const SNAP_ALWAYS = { commitLogCount: 1, snapshotSizeFactor: -1 };

/** What a server has been sent by its leader since it last started. */
function sent(c: Cluster, from: number, to: number): string[] {
  return c.wire(from, to, c.last('boot', { actor: to }).index);
}

/** Asks for a znode at the very moment of a record; nobody waits for it. */
function askAt(c: Cluster, kind: 'syncChosen' | 'ackSent', sid: number, name: string): Cluster {
  const where = kind === 'syncChosen' ? { peer: sid } : { actor: sid };
  return c.when(kind, where, () => {
    c.ask(createOperation(`/${name}`, ''));
  });
}

describe('what is sent', () => {
  it('[ZK-Java LearnerHandler.run] DIFF, what is missing, NEWLEADER, UPTODATE', () => {
    const c = cluster(3).elect().crash(1).write('a', 'b').restart(1).elect();
    expect(sent(c, 3, 1)).toEqual([
      'leaderInfo 1:0',
      'diff 1:3',
      ...['proposal 1:2', 'commit 1:2', 'proposal 1:3', 'commit 1:3'],
      'newLeader 1:0',
      'upToDate',
    ]);
    expect(c.treeOf(1)).toEqual(['a', 'b']);
  });

  it('[ZK-Java LearnerHandler.run] SNAP with the whole database', () => {
    const c = cluster(3, { limits: SNAP_ALWAYS })
      .elect()
      .crash(1)
      .write('a', 'b')
      .restart(1)
      .elect();
    expect(sent(c, 3, 1)).toEqual(['leaderInfo 1:0', 'snap 1:3', 'newLeader 1:0', 'upToDate']);
    expect([c.treeOf(1), c.logOf(1)]).toEqual([['a', 'b'], []]);
    c.write('c').runFor('20ms');
    expect(c.zxidsOf(1)).toEqual(['1:4']);
  });

  it('[ZK-Java LearnerHandler.syncFollower] from the log on disk, what memory has no more', () => {
    const limits = { commitLogCount: 1, snapshotSizeFactor: 0 };
    const c = cluster(3, { limits }).elect().crash(1).write('a', 'b', 'c').restart(1).elect();
    expect(c.marks()).toContain('sync/diff-from-disk');
    expect(sent(c, 3, 1).filter((text) => text.startsWith('proposal'))).toEqual([
      'proposal 1:2',
      'proposal 1:3',
      'proposal 1:4',
    ]);
  });

  it('[ZK-Java LearnerHandler.syncFollower] an empty DIFF, when nothing is missing', () => {
    const c = cluster(3).elect().write('a').runFor('20ms').crash(1).restart(1).elect();
    expect(sent(c, 3, 1).slice(1, 3)).toEqual(['diff 1:2', 'newLeader 1:0']);
  });

  it('[ZK-Java Leader.startForwarding] proposals that are outstanding, without COMMIT', () => {
    const c = cluster(3).elect().crash(1).stallDisk(2).propose('a').restart(1);
    c.waitFor('ackSent', { actor: 1 });
    expect(sent(c, 3, 1)).toEqual(['leaderInfo 1:0', 'diff 1:1', 'proposal 1:2', 'newLeader 1:0']);
    expect(c.marks()).toContain('sync/outstanding-forwarded');
    expect([c.logOf(1), c.chosen()]).toEqual([['session'], ['session']]);
    // Nothing of it is logged before UPTODATE; then it is logged, acknowledged, and so committed.
    c.waitFor('serving', { actor: 1 }).waitFor('committed', { zxid: '1:2' });
    expect(c.wire(1, 3).slice(-2)).toEqual(['ack 1:0', 'ack 1:2']);
  });

  it('[ZK-Java Leader.startForwarding] to an observer no proposal, but its INFORM', () => {
    const c = cluster(3, { observers: 1 }).elect().crash(4).stallDisk(followers).propose('a');
    c.restart(4).waitFor('serving', { actor: 4 });
    expect(sent(c, 3, 4)).toEqual(['leaderInfo 1:0', 'diff 1:1', 'newLeader 1:0', 'upToDate']);
    c.healDisk(everybody).waitFor('learned', { actor: 4, zxid: '1:2' }).runFor('20ms');
    expect(c.treeOf(4)).toEqual(['a']);
  });

  it('[ZK-Java Leader.toBeApplied] what is committed and not applied by the leader', () => {
    const stageUs = { kind: 'uniform', fromUs: 2000, toUs: 9000 } as const;
    let met = 0;
    for (let seed = 1; seed <= 6; seed++) {
      const c = cluster(3, { seed: String(seed), stageUs })
        .elect()
        .crash(1);
      c.when('syncChosen', { peer: 1 }, () => {
        const { role } = c.peer(3);
        const isActive = role.kind === 'leading' && role.phase.kind === 'broadcast';
        met += isActive && role.phase.toBeApplied.length > 0 ? 1 : 0;
      });
      c.restart(1);
      const names = Array.from({ length: 30 }, (_, index) => `n${10 + index}`);
      for (const name of names) {
        c.ask(createOperation(`/${name}`, '')).runFor('3ms');
      }
      c.settle().noViolations();
      expect(c.treeOf(1)).toEqual(names);
    }
    expect(met).toBeGreaterThan(0);
  });
});

describe('a learner that comes back to its leader', () => {
  it('[ZK-Java LearnerHandler.syncFollower] with a proposal it acked keeps it: DIVERGES', () => {
    const c = cluster(3).elect().stallDisk(2).stallDisk(3).propose('a');
    c.waitFor('ackReceived', { actor: 3, peer: 1, zxid: '1:2' }).breakLink(1, 3);
    c.waitFor('promised', { actor: 1 }).runFor('200ms');
    expect([c.logOf(1), c.chosen()]).toEqual([['session', 'a'], ['session']]);
    // Its ACK counts, so what it acknowledged must stay on its disk.
    c.healDisk(2).waitFor('committed', { zxid: '1:2' }).elect().settle();
    expect(c.texts('truncated')).toEqual([]);
    expect(c.marks()).toContain('sync/ahead-in-epoch');
  });

  it('[ZK-Java LearnerHandler.syncFollower] with one it logged has acked it thereby', () => {
    const c = cluster(3).elect().stallDisk(2).stallDisk(3).lose('ack', 1, 3).propose('a');
    c.waitFor('ackSent', { actor: 1, zxid: '1:2' }).runFor('5ms').breakLink(1, 3);
    c.waitFor('promised', { actor: 1 }).healDisk(2).waitFor('committed', { zxid: '1:2' });
    expect(c.texts('truncated')).toEqual([]);
    c.settle();
  });
});

describe('live traffic', () => {
  it('[ZK-Java LearnerHandler.run] begins with the plan: it may come before NEWLEADER', () => {
    const stageUs = { kind: 'uniform', fromUs: 20, toUs: 6000 } as const;
    let before = 0;
    for (let seed = 1; seed <= 8; seed++) {
      const c = cluster(3, { seed: String(seed), stageUs })
        .elect()
        .crash(1);
      askAt(c, 'syncChosen', 1, 'a').restart(1).waitFor('serving', { actor: 1 }).runFor('100ms');
      const told = sent(c, 3, 1);
      before += told.indexOf('proposal 1:2') < told.indexOf('newLeader 1:0') ? 1 : 0;
      expect(told.filter((text) => text === 'proposal 1:2')).toHaveLength(1);
      expect(c.treeOf(1)).toEqual(['a']);
      c.noViolations();
    }
    expect([before > 0, before < 8]).toEqual([true, true]);
  });

  it('[ZOOKEEPER-4394] a COMMIT may come after NEWLEADER for a proposal from before it', () => {
    const c = cluster(3).elect().crash(1).stallDisk(2).propose('a').restart(1);
    c.when('ackSent', { actor: 1 }, () => c.healDisk(2)).waitFor('serving', { actor: 1 });
    c.runFor('20ms');
    const told = sent(c, 3, 1);
    const at = (text: string): number => told.indexOf(text);
    expect(at('proposal 1:2')).toBeLessThan(at('newLeader 1:0'));
    expect(at('commit 1:2')).toBeGreaterThan(at('newLeader 1:0'));
    expect([c.treeOf(1), c.logOf(1)]).toEqual([['a'], ['session', 'a']]);
  });

  it('[ZOOKEEPER-4394] or even before UPTODATE, and is kept until the server serves', () => {
    let met = 0;
    for (const waitMs of [1, 2, 3, 4, 5]) {
      const c = cluster(3).elect().crash(1).lose('upToDate', 3, 1).restart(1);
      c.waitFor('ackSent', { actor: 1 }).runFor(`${waitMs}ms`).write('a').runFor('20ms');
      met += c.marks().includes('sync/commit-before-uptodate') ? 1 : 0;
      expect([c.roleOf(1), c.treeOf(1)]).toEqual(['following/synchronization', []]);
      c.breakLink(1, 3).settle().noViolations();
    }
    expect(met).toBe(5);
  });

  it('[ZK-Java Learner.syncWithLeader] is logged after UPTODATE, as in broadcast', () => {
    const c = cluster(3).elect().crash(1);
    askAt(c, 'ackSent', 1, 'a').restart(1).waitFor('serving', { actor: 1 }).runFor('50ms');
    expect(c.zxidsOf(1)).toEqual(['1:1', '1:2']);
    expect(c.wire(1, 3).slice(-2)).toEqual(['ack 1:0', 'ack 1:2']);
  });
});

describe('what is counted', () => {
  it('[ZK-Java Leader.waitForNewLeaderAck] ACKs of voters, not of observers', () => {
    const c = cluster(3, { observers: 2 }).lose('newLeader', 3, 1).lose('newLeader', 3, 2);
    c.waitFor('left', { actor: 3 });
    const ackers = c.records('ackReceived', { actor: 3 }).map(({ peer }) => peer);
    expect([...new Set(ackers)]).toEqual([4, 5]);
    expect(c.records('newLeaderAcked')).toEqual([]);
    c.settle();
  });

  it('[ZK-Java Leader.lead] the leader, only when its currentEpoch is on disk', () => {
    const c = cluster(3, { without: [2] }).when('established', { actor: 3 }, () => c.stallDisk(3));
    c.waitFor('ackReceived', { actor: 3, peer: 1 }).runFor('500ms');
    expect(c.roleOf(3)).toBe('leading/synchronization');
    c.healDisk(3).waitFor('activated');
    expect(c.last('activated').index).toBeGreaterThan(c.last('epochFile', { actor: 3 }).index);
  });

  it('[Zab11 IV.B] a quorum commits all that the leader has, whatever its epoch', () => {
    const c = cluster(3).elect().stallDisk(followers).propose('a', 'b').runFor('20ms');
    expect(c.chosen()).toEqual(['session']);
    c.crash(leader).heal().crash(1).crash(2).restart(3).restart(1).waitFor('newLeaderAcked');
    expect(c.chosen()).toEqual(['session', 'a', 'b']);
    expect(c.records('committed', {}, c.last('established').index)).toEqual([]);
  });

  it('[ZK-Java Leader.processAck] the second ACK of a learner, after UPTODATE, for nothing', () => {
    const c = cluster(3).elect();
    expect(c.wire(1, 3)).toEqual([
      'followerInfo 0:0',
      'ackEpoch 0:0',
      'ack 1:0',
      'ack 1:0',
      'ack 1:1',
    ]);
    expect(c.zxids('ackReceived', { actor: 3, peer: 1 })).toEqual(['1:0', '1:1']);
  });
});

describe('service', () => {
  it('[ZK-Java Leader.startZkServer] begins at a leader with the quorum, its lp at e:0', () => {
    const c = cluster(3).elect().write('a').crash(leader).elect();
    expect([c.lastProcessedOf(2), c.lastProcessedOf(1)]).toEqual(['2:0', '1:2']);
    expect(c.zxids('activated', { actor: 2 })).toEqual(['1:2']);
    expect(c.last('activated').index).toBeGreaterThan(c.last('newLeaderAcked').index);
  });

  it('[ZK-Java LearnerHandler.run] begins at a learner with UPTODATE, after that', () => {
    const c = cluster(3).elect();
    for (const sid of c.cast(others)) {
      expect(c.last('serving', { actor: sid }).index).toBeGreaterThan(c.last('activated').index);
      expect(c.wire(3, sid)).toEqual([
        'leaderInfo 1:0',
        'diff 0:0',
        'newLeader 1:0',
        'upToDate',
        'proposal 1:1',
        'commit 1:1',
      ]);
    }
  });

  it('[ZK-Java Learner.syncWithLeader] takes no client before that', () => {
    const c = cluster(3, { clientsAt: [1] })
      .elect()
      .crash(1)
      .lose('upToDate', 3, 1)
      .restart(1);
    c.waitFor('ackSent', { actor: 1 }).runFor('900ms');
    expect(c.texts('refused', { actor: 1 })).toContain('not serving');
    expect(c.records('attached', { actor: 1 }, c.last('boot').index)).toEqual([]);
    c.breakLink(1, 3).settle();
  });

  it('[ZOOKEEPER-1732] is reported to those who look with the established epoch', () => {
    const c = cluster(3).elect().crash(leader).elect();
    const votes = [1, 2].map((sid) => c.peer(sid).settledVote.vote);
    expect(votes.map((vote) => `${vote.leader} in ${vote.peerEpoch}`)).toEqual([
      '2 in 2',
      '2 in 2',
    ]);
    expect(votes.map(({ zxid }) => formatZxid(zxid))).toEqual(['1:1', '1:1']);
  });

  it('[ZK-Java LearnerHandler.syncFollower] has a place for learners of the old epoch', () => {
    const c = cluster(3).elect().write('a').runFor('20ms').crash(1).crash(leader);
    c.restart(3).elect().restart(1).elect();
    expect(c.peer(3).database.lastProcessed).toBe(makeZxid(2 as Epoch, 0));
    expect(sent(c, c.leader(), 1).slice(1, 3)).toEqual(['diff 1:2', 'newLeader 2:0']);
  });
});

describe('time in synchronization', () => {
  it('[ZK-Java LearnerHandler.run] is initLimit ticks for a learner before its ACK', () => {
    const c = cluster(3).elect().crash(1).write('a');
    c.when('stepBegun', { actor: 1, text: 'newLeader/flush' }, () => c.stallDisk(1)).restart(1);
    c.waitFor('stepBegun', { actor: 1, text: 'newLeader/flush' }).runFor('1700ms');
    expect(c.roleOf(1)).toBe('following/synchronization');
    c.healDisk(1).runFor('50ms');
    expect([c.roleOf(1), c.records('refused', { peer: 1 }).length]).toEqual([
      'following/broadcast',
      0,
    ]);
  });

  it('[ZK-Java LearnerHandler.SyncLimitCheck] even when proposals are made meanwhile', () => {
    const c = cluster(3).elect().crash(1).write('a');
    c.when('stepBegun', { actor: 1, text: 'newLeader/flush' }, () => c.stallDisk(1)).restart(1);
    c.waitFor('stepBegun', { actor: 1, text: 'newLeader/flush' }).write('b').runFor('1700ms');
    expect(c.texts('refused', { peer: 1 })).toEqual([]);
    c.healDisk(1).runFor('50ms');
    expect(c.roleOf(1)).toBe('following/broadcast');
  });

  it('[ZK-Java LearnerHandler.run] not for longer: its connection is given up', () => {
    const c = cluster(3).elect().crash(1).lose('newLeader', 3, 1).restart(1);
    c.waitFor('refused', { actor: 3, peer: 1 });
    const silentMs =
      (c.last('refused').atUs - c.last('received', { actor: 3, peer: 1 }).atUs) / 1000;
    expect([silentMs >= 2000, silentMs < 2500]).toEqual([true, true]);
    c.settle();
  });

  it('[ZK-Java Learner.syncWithLeader] after its ACK it waits for syncLimit ticks only', () => {
    // Nobody else acknowledges for longer than that: the leader has nothing to say to it.
    const c = cluster(5, { without: [1, 2] });
    c.when('stepDone', { actor: 4, text: 'newLeader/writeCurrentEpoch' }, () => c.pause(4));
    c.waitFor('left', { actor: 3 });
    expect(c.last('left').text).toBe('read timeout: no word from the leader');
    const waitedMs = (c.last('left').atUs - c.last('ackSent', { actor: 3 }).atUs) / 1000;
    expect([waitedMs >= 990, waitedMs <= 1010]).toEqual([true, true]);
    c.settle();
  });
});
