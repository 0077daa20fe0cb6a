// What can happen to a server. Facts in the past, delivered by the world one at a time. Time is
// not in here but in the `Now` that comes with each event. The driver's contract is in doc.md.
import type { ConnId, ServerId } from './ids.js';
import type { Message } from './message.js';
import type { DiskImage } from './storage/durable.js';
import type { TxnLog } from './txn-log.js';

/** A server's own clocks at the moment of an event. */
export interface Now {
  /** Monotonic, integer microseconds since the simulation began, as this server's clock runs. */
  readonly monoUs: number;
  /**
   * Wall clock, integer milliseconds; may jump. Only transaction headers and session ids use it.
   */
  readonly wallMs: number;
}

export type Purpose = 'election' | 'quorum' | 'client';

/**
 * Timers of a server. `key` tells several of one kind apart (a connection, mostly); 0 elsewhere.
 * The stage timers are the threads of the Java server: "there is something in your queue".
 */
export type TimerKind =
  // election
  | 'poll'
  | 'finalize'
  | 'observerDelay'
  // learner
  | 'connectRetry'
  | 'readTimeout'
  // leader
  | 'halfTick'
  | 'waitEpoch'
  | 'waitEpochAck'
  | 'waitNewLeaderAck'
  | 'handler'
  | 'sessionExpiry'
  | 'reap'
  // any serving server
  | 'localExpiry'
  // stages and micro-steps
  | 'microStep'
  | 'prep'
  | 'log'
  | 'commit'
  | 'final'
  | 'snapshot';

export type DialFailure = 'refused' | 'timeout';
export type CloseReason = 'eof' | 'reset';
export type EpochFile = 'accepted' | 'current';

export type PeerEvent =
  /** The process starts and reads its disk. Always the first event of an incarnation. */
  | { readonly kind: 'boot'; readonly disk: DiskImage }
  /** A dial of ours succeeded. */
  | {
      readonly kind: 'dialed';
      readonly purpose: Purpose;
      readonly peer: ServerId;
      readonly conn: ConnId;
    }
  | {
      readonly kind: 'dialFailed';
      readonly purpose: Purpose;
      readonly peer: ServerId;
      readonly reason: DialFailure;
    }
  /** Somebody dialled us. Who, only their first message tells. */
  | { readonly kind: 'accepted'; readonly purpose: Purpose; readonly conn: ConnId }
  | { readonly kind: 'received'; readonly conn: ConnId; readonly message: Message }
  /** The other end closed, or the connection broke. Nothing is received on it afterwards. */
  | { readonly kind: 'closed'; readonly conn: ConnId; readonly reason: CloseReason }
  | { readonly kind: 'timer'; readonly timer: TimerKind; readonly key: number }
  /** Everything appended before the `flushLog` effect is on the disk. */
  | { readonly kind: 'logFlushed' }
  /** Writing or syncing failed; `log` is what reading the file back gives now. */
  | { readonly kind: 'logFailed'; readonly log: TxnLog }
  | { readonly kind: 'epochWritten'; readonly file: EpochFile }
  | { readonly kind: 'epochFailed'; readonly file: EpochFile }
  | { readonly kind: 'snapshotWritten' }
  | { readonly kind: 'snapshotFailed' }
  | { readonly kind: 'logTruncated' }
  | { readonly kind: 'truncateFailed' }
  /** Answer to `loadDatabase`: what the files hold now. */
  | { readonly kind: 'databaseRead'; readonly disk: DiskImage };
