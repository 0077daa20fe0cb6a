// What a process makes of the files that it finds: first of files made for the purpose, then of
// those that a crash at every step of a boot leaves.
import { describe, expect, it } from 'vitest';
import { OPEN_ACL } from '../../protocol/acl.js';
import type { PeerEvent } from '../../protocol/event.js';
import type { Epoch, SessionId, Zxid } from '../../protocol/ids.js';
import { formatZxid, makeZxid, serverId } from '../../protocol/ids.js';
import { stepPeer, UNBORN } from '../../protocol/peer.js';
import { DEFAULT_SERVICE } from '../../protocol/service-settings.js';
import type { PeerState } from '../../protocol/state.js';
import type { DiskImage, Snapshot } from '../../protocol/storage/durable.js';
import { makeDurable, makeSnapshot } from '../../protocol/storage/durable.js';
import { recover } from '../../protocol/storage/recover.js';
import { EMPTY_TREE } from '../../protocol/tree/tree.js';
import { TxnLog } from '../../protocol/txn-log.js';
import { makeTxn, PERSISTENT } from '../../protocol/txn.js';
import { clusterSetup } from './cluster-setup.js';
import { cluster, everybody, leader } from './cluster.js';

function zxid(text: string): Zxid {
  const [epoch = 0, counter = 0] = text.split(':').map(Number);
  return makeZxid(epoch as Epoch, counter);
}

/** A log of creates, one at each zxid, named by it. */
function logOf(zxids: readonly string[], base = TxnLog.empty()): TxnLog {
  return zxids.reduce((log, at) => {
    const header = { zxid: zxid(at), session: 1 as SessionId, cxid: 0, timeMs: 0 };
    const what = { acl: OPEN_ACL, life: PERSISTENT, parentCversion: 1, withStat: false } as const;
    return log.append(makeTxn(header, { kind: 'create', path: `/${at}`, data: '', ...what }));
  }, base);
}

/** A snapshot of all that a log holds. */
function snapshotOf(log: TxnLog): Snapshot {
  const content = recover(makeDurable(0 as Epoch, 0 as Epoch, log, []), 500)!;
  return makeSnapshot(log.lastZxid, log.lineage, content);
}

interface Files {
  readonly accepted: number;
  readonly current: number;
  readonly log: TxnLog;
  readonly snapshots?: readonly Snapshot[];
  readonly corruptAt?: number;
}

interface Boot {
  readonly state: PeerState;
  /** What it asked of its disk, in order, and what it did after that. */
  readonly asked: string[];
}

/** A server that boots from these files, with a disk that does at once what it is asked. */
function bootFrom(files: Files): Boot {
  const setup = clusterSetup(3, {});
  const { ensemble, timing, limits, rules } = setup;
  const service = DEFAULT_SERVICE;
  const config = { sid: serverId(1), observer: false, ensemble, timing, limits, service, rules };
  const { accepted, current, log, snapshots = [], corruptAt = -1 } = files;
  const durable = makeDurable(accepted as Epoch, current as Epoch, log, snapshots);
  const asked: string[] = [];
  const disk: DiskImage = { durable, corruptAt };
  const events: PeerEvent[] = [{ kind: 'boot', disk }];
  let state: PeerState = UNBORN;
  for (let event = events.shift(); event !== undefined; event = events.shift()) {
    const now = { monoUs: 0, wallMs: 0 };
    const step = stepPeer({ ...config, observerDelayMs: 0 }, state, event, now);
    state = step.state;
    for (const effect of step.effects) {
      if (effect.kind === 'flushLog') events.push({ kind: 'logFlushed' });
      if (effect.kind === 'truncateLog') events.push({ kind: 'logTruncated' });
      if (effect.kind === 'writeSnapshot') events.push({ kind: 'snapshotWritten' });
      if (effect.kind === 'writeEpoch') events.push({ kind: 'epochWritten', file: effect.file });
      const { kind } = effect;
      if (kind === 'setTimer' && effect.timer === 'microStep') {
        events.push({ kind: 'timer', timer: 'microStep', key: 0 });
      }
      if (kind === 'flushLog' || kind === 'truncateLog' || kind === 'writeSnapshot')
        asked.push(kind);
      if (kind === 'writeEpoch') asked.push(`${effect.file}Epoch ${effect.epoch}`);
      if (kind === 'note' && effect.note.kind === 'vote') {
        asked.push(`vote ${effect.note.epoch} ${formatZxid(effect.note.zxid as Zxid)}`);
      }
    }
  }
  return { state, asked };
}

