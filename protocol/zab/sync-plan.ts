// The leader's plan for one learner: DIFF, TRUNC or SNAP, and which transactions follow. A pure
// function of the leader's database and log and of the learner's last zxid. [ZK-Java
// LearnerHandler.syncFollower, queueCommittedProposals]
import type { Limits } from '../config.js';
import type { Zxid } from '../ids.js';
import { counterOf, epochOf, NO_ZXID } from '../ids.js';
import type { Database } from '../storage/database.js';
import type { Snapshot } from '../storage/durable.js';
import type { TxnLog } from '../txn-log.js';
import type { Txn } from '../txn.js';

export type SyncMode = 'diff' | 'trunc' | 'snap';

export interface SyncInput {
  /** The learner's last zxid, from its ACKEPOCH. */
  readonly peerZxid: Zxid;
  readonly wantsSnapshot: boolean;
  readonly database: Database;
  readonly log: TxnLog;
  readonly newestSnapshot: Snapshot | undefined;
}

export interface SyncPlan {
  readonly mode: SyncMode;
  /** What the DIFF, TRUNC or SNAP packet carries. */
  readonly zxid: Zxid;
  /** Committed transactions to send after it, ascending. */
  readonly txns: readonly Txn[];
  /** The learner has everything up to here once it has those: forwarding continues from here. */
  readonly upTo: Zxid;
  /** The transactions come from the log on disk (for reports). */
  readonly fromDisk: boolean;
}

/** What becomes of a learner's transactions that the leader's history lacks. */
export type StrayTail = 'cut' | 'keep';
const CUT: StrayTail = 'cut';

interface Walk {
  readonly mode: 'diff' | 'trunc' | undefined;
  readonly zxid: Zxid;
  readonly queued: Zxid;
}

interface Source {
  readonly length: number;
  at(index: number): Txn;
}

/** Estimated bytes of a snapshot: what bounds an on-disk DIFF. */
const SNAPSHOT_BYTES_PER_TXN = 100;

function fresh(zxid: Zxid): boolean {
  return counterOf(zxid) === 0;
}

/**
 * Walks transactions in order and queues those the learner lacks. `mode` stays undefined when the
 * learner's last zxid can not be placed: it would take a TRUNC across epochs.
 */
function walk(
  source: Source,
  input: { peer: Zxid; stopAfter: Zxid | undefined; max: Zxid; stray: StrayTail },
  start: Walk,
  out: Txn[],
): Walk {
  let { mode, zxid, queued } = start;
  let previous = NO_ZXID;
  for (let index = 0; index < source.length; index++) {
    const txn = source.at(index);
    if (input.stopAfter !== undefined && txn.zxid > input.stopAfter) break;
    if (txn.zxid < input.peer) {
      previous = txn.zxid;
      continue;
    }
    if (mode === undefined) {
      if (txn.zxid === input.peer || fresh(input.peer) || input.stray === 'keep') {
        mode = 'diff';
        zxid = input.max;
        if (txn.zxid === input.peer) continue;
      } else {
        // The learner has transactions that this history lacks: cut back to the one before.
        if (epochOf(txn.zxid) !== epochOf(input.peer) || previous === NO_ZXID) {
          return { mode, zxid, queued };
        }
        mode = 'trunc';
        zxid = previous;
      }
    }
    if (txn.zxid <= queued) continue;
    out.push(txn);
    queued = txn.zxid;
  }
  if (mode === undefined && fresh(input.peer)) {
    mode = 'diff';
    zxid = input.max;
  }
  return { mode, zxid, queued };
}

/** An empty DIFF: the learner has it all. */
export function nothingToSend(peerZxid: Zxid): SyncPlan {
  return { mode: 'diff', zxid: peerZxid, txns: [], upTo: peerZxid, fromDisk: false };
}

function snapPlan(database: Database): SyncPlan {
  const upTo = database.lastProcessed;
  return { mode: 'snap', zxid: upTo, txns: [], upTo, fromDisk: false };
}

function diskSource(input: SyncInput, limits: Limits): Source | undefined {
  const { log, peerZxid } = input;
  if (limits.snapshotSizeFactor < 0 || log.length === 0) return undefined;
  // A log that begins after the learner's last zxid has a hole where the learner would need a
  // transaction.
  if (log.baseZxid > peerZxid) return undefined;
  const from = Math.max(0, log.indexFrom(peerZxid) - 1);
  const bytes = (log.length - from) * SNAPSHOT_BYTES_PER_TXN;
  const snapshotBytes = (log.indexFrom(input.newestSnapshot?.zxid ?? (0 as Zxid)) + 1) * 120;
  const limit = Math.floor(snapshotBytes * limits.snapshotSizeFactor);
  if (limit > 0 && bytes > limit) return undefined;
  return { length: log.length - from, at: (index) => log.at(from + index) };
}

function fromWindow(input: SyncInput, max: Zxid, stray: StrayTail): SyncPlan {
  const { database, peerZxid } = input;
  const txns: Txn[] = [];
  const start: Walk = { mode: undefined, zxid: peerZxid, queued: peerZxid };
  const query = { peer: peerZxid, stopAfter: undefined, max, stray };
  const done = walk(database.committedLog, query, start, txns);
  if (done.mode === undefined) return snapPlan(database);
  return { mode: done.mode, zxid: done.zxid, txns, upTo: done.queued, fromDisk: false };
}

function fromDisk(input: SyncInput, limits: Limits, bounds: { min: Zxid; max: Zxid }): SyncPlan {
  const { database, peerZxid } = input;
  const source = diskSource(input, limits);
  if (source === undefined) return snapPlan(database);
  const txns: Txn[] = [];
  const start: Walk = { mode: undefined, zxid: peerZxid, queued: peerZxid };
  const query = { peer: peerZxid, stopAfter: bounds.min, max: bounds.max, stray: CUT };
  const disk = walk(source, query, start, txns);
  // The log ends before the window begins: there is a gap (ZOOKEEPER-2418).
  if (disk.mode === undefined || disk.queued < bounds.min) return snapPlan(database);
  const rest = { peer: disk.queued, stopAfter: undefined, max: bounds.max, stray: CUT };
  const done = walk(database.committedLog, rest, disk, txns);
  return { mode: disk.mode, zxid: disk.zxid, txns, upTo: done.queued, fromDisk: true };
}

export function chooseSync(input: SyncInput, limits: Limits, stray: StrayTail = CUT): SyncPlan {
  const { database, peerZxid } = input;
  const { committedLog, lastProcessed } = database;
  const empty = committedLog.length === 0;
  const min = empty ? lastProcessed : committedLog.min;
  const max = empty ? lastProcessed : committedLog.max;
  if (input.wantsSnapshot) return snapPlan(database);
  if (peerZxid === lastProcessed) {
    return nothingToSend(peerZxid);
  }
  if (peerZxid > max && !fresh(peerZxid)) {
    return { mode: 'trunc', zxid: max, txns: [], upTo: max, fromDisk: false };
  }
  if (peerZxid >= min && peerZxid <= max) return fromWindow(input, max, stray);
  if (peerZxid < min) return fromDisk(input, limits, { min, max });
  return snapPlan(database);
}
