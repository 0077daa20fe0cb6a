// What the replicated stream does for sessions: sync, expiry, moving from server to server. The
// leader decides about all of them, and a client notices only what it must. [ZK-Java
// Leader.processSync, SessionTrackerImpl, LearnerHandler case REVALIDATE]
import { describe, expect, it } from 'vitest';
import { compareCodeUnits } from '../../base/order.js';
import type { Operation } from '../../protocol/operation.js';
import { createOperation } from '../../protocol/operation.js';
import type { Result } from '../../protocol/result.js';
import type { TraceRecord } from '../../sim/trace/record.js';
import type { Cluster } from './cluster.js';
import { cluster, everybody, followers, leader } from './cluster.js';

type ChildrenResult = Extract<Result, { kind: 'children' }>;

const SYNC: Operation = { kind: 'sync', path: '/' };
const READ: Operation = { kind: 'getChildren', path: '/', watch: false };

function answersAt(c: Cluster, sid: number): string[] {
  return c.texts('completed', { actor: c.clientAt(sid) });
}

/** What a read of the root has seen of ours. */
function namesIn({ detail }: TraceRecord): readonly string[] {
  return (detail as ChildrenResult).names.filter((name) => name !== 'zookeeper');
}

describe('sync', () => {
  it('[ZK-Java Leader.processSync] is answered at once when nothing is outstanding', () => {
    const c = cluster(3, { clientsAt: [1] })
      .elect()
      .runFor('1500ms')
      .ask(SYNC, 1)
      .runFor('10ms');
    expect(answersAt(c, 1)).toEqual(['ok']);
    expect(c.wire(3, 1).at(-1)).toBe('sync');
  });

  it('[ZK-Java Leader.processSync] else when all is committed that was proposed by then', () => {
    const c = cluster(3, { clientsAt: [1] })
      .elect()
      .runFor('1500ms')
      .stallDisk(followers);
    c.propose('a').ask(SYNC, 1).ask(READ, 1).runFor('200ms');
    expect(answersAt(c, 1)).toEqual([]);
    c.heal().runFor('50ms');
    expect(answersAt(c, 1)).toEqual(['ok', 'ok']);
    expect(c.wire(3, 1).slice(-2)).toEqual(['commit 1:3', 'sync']);
    expect(namesIn(c.last('completed', { actor: c.clientAt(1) }))).toEqual(['a']);
  });

  it('[ZK-Java Leader.processSync] does not wait for what is proposed later', () => {
    const c = cluster(3, { clientsAt: [1] })
      .elect()
      .runFor('1500ms')
      .stallDisk(2)
      .stallDisk(3);
    c.propose('a')
      .ask(SYNC, 1)
      .runFor('20ms')
      .healDisk(2)
      .stallDisk(1)
      .propose('b')
      .runFor('100ms');
    expect([answersAt(c, 1), c.chosen().includes('b')]).toEqual([['ok'], false]);
    c.heal().runFor('50ms');
  });

  it('[ZK-Java CommitProcessor] makes a lagging server catch up before the next read', () => {
    const c = cluster(3, { clientsAt: [1] })
      .elect()
      .runFor('1500ms')
      .slow(1, 3, '100ms')
      .write('a');
    c.ask(READ, 1).runFor('5ms');
    expect(namesIn(c.last('completed', { actor: c.clientAt(1) }))).toEqual([]);
    c.ask(SYNC, 1).ask(READ, 1).runFor('500ms');
    expect(namesIn(c.last('completed', { actor: c.clientAt(1) }))).toEqual(['a']);
  });

  it('[ZK-Java Leader.processSync] of a leader’s own client waits as well: DIVERGES', () => {
    const c = cluster(3, { clientsAt: [1] })
      .elect()
      .runFor('1500ms')
      .stallDisk(followers);
    c.ask(createOperation('/a', ''), 1).runFor('20ms');
    c.ask(SYNC).ask(READ).runFor('100ms');
    expect(c.texts('completed', { actor: 128 })).toEqual([]);
    c.heal().runFor('50ms');
    expect(namesIn(c.last('completed', { actor: 128 }))).toEqual(['a']);
  });

  it('[ZOOKEEPER-1675] asks no quorum: a deposed leader answers from the past', () => {
    const c = cluster(3, { clientsAt: [2] })
      .elect()
      .runFor('1500ms')
      .slowClock(3);
    // The others notice after syncLimit ticks; so does the leader, but its ticks are long.
    c.isolate(3, 'silent').waitFor('activated', { actor: 2 }).writeAt(2, 'new');
    expect(c.roleOf(3)).toBe('leading/broadcast');
    c.ask(SYNC).ask(READ).runFor('5ms');
    expect(c.texts('completed', { actor: 128 })).toEqual(['ok', 'ok']);
    expect(namesIn(c.last('completed', { actor: 128 }))).toEqual([]);
    c.settle();
  });
});

