// Identifiers and their arithmetic. A zxid is one number, epoch * 2^32 + counter, so that the
// plain order of numbers is ZooKeeper's order; exact while epoch < 2^21, which `makeZxid` asserts.
// Three numbers are easily confused and so are three types: a Round (Java logicalclock, volatile),
// an Epoch (acceptedEpoch and currentEpoch, durable) and a Zxid. [ZK-Java ZxidUtils]
import { assert } from '../base/assert.js';
import type { Brand } from '../base/brand.js';

/** A server of the ensemble, 1 to 127; 0 is nobody. */
export type ServerId = Brand<number, 'ServerId'>;
export type Epoch = Brand<number, 'Epoch'>;
/** Java `logicalclock`, on the wire `electionEpoch`: which ballots count together. */
export type Round = Brand<number, 'Round'>;
export type Zxid = Brand<number, 'Zxid'>;
/** A TCP connection, numbered by the world; never reused in a run. */
export type ConnId = Brand<number, 'ConnId'>;
/** A client session; 0 is "none yet". */
export type SessionId = Brand<number, 'SessionId'>;

const COUNTER_SPAN = 2 ** 32;
/** The largest counter ever broadcast; one more forces a new election. */
export const COUNTER_MAX = 0xfffffffe;
const EPOCH_END = 2 ** 21;
export const SERVER_MAX = 127;

export function serverId(value: number): ServerId {
  assert(Number.isInteger(value) && value >= 1 && value <= SERVER_MAX, 'server id out of range');
  return value as ServerId;
}

export function makeZxid(epoch: Epoch, counter: number): Zxid {
  assert(epoch >= 0 && epoch < EPOCH_END, 'epoch beyond 2^21');
  return (epoch * COUNTER_SPAN + counter) as Zxid;
}

export function epochOf(zxid: Zxid): Epoch {
  return Math.floor(zxid / COUNTER_SPAN) as Epoch;
}

export function counterOf(zxid: Zxid): number {
  return zxid % COUNTER_SPAN;
}

/** Printed `epoch:counter`, both decimal, as the papers write it. */
export function formatZxid(zxid: Zxid): string {
  return zxid < 0 ? 'none' : `${String(epochOf(zxid))}:${String(counterOf(zxid))}`;
}

export const NOBODY = 0 as ServerId;
export const NO_ZXID = -1 as Zxid;
export const ZERO_ZXID = 0 as Zxid;
export const ZERO_EPOCH = 0 as Epoch;
/** An observer votes with this, and loses to every voter. */
export const NO_EPOCH = -1 as Epoch;
export const NO_SESSION = 0 as SessionId;
