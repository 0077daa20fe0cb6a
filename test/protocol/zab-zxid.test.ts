// Transaction ids and epoch files, one test for each claim: who assigns a zxid and to what, what
// happens when the counter is exhausted, and in which order the two epoch files are written and
// talked about.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Epoch } from '../../protocol/ids.js';
import { counterOf, epochOf, formatZxid, makeZxid } from '../../protocol/ids.js';
import { createOperation } from '../../protocol/operation.js';
import { cluster, everybody, leader } from './cluster.js';

describe('a zxid', () => {
  it('[ZK-Java ZxidUtils] is ordered by epoch, then counter, and gives both back', () => {
    const parts = fc.tuple(fc.nat(2 ** 21 - 1), fc.nat(0xffffffff));
    fc.assert(
      fc.property(parts, parts, ([e1, c1], [e2, c2]) => {
        const a = makeZxid(e1 as Epoch, c1);
        const b = makeZxid(e2 as Epoch, c2);
        expect([epochOf(a), counterOf(a), formatZxid(a)]).toEqual([e1, c1, `${e1}:${c1}`]);
        expect(Math.sign(a - b)).toBe(Math.sign(e1 - e2) || Math.sign(c1 - c2));
      }),
    );
  });

  it('[ZK-Java PrepRequestProcessor] of the first transaction of an epoch has counter 1', () => {
    const c = cluster(3).elect().write('a').crash(leader).elect().write('b');
    expect(c.zxidsOf(c.leader())).toEqual(['1:1', '1:2', '2:1']);
    expect(c.logOf(c.leader())).toEqual(['session', 'a', 'b']);
  });

  it('[ZK-Java PrepRequestProcessor] is consumed by a write that fails, and replicated', () => {
    const c = cluster(3).elect().ask({ kind: 'delete', path: '/none', version: -1 }).write('a');
    for (const sid of [1, 2, 3]) {
      expect(c.logOf(sid)).toEqual(['session', '!NoNode', 'a']);
      expect(c.zxidsOf(sid)).toEqual(['1:1', '1:2', '1:3']);
    }
  });

  it('[ZK-Java PrepRequestProcessor] is not consumed by reads, sync and pings', () => {
    const c = cluster(3).elect().write('a');
    c.ask({ kind: 'getData', path: '/a', watch: false }).ask({ kind: 'sync', path: '/' });
    c.ask({ kind: 'getChildren', path: '/', watch: false }).runFor('4s').write('b');
    expect(c.texts('timer').filter((timer) => timer === 'ping').length).toBeGreaterThan(0);
    expect(c.zxidsOf(1)).toEqual(['1:1', '1:2', '1:3']);
  });

  it('[ZK-Java LeaderRequestProcessor] is assigned by the leader alone, in one sequence', () => {
    const c = cluster(3, { clientsAt: [1, 2] })
      .elect()
      .waitFor('sessionOpened', { zxid: '1:3' });
    c.ask(createOperation('/x', ''), 1);
    c.ask(createOperation('/y', ''), 2).write('z').runFor('50ms');
    expect(c.zxids('proposed', { actor: c.leader() })).toEqual([
      '1:1',
      '1:2',
      '1:3',
      '1:4',
      '1:5',
      '1:6',
    ]);
    expect(c.records('proposed')).toHaveLength(6);
    expect(c.treeOf(1)).toEqual(['x', 'y', 'z']);
  });
});

describe('the end of the counter', () => {
  it('[ZK-Java Leader.propose] forces a new election, and the next epoch starts anew', () => {
    const c = cluster(3, { limits: { counterMax: 3 } })
      .elect()
      .write('a', 'b');
    c.ask(createOperation('/c', ''));
    c.waitFor('rollover', { epoch: 1 }).waitFor('left', { text: 'zxid counter exhausted' });
    c.elect().write('d');
    expect(c.epochOf(c.leader())).toBe(2);
    expect(c.zxidsOf(c.leader())).toEqual(['1:1', '1:2', '1:3', '2:1']);
  });

  it('[ZK-Java Leader.propose] leaves the request that met it without an outcome', () => {
    const c = cluster(3, { limits: { counterMax: 2 } })
      .elect()
      .write('a');
    c.ask(createOperation('/b', '')).waitFor('completed');
    expect(c.texts('completed')).toEqual(['ok', 'unknown']);
    c.elect().write('c');
    expect(c.chosen()).toEqual(['session', 'a', 'c']);
  });
});

