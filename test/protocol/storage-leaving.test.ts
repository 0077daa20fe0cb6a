// Between giving up a role and looking for a leader: memory must come to be what the log says, no
// more and no less, before a vote is cast; whatever happened to the role, to its snapshot or to its
// disk.
import { describe, expect, it } from 'vitest';
import { createOperation } from '../../protocol/operation.js';
import type { Cluster } from './cluster.js';
import { cluster, everybody, followers, leader } from './cluster.js';

const LEAVE = ['stopQueue', 'drain', 'fastForward', 'discardPartial', 'readLastZxid'];

/** Zxid of the first vote of a server after the record of that index. */
function voteAfter(c: Cluster, sid: number, index: number): string {
  return c.zxids('vote', { actor: sid }, index)[0] ?? 'none';
}

/** A follower with 1:2 in its log and not in its memory: proposed, not acked by a quorum. */
function loggedNotCommitted(): Cluster {
  return cluster(3).elect().stallDisk(2).stallDisk(3).propose('a').runFor('20ms');
}

describe('leaving a role', () => {
  it('[ZK-Java ZooKeeperServer.shutdown] goes step by step, and the log is drained first', () => {
    const c = cluster(3).elect().crash(leader).waitFor('vote', { actor: 1 });
    const steps = c.texts('stepDone', { actor: 1 }, c.last('left', { actor: 1 }).index);
    expect(steps).toEqual(LEAVE.map((step) => `leave/${step}`));
  });

  it('[ZOOKEEPER-2845] memory catches up with the log before the vote: logged is history', () => {
    const c = loggedNotCommitted();
    expect([c.zxidsOf(1), c.lastProcessedOf(1), c.chosen()]).toEqual([
      ['1:1', '1:2'],
      '1:1',
      ['session'],
    ]);
    c.crash(leader).waitFor('vote', { actor: 1 });
    expect(c.zxids('fastForwarded', { actor: 1 })).toEqual(['1:2']);
    expect(voteAfter(c, 1, c.last('left', { actor: 1 }).index)).toBe('1:2');
    c.healDisk(2).elect();
    expect(c.chosen()).toEqual(['session', 'a']);
  });

  it('[ZOOKEEPER-4712] what waits for the disk is logged before memory catches up', () => {
    const c = cluster(3).elect().stallDisk(1).propose('a', 'b').runFor('20ms').crash(leader);
    c.runFor('300ms');
    expect([c.roleOf(1), voteAfter(c, 1, c.last('left', { actor: 1 }).index)]).toEqual([
      'leaving/following',
      'none',
    ]);
    c.healDisk(1).waitFor('vote', { actor: 1 });
    expect(voteAfter(c, 1, c.last('left', { actor: 1 }).index)).toBe('1:3');
    expect(c.logOf(1)).toEqual(['session', 'a', 'b']);
    c.settle();
  });

  it('[ZOOKEEPER-4712] nothing is appended by an earlier role once the election has begun', () => {
    const c = cluster(3, { clientsAt: [] }).elect().stallDisk(1).propose('a', 'b').runFor('20ms');
    c.crash(leader).runFor('300ms').healDisk(1).elect();
    const looks = c.last('lookingAgain', { actor: 1 });
    const appended = c.records('appended', { actor: 1 }, looks.index);
    expect(appended.filter(({ epoch }) => epoch < c.epochOf(1)).map(({ zxid }) => zxid)).toEqual(
      [],
    );
    expect(looks.digest).toBe(looks.value);
  });

  it('[ZK-Java ZooKeeperServer.shutdown] clients lose connections, and writes outcomes', () => {
    const c = cluster(3, { clientsAt: [1, 2] })
      .elect()
      .runFor('1s')
      .stallDisk(everybody);
    c.ask(createOperation('/a', ''), 1).runFor('20ms');
    c.isolate(leader).runFor('500ms');
    for (const client of [128, 129, 130]) {
      expect(c.texts('clientState', { actor: client })).toContain('disconnected');
    }
    expect(c.last('completed', { actor: 129 }).text).toBe('unknown');
    c.settle();
  });

  it('[ZOOKEEPER-3642] a snapshot in part is thrown away: the files are read again', () => {
    const c = cluster(3, { limits: { commitLogCount: 2, snapshotSizeFactor: -1 } }).elect();
    c.crash(1).write('a', 'b', 'c', 'd').restart(1);
    c.lose('newLeader', 3, 1).waitFor('installed', { actor: 1 }).runFor('20ms');
    expect([c.roleOf(1), c.lastProcessedOf(1)]).toEqual(['following/synchronization', '1:5']);
    const since = c.recorder.count;
    c.isolate(1).waitFor('vote', { actor: 1 });
    expect([c.texts('loaded', { actor: 1 }, since), voteAfter(c, 1, since)]).toEqual([
      ['reload'],
      '1:1',
    ]);
    c.settle();
  });

  it('[ZOOKEEPER-5094] a TRUNC that was interrupted is read back as well', () => {
    const c = cluster(3).elect().isolate(3, 'silent').propose('a').runFor('50ms').crash(3).elect();
    c.when('stepBegun', { actor: 3, text: 'truncate/cut' }, () => c.stallDisk(3).isolate(3));
    c.heal().restart(3).waitFor('left', { actor: 3 }).healDisk(3).waitFor('vote', { actor: 3 });
    expect([c.logOf(3), c.treeOf(3)]).toEqual([['session'], []]);
    expect(c.texts('loaded', { actor: 3 }).at(-1)).toBe('reload');
    c.settle();
  });
});

