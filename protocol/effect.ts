// What a server asks the world for. Requests, ordered; the world carries them out in order. A
// message that is true only once something is on disk is sent by the step that handles the disk's
// completion event, never earlier. The driver's contract is in doc.md.
import type { ConnId, Epoch, ServerId } from './ids.js';
import type { EpochFile, TimerKind } from './event.js';
import type { Message } from './message.js';
import type { Note } from './note.js';
import type { Snapshot } from './storage/durable.js';
import type { TxnLog } from './txn-log.js';

/** Replaces a pending timer of the same (timer, key). `delayUs` by the asker's own clock. */
export interface SetTimer<T> {
  readonly kind: 'setTimer';
  readonly timer: T;
  readonly key: number;
  readonly delayUs: number;
}

/**
 * Of servers and of clients alike. A delay is a whole number, but computed in doubles; here it
 * becomes a small integer again, if it is below half an hour. One that does not would give all
 * effects of this kind another hidden class, and those that compiled code makes are then converted
 * one by one.
 */
export function makeSetTimer<T>(timer: T, key: number, delayUs: number): SetTimer<T> {
  const small = delayUs | 0;
  return { kind: 'setTimer', timer, key, delayUs: small === delayUs ? small : delayUs };
}

export type Effect =
  | { readonly kind: 'send'; readonly conn: ConnId; readonly message: Message }
  /** At most one dial per (purpose, peer) is under way; answered by `dialed` or `dialFailed`. */
  | {
      readonly kind: 'dial';
      readonly purpose: 'election' | 'quorum';
      readonly peer: ServerId;
      readonly timeoutMs: number;
    }
  /** What was sent before still arrives, then the other end sees `closed` (eof). */
  | { readonly kind: 'close'; readonly conn: ConnId }
  /** Open or shut the quorum port: dials are refused while it is shut. Shut at boot. */
  | { readonly kind: 'listen'; readonly open: boolean }
  | SetTimer<TimerKind>
  | { readonly kind: 'clearTimer'; readonly timer: TimerKind; readonly key: number }
  /** Every pending timer of this server, of every kind, is forgotten. */
  | { readonly kind: 'clearTimers' }
  /** The log file now reads `log`, in the process's buffer: a process crash loses it. */
  | { readonly kind: 'appendLog'; readonly log: TxnLog }
  /** Hand the buffer to the system and fsync: `logFlushed` or `logFailed`. One at a time. */
  | { readonly kind: 'flushLog' }
  /** tmp file, fsync, rename: `epochWritten` or `epochFailed`. */
  | { readonly kind: 'writeEpoch'; readonly file: EpochFile; readonly epoch: Epoch }
  /**
   * Add a snapshot file: `snapshotWritten` or `snapshotFailed`. Unsynced, a power loss may take it.
   */
  | { readonly kind: 'writeSnapshot'; readonly snapshot: Snapshot; readonly fsync: boolean }
  /**
   * The log file becomes `log` (a prefix of it, or an empty one on a new base) and snapshots newer
   * than its end are removed, synced if `fsync`: `logTruncated` or `truncateFailed`.
   */
  | { readonly kind: 'truncateLog'; readonly log: TxnLog; readonly fsync: boolean }
  /** Read everything back: `databaseRead`. */
  | { readonly kind: 'loadDatabase' }
  /** The process ends by itself, with ZooKeeper's exit code. */
  | { readonly kind: 'exit'; readonly code: number; readonly reason: string }
  | { readonly kind: 'note'; readonly note: Note };

/** Not frozen: engines walk through frozen arrays by another, slower way than through others. */
export const NO_EFFECTS: readonly Effect[] = [];