function haltedBy(files: Files): string {
  const { role } = bootFrom(files).state;
  return role.kind === 'halted' ? role.reason : `not halted: ${role.kind}`;
}

describe('a boot', () => {
  it('[ZK-Java FileTxnSnapLog.restore] of an empty disk votes with nothing', () => {
    expect(bootFrom({ accepted: 0, current: 0, log: TxnLog.empty() }).asked).toEqual([
      'vote 0 0:0',
    ]);
  });

  it('[ZK-Java FileTxnSnapLog.restore] reads the newest snapshot, then the log beyond it', () => {
    const log = logOf(['1:1', '1:2', '1:3', '2:1']);
    const snapshots = [snapshotOf(log.take(1)), snapshotOf(log.take(3))];
    const { state, asked } = bootFrom({ accepted: 2, current: 2, log, snapshots });
    expect(asked).toEqual(['flushLog', 'vote 2 2:1']);
    expect(state.database.lineage).toBe(log.lineage);
    const window = state.database.committedLog;
    expect([window.length, formatZxid(window.min)]).toEqual([1, '2:1']);
    expect(state.database.tree.znodes.size).toBe(EMPTY_TREE.znodes.size + 4);
  });

  it('[ZK-Java FileTxnSnapLog.restore] without a snapshot replays all of the log', () => {
    const log = logOf(['1:1', '1:2', '2:1']);
    const { state } = bootFrom({ accepted: 2, current: 2, log });
    const { lastProcessed, committedLog } = state.database;
    expect([formatZxid(lastProcessed), committedLog.length]).toEqual(['2:1', 3]);
  });

  it('[ZK-Java FileTxnLog.FileTxnIterator] refuses a record with a wrong checksum', () => {
    const log = logOf(['1:1', '1:2']);
    expect(haltedBy({ accepted: 1, current: 1, log, corruptAt: 1 })).toMatch(/checksum/);
  });

  it('[ZK-Java FileTxnSnapLog.restore] refuses a log whose snapshot is lost', () => {
    const before = logOf(['1:1', '1:2']);
    const log = logOf(['1:3'], TxnLog.empty(before.lastZxid, before.lineage));
    expect(haltedBy({ accepted: 1, current: 1, log })).toMatch(/lost snapshot/);
    const snapshots = [snapshotOf(before.take(1))];
    expect(haltedBy({ accepted: 1, current: 1, log, snapshots })).toMatch(/lost snapshot/);
    const { state } = bootFrom({ accepted: 1, current: 1, log, snapshots: [snapshotOf(before)] });
    expect(state.database.tree.znodes.size).toBe(EMPTY_TREE.znodes.size + 3);
  });

  it('[ZK-Java QuorumPeer.loadDataBase] refuses a currentEpoch above the acceptedEpoch', () => {
    expect(haltedBy({ accepted: 1, current: 2, log: TxnLog.empty() })).toMatch(/above accepted/);
  });

  it('[ZK-Java QuorumPeer.loadDataBase] refuses a log of an epoch that was never accepted', () => {
    expect(haltedBy({ accepted: 1, current: 1, log: logOf(['2:1']) })).toMatch(/never accepted/);
  });

  it('[ZOOKEEPER-2354] adopts the epoch of its log, durably, before it votes', () => {
    const log = logOf(['1:1', '2:1']);
    const { state, asked } = bootFrom({ accepted: 2, current: 1, log });
    expect(asked).toEqual(['flushLog', 'currentEpoch 2', 'vote 2 2:1']);
    expect(state.durable.currentEpoch).toBe(2);
  });

  it('[ZK-Java QuorumPeer.loadDataBase] leaves a currentEpoch alone that is beyond the log', () => {
    const { asked } = bootFrom({ accepted: 5, current: 4, log: logOf(['1:1']) });
    expect(asked).toEqual(['flushLog', 'vote 4 1:1']);
  });

  it('[ZOOKEEPER-2846] begins a log anew that ends before its snapshot, when that is safe', () => {
    const log = logOf(['1:1', '1:2', '1:3', '1:4']);
    const snapshots = [snapshotOf(log)];
    const { state, asked } = bootFrom({ accepted: 1, current: 1, log: log.take(2), snapshots });
    expect(asked).toEqual(['flushLog', 'writeSnapshot', 'truncateLog', 'vote 1 1:4']);
    expect([state.durable.log.length, formatZxid(state.durable.log.baseZxid)]).toEqual([0, '1:4']);
    expect(state.durable.log.lineage).toBe(log.lineage);
  });

  it('[ZOOKEEPER-2354] does both when a SNAP was interrupted, the log first', () => {
    const log = logOf(['1:1', '2:1']);
    const files = { accepted: 2, current: 1, log: log.take(1), snapshots: [snapshotOf(log)] };
    const reset = ['flushLog', 'writeSnapshot', 'truncateLog'];
    expect(bootFrom(files).asked).toEqual([...reset, 'currentEpoch 2', 'vote 2 2:1']);
  });
});

