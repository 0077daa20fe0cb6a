// What a server keeps on its disk, as a value. `PeerState.durable` is what the process has asked to
// keep; what the disk has acknowledged is the world's business, and boot reads only that.
// [ZK-Java FileTxnSnapLog, QuorumPeer epoch files]
import type { Epoch, Zxid } from '../ids.js';
import { ZERO_EPOCH } from '../ids.js';
import { TxnLog } from '../txn-log.js';
import type { Database } from './database.js';

/**
 * A snapshot file. Fuzzy: it is named by the last zxid applied when the walk began, its content may
 * run ahead of that; replaying the log from `zxid` + 1 repairs it because transactions are
 * absolute.
 */
export interface Snapshot {
  readonly zxid: Zxid;
  /** Lineage of the history ending at `zxid`. */
  readonly lineage: number;
  readonly content: Database;
}

export function makeSnapshot(zxid: Zxid, lineage: number, content: Database): Snapshot {
  return { zxid, lineage, content };
}

export interface Durable {
  readonly acceptedEpoch: Epoch;
  readonly currentEpoch: Epoch;
  readonly log: TxnLog;
  /** Ascending by zxid; the newest few. */
  readonly snapshots: readonly Snapshot[];
}

export function makeDurable(
  acceptedEpoch: Epoch,
  currentEpoch: Epoch,
  log: TxnLog,
  snapshots: readonly Snapshot[],
): Durable {
  return { acceptedEpoch, currentEpoch, log, snapshots };
}

/**
 * What reading the files gives. A torn tail is already cut off: to a reader it is the end of file.
 */
export interface DiskImage {
  readonly durable: Durable;
  /** Index in `durable.log` of a record whose checksum does not match, or -1. */
  readonly corruptAt: number;
}

export const BLANK_DISK: DiskImage = {
  durable: makeDurable(ZERO_EPOCH, ZERO_EPOCH, TxnLog.empty(), []),
  corruptAt: -1,
};
