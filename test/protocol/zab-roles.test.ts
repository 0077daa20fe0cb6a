// Every change of role and phase that there is, and what brings it about: a row of the table of
// transitions is a story that ends with it. [ZK-Java QuorumPeer.ServerState, ZabState]
import { describe, expect, it } from 'vitest';
import { createOperation } from '../../protocol/operation.js';
import type { Cluster } from './cluster.js';
import { cluster, everybody, followers, leader } from './cluster.js';

/** The roles that a server went through, in order. */
function pathOf(c: Cluster, sid: number, from = 0): string[] {
  return c.texts('role', { actor: sid }, from);
}

function leftBecause(c: Cluster, sid: number): string {
  return c.last('left', { actor: sid }).text;
}

describe('from the start', () => {
  it('[ZK-Java QuorumPeer.run] a leader goes by discovery and synchronization to broadcast', () => {
    const c = cluster(3).elect();
    expect(pathOf(c, 3)).toEqual([
      'looking/election',
      'leading/discovery',
      'leading/synchronization',
      'leading/broadcast',
    ]);
  });

  it('[ZK-Java QuorumPeer.run] so does a follower, and so does an observer', () => {
    const c = cluster(3, { observers: 1 }).elect();
    for (const [sid, kind] of [
      [1, 'following'],
      [4, 'observing'],
    ] as const) {
      // prettier-ignore
      expect(pathOf(c, sid)).toEqual([
        'looking/election',
        `${kind}/discovery`,
        `${kind}/synchronization`,
        `${kind}/broadcast`,
      ]);
    }
  });
});

describe('a follower in discovery looks again', () => {
  it('[ZK-Java Learner.connectToLeader] when five attempts to connect have failed', () => {
    const c = cluster(3);
    c.when('elected', { actor: 3 }, () => c.crash(3)).waitFor('left', { actor: 1 });
    expect(leftBecause(c, 1)).toBe('cannot connect to the leader');
    const dials = c.records('dialFailed', { actor: 1, text: 'quorum/refused' });
    expect(dials).toHaveLength(5);
    const [first, last] = [dials[0]!, dials[4]!];
    expect((last.atUs - first.atUs) / 1000).toBeGreaterThanOrEqual(400);
    expect(pathOf(c, 1).at(-1)).toBe('leaving/following');
  });

  it('[ZK-Java Leader.lead] not when the leader has yet to decide, and listens to nobody', () => {
    const c = cluster(3).runFor('150ms').pause(3).waitFor('elected', { actor: 2 }).runFor('5ms');
    c.resume(3).elect();
    const refused = c.records('dialFailed', { text: 'quorum/refused' });
    expect(refused.map(({ actor, peer }) => `${actor}>${peer}`)).toEqual(['1>3', '2>3']);
    expect(c.last('elected', { actor: 3 }).index).toBeGreaterThan(refused[0]!.index);
    expect(c.records('left')).toEqual([]);
  });

  it('[ZK-Java Learner.connectToLeader] not earlier: a leader that opens late is found', () => {
    const c = cluster(3).when('elected', { actor: 3 }, () => c.cut(1, 3));
    c.waitFor('dialFailed', { actor: 1, text: 'quorum/refused' }).runFor('150ms').heal().elect();
    expect(c.records('left')).toEqual([]);
  });

  it('[ZK-Java Learner.registerWithLeader] when the connection ends', () => {
    const c = cluster(3).when('epochProposed', { actor: 3 }, () => c.crash(3));
    c.waitFor('left', { actor: 1 });
    expect(leftBecause(c, 1)).toBe('connection to the leader closed (reset)');
  });

  it('[ZK-Java Learner.connectToLeader] when the leader says nothing for initLimit ticks', () => {
    const c = cluster(3).lose('leaderInfo', 3, 1).waitFor('left', { actor: 1 });
    expect(leftBecause(c, 1)).toBe('read timeout: no word from the leader');
    const silentMs =
      (c.last('left').atUs - c.last('dialed', { actor: 1, text: 'quorum' }).atUs) / 1000;
    expect([silentMs >= 2000, silentMs < 2100]).toEqual([true, true]);
  });
});

