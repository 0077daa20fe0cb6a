// Broadcast: what makes a proposal commit, in which order, who is told what, and what the stages of
// a server do to one session's requests. [ZK-Java Leader.propose, processAck, tryToCommit,
// CommitProcessor]
import { describe, expect, it } from 'vitest';
import { compareNumbers } from '../../base/order.js';
import { serverId } from '../../protocol/ids.js';
import type { Operation } from '../../protocol/operation.js';
import { createOperation } from '../../protocol/operation.js';
import { makeWeighted } from '../../protocol/quorum.js';
import type { Cluster } from './cluster.js';
import { cluster, everybody, followers, leader } from './cluster.js';

function create(name: string): Operation {
  return createOperation(`/${name}`, name);
}

/** Ascending. */
function ackersOf(c: Cluster, zxid: string): number[] {
  const ackers = c.records('ackReceived', { zxid }).map(({ peer }) => peer);
  return ackers.sort(compareNumbers);
}

describe('a commit', () => {
  it('[ZK-Java Leader.tryToCommit] needs the ACKs of a quorum', () => {
    const c = cluster(5)
      .elect()
      .stallDisk(1)
      .stallDisk(2)
      .stallDisk(3)
      .propose('a')
      .runFor('500ms');
    expect([ackersOf(c, '1:2'), c.chosen()]).toEqual([[4, 5], ['session']]);
    c.healDisk(2).waitFor('committed', { zxid: '1:2' });
    expect(ackersOf(c, '1:2')).toEqual([2, 4, 5]);
  });

  it('[ZK-Java AckRequestProcessor] counts the leader like any other: after its fsync', () => {
    const c = cluster(3).elect().crash(1).stallDisk(leader).propose('a').runFor('500ms');
    expect([ackersOf(c, '1:2'), c.chosen()]).toEqual([[2], ['session']]);
    c.healDisk(leader).waitFor('committed', { zxid: '1:2' });
    expect(ackersOf(c, '1:2')).toEqual([2, 3]);
  });

  it('[ZK-Java Leader.tryToCommit] may do without the leader: its followers are a quorum', () => {
    const c = cluster(3).elect().stallDisk(leader).write('a');
    expect([ackersOf(c, '1:2'), c.logOf(3)]).toEqual([[1, 2], ['session']]);
    c.powerLoss(leader).elect();
    expect(c.chosen()).toEqual(['session', 'a']);
  });

  it('[ZK-Java ProposalRequestProcessor] a proposal leaves before the leader logs it', () => {
    const c = cluster(3).elect().stallDisk(leader).propose('a');
    c.waitFor('received', { actor: 1, text: 'proposal', zxid: '1:2' });
    expect(c.records('flushed', { actor: 3, zxid: '1:2' })).toEqual([]);
  });

  it('[ZK-Java QuorumHierarchical] needs a quorum of the weight, not of the heads', () => {
    const weights = [1, 1, 3].map((weight, at) => ({ sid: serverId(at + 1), weight }));
    const c = cluster(3, { verifier: makeWeighted(weights) }).elect();
    expect(c.leader()).toBe(3);
    c.stallDisk(leader).propose('a').runFor('300ms');
    expect([ackersOf(c, '1:2'), c.chosen()]).toEqual([[1, 2], ['session']]);
    c.healDisk(leader).stallDisk(followers).write('b');
    expect(c.chosen()).toEqual(['session', 'a', 'b']);
  });

  it('[ZK-Java Leader.processAck] takes no ACK of an observer, and asks for none', () => {
    const c = cluster(3, { observers: 2 })
      .elect()
      .stallDisk(followers)
      .propose('a')
      .runFor('300ms');
    expect(c.chosen()).toEqual(['session']);
    for (const sid of [4, 5]) {
      expect(c.wire(3, sid)).not.toContain('proposal 1:2');
      expect(c.zxids('ackSent', { actor: sid })).toEqual(['1:0', '1:0']);
    }
  });

  it('[ZK-Java Leader.processAck] is not made twice: a late ACK is for nothing', () => {
    const c = cluster(3).elect().stallDisk(1).write('a').healDisk(1).runFor('20ms');
    expect(c.wire(1, 3)).toContain('ack 1:2');
    expect(c.records('committed', { zxid: '1:2' })).toHaveLength(1);
    const counted = c.records('ackReceived', { zxid: '1:2' });
    const { index } = c.last('committed', { zxid: '1:2' });
    expect(counted.filter((ack) => ack.index < index).map(({ peer }) => peer)).toEqual([3, 2]);
  });
});