describe('a session', () => {
  it('[ZK-Java PrepRequestProcessor] is opened by a transaction, on all servers', () => {
    const c = cluster(3, { observers: 1 }).elect().runFor('50ms');
    for (const sid of [1, 2, 3, 4]) {
      expect(c.logOf(sid)).toEqual(['session']);
      expect(c.peer(sid).database.tree.sessions.timeouts.size).toBe(1);
    }
  });

  it('[ZK-Java PrepRequestProcessor] is closed by one that takes its ephemerals along', () => {
    const c = cluster(3).elect().write('a', '~b').closeClient().runFor('50ms');
    for (const sid of [1, 2, 3]) {
      expect(c.logOf(sid)).toEqual(['session', 'a', '~b', 'close']);
      expect(c.treeOf(sid)).toEqual(['a']);
    }
  });

  it('[ZK-Java SessionTrackerImpl] does not end with its connection, and no ephemeral goes', () => {
    const c = cluster(3).elect().write('~b').cutClient('reset').runFor('3s');
    expect([c.treeOf(1), c.logOf(1)]).toEqual([['b'], ['session', '~b']]);
    c.healClient().elect().write('c');
    expect(c.treeOf(1)).toContain('b');
  });

  it('[ZK-Java SessionTrackerImpl] is expired by the leader after its timeout', () => {
    const c = cluster(3, { sessionTimeoutMs: 3000 }).elect().write('~b').cutClient('silent');
    const heard = c.records('received', { peer: 128 }).at(-1)!;
    c.waitFor('sessionExpired').runFor('50ms');
    expect([c.last('sessionExpired').actor, c.logOf(1)]).toEqual([3, ['session', '~b', 'close']]);
    expect([1, 2, 3].map((sid) => c.treeOf(sid))).toEqual([[], [], []]);
    const silentMs = (c.last('sessionExpired').atUs - heard.atUs) / 1000;
    // Rounded up to a full tick, and known to the leader by then.
    expect([silentMs >= 3000, silentMs <= 3400]).toEqual([true, true]);
  });

  it('[ZK-Java SessionTrackerImpl] whose client comes too late hears so, and begins anew', () => {
    const c = cluster(3, { sessionTimeoutMs: 2000 }).elect().write('~b').cutClient('silent');
    c.waitFor('sessionExpired').runFor('200ms').healClient();
    c.waitFor('clientState', { text: 'expired' }).elect().write('c');
    expect(c.logOf(3)).toEqual(['session', '~b', 'close', 'session', 'c']);
    expect(c.treeOf(3)).toEqual(['c']);
  });

  it('[ZK-Java LearnerHandler.ping] at a follower is kept alive by what its pings tell', () => {
    const c = cluster(3, { sessionTimeoutMs: 2000 })
      .elect()
      .moveClient(1)
      .write('~b')
      .runFor('10s');
    expect([c.treeOf(3), c.records('sessionExpired').length]).toEqual([['b'], 0]);
    expect(c.records('received', { actor: 3, peer: 128 }, c.last('attached').index)).toEqual([]);
  });

  it('[ZK-Java SessionTrackerImpl] at a follower that is cut off is expired by the leader', () => {
    const c = cluster(3, { sessionTimeoutMs: 2000 }).elect().moveClient(1).write('~b');
    c.when('left', { actor: 1 }, () => c.cutClient('silent')).isolate(1, 'silent');
    c.waitFor('sessionExpired').runFor('50ms');
    expect([c.treeOf(3), c.treeOf(1)]).toEqual([[], ['b']]);
    c.settle();
    expect(c.treeOf(1)).toEqual([]);
  });

  it('[ZK-Java LeaderSessionTracker] gets its full time from a new leader', () => {
    const c = cluster(3, { sessionTimeoutMs: 3000 }).elect().write('~b').cutClient('silent');
    c.runFor('2s').crash(leader).waitFor('activated', { epoch: 2 });
    const { atUs } = c.last('activated');
    c.waitFor('sessionExpired');
    const waitedMs = (c.last('sessionExpired').atUs - atUs) / 1000;
    expect([waitedMs >= 3000, waitedMs <= 3400]).toEqual([true, true]);
  });

  it('[ZK-Java SessionTrackerImpl] is not expired twice, however late its closeSession', () => {
    const c = cluster(3, { sessionTimeoutMs: 1000 }).elect().write('~b').cutClient('silent');
    c.stallDisk(followers).waitFor('sessionExpired').runFor('700ms').heal().cutClient('silent');
    c.runFor('3s');
    expect(c.logOf(3).filter((word) => word === 'close')).toHaveLength(1);
  });
});