describe('a follower in synchronization looks again', () => {
  it('[ZK-Java Learner.syncWithLeader] when the connection ends', () => {
    const c = cluster(3).elect().crash(1).write('a').lose('newLeader', 3, 1).restart(1);
    c.waitFor('syncing', { actor: 1 }).breakLink(1, 3).waitFor('left', { actor: 1 });
    expect(pathOf(c, 1).slice(-3)).toEqual([
      'following/discovery',
      'following/synchronization',
      'leaving/following',
    ]);
    c.settle();
  });

  it('[ZOOKEEPER-4925] when a proposal is missing', () => {
    const c = cluster(3).elect().crash(1).write('a', 'b', 'c').lose('proposal', 3, 1, 2).restart(1);
    c.waitFor('left', { actor: 1 });
    expect(leftBecause(c, 1)).toBe('gap in the synchronization stream');
    c.settle();
    expect(c.logOf(1)).toEqual(['session', 'a', 'b', 'c']);
    c.violates('expected-messages');
  });

  it('[ZK-Java Learner.syncWithLeader] when a COMMIT comes without its proposal', () => {
    const c = cluster(3).elect().crash(1).write('a').lose('proposal', 3, 1).restart(1);
    c.waitFor('left', { actor: 1 }, '2s').settle();
    expect(c.logOf(1)).toEqual(['session', 'a']);
    c.violates('expected-messages');
  });

  it('[ZK-Java Learner.syncWithLeader] when no DIFF, TRUNC or SNAP comes first', () => {
    const c = cluster(3).elect().crash(1).write('a').lose('diff', 3, 1).restart(1);
    c.waitFor('left', { actor: 1 });
    expect(leftBecause(c, 1)).toBe('expected DIFF, TRUNC or SNAP, got proposal');
    c.settle();
  });
});

describe('a follower in broadcast', () => {
  it('[ZK-Java Follower.followLeader] looks again when the connection ends', () => {
    const c = cluster(3).elect().crash(leader).waitFor('left', { actor: 1 });
    expect(leftBecause(c, 1)).toBe('connection to the leader closed (reset)');
  });

  it('[ZK-Java Learner.syncWithLeader] looks again after syncLimit ticks without a word', () => {
    const c = cluster(3).elect();
    const heard = c.last('received', { actor: 1, peer: 3, text: 'ping' });
    c.pause(leader).waitFor('left', { actor: 1 });
    expect(leftBecause(c, 1)).toBe('read timeout: no word from the leader');
    const silentMs = (c.last('left', { actor: 1 }).atUs - heard.atUs) / 1000;
    expect([silentMs >= 1000, silentMs <= 1200]).toEqual([true, true]);
  });

  it('[ZK-Java Follower.followLeader] looks again when its disk fails', () => {
    const c = cluster(3).elect().failDisk(1).write('a').waitFor('left', { actor: 1 });
    expect(leftBecause(c, 1)).toBe('writing the log failed');
    c.settle();
  });

  it('[ZK-Java FollowerZooKeeperServer.commit] ends with code 12 at a COMMIT out of turn', () => {
    const c = cluster(3).elect().lose('commit', 3, 1).write('a').write('b').waitFor('halted');
    const { actor, value, text } = c.last('halted');
    expect([actor, value, text]).toEqual([1, 12, 'COMMIT is not for the oldest pending proposal']);
    c.settle().violates('expected-messages');
  });

  it('[ZK-Java FollowerZooKeeperServer.commit] ignores a COMMIT when nothing is pending', () => {
    const c = cluster(3).elect().lose('proposal', 3, 1).write('a').runFor('20ms');
    expect(c.texts('ignored', { actor: 1 })).toEqual(['COMMIT with no pending proposal']);
  });
});

