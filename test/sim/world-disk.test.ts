// What a disk keeps through crashes of the process and losses of power.
import { describe, expect, it } from 'vitest';
import { compareCodeUnits } from '../../base/order.js';
import type { Effect } from '../../protocol/effect.js';
import type { Epoch } from '../../protocol/ids.js';
import { serverId } from '../../protocol/ids.js';
import type { DiskImage, Snapshot } from '../../protocol/storage/durable.js';
import { makeSnapshot } from '../../protocol/storage/durable.js';
import type { TxnLog } from '../../protocol/txn-log.js';
import type { CrashKind } from '../../sim/world/conditions.js';
import { GOOD_DISK } from '../../sim/world/conditions.js';
import type { Stage } from './world-script.js';
import { logOf, sid, stage } from './world-script.js';
import { txn } from './world-stub.js';

const SEEDS = Array.from({ length: 24 }, (_, index) => String(index));
const FLUSH: Effect = { kind: 'flushLog' };

function append(log: TxnLog): Effect {
  return { kind: 'appendLog', log };
}

function truncate(log: TxnLog, fsync: boolean): Effect {
  return { kind: 'truncateLog', log, fsync };
}

function writeEpoch(epoch: number): Effect {
  return { kind: 'writeEpoch', file: 'current', epoch: epoch as Epoch };
}

function snapshotAt(log: TxnLog): Snapshot {
  return makeSnapshot(log.lastZxid, log.lineage, {} as never);
}

function writeSnapshot(log: TxnLog, fsync: boolean): Effect {
  return { kind: 'writeSnapshot', snapshot: snapshotAt(log), fsync };
}

function crash(s: Stage, how: CrashKind): DiskImage {
  s.world.crash(0, sid(1), how);
  return s.world.disk(serverId(1));
}

function wait(s: Stage, ms: number): Stage {
  s.world.advanceTo(s.world.nowUs + ms * 1000);
  return s;
}

/** What is left after this, over many seeds, each value once and in order. */
function outcomes(make: (s: Stage) => unknown): unknown[] {
  const found = new Set(
    SEEDS.map((seed) => JSON.stringify(make(stage(1, () => [], {}, { seed })))),
  );
  return [...found].sort(compareCodeUnits).map((text) => JSON.parse(text) as unknown);
}

const lengthAfter = (how: CrashKind, ...effects: Effect[]) => {
  return (s: Stage): number => {
    s.tell(1, append(logOf(3)), FLUSH);
    wait(s, 10).tell(1, ...effects);
    return crash(s, how).durable.log.length;
  };
};

