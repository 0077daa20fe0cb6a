// The transaction log and its pipeline: when a record is durable, what one fsync covers, what a
// crash of the process or of the power leaves, and that memory and log run apart.
import { describe, expect, it } from 'vitest';
import { cluster, everybody, followers, leader } from './cluster.js';

const TEN = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j'];

describe('group commit', () => {
  it('[ZK-Java SyncRequestProcessor] what arrives during an fsync shares the next one', () => {
    const c = cluster(3).elect();
    const before = c.records('flushed', { actor: 1 }).length;
    c.write(...TEN).runFor('50ms');
    expect(c.records('flushed', { actor: 1 }).length - before).toBe(2);
    expect(c.zxidsOf(1)).toHaveLength(11);
  });

  it('[ZK-Java SyncRequestProcessor.MAX_BATCH_SIZE] a batch is bounded', () => {
    const c = cluster(3, { limits: { maxBatchSize: 3 } }).elect();
    const before = c.records('flushed', { actor: 1 }).length;
    c.write(...TEN).runFor('50ms');
    expect(c.records('flushed', { actor: 1 }).length - before).toBe(4);
  });

  it('[ZK-Java SendAckRequestProcessor] all of a batch is acknowledged, in order', () => {
    const c = cluster(3)
      .elect()
      .write(...TEN)
      .runFor('50ms');
    const acked = c.zxids('ackSent', { actor: 1 }).filter((zxid) => !zxid.endsWith(':0'));
    expect(acked).toEqual(c.zxidsOf(1));
  });

  it('[ZK-Java SyncRequestProcessor] nothing is acknowledged before its fsync', () => {
    const c = cluster(3).elect().stallDisk(1).write('a').runFor('200ms');
    expect(c.wire(1, 3)).not.toContain('ack 1:2');
    c.healDisk(1).runFor('10ms');
    expect(c.wire(1, 3)).toContain('ack 1:2');
  });
});

describe('memory and log run apart', () => {
  it('[ZK-Java FollowerZooKeeperServer] a follower applies what its own disk has not got', () => {
    const c = cluster(3).elect().stallDisk(1).write('a').runFor('50ms');
    expect([c.treeOf(1), c.logOf(1)]).toEqual([['a'], ['session']]);
    c.healDisk(1).runFor('50ms');
    expect(c.logOf(1)).toEqual(['session', 'a']);
  });

  it('[ZK-Java Leader.tryToCommit] so does a leader: its followers are a quorum', () => {
    const c = cluster(3).elect().stallDisk(leader).write('a');
    expect([c.treeOf(3), c.logOf(3)]).toEqual([['a'], ['session']]);
    expect(c.chosen()).toEqual(['session', 'a']);
  });

  it('[ZK-Java FileTxnSnapLog.restore] what was applied, not logged, is gone in a crash', () => {
    const c = cluster(3).elect().stallDisk(1).write('a').runFor('50ms').isolate(1);
    c.powerLoss(1).healDisk(1).restart(1).waitFor('loaded', { actor: 1 });
    expect(['1:1', '1:2']).toContain(c.lastProcessedOf(1));
    expect(c.treeOf(1)).toEqual(c.logOf(1).filter((word) => word !== 'session'));
    c.settle();
    expect(c.treeOf(1)).toEqual(['a']);
  });
});

describe('a crash', () => {
  it('[ZK-Java FileTxnLog.append] of the process takes what was not handed to the system', () => {
    const c = cluster(3).elect();
    c.when('appended', { actor: 1, zxid: '1:2' }, () => c.crash(1)).write('a');
    expect(c.logOf(1)).toEqual(['session']);
    c.settle();
    expect(c.logOf(1)).toEqual(['session', 'a']);
  });

  it('[ZK-Java FileTxnLog.commit] of the power takes, at most, what was not fsynced', () => {
    const left = new Set<number>();
    for (let seed = 1; seed <= 8; seed++) {
      const c = cluster(3, { seed: String(seed) })
        .elect()
        .write('a')
        .runFor('20ms');
      c.stallDisk(everybody)
        .propose(...TEN.slice(1))
        .runFor('20ms')
        .powerLoss(everybody);
      for (const sid of [1, 2, 3]) {
        const log = c.logOf(sid);
        expect(['session', ...TEN].slice(0, log.length)).toEqual(log);
        expect(log.length).toBeGreaterThanOrEqual(2);
        left.add(log.length);
      }
      c.settle();
    }
    expect(left.size).toBeGreaterThan(2);
  });

  it('[ZK-Java FileTxnSnapLog.restore] what is logged is history, committed or not', () => {
    const c = cluster(3).elect().stallDisk(followers).propose('a').runFor('20ms');
    expect([c.logOf(3), c.chosen()]).toEqual([['session', 'a'], ['session']]);
    c.crash(everybody).heal().restart(3).restart(1).elect();
    expect(c.leader()).toBe(3);
    expect(c.chosen()).toEqual(['session', 'a']);
    expect(c.treeOf(1)).toEqual(['a']);
  });

  it('[ZK-Java FileTxnLog.rollLog] does not keep the log from going on where it ended', () => {
    const c = cluster(3).elect().write('a').crash(everybody).restartAll().elect().write('b');
    c.powerLoss(everybody).restartAll().elect().write('c').settle();
    expect(c.zxidsOf(1)).toEqual(['1:1', '1:2', '2:1', '3:1']);
    expect(c.logOf(1)).toEqual(['session', 'a', 'b', 'c']);
  });
});