describe('the epoch files', () => {
  it('[ZK-Java Leader.getEpochToPropose] the leader promises on disk before it tells', () => {
    const c = cluster(3);
    c.when('epochProposed', { actor: 3 }, () => c.stallDisk(3)).waitFor('epochProposed');
    c.runFor('1s');
    expect([c.acceptedEpochOf(3), c.wire(3, 1), c.wire(3, 2)]).toEqual([0, [], []]);
    c.healDisk(3).elect();
    expect(c.last('epochFile', { actor: 3, text: 'accepted' }).index).toBeLessThan(
      c.records('received', { text: 'leaderInfo' })[0]!.index,
    );
  });

  it('[ZK-Java Learner.registerWithLeader] a learner promises on disk before it says so', () => {
    const c = cluster(3, { without: [2] });
    c.when('stepBegun', { actor: 1, text: 'promise/writeAcceptedEpoch' }, () => c.stallDisk(1));
    c.waitFor('received', { actor: 1, text: 'leaderInfo' }).runFor('1s');
    expect(c.wire(1, 3)).toEqual(['followerInfo 0:0']);
    c.healDisk(1).elect();
    expect(c.wire(1, 3).slice(0, 2)).toEqual(['followerInfo 0:0', 'ackEpoch 0:0']);
  });

  it('[ZK-Java Learner.registerWithLeader] ACKEPOCH carries the currentEpoch from before', () => {
    const c = cluster(3).elect().crash(leader).elect().crash(leader).restartAll().elect();
    const told = c.records('promised', { actor: 1 }).map(({ epoch, value }) => [epoch, value]);
    expect(told).toEqual([[1, 0], [2, 1], [3, 2]]); // prettier-ignore
  });

  it('[ZK-Java Leader.lead] the leader writes currentEpoch while its learners synchronize', () => {
    const c = cluster(3);
    c.when('established', { actor: 3 }, () => c.stallDisk(3))
      .waitFor('established')
      .runFor('1s');
    expect(c.epochOf(3)).toBe(0);
    expect([c.epochOf(1), c.epochOf(2)]).toEqual([1, 1]);
    for (const sid of [1, 2]) {
      expect(c.wire(3, sid)).toEqual(['leaderInfo 1:0', 'diff 0:0', 'newLeader 1:0']);
    }
    c.healDisk(3).elect();
  });

  it('[ZK-Java Leader.lead] the leader serves only when currentEpoch is written', () => {
    const c = cluster(3).elect();
    const written = c.last('epochFile', { actor: 3, text: 'current' });
    expect(c.last('activated', { actor: 3 }).index).toBeGreaterThan(written.index);
  });

  it('[ZK-Java Learner.syncWithLeader] currentEpoch comes after the log, before the ACK', () => {
    const c = cluster(3).elect().crash(leader).elect().write('a').restart(3).elect();
    const since = c.last('syncing', { actor: 3, text: 'diff' }).index;
    const [flushed, written, acked] = (['flushed', 'epochFile', 'ackSent'] as const).map(
      (kind) => c.records(kind, { actor: 3 }, since)[0]!,
    );
    expect([flushed!.zxid, written!.text, acked!.epoch]).toEqual([2 ** 33 + 1, 'current', 2]);
    expect(flushed!.index).toBeLessThan(written!.index);
    expect(written!.index).toBeLessThan(acked!.index);
  });

  it('[ZOOKEEPER-2307] is known in memory only when it is on disk', () => {
    const c = cluster(3).when('stepBegun', { actor: 1, text: 'promise/writeAcceptedEpoch' }, () =>
      c.stallDisk(1),
    );
    c.waitFor('received', { actor: 1, text: 'leaderInfo' }).runFor('100ms');
    expect(c.peer(1).durable.acceptedEpoch).toBe(0);
    c.crash(1).healDisk(1).restart(1).elect();
    expect(c.acceptedEpochOf(1)).toBe(1);
  });

  it('[ZK-Java QuorumPeer.loadDataBase] outlive every crash, and never go back', () => {
    const c = cluster(3).elect();
    for (let epoch = 2; epoch <= 4; epoch++) {
      c.powerLoss(everybody).restartAll().elect();
      for (const sid of [1, 2, 3]) {
        expect([c.acceptedEpochOf(sid), c.epochOf(sid)]).toEqual([epoch, epoch]);
      }
    }
  });

  it('[ZK-Java FastLeaderElection.logicalclock] no file holds the round: it begins again', () => {
    const c = cluster(3).elect().crash(leader).elect().restartAll().elect();
    expect(c.peer(1).round).toBe(2);
    c.crash(everybody).restartAll().elect();
    expect(c.peer(1).round).toBe(1);
  });
});
