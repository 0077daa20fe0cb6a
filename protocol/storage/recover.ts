// Rebuilding the database from files: newest snapshot, then the log's tail, applied idempotently
// because a snapshot's content may run ahead of its name. Everything logged counts as history:
// whether it was committed is not recorded anywhere. [ZK-Java FileTxnSnapLog.restore]
import type { Zxid } from '../ids.js';
import { ZERO_ZXID } from '../ids.js';
import { NO_LINEAGE } from '../txn-log.js';
import type { TxnLog } from '../txn-log.js';
import { applyToDatabase } from './apply.js';
import { CommittedLog } from './committed-log.js';
import type { Database } from './database.js';
import { EMPTY_DATABASE, makeDatabase } from './database.js';
import type { Durable, Snapshot } from './durable.js';

/** Applies the log's entries beyond `database.lastProcessed`. */
export function replayLog(database: Database, log: TxnLog, windowMax: number): Database {
  let next = database;
  for (
    let index = log.indexFrom((database.lastProcessed + 1) as Zxid);
    index < log.length;
    index++
  ) {
    next = applyToDatabase(next, log.at(index), windowMax).database;
  }
  return next;
}

function newestSnapshot(durable: Durable): Snapshot | undefined {
  return durable.snapshots[durable.snapshots.length - 1];
}

function startingPoint(snapshot: Snapshot | undefined): Database {
  if (snapshot === undefined) return EMPTY_DATABASE;
  return makeDatabase(snapshot.content.tree, snapshot.zxid, snapshot.lineage, CommittedLog.empty());
}

/**
 * The database that the files stand for, or undefined when they cannot be read back: the log
 * continues a snapshot that is not there.
 */
export function recover(durable: Durable, windowMax: number): Database | undefined {
  const snapshot = newestSnapshot(durable);
  const start = startingPoint(snapshot);
  if (start.lastProcessed < durable.log.baseZxid) return undefined;
  return replayLog(start, durable.log, windowMax);
}

/** Can the history be cut to end exactly at `zxid`, and then be read back? */
export function canTruncate(durable: Durable, zxid: Zxid): boolean {
  const { log, snapshots } = durable;
  if (zxid < log.baseZxid || !log.has(zxid)) return false;
  if (log.baseZxid === ZERO_ZXID && log.baseLineage === NO_LINEAGE) return true;
  return snapshots.some((s) => s.zxid >= log.baseZxid && s.zxid <= zxid);
}

/** The files after cutting the history to end at `zxid`; snapshots beyond it go too. */
export function truncated(durable: Durable, zxid: Zxid): { log: TxnLog; snapshots: Snapshot[] } {
  const { log, snapshots } = durable;
  const index = log.indexFrom(zxid);
  const holds = index < log.length && log.at(index).zxid === zxid;
  return {
    log: log.take(holds ? index + 1 : index),
    snapshots: snapshots.filter((s) => s.zxid <= zxid),
  };
}