describe('the order of commits', () => {
  it('[ZK-Java Leader.tryToCommit] is that of proposals: a later one waits, however acked', () => {
    const c = cluster(3).elect().lose('ack', 1, 3).lose('ack', 2, 3);
    c.propose('a').runFor('10ms').propose('b').runFor('200ms');
    // 1:2 has only the leader's ACK, 1:3 has everybody's.
    expect([ackersOf(c, '1:2'), ackersOf(c, '1:3')]).toEqual([[3], [1, 2, 3]]);
    expect(c.chosen()).toEqual(['session']);
    c.breakLink(1, 3).settle().violates('ack-order');
    expect(c.chosen()).toEqual(['session', 'a', 'b']);
  });

  it('[ZK-Java CommitProcessor] is that of zxids on every server, one at a time', () => {
    const stageUs = { kind: 'uniform', fromUs: 20, toUs: 4000 } as const;
    const c = cluster(3, { observers: 1, stageUs, clientsAt: [1, 2] })
      .elect()
      .runFor('2s');
    for (let at = 0; at < 12; at++) {
      c.ask(create(`x${at}`))
        .ask(create(`y${at}`), 1)
        .ask(create(`z${at}`), 2)
        .runFor('1ms');
    }
    c.settle();
    const proposed = c.zxids('proposed');
    expect(proposed.length).toBeGreaterThanOrEqual(39);
    for (const sid of [1, 2, 3, 4]) expect(c.zxids('applied', { actor: sid })).toEqual(proposed);
  });

  it('[ZK-Java FinalRequestProcessor] has a moment between commit and apply', () => {
    const stageUs = { kind: 'constant', us: 3000 } as const;
    const c = cluster(3, { stageUs }).elect().propose('a').waitFor('committed', { zxid: '1:2' });
    expect(c.treeOf(3)).toEqual([]);
    c.runFor('10ms');
    expect(c.treeOf(3)).toEqual(['a']);
  });
});

describe('a learner is told', () => {
  it('[ZK-Java Leader.propose] a follower: PROPOSAL, then COMMIT', () => {
    const c = cluster(3).elect().write('a').runFor('20ms');
    expect(c.wire(3, 1).slice(-2)).toEqual(['proposal 1:2', 'commit 1:2']);
  });

  it('[ZK-Java Leader.inform] an observer: INFORM, which is both', () => {
    const c = cluster(3, { observers: 1 }).elect().write('a').runFor('20ms');
    expect(c.wire(3, 4).slice(-2)).toEqual(['inform 1:1', 'inform 1:2']);
    expect([c.treeOf(4), c.logOf(4)]).toEqual([['a'], ['session', 'a']]);
  });

  it('[ZK-Java Leader.tryToCommit] of a commit only after it is one', () => {
    const c = cluster(3).elect().stallDisk(followers).propose('a').runFor('300ms');
    expect(c.wire(3, 1).slice(-1)).toEqual(['proposal 1:2']);
    expect(c.treeOf(1)).toEqual([]);
    c.heal();
  });
});

