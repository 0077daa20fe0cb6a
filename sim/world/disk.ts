// One server's disk. The log exists three times: as the process buffers it, as the system has it (a
// process crash leaves that) and as the platter has it (a power loss leaves that, and by chance a
// bit more). All are views on one shared buffer, so nothing is copied. Requests are worked off one
// after another; only the first can be half done when the process or the power goes. What a crash
// leaves is decided by a Survival, drawn beforehand (survival.ts).
// [ZK-Java FileTxnLog, FileTxnSnapLog]
import { assert, unreachable } from '../../base/assert.js';
import type { EpochFile, PeerEvent } from '../../protocol/event.js';
import type { Epoch } from '../../protocol/ids.js';
import { ZERO_EPOCH } from '../../protocol/ids.js';
import type { DiskImage, Snapshot } from '../../protocol/storage/durable.js';
import { makeDurable } from '../../protocol/storage/durable.js';
import { TxnLog } from '../../protocol/txn-log.js';

export type DiskJob =
  | { readonly kind: 'flush'; readonly log: TxnLog }
  | { readonly kind: 'epoch'; readonly file: EpochFile; readonly epoch: Epoch }
  | { readonly kind: 'snapshot'; readonly snapshot: Snapshot; readonly fsync: boolean }
  | { readonly kind: 'truncate'; readonly log: TxnLog; readonly fsync: boolean }
  | { readonly kind: 'load' };

export interface DiskRequest {
  /** Seq of its completion in the timeline. */
  readonly seq: number;
  readonly job: DiskJob;
  /** When it will be done, as things stand. */
  readonly atUs: number;
  /** Record of the event that asked for it. */
  readonly cause: number;
}

export interface SnapshotFile {
  readonly snapshot: Snapshot;
  /**
   * When a power loss can take it no more: when it was synced, or when the system writes it back.
   */
  readonly safeUs: number;
}

/** What a crash leaves of what was not safe yet; drawn in survival.ts, plain data from then on. */
export interface Survival {
  /**
   * The request being worked on had its effect, though nobody was told (a rename, for instance).
   */
  readonly headLanded: boolean;
  /** Records that the log file holds; unused if `cutUndone`. */
  readonly logLength: number;
  /** A truncation that was never synced has not happened: the log is what was synced before. */
  readonly cutUndone: boolean;
  /** By snapshot file, counting the one that `headLanded` completes: is it still there? */
  readonly snapshots: readonly boolean[];
}

/** How long Linux keeps a dirty page before it writes it back. */
const WRITE_BACK_US = 30_000_000;
const SNAPSHOTS_KEPT = 4;
const NO_REQUESTS: readonly DiskRequest[] = [];
const NO_FILES: readonly SnapshotFile[] = [];

/** At most `length` records: a choice recorded for another run may ask for more than there are. */
function prefix(log: TxnLog, length: number): TxnLog {
  return log.take(Math.min(length, log.length));
}

export class Disk {
  /** What the process has appended. */
  buffered: TxnLog;
  /** What reading the file gives. */
  written: TxnLog;
  synced: TxnLog;
  /** The log as a truncation left it, until something is synced after it. */
  cut: TxnLog | undefined;
  acceptedEpoch: Epoch = ZERO_EPOCH;
  currentEpoch: Epoch = ZERO_EPOCH;
  syncedAcceptedEpoch: Epoch = ZERO_EPOCH;
  syncedCurrentEpoch: Epoch = ZERO_EPOCH;
  /** Ascending by zxid. */
  files: readonly SnapshotFile[] = NO_FILES;
  /** Files that an unsynced truncation removed: they are back if it is undone. */
  removed: readonly SnapshotFile[] = NO_FILES;
  /** Index of a record with a wrong checksum, or -1. */
  corruptAt = -1;
  requests: readonly DiskRequest[] = NO_REQUESTS;
  /** When it has worked off its requests. */
  freeUs = 0;

