// A client's reducer as the world sees it: what can happen to it and what it asks for. It runs on a
// host of its own with one connection at a time. [ZK-Java ClientCnxn]
import type { SetTimer } from '../effect.js';
import type { CloseReason, DialFailure } from '../event.js';
import type { ConnId, ServerId } from '../ids.js';
import type { Message } from '../message.js';
import type { Note } from '../note.js';
import type { Operation } from '../operation.js';
import type { Program } from './program.js';

/** What a program around the library would do; the library's own ways are `LIBRARY`. */
export interface ClientManner {
  /** Its session is over: it asks for a new one, or stops for good. */
  readonly renews: boolean;
  /**
   * What is asked for while there is no connection waits for one, as long as a session may last; or
   * it fails with the next attempt that leads nowhere.
   */
  readonly patient: boolean;
  /** Takes its session for expired after 4/3 of the timeout without a word; since 3.9.3. */
  readonly expiresItself: boolean;
}

export const LIBRARY: ClientManner = { renews: false, patient: false, expiresItself: true };

export interface ClientConfig {
  /** Host list, already shuffled by the world: tried in this order, round and round. */
  readonly servers: readonly ServerId[];
  readonly sessionTimeoutMs: number;
  /** Where it dials from: its `ip` identity. */
  readonly address: string;
  /** Before every path that the program names; '' for none. */
  readonly chroot: string;
  readonly manner: ClientManner;
  /** Which client of the scenario, from 0. */
  readonly index: number;
  /** What uses it; undefined: whoever sends `invoke`. */
  readonly program: Program | undefined;
}

export type ClientTimer =
  'reconnect' | 'ping' | 'readTimeout' | 'connectTimeout' | 'expiry' | 'selfExpiry' | 'program';

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
  /** The program is told to come to an end. */
  | { readonly kind: 'finish' }
  /** The program closes its session and stops. */
  | { readonly kind: 'close' };

export type ClientEffect =
  | { readonly kind: 'dial'; readonly peer: ServerId; readonly timeoutMs: number }
  | { readonly kind: 'send'; readonly conn: ConnId; readonly message: Message }
  | { readonly kind: 'close'; readonly conn: ConnId }
  | SetTimer<ClientTimer>
  | { readonly kind: 'clearTimer'; readonly timer: ClientTimer; readonly key: number }
  /** An operation's outcome is known (ok, error or unknown): the program may go on. */
  | { readonly kind: 'settled'; readonly cxid: number }
  | { readonly kind: 'note'; readonly note: Note };