describe('a leader in discovery gives up', () => {
  it('[ZK-Java Leader.getEpochToPropose] without FOLLOWERINFOs of a quorum in initLimit', () => {
    const c = cluster(3).when('elected', { actor: 3 }, () => c.isolate(3));
    c.waitFor('left', { actor: 3 });
    expect(leftBecause(c, 3)).toBe('no quorum of FOLLOWERINFOs within initLimit');
    const waitedMs = (c.last('left').atUs - c.last('stepDone', { actor: 3 }).atUs) / 1000;
    expect(waitedMs).toBe(2000);
  });

  it('[ZK-Java Leader.waitForEpochAck] without a quorum of ACKEPOCHs within initLimit', () => {
    const c = cluster(3, { without: [2] })
      .lose('ackEpoch', 1, 3)
      .waitFor('left', { actor: 3 });
    expect(leftBecause(c, 3)).toBe('no quorum of ACKEPOCHs within initLimit');
    c.elect();
    expect(c.epochOf(3)).toBe(2);
  });
});

describe('a leader in synchronization', () => {
  it('[ZK-Java Leader.waitForNewLeaderAck] gives up without a quorum of ACKs in initLimit', () => {
    const c = cluster(3, { without: [2] })
      .lose('newLeader', 3, 1)
      .waitFor('left', { actor: 3 });
    expect(leftBecause(c, 3)).toBe('no quorum of NEWLEADER ACKs within initLimit');
    c.elect().write('a');
    expect(c.epochOf(3)).toBe(2);
  });
});

describe('a leader in broadcast gives up', () => {
  it('[ZK-Java Leader.lead] at a full tick without a quorum that it has heard of', () => {
    const c = cluster(3).elect().crash(followers).waitFor('left', { actor: 3 });
    expect(leftBecause(c, 3)).toBe('not enough learners heard of within syncLimit');
    const activeMs = (c.last('left').atUs - c.last('activated').atUs) / 1000;
    expect(activeMs % 200).toBe(0);
    c.settle();
  });

  it('[ZK-Java Leader.lead] when its own disk fails', () => {
    const c = cluster(3).elect().failDisk(leader);
    c.ask(createOperation('/a', '')).waitFor('left', { actor: 3 });
    expect(leftBecause(c, 3)).toBe('writing the log failed');
    c.settle();
  });

  it('[ZK-Java Leader.propose] when the counter is used up', () => {
    const c = cluster(3, { limits: { counterMax: 1 } }).elect();
    c.ask(createOperation('/a', '')).waitFor('left', { actor: 3 });
    expect(leftBecause(c, 3)).toBe('zxid counter exhausted');
  });

  it('[ZK-Java Leader.shutdown] and every learner hears of it at once', () => {
    const c = cluster(5).elect().crash(1).crash(2).crash(3).waitFor('left', { actor: 4 });
    const [up, down] = [c.last('left', { actor: 5 }), c.last('left', { actor: 4 })];
    expect(down.text).toBe('connection to the leader closed (eof)');
    expect((down.atUs - up.atUs) / 1000).toBe(1);
    c.settle();
  });
});

describe('leaving any serving role', () => {
  it('[ZK-Java ZooKeeperServer.shutdown] closes all client connections', () => {
    const c = cluster(3, { clientsAt: [1, 2, 3] })
      .elect()
      .runFor('1s');
    const connected = (): number =>
      c.texts('clientState').filter((text) => text === 'disconnected').length;
    const before = connected();
    c.crash(1).crash(2).waitFor('left', { actor: 3 }).runFor('10ms');
    expect(connected() - before).toBe(4);
    expect([c.roleOf(3), c.peer(3).front.serving]).toEqual(['looking/election', false]);
    c.settle();
  });

  it('[ZK-Java Observer.observeLeader] an observer pauses before it looks again', () => {
    const c = cluster(3, { observers: 1, seed: '3' }).elect().crash(everybody).restartAll().elect();
    c.breakLink(4, c.leader()).waitFor('lookingAgain', { actor: 4 });
    const done = c.records('stepDone', { actor: 4, text: 'leave/readLastZxid' }).at(-1)!;
    const pauseMs = (c.last('lookingAgain', { actor: 4 }).atUs - done.atUs) / 1000;
    expect([pauseMs > 0, pauseMs <= 200]).toEqual([true, true]);
    expect(pauseMs).toBe(c.world.origin.observerDelaysMs[3]);
  });
});