  constructor() {
    const empty = TxnLog.empty();
    this.buffered = empty;
    this.written = empty;
    this.synced = empty;
  }

  append(log: TxnLog): void {
    this.buffered = log;
  }

  /** The process wants something of the disk; `seq` will be its completion. */
  begin(request: DiskRequest): void {
    const { job } = request;
    this.requests = [...this.requests, request];
    if (job.kind === 'truncate') this.buffered = job.log;
  }

  #requestOf(seq: number): DiskRequest | undefined {
    for (const request of this.requests) if (request.seq === seq) return request;
    return undefined;
  }

  isUnderWay(seq: number): boolean {
    return this.#requestOf(seq) !== undefined;
  }

  jobOf(seq: number): DiskJob {
    const request = this.#requestOf(seq);
    assert(request !== undefined, 'a disk request that is not under way');
    return request.job;
  }

  #finish(seq: number): DiskJob {
    const job = this.jobOf(seq);
    // There is hardly ever more than one.
    this.requests =
      this.requests.length === 1 ? NO_REQUESTS : this.requests.filter((one) => one.seq !== seq);
    return job;
  }

  /** A lying disk says yes without making anything safe. */
  complete(seq: number, nowUs: number, lying: boolean): PeerEvent {
    const job = this.#finish(seq);
    switch (job.kind) {
      case 'flush':
        this.written = job.log;
        if (!lying) this.#syncLog();
        return { kind: 'logFlushed' };
      case 'epoch':
        this.#writeEpoch(job.file, job.epoch, !lying);
        return { kind: 'epochWritten', file: job.file };
      case 'snapshot':
        this.#addFile(job.snapshot, this.#safeUs(nowUs, job.fsync, lying), nowUs);
        return { kind: 'snapshotWritten' };
      case 'truncate':
        this.#truncate(job.log);
        if (job.fsync && !lying) this.#syncLog();
        return { kind: 'logTruncated' };
      case 'load':
        return { kind: 'databaseRead', disk: this.image() };
      default:
        return unreachable(job);
    }
  }

  #safeUs(nowUs: number, fsync: boolean, lying: boolean): number {
    return lying ? Infinity : fsync ? nowUs : nowUs + WRITE_BACK_US;
  }

  /** One fsync makes the journal durable, and with it every earlier truncation and removal. */
  #syncLog(): void {
    this.synced = this.written;
    this.cut = undefined;
    this.removed = NO_FILES;
  }

  #writeEpoch(file: EpochFile, epoch: Epoch, synced: boolean): void {
    if (file === 'accepted') {
      this.acceptedEpoch = epoch;
      if (synced) this.syncedAcceptedEpoch = epoch;
    } else {
      this.currentEpoch = epoch;
      if (synced) this.syncedCurrentEpoch = epoch;
    }
  }

  /** Old files are purged, but never the newest one that is safe. */
  #addFile(snapshot: Snapshot, safeUs: number, nowUs: number): void {
    const others = this.files.filter((file) => file.snapshot.zxid !== snapshot.zxid);
    const all = others.concat({ snapshot, safeUs });
    all.sort((a, b) => a.snapshot.zxid - b.snapshot.zxid);
    const newestSafe = all.findLastIndex((file) => file.safeUs <= nowUs);
    const purged = all.length - SNAPSHOTS_KEPT;
    this.files = all.filter((_file, index) => index >= purged || index === newestSafe);
  }

  #truncate(log: TxnLog): void {
    this.written = log;
    this.buffered = log;
    this.cut = log;
    if (log.length <= this.corruptAt) this.corruptAt = -1;
    const end = log.lastZxid;
    this.removed = this.removed.concat(this.files.filter((file) => file.snapshot.zxid > end));
    this.files = this.files.filter((file) => file.snapshot.zxid <= end);
  }

  /**
   * The request fails. A failed flush leaves `kept` records in the file; all else changes nothing.
   */
  fail(seq: number, kept: number): PeerEvent {
    const job = this.#finish(seq);
    switch (job.kind) {
      case 'flush':
        this.written = prefix(job.log, kept);
        this.buffered = this.written;
        return { kind: 'logFailed', log: this.written };
      case 'epoch':
        return { kind: 'epochFailed', file: job.file };
      case 'snapshot':
        return { kind: 'snapshotFailed' };
      case 'truncate':
        this.buffered = this.written;
        return { kind: 'truncateFailed' };
      case 'load':
        return { kind: 'databaseRead', disk: this.image() };
      default:
        return unreachable(job);
    }
  }

  /** The process is gone: what it buffered is lost, what it was doing is half done. */
  processEnded(survival: Survival, nowUs: number): void {
    const head = this.requests[0]?.job;
    if (head !== undefined) this.#halfDone(head, survival, nowUs);
    this.buffered = this.written;
    this.#rest(nowUs);
  }

  #halfDone(job: DiskJob, survival: Survival, nowUs: number): void {
    if (job.kind === 'flush') this.written = prefix(job.log, survival.logLength);
    else if (!survival.headLanded) return;
    else if (job.kind === 'epoch') this.#writeEpoch(job.file, job.epoch, true);
    else if (job.kind === 'snapshot') this.#addFile(job.snapshot, nowUs + WRITE_BACK_US, nowUs);
    else if (job.kind === 'truncate') this.#truncate(job.log);
  }

  /** The power is gone: what was not synced survives only as far as `survival` says. */
  powerLost(survival: Survival, nowUs: number): void {
    const head = this.requests[0]?.job;
    if (head?.kind === 'flush') this.written = head.log;
    else if (head !== undefined) this.#halfDone(head, survival, nowUs);
    const safe = this.files.filter((file, index) => {
      return file.safeUs <= nowUs || survival.snapshots[index] === true;
    });
    this.files = NO_FILES;
    for (const file of survival.cutUndone ? safe.concat(this.removed) : safe) {
      this.#addFile(file.snapshot, nowUs, nowUs);
    }
    this.written = survival.cutUndone ? this.synced : prefix(this.written, survival.logLength);
    this.buffered = this.written;
    this.#syncLog();
    this.acceptedEpoch = this.syncedAcceptedEpoch;
    this.currentEpoch = this.syncedCurrentEpoch;
    this.#rest(nowUs);
  }

  #rest(nowUs: number): void {
    this.requests = NO_REQUESTS;
    this.freeUs = nowUs;
    if (this.corruptAt >= this.written.length) this.corruptAt = -1;
  }

  /** What reading everything gives. */
  image(): DiskImage {
    const snapshots = this.files.map((file) => file.snapshot);
    return {
      durable: makeDurable(this.acceptedEpoch, this.currentEpoch, this.written, snapshots),
      corruptAt: this.corruptAt,
    };
  }

  /** The record `back` from the end gets a wrong checksum; false if there is none. */
  corrupt(back: number): boolean {
    const index = this.written.length - 1 - back;
    if (index < 0) return false;
    this.corruptAt = index;
    return true;
  }

  /** False if there is no snapshot to lose. */
  loseNewestSnapshot(): boolean {
    const had = this.files.length > 0;
    this.files = this.files.slice(0, -1);
    return had;
  }

  copy(): Disk {
    const twin = new Disk();
    twin.become(this);
    return twin;
  }

  /** Holds from now on what another disk holds. */
  become(other: Disk): void {
    this.buffered = other.buffered;
    this.written = other.written;
    this.synced = other.synced;
    this.cut = other.cut;
    this.acceptedEpoch = other.acceptedEpoch;
    this.currentEpoch = other.currentEpoch;
    this.syncedAcceptedEpoch = other.syncedAcceptedEpoch;
    this.syncedCurrentEpoch = other.syncedCurrentEpoch;
    this.files = other.files;
    this.removed = other.removed;
    this.corruptAt = other.corruptAt;
    this.requests = other.requests;
    this.freeUs = other.freeUs;
  }
}
