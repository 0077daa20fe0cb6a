// TRUNC: what is cut and what is removed with it, that the cut is durable before the learner is
// counted, and what becomes of a history that cannot be cut where the leader wants.
import { describe, expect, it } from 'vitest';
import { createOperation } from '../../protocol/operation.js';
import type { Cluster } from './cluster.js';
import { cluster, everybody } from './cluster.js';

/**
 * Server 3 leads epoch 1 and logs what nobody else has; the others go on without it, in epoch 2 and
 * with nothing new.
 */
function aheadOfAll(...names: string[]): Cluster {
  const c = cluster(3)
    .elect()
    .write('a')
    .isolate(3, 'silent')
    .propose(...names);
  c.runFor('50ms').crash(3).elect();
  return c;
}

describe('TRUNC', () => {
  it('[ZK-Java Learner.syncWithLeader] cuts the log behind the zxid that it names', () => {
    const c = aheadOfAll('b', 'c');
    expect(c.logOf(3)).toEqual(['session', 'a', 'b', 'c']);
    c.heal().restart(3).elect();
    expect(c.wire(2, 3, c.last('boot').index)).toEqual([
      'leaderInfo 2:0',
      'trunc 1:2',
      'newLeader 2:0',
      'upToDate',
    ]);
    expect([c.logOf(3), c.treeOf(3)]).toEqual([['session', 'a'], ['a']]);
    expect(c.zxids('truncated', { actor: 3, text: 'trunc' })).toEqual(['1:2']);
    c.write('d').settle();
    expect(c.zxidsOf(3)).toEqual(['1:1', '1:2', '2:1']);
  });

  it('[ZOOKEEPER-1549] takes the snapshots beyond it along: nothing of them comes back', () => {
    const c = cluster(3).elect().write('a').isolate(3, 'silent').propose('b').runFor('50ms');
    // Server 3 is elected with the best history, writes a snapshot of it, and is then left alone.
    c.crash(everybody).heal().restart(3).restart(1);
    c.waitFor('snapshot', { actor: 3, zxid: '1:3' }).crash(1).crash(3);
    expect(c.snapshotsOf(3)).toContain('1:3');
    c.restart(1).restart(2).elect().restart(3).elect();
    expect(c.wire(2, 3)).toContain('trunc 1:2');
    expect(c.snapshotsOf(3)).not.toContain('1:3');
    c.write('d').runFor('20ms');
    expect([c.treeOf(3), c.treeOf(1)]).toEqual([
      ['a', 'd'],
      ['a', 'd'],
    ]);
    c.crash(3).restart(3).elect();
    expect(c.treeOf(3)).toEqual(['a', 'd']);
  });

  it('[ZK-Java FileTxnLog.truncate] is on disk before the learner is counted', () => {
    const c = aheadOfAll('b', 'c');
    c.when('ackSent', { actor: 3, zxid: '2:0' }, () => c.powerLoss(3))
      .heal()
      .restart(3);
    c.waitFor('crash', { actor: 3, text: 'power' });
    expect([c.logOf(3), c.epochOf(3)]).toEqual([['session', 'a'], 2]);
    c.settle();
  });

  it('[ZOOKEEPER-5094] what follows it is logged before it is applied, as after DIFF', () => {
    const c = cluster(3).elect().write('a').isolate(3, 'silent').propose('b').runFor('50ms');
    c.crash(3).elect();
    c.heal().when('syncChosen', { peer: 3 }, () => {
      c.ask(createOperation('/x', ''));
    });
    c.restart(3).waitFor('serving', { actor: 3 }).runFor('50ms');
    const applied = c.last('applied', { actor: 3, zxid: '2:1' });
    expect(c.last('appended', { actor: 3, zxid: '2:1' }).index).toBeLessThan(applied.index);
    expect(c.treeOf(3)).toEqual(['a', 'x']);
  });

  it('[ZK-Java LearnerHandler.syncFollower] is not for what parts in another epoch', () => {
    const c = aheadOfAll('b').write('d');
    // The leader knows 1:2 and 2:1; the learner says 1:3.
    c.heal().restart(3).elect();
    expect(c.wire(2, 3, c.last('boot').index)[1]).toBe('snap 2:1');
    expect([c.logOf(3), c.treeOf(3)]).toEqual([[], ['a', 'd']]);
  });

  for (const how of ['process', 'power'] as const) {
    it(`[ZK-Java FileTxnLog.truncate] a crash of the ${how} at either side is made good`, () => {
      for (const side of ['stepBegun', 'stepDone'] as const) {
        const c = aheadOfAll('b', 'c');
        c.when(side, { actor: 3, text: 'truncate/cut' }, () => c.crash(3, how))
          .heal()
          .restart(3);
        c.waitFor('crash', { actor: 3, text: how }).settle().noViolations();
        expect(c.treeOf(3)).toEqual(['a']);
      }
    });
  }
});

describe('a TRUNC that cannot be carried out', () => {
  /**
   * Server 1 has its state from a snapshot of 5, uncommitted `d` included; its log begins there;
   * servers 2, 3 and 4 lead on without either.
   */
  function beyondRepair(): Cluster {
    const c = cluster(5, { limits: { commitLogCount: 2, snapshotSizeFactor: -1 } }).elect();
    c.crash(1).write('a', 'b', 'c').isolate(5, 'silent').propose('d').runFor('50ms');
    c.crash(everybody)
      .heal()
      .when('established', { actor: 5 }, () => c.crash(2));
    c.restart(5).restart(1).restart(2).waitFor('ackSent', { actor: 1 }).crash(5).crash(1);
    return c.restart(2).restart(3).restart(4).elect();
  }

  it('[ZK-Java Learner.syncWithLeader] makes the learner come back for a snapshot', () => {
    const c = beyondRepair();
    expect([c.snapshotsOf(1), c.zxidsOf(1)]).toEqual([['1:5'], []]);
    c.restart(1).elect();
    expect(c.marks()).toContain('sync/trunc-impossible');
    const [first, second] = c.texts('syncChosen', { peer: 1, actor: c.leader() });
    expect([first, second]).toEqual(['trunc', 'snap']);
    c.settle();
    expect(c.treeOf(1)).toEqual(['a', 'b', 'c']);
  });
});