describe('the log', () => {
  it('is synced up to what was appended before the flush was asked for', () => {
    const s = stage(1);
    s.tell(1, append(logOf(3)), FLUSH, append(logOf(5)));
    wait(s, 10);
    expect(s.of(1)).toEqual(['logFlushed@12.01']);
    expect(crash(s, 'process').durable.log.length).toBe(3);
  });

  it('loses what was buffered when the process dies, and no more', () => {
    expect(outcomes(lengthAfter('process', append(logOf(6))))).toEqual([3]);
    expect(outcomes(lengthAfter('power', append(logOf(6))))).toEqual([3]);
  });

  it('keeps some prefix of what a flush was writing', () => {
    expect(outcomes(lengthAfter('process', append(logOf(6)), FLUSH))).toEqual([3, 4, 5, 6]);
    expect(outcomes(lengthAfter('power', append(logOf(6)), FLUSH))).toEqual([3, 4, 5, 6]);
  });

  it('restarts with exactly what survived', () => {
    const s = stage(1);
    s.tell(1, append(logOf(6)), FLUSH);
    const left = crash(s, 'power');
    s.world.restart(sid(1));
    wait(s, 1);
    expect(s.seen.at(-1)?.event).toEqual({ kind: 'boot', disk: left });
    const [died, booted] = s
      .records()
      .filter(({ kind }) => kind === 'crash' || kind === 'boot')
      .slice(-2);
    expect([died?.text, died?.zxid, died?.value]).toEqual(['power', booted?.zxid, booted?.value]);
  });

  it('may get a truncation back after a power loss, unless that was synced', () => {
    const cut = (fsync: boolean) => lengthAfterWait(truncate(logOf(1), fsync));
    expect(outcomes(cut(false))).toEqual([1, 3]);
    expect(outcomes(cut(true))).toEqual([1]);
    // A later flush makes it durable too.
    const flushed = lengthAfterWait(
      truncate(logOf(1), false),
      append(logOf(1).append(txn(9))),
      FLUSH,
    );
    expect(outcomes(flushed)).toEqual([2]);
  });

  function lengthAfterWait(...effects: Effect[]): (s: Stage) => number {
    return (s) => {
      s.tell(1, append(logOf(3)), FLUSH);
      for (const effect of effects) wait(s, 10).tell(1, effect);
      wait(s, 10);
      return crash(s, 'power').durable.log.length;
    };
  }

  it('is lost by a disk that lied about fsync, but only with the power', () => {
    const lied = (how: CrashKind) => (s: Stage) => {
      s.world.setDisk(2, sid(1), { ...GOOD_DISK, lying: true });
      s.tell(1, append(logOf(3)), FLUSH, writeEpoch(7));
      wait(s, 20);
      expect(s.of(1)).toEqual(['logFlushed@12.01', 'epochWritten@14.01']);
      expect(s.world.effectsOf(2)).toBe(2);
      const { log, currentEpoch } = crash(s, how).durable;
      return [log.length, currentEpoch];
    };
    expect(outcomes(lied('process'))).toEqual([[3, 7]]);
    expect(outcomes(lied('power'))).toEqual([0, 1, 2, 3].map((length) => [length, 0]));
  });
});

describe('an epoch file', () => {
  it.each(['process', 'power'] as const)('is old or new if a %s crash interrupts it', (how) => {
    const interrupted = (s: Stage): number => {
      s.tell(1, writeEpoch(7));
      return crash(s, how).durable.currentEpoch;
    };
    expect(outcomes(interrupted)).toEqual([0, 7]);
  });

  it('is new once that was told', () => {
    const told = (s: Stage): number => {
      s.tell(1, writeEpoch(7));
      return crash(wait(s, 10), 'power').durable.currentEpoch;
    };
    expect(outcomes(told)).toEqual([7]);
  });
});

describe('a snapshot', () => {
  const kept = (fsync: boolean, afterMs: number, how: CrashKind) => (s: Stage) => {
    s.tell(1, append(logOf(3)), FLUSH, writeSnapshot(logOf(3), fsync));
    wait(s, 20);
    s.world.setProcess(9, sid(1), { paused: true, slowFactor: 1 });
    return crash(wait(s, afterMs), how).durable.snapshots.length;
  };

  it('may be lost with the power unless it was synced or is old', () => {
    expect(outcomes(kept(false, 0, 'power'))).toEqual([0, 1]);
    expect(outcomes(kept(false, 0, 'process'))).toEqual([1]);
    expect(outcomes(kept(false, 31_000, 'power'))).toEqual([1]);
    expect(outcomes(kept(true, 0, 'power'))).toEqual([1]);
  });

  it('is removed by a truncation below it, and back if that is undone', () => {
    const removed = (s: Stage): number[] => {
      s.tell(1, append(logOf(3)), FLUSH, writeSnapshot(logOf(3), true));
      wait(s, 20).tell(1, truncate(logOf(1), false));
      expect(s.world.disk(serverId(1)).durable.snapshots.length).toBe(1);
      wait(s, 20);
      expect(s.world.disk(serverId(1)).durable.snapshots).toEqual([]);
      const { log, snapshots } = crash(s, 'power').durable;
      return [log.length, snapshots.length];
    };
    expect(outcomes(removed)).toEqual([
      [1, 0],
      [3, 1],
    ]);
  });
});

