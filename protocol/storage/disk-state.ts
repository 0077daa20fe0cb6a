// What a server has under way at its disk, as a record. What moves it is in disk-queue.ts.
import type { Mutable } from '../../base/mutable.js';
import type { EpochFile } from '../event.js';
import type { Fifo } from '../fifo.js';
import { emptyFifo } from '../fifo.js';
import type { Epoch, Zxid } from '../ids.js';
import type { Database } from './database.js';
import type { Txn } from '../txn.js';

/**
 * A snapshot on its way: `roll` by the disk thread in the background, `step` waited for by a role.
 */
export interface SnapshotUnderWay {
  readonly purpose: 'roll' | 'step';
  readonly zxid: Zxid;
  readonly lineage: number;
  /** Fuzzy: content is taken when the walk ends. False until then. */
  readonly writing: boolean;
  readonly fsync: boolean;
  /** Memory when the walk began. */
  readonly begun: Database;
}

/** An epoch file being written: in memory it changes only when the disk has answered (2307). */
export interface EpochWrite {
  readonly file: EpochFile;
  readonly epoch: Epoch;
}

/** Why the log is being cut: back to a common point, or to begin anew on an installed snapshot. */
export type Cut = 'trunc' | 'reset';

export interface DiskQueue {
  readonly queued: Fifo<Txn>;
  /** Appended to the buffer, in log order, not known durable. */
  readonly batch: Fifo<Txn>;
  readonly flush: 'idle' | 'appended' | 'flushing';
  /** Something was appended after the last flush was asked for. */
  readonly unsynced: boolean;
  readonly writingEpoch: EpochWrite | undefined;
  readonly cutting: Cut | undefined;
  readonly snapshot: SnapshotUnderWay | undefined;
  /** Transactions logged since the last snapshot began. */
  readonly sinceSnapshot: number;
  /** The disk failed: memory may be ahead of the log. */
  readonly failed: boolean;
}

export const IDLE_DISK: DiskQueue = {
  queued: emptyFifo(),
  batch: emptyFifo(),
  flush: 'idle',
  unsynced: false,
  writingEpoch: undefined,
  cutting: undefined,
  snapshot: undefined,
  sinceSnapshot: 0,
  failed: false,
};

export function copyDisk(disk: DiskQueue): Mutable<DiskQueue> {
  return {
    queued: disk.queued,
    batch: disk.batch,
    flush: disk.flush,
    unsynced: disk.unsynced,
    writingEpoch: disk.writingEpoch,
    cutting: disk.cutting,
    snapshot: disk.snapshot,
    sinceSnapshot: disk.sinceSnapshot,
    failed: disk.failed,
  };
}