describe('a crash in a boot', () => {
  const steps = ['boot/load', 'boot/flush', 'boot/resetLog', 'boot/adoptEpoch'] as const;

  for (const how of ['process', 'power'] as const) {
    it(`[ZOOKEEPER-2354] of the ${how} at any step is made good by the next`, () => {
      const met = new Set<string>();
      for (const step of steps) {
        for (const side of ['stepBegun', 'stepDone'] as const) {
          const c = cluster(3, { limits: { commitLogCount: 2, snapshotSizeFactor: -1 } }).elect();
          c.crash(1)
            .write('a', 'b', 'c', 'd')
            .crash(leader)
            .restart(3)
            .elect()
            .write('e', 'f', 'g');
          // Server 1 stops where the snapshot of a new epoch is on its disk and the epoch is not.
          c.when('stepBegun', { actor: 1, text: 'newLeader/resetLog' }, () => c.crash(1));
          c.restart(1).waitFor('crash', { actor: 1 });
          c.when(side, { actor: 1, text: step }, () => {
            met.add(step);
            c.crash(1, how);
          });
          c.restart(1).runFor('100ms').settle().noViolations();
          expect(c.treeOf(1)).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g']);
        }
      }
      expect([...met]).toEqual(steps);
    });
  }

  it('[ZOOKEEPER-2354] a follower stopped between log and epoch comes back with both', () => {
    for (const how of ['process', 'power'] as const) {
      const c = cluster(3).elect().crash(1).write('a').crash(leader).restart(3).elect().write('b');
      c.when('stepBegun', { actor: 1, text: 'newLeader/writeCurrentEpoch' }, () => c.crash(1, how));
      c.restart(1).waitFor('crash', { actor: 1 });
      expect([c.zxidsOf(1).at(-1), c.epochOf(1), c.acceptedEpochOf(1)]).toEqual(['2:1', 1, 2]);
      c.when('stepBegun', { actor: 1, text: 'boot/adoptEpoch' }, () => c.crash(1, how));
      c.restart(1).waitFor('crash', { actor: 1 }).restart(1).elect();
      expect([c.epochOf(1), c.marks().includes('storage/epoch-adopted')]).toEqual([2, true]);
      c.settle();
    }
  });

  it('[ZK-Java QuorumPeer.loadDataBase] what a killed process wrote is fsynced first', () => {
    const c = cluster(3).elect().stallDisk(everybody).propose('a').runFor('20ms');
    // What the system had of it stays in its cache when the processes die.
    c.crash(everybody).restartAll().runFor('1s');
    expect([1, 2, 3].map((sid) => c.roleOf(sid))).toEqual(['booting', 'booting', 'booting']);
    expect(c.records('vote', {}, c.last('boot').index)).toEqual([]);
    c.settle();
  });
});
