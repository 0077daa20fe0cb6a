// The window of committed transactions that DIFFs are served from: what it holds, what it forgets,
// and what is in it after a restart.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Epoch, SessionId } from '../../protocol/ids.js';
import { formatZxid, makeZxid } from '../../protocol/ids.js';
import { CommittedLog } from '../../protocol/storage/committed-log.js';
import type { Txn } from '../../protocol/txn.js';
import { makeTxn } from '../../protocol/txn.js';
import type { Cluster } from './cluster.js';
import { cluster, followers, leader } from './cluster.js';

function txn(counter: number): Txn {
  const zxid = makeZxid(1 as Epoch, counter);
  const header = { zxid, session: 0 as SessionId, cxid: 0, timeMs: 0 };
  return makeTxn(header, { kind: 'error', code: 'NoNode' });
}

function countersOf(log: CommittedLog): number[] {
  return Array.from({ length: log.length }, (_, index) => log.at(index).zxid % 2 ** 32);
}

function windowOf(c: Cluster, sid: number): string[] {
  const { min, max, length } = c.peer(sid).database.committedLog;
  return [formatZxid(min), formatZxid(max), String(length)];
}

describe('the window', () => {
  it('[ZK-Java ZKDatabase.addCommittedProposal] is the newest, as a naive twin has it', () => {
    const counters = fc.array(fc.integer({ min: 1, max: 400 }), { maxLength: 300 });
    fc.assert(
      fc.property(counters, fc.integer({ min: 1, max: 9 }), (added, limit) => {
        let log = CommittedLog.empty();
        let twin: number[] = [];
        for (const counter of added) {
          const before = log;
          const was = countersOf(before);
          log = log.append(txn(counter), limit);
          if (counter > (twin.at(-1) ?? 0)) twin = [...twin, counter].slice(-limit);
          else expect(log).toBe(before);
          expect(countersOf(log)).toEqual(twin);
          expect(countersOf(before)).toEqual(was);
          expect([log.min % 2 ** 32, log.max % 2 ** 32]).toEqual([twin[0], twin.at(-1)]);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('[ZK-Java ZKDatabase.addCommittedProposal] lets two continue from one without meeting', () => {
    const root = CommittedLog.empty().append(txn(1), 5);
    const left = root.append(txn(2), 5).append(txn(3), 5);
    const right = root.append(txn(4), 5);
    expect([countersOf(left), countersOf(right), countersOf(root)]).toEqual([
      [1, 2, 3],
      [1, 4],
      [1],
    ]);
  });

  it('[ZK-Java ZKDatabase.clear] is empty at both ends when it is empty', () => {
    const { min, max, length } = CommittedLog.empty();
    expect([min, max, length]).toEqual([0, 0, 0]);
  });

  it('[ZK-Java FinalRequestProcessor] is filled by what is applied, on every server', () => {
    const c = cluster(3, { limits: { commitLogCount: 3 } })
      .elect()
      .write('a', 'b', 'c', 'd');
    c.runFor('20ms');
    for (const sid of [1, 2, 3]) expect(windowOf(c, sid)).toEqual(['1:3', '1:5', '3']);
  });

  it('[ZK-Java ZKDatabase.loadDataBase] is the replayed tail after a restart', () => {
    const c = cluster(3).elect().write('a').stallDisk(followers).propose('b').runFor('20ms');
    expect(c.chosen()).toEqual(['session', 'a']);
    c.crash(leader).isolate(3).restart(3).waitFor('loaded', { actor: 3 });
    expect(windowOf(c, 3)).toEqual(['1:1', '1:3', '3']);
    c.settle();
  });

  it('[ZK-Java Learner.syncWithLeader] is empty after SNAP, and filled by what follows', () => {
    const c = cluster(3, { limits: { commitLogCount: 2, snapshotSizeFactor: -1 } }).elect();
    c.crash(1).write('a', 'b', 'c', 'd').restart(1).waitFor('serving', { actor: 1 });
    expect(windowOf(c, 1)).toEqual(['0:0', '0:0', '0']);
    c.write('e').runFor('20ms');
    expect(windowOf(c, 1)).toEqual(['1:6', '1:6', '1']);
  });

  it('[ZOOKEEPER-4925] holds what a DIFF brought: the next DIFF has no hole', () => {
    const c = cluster(3).elect().crash(1).write('a', 'b').restart(1).elect();
    expect(windowOf(c, 1)).toEqual(['1:1', '1:3', '3']);
    c.crash(2).write('c').crash(3).restart(2).elect();
    expect([c.leader(), c.treeOf(2)]).toEqual([1, ['a', 'b', 'c']]);
  });
});