describe('a failed disk', () => {
  it('[ZOOKEEPER-4882] makes a follower leave, and vote with what its files hold', () => {
    const c = cluster(3).elect().stallDisk(1).write('a').runFor('50ms').failDisk(1).runFor('500ms');
    expect(c.texts('left', { actor: 1 })).toEqual(['writing the log failed']);
    expect([c.lastProcessedOf(1), c.roleOf(1)]).toEqual(['1:2', 'leaving/following']);
    const since = c.recorder.count;
    c.healDisk(1).waitFor('vote', { actor: 1 });
    expect(voteAfter(c, 1, since)).toBe(c.zxidsOf(1).at(-1));
    c.settle();
    expect(c.logOf(1)).toEqual(['session', 'a']);
  });

  it('[ZOOKEEPER-4882] makes a leader give up, and the others elect one that can write', () => {
    const c = cluster(3).elect().failDisk(leader);
    c.ask(createOperation('/a', '')).waitFor('left', { actor: 3 });
    c.waitFor('activated', { epoch: 2 });
    expect(c.leader()).toBe(2);
    c.settle();
  });

  it('[ZOOKEEPER-4882] that fails only while the role is left is not trusted either', () => {
    const c = cluster(3).elect().stallDisk(1).write('a').crash(leader);
    c.waitFor('left', { actor: 1 });
    expect(c.lastProcessedOf(1)).toBe('1:2');
    const since = c.recorder.count;
    c.failDisk(1).runFor('300ms').healDisk(1).waitFor('vote', { actor: 1 });
    expect(c.texts('loaded', { actor: 1 }, since)).toEqual(['reload']);
    expect(voteAfter(c, 1, since)).toBe(c.zxidsOf(1).at(-1));
    c.settle();
  });

  it('[ZOOKEEPER-4882] leaves no hole: the log goes on where reading it back ends', () => {
    const c = cluster(3).elect().write('a').failDisk(1).write('b').runFor('300ms').healDisk(1);
    c.elect().write('c').settle();
    expect(c.zxidsOf(1)).toEqual(['1:1', '1:2', '1:3', '1:4']);
    c.powerLoss(1).restart(1).elect();
    expect(c.treeOf(1)).toEqual(['a', 'b', 'c']);
  });

  it('[ZK-Java ZooKeeperCriticalThread] that fails in a boot ends the process', () => {
    const c = cluster(3).elect().crash(1).failDisk(1).restart(1).waitFor('halted', { actor: 1 });
    expect(c.last('halted').value).toBe(1);
    c.settle();
  });
});

describe('a crash while leaving', () => {
  for (const how of ['process', 'power'] as const) {
    it(`[ZOOKEEPER-2845] of the ${how} at any step loses nothing that is chosen`, () => {
      for (const step of LEAVE) {
        for (const side of ['stepBegun', 'stepDone'] as const) {
          const c = cluster(3).elect().write('a').stallDisk(followers).propose('b').runFor('10ms');
          c.when(side, { actor: 1, text: `leave/${step}` }, () => c.crash(1, how));
          c.crash(leader, how).healDisk(1).waitFor('crash', { actor: 1 });
          c.settle().noViolations();
          expect(c.treeOf(1).slice(0, 1)).toEqual(['a']);
        }
      }
    });
  }
});