describe('a client that moves', () => {
  it('[ZK-Java LearnerZooKeeperServer] keeps its session and its ephemerals', () => {
    const c = cluster(3).elect().write('~b').moveClient(1).write('c').moveClient(2).write('d');
    expect(c.logOf(3)).toEqual(['session', '~b', 'c', 'd']);
    expect(c.wire(1, 3)).toContain('revalidate');
    expect(new Set(c.records('attached').map(({ value }) => value)).size).toBe(1);
  });

  it('[ZK-Java LearnerZooKeeperServer.revalidateSession] survives an election with both', () => {
    const c = cluster(3).elect().write('~b').crash(leader).elect().write('c');
    expect([c.treeOf(2), c.logOf(2)]).toEqual([
      ['b', 'c'],
      ['session', '~b', 'c'],
    ]);
  });

  it('[ZK-Java ZooKeeperServer] is refused by a server behind what it has seen', () => {
    const c = cluster(3).elect().slow(1, 3, '400ms').write('a');
    c.sendClient(1).waitFor('refused', { actor: 1 });
    expect(c.last('refused', { actor: 1 }).text).toBe('the client has seen more');
    expect([c.lastProcessedOf(1), c.lastProcessedOf(3)]).toEqual(['1:1', '1:2']);
    c.heal().runFor('1s').elect();
  });

  it('[ZOOKEEPER-2845] and never sees less than before, wherever it goes', () => {
    const c = cluster(3, { stageUs: { kind: 'uniform', fromUs: 20, toUs: 9000 } }).elect();
    for (const sid of [1, 2, 3, 1, 2, 3]) {
      c.write(`n${c.recorder.count}`).moveClient(sid).ask(READ).runFor('50ms');
      expect(namesIn(c.last('completed'))).toEqual(c.chosen().slice(1).sort(compareCodeUnits));
    }
  });

  it('[ZK-Java LearnerHandler] with a session that is gone is told that it expired', () => {
    const c = cluster(3, { sessionTimeoutMs: 1000 }).elect().cutClient('silent');
    c.waitFor('sessionExpired').runFor('200ms').crash(everybody).restartAll();
    c.waitFor('serving', { actor: 1 }).healClient().elect().write('c');
    expect(c.texts('clientState').filter((text) => text === 'expired')).toHaveLength(1);
  });
});
