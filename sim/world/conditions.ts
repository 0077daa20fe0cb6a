// What faults do to the world between their beginning and their end. Each active fault contributes
// conditions under its own index; the effective condition is the worst of all contributions, so
// that overlapping faults compose and healing one leaves the others standing. Whoever meets a
// condition (drops a message, holds up an fsync) credits the fault, which is how a fault's effect
// is measured.
import type { MessageKind } from '../../protocol/message.js';
import type { ActorId } from '../trace/record.js';

/** One direction of one pair of hosts. */
export interface LinkCondition {
  /**
   * silent: packets are held until healed and then arrive, as TCP does; reset: connections break,
   * dials are refused.
   */
  readonly blocked: 'no' | 'silent' | 'reset';
  /** Added to each message's latency, microseconds. */
  readonly delayUs: number;
  /** Chance that an election notification is dropped. */
  readonly loss: number;
  /** Chance, per message, that a quorum or client connection is reset. */
  readonly resetChance: number;
  /** Breaking TCP: chance that a message is delivered twice. */
  readonly duplicate: number;
  /** Breaking TCP: chance that a message may overtake earlier ones. */
  readonly reorder: number;
  /** 0: unlimited. */
  readonly bytesPerMs: number;
}

export interface DiskCondition {
  /** Requests wait until healed. */
  readonly stalled: boolean;
  /** Multiplies latencies; 1 is normal. */
  readonly slowFactor: number;
  /** Chance that a flush, epoch write, snapshot or truncation fails with an I/O error. */
  readonly errorChance: number;
  /** Every write fails. */
  readonly full: boolean;
  /** fsync says yes but does nothing: a power loss takes it all. */
  readonly lying: boolean;
}

export interface ProcessCondition {
  /** The process does nothing; its kernel still accepts and buffers. */
  readonly paused: boolean;
  /** Multiplies stage latencies; 1 is normal. */
  readonly slowFactor: number;
}

export interface ClockCondition {
  /** Added to the wall clock. */
  readonly offsetMs: number;
  /** Rate error of both clocks, parts per million. */
  readonly driftPpm: number;
  /** Wall clock stands still. */
  readonly frozen: boolean;
}

export const GOOD_LINK: LinkCondition = {
  blocked: 'no',
  delayUs: 0,
  loss: 0,
  resetChance: 0,
  duplicate: 0,
  reorder: 0,
  bytesPerMs: 0,
};
export const GOOD_DISK: DiskCondition = {
  stalled: false,
  slowFactor: 1,
  errorChance: 0,
  full: false,
  lying: false,
};
export const GOOD_PROCESS: ProcessCondition = { paused: false, slowFactor: 1 };
export const GOOD_CLOCK: ClockCondition = { offsetMs: 0, driftPpm: 0, frozen: false };

export type CrashKind = 'process' | 'power';

/** One message picked out while it is being sent. */
export interface MessageDrop {
  /** WORLD matches every host. */
  readonly from: ActorId;
  readonly to: ActorId;
  readonly message: MessageKind;
  /** Counted from the moment the drop is set; the first is 1. */
  readonly nth: number;
  /**
   * lose: breaking TCP, what follows on the connection still arrives; reset: its connection breaks
   * instead; or it comes so much later, and what follows on the connection behind it.
   */
  readonly how: 'lose' | 'reset' | { readonly lateUs: number };
}

/**
 * What faults may do to a world. `fault` is the index under which the contribution is filed and the
 * effect credited; `undefined` withdraws the contribution.
 */
export interface FaultTarget {
  setLink(fault: number, from: ActorId, to: ActorId, condition: LinkCondition | undefined): void;
  setDisk(fault: number, server: ActorId, condition: DiskCondition | undefined): void;
  setProcess(fault: number, server: ActorId, condition: ProcessCondition | undefined): void;
  setClock(fault: number, server: ActorId, condition: ClockCondition | undefined): void;
  /** Ends the process now; no restart by itself. No effect on a server that is down. */
  crash(fault: number, server: ActorId, kind: CrashKind): void;
  restart(server: ActorId): void;
  /** Empties the disk of a server that is down; its next boot is a first start. */
  wipe(fault: number, server: ActorId): void;
  /** A record of the log, `back` from the end, will fail its checksum at the next boot. */
  corruptRecord(fault: number, server: ActorId, back: number): void;
  /** The newest snapshot file is gone at the next boot. */
  loseSnapshot(fault: number, server: ActorId): void;
  /** Loses one message, once; `undefined` forgets a drop that has not happened yet. */
  setDrop(fault: number, drop: MessageDrop | undefined): void;
  /** Breaks every connection between two hosts once. */
  resetLink(fault: number, a: ActorId, b: ActorId): void;
  /** A client drops its connection. */
  disconnectClient(fault: number, client: ActorId): void;
  /** A client is made to drop its connection and connect to that server. */
  moveClient(fault: number, client: ActorId, server: ActorId): void;
  /** Is the server's process running? */
  isUp(server: ActorId): boolean;
}
