// Snapshots: when one is taken and by whom, what it is called and what it holds, and that a replay
// from it repairs what the walk through a changing tree got wrong.
import { describe, expect, it } from 'vitest';
import { compareCodeUnits } from '../../base/order.js';
import type { Cluster } from './cluster.js';
import { cluster, everybody, followers, leader } from './cluster.js';

function names(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}${index}`);
}

/** Snapshots on disk whose content runs ahead of their name. */
function fuzzy(c: Cluster): number {
  return c.servers().filter((sid) => {
    const { snapshots } = c.peer(sid).durable;
    return snapshots.some(({ zxid, content }) => content.lastProcessed > zxid);
  }).length;
}

describe('a snapshot is taken', () => {
  it('[ZK-Java Leader.lead] by a leader-elect, of all that it has logged, committed or not', () => {
    const c = cluster(3).elect().stallDisk(followers).propose('a').runFor('20ms');
    expect(c.chosen()).toEqual(['session']);
    c.crash(everybody).heal().restart(3).restart(1).waitFor('snapshot', { actor: 3, zxid: '1:2' });
    expect(c.chosen()).toEqual(['session']);
    expect(c.roleOf(3)).toBe('leading/discovery');
    expect(c.elect().leader()).toBe(3);
  });

  it('[ZK-Java SyncRequestProcessor] when snapCount/2 to snapCount are logged', () => {
    const c = cluster(3, { limits: { snapCount: 20 } }).elect();
    for (const name of names('a', 9)) c.write(name);
    expect(c.records('snapshot').filter(({ zxid }) => zxid > 0)).toEqual([]);
    for (const name of names('b', 12)) c.write(name);
    c.runFor('50ms');
    for (const sid of [1, 2, 3]) {
      const counters = c.records('snapshot', { actor: sid }).map(({ zxid }) => zxid % 2 ** 32);
      expect(counters.filter((n) => n > 9 && n <= 21)).toHaveLength(1);
    }
  });

  it('[ZK-Java SyncRequestProcessor] at different times on different servers', () => {
    const c = cluster(5, { limits: { snapCount: 20 } }).elect();
    for (const name of names('a', 24)) c.write(name);
    const taken = c.zxids('snapshot').filter((zxid) => zxid !== '0:0');
    expect(new Set(taken).size).toBeGreaterThan(1);
  });

  it('[ZK-Java Learner.syncWithLeader] by a learner after SNAP, fsynced before its ACK', () => {
    const c = cluster(3, { limits: { commitLogCount: 2, snapshotSizeFactor: -1 } }).elect();
    c.crash(1).write('a', 'b', 'c', 'd').restart(1).elect();
    expect(c.wire(3, 1, c.last('boot').index)).toContain('snap 1:5');
    expect(c.last('snapshot', { actor: 1 }).text).toBe('synced');
    expect(c.last('snapshot', { actor: 1 }).index).toBeLessThan(
      c.last('ackSent', { actor: 1 }).index,
    );
    c.powerLoss(1);
    expect(c.snapshotsOf(1)).toContain('1:5');
  });

  it('[ZK-Java Learner.syncWithLeader] by no learner that got DIFF', () => {
    const c = cluster(3).elect().crash(1).write('a').restart(1).elect();
    expect(c.records('snapshot', { actor: 1 })).toEqual([]);
  });
});

describe('a fuzzy snapshot', () => {
  const stageUs = { kind: 'uniform', fromUs: 20, toUs: 3000 } as const;

  it('[ZK-Java DataTree.serialize] may hold more than its name says; replay repairs it', () => {
    let met = 0;
    for (let seed = 1; seed <= 6; seed++) {
      const c = cluster(3, { seed: String(seed), limits: { snapCount: 6 }, stageUs }).elect();
      c.write(...names('a', 12), ...names('~b', 6)).runFor('100ms');
      met += fuzzy(c);
      const trees = c.servers().map((sid) => c.peer(sid).database.tree.digest);
      c.crash(everybody).restartAll();
      for (const sid of c.servers()) c.waitFor('loaded', { actor: sid });
      const again = c.servers().map((sid) => c.peer(sid).database.tree.digest);
      expect(again).toEqual(trees);
    }
    expect(met).toBeGreaterThan(3);
  });

  it('[ZK-Java FileTxnSnapLog.save] is named by what was applied when the walk began', () => {
    const c = cluster(3, { seed: '2', limits: { snapCount: 6 }, stageUs }).elect();
    c.write(...names('a', 12)).runFor('100ms');
    for (const sid of c.servers()) {
      for (const { zxid, content } of c.peer(sid).durable.snapshots) {
        expect(content.lastProcessed).toBeGreaterThanOrEqual(zxid);
      }
    }
  });

  it('[ZK-Java FileTxnSnapLog.save] may be lost with the power: an older one serves', () => {
    const c = cluster(3, { seed: '3', limits: { snapCount: 6 }, stageUs }).elect();
    c.write(...names('a', 20))
      .runFor('100ms')
      .powerLoss(everybody)
      .settle();
    expect(c.treeOf(1)).toEqual(names('a', 20).sort(compareCodeUnits));
  });
});

describe('old snapshots', () => {
  it('[ZK-Java PurgeTxnLog] are kept: the newest three', () => {
    const c = cluster(3, { limits: { snapCount: 4 } }).elect();
    for (const name of names('a', 30)) c.write(name);
    c.crash(leader).elect();
    expect(c.peer(1).durable.snapshots).toHaveLength(3);
    expect(c.records('snapshot', { actor: 1 }).length).toBeGreaterThan(4);
  });
});