describe('a request', () => {
  it('[ZK-Java FollowerRequestProcessor] of a follower’s client goes to the leader', () => {
    const c = cluster(3, { clientsAt: [1] })
      .elect()
      .runFor('1500ms')
      .writeAt(1, 'a');
    // One for the session, one for the znode.
    expect(c.wire(1, 3).filter((text) => text === 'request')).toHaveLength(2);
    expect(c.last('proposed').actor).toBe(3);
  });

  it('[ZK-Java FinalRequestProcessor] is answered by the server that was asked, only', () => {
    const c = cluster(3, { clientsAt: [1] })
      .elect()
      .runFor('1500ms')
      .writeAt(1, 'a')
      .runFor('50ms');
    const answers = c.records('replied', { zxid: c.zxids('proposed').at(-1)! });
    expect(answers.map(({ actor }) => actor)).toEqual([1]);
  });

  it('[ZK-Java FinalRequestProcessor] is answered when that server has applied it', () => {
    const c = cluster(3, { clientsAt: [1] })
      .elect()
      .runFor('1500ms')
      .writeAt(1, 'a');
    const { index } = c.records('replied', { actor: 1 }).at(-1)!;
    expect(c.last('applied', { actor: 1 }).index).toBeLessThan(index);
    expect(c.treeOf(1)).toEqual(['a']);
  });

  it('[ZK-Java Learner.request] may be lost with the leader: its outcome is unknown', () => {
    const c = cluster(3, { clientsAt: [1] })
      .elect()
      .runFor('1500ms')
      .ask(create('a'), 1);
    c.when('received', { actor: 3, text: 'request' }, () => c.crash(3)).waitFor('completed');
    expect([c.last('completed').text, c.chosen().includes('a')]).toEqual(['unknown', false]);
    c.settle();
  });

  it('[ZK-Java Learner.request] with unknown outcome may have been carried out', () => {
    const c = cluster(3, { clientsAt: [1] })
      .elect()
      .runFor('1500ms')
      .ask(create('a'), 1);
    c.when('committed', {}, () => c.crash(3)).waitFor('completed');
    expect(c.last('completed').text).toBe('unknown');
    c.settle();
    expect(c.treeOf(1)).toEqual(['a']);
  });
});

describe('the requests of one session', () => {
  it('[ZK-Java CommitProcessor] a read sees the write before it, though nobody waited', () => {
    for (const at of [undefined, 1]) {
      const c = cluster(3, { clientsAt: [1] })
        .elect()
        .runFor('1500ms');
      c.ask(create('a'), at).ask({ kind: 'getData', path: '/a', watch: false }, at);
      const client = at === undefined ? 128 : c.clientAt(at);
      const before = c.texts('completed', { actor: client }).length;
      c.until(() => c.texts('completed', { actor: client }).length === before + 2, 'two answers');
      expect(c.last('completed', { actor: client }).detail).toMatchObject({
        kind: 'data',
        data: 'a',
      });
    }
  });

  it('[ZK-Java CommitProcessor] are answered in the order in which they were asked', () => {
    const c = cluster(3, { clientsAt: [1] })
      .elect()
      .runFor('1500ms')
      .stallDisk(everybody);
    c.ask(create('a'), 1).ask({ kind: 'exists', path: '/', watch: false }, 1).ask(create('b'), 1);
    c.ask({ kind: 'getChildren', path: '/', watch: false }, 1).runFor('100ms');
    const client = c.clientAt(1);
    expect(c.records('completed', { actor: client })).toEqual([]);
    c.heal().runFor('100ms');
    const cxids = c.records('completed', { actor: client }).map(({ digest }) => digest);
    expect(cxids).toEqual([...cxids].sort((x, y) => x - y));
    expect(c.last('completed', { actor: client }).detail).toMatchObject({
      names: ['a', 'b', 'zookeeper'],
    });
  });

  it('[ZK-Java CommitProcessor] do not wait for those of another', () => {
    const c = cluster(3, { clientsAt: [1] })
      .elect()
      .runFor('1500ms')
      .stallDisk(everybody);
    c.ask(create('a'), 1)
      .runFor('50ms')
      .ask({ kind: 'exists', path: '/', watch: false })
      .runFor('10ms');
    expect(c.texts('completed', { actor: 128 })).toEqual(['ok']);
    c.heal().runFor('50ms');
  });

  it('[ZK-Java PrepRequestProcessor] are decided on what is proposed, not applied', () => {
    const c = cluster(3).elect().stallDisk(everybody).ask(create('a'));
    c.ask({ kind: 'setData', path: '/a', data: 'x', version: 0 });
    c.ask({ kind: 'setData', path: '/a', data: 'y', version: 0 });
    c.ask({ kind: 'delete', path: '/a', version: 1 }).runFor('50ms').heal().runFor('50ms');
    expect(c.logOf(3)).toEqual(['session', 'a', 'a=x', '!BadVersion', '-a']);
    expect(c.texts('completed')).toEqual(['ok', 'ok', 'error', 'ok']);
  });
});