describe('a disk', () => {
  it('works off its requests one after another, more slowly if it is slow', () => {
    const s = stage(1);
    s.world.setDisk(2, sid(1), { ...GOOD_DISK, slowFactor: 3 });
    s.tell(1, append(logOf(1)), FLUSH, writeEpoch(1), { kind: 'loadDatabase' });
    wait(s, 100);
    expect(s.of(1)).toEqual(['logFlushed@16.01', 'epochWritten@22.01', 'databaseRead@37.01']);
    expect(s.world.effectsOf(2)).toBe(3);
  });

  it('that is slow no more finishes sooner what is under way', () => {
    const s = stage(1);
    s.world.setDisk(2, sid(1), { ...GOOD_DISK, slowFactor: 10 });
    s.tell(1, append(logOf(1)), FLUSH, writeEpoch(1));
    wait(s, 10);
    s.world.setDisk(2, sid(1), undefined);
    wait(s, 100);
    expect(s.of(1)).toEqual(['logFlushed@21.01', 'epochWritten@23.01']);
  });

  it('that stalls answers when it is healed', () => {
    const s = stage(1);
    s.world.setDisk(2, sid(1), { ...GOOD_DISK, stalled: true });
    s.world.setDisk(3, sid(1), { ...GOOD_DISK, stalled: true });
    s.tell(1, FLUSH, writeEpoch(1));
    wait(s, 100);
    s.world.setDisk(2, sid(1), undefined);
    wait(s, 1);
    expect(s.of(1)).toEqual([]);
    s.world.setDisk(3, sid(1), undefined);
    wait(s, 1);
    expect(s.of(1)).toEqual(['logFlushed@111.01', 'epochWritten@111.01']);
  });

  it.each([{ errorChance: 1 }, { full: true }])(
    'that fails (%o) says what is in the file',
    (how) => {
      const failed = (s: Stage): number => {
        s.world.setDisk(2, sid(1), { ...GOOD_DISK, ...how });
        s.tell(1, append(logOf(2)), FLUSH, writeEpoch(4), writeSnapshot(logOf(2), true));
        s.tell(1, truncate(logOf(0), true), { kind: 'loadDatabase' });
        wait(s, 100);
        expect(s.of(1).map((text) => text.replace(/@.*/, ''))).toEqual([
          ...['logFailed', 'epochFailed', 'snapshotFailed', 'truncateFailed', 'databaseRead'],
        ]);
        const [first, last] = [s.seen[1]?.event, s.seen.at(-1)?.event];
        if (first?.kind !== 'logFailed' || last?.kind !== 'databaseRead') return -1;
        const { log, currentEpoch, snapshots } = last.disk.durable;
        expect([log.length, currentEpoch, snapshots.length]).toEqual([first.log.length, 0, 0]);
        return log.length;
      };
      expect(outcomes(failed)).toEqual([0, 1, 2]);
    },
  );

  it('shows damage and loss at the next boot, and a wipe leaves nothing', () => {
    const s = stage(1);
    s.tell(1, append(logOf(3)), FLUSH, writeSnapshot(logOf(3), true), writeEpoch(4));
    wait(s, 50);
    s.world.corruptRecord(1, sid(1), 1);
    s.world.loseSnapshot(2, sid(1));
    s.world.wipe(3, sid(1));
    expect(s.world.disk(serverId(1)).durable.snapshots.length).toBe(1);
    crash(s, 'process');
    s.world.restart(sid(1));
    wait(s, 1);
    const { durable, corruptAt } = s.world.disk(serverId(1));
    expect([durable.log.length, durable.snapshots.length, corruptAt]).toEqual([3, 0, 1]);
    expect(s.seen.at(-1)?.event).toMatchObject({ kind: 'boot', disk: { corruptAt: 1 } });
    expect([1, 2, 3].map((fault) => s.world.effectsOf(fault))).toEqual([1, 1, 0]);
    crash(s, 'power');
    s.world.wipe(3, sid(1));
    s.world.restart(sid(1));
    wait(s, 1);
    expect(s.seen.at(-1)?.event).toMatchObject({
      disk: { durable: { currentEpoch: 0 }, corruptAt: -1 },
    });
    expect(
      s
        .records()
        .filter(({ kind }) => kind === 'crash')
        .map(({ text }) => text),
    ).toEqual([...['process', 'power', 'wipe']]);
  });
});
