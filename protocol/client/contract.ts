// A client's reducer as the world sees it: what can happen to it and what it asks for. It runs on a
// host of its own with one connection at a time. [ZK-Java ClientCnxn]
import type { CloseReason, DialFailure } from '../event.js';
import type { ConnId, ServerId } from '../ids.js';
import type { Message } from '../message.js';
import type { Note } from '../note.js';
import type { Operation } from '../operation.js';

export interface ClientConfig {
  /** Host list, already shuffled by the world: tried in this order, round and round. */
  readonly servers: readonly ServerId[];
  readonly sessionTimeoutMs: number;
}

export type ClientTimer = 'reconnect' | 'ping' | 'readTimeout' | 'connectTimeout' | 'expiry';

export type ClientEvent =
  | { readonly kind: 'start' }
  | { readonly kind: 'dialed'; readonly peer: ServerId; readonly conn: ConnId }
  | { readonly kind: 'dialFailed'; readonly peer: ServerId; readonly reason: DialFailure }
  | { readonly kind: 'received'; readonly conn: ConnId; readonly message: Message }
  | { readonly kind: 'closed'; readonly conn: ConnId; readonly reason: CloseReason }
  | { readonly kind: 'timer'; readonly timer: ClientTimer; readonly key: number }
  /**
   * The program asks for an operation; never two at once in a closed loop, any number in an open
   * one.
   */
  | { readonly kind: 'invoke'; readonly op: Operation }
  /** Faults: drop the connection; connect to `server` next if given. */
  | { readonly kind: 'disconnect'; readonly server: ServerId | undefined }
  /** The program closes its session and stops. */
  | { readonly kind: 'close' };

export type ClientEffect =
  | { readonly kind: 'dial'; readonly peer: ServerId; readonly timeoutMs: number }
  | { readonly kind: 'send'; readonly conn: ConnId; readonly message: Message }
  | { readonly kind: 'close'; readonly conn: ConnId }
  | {
      readonly kind: 'setTimer';
      readonly timer: ClientTimer;
      readonly key: number;
      readonly delayUs: number;
    }
  | { readonly kind: 'clearTimer'; readonly timer: ClientTimer; readonly key: number }
  /** An operation's outcome is known (ok, error or unknown): the program may go on. */
  | { readonly kind: 'settled'; readonly cxid: number }
  | { readonly kind: 'note'; readonly note: Note };
