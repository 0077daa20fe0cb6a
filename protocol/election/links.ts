// What a server holds of its election connections: which are up, and for each peer a queue of one
// notification and the last one that went out. A value without behaviour; transport.ts has the
// rules. Lists are indexed by server id, and the parts are nested by how often they change.
// [ZK-Java QuorumCnxManager fields]
import type { ConnId } from '../ids.js';
import type { NotificationBody } from '../message.js';
import type { SidSet } from '../sid-set.js';
import { NO_SIDS } from '../sid-set.js';

export const NO_CONN = -1 as ConnId;

/** Changes when a connection comes or goes. */
export interface Wires {
  /** The established connection with each peer, or NO_CONN. */
  readonly conns: readonly ConnId[];
  /** Accepted, and silent so far: whose they are, only the greeting tells. */
  readonly unnamed: readonly ConnId[];
  readonly dialing: SidSet;
}

type Slot = NotificationBody | undefined;

/** Changes with what is sent. */
export interface Queues {
  /** Peers that have a queue: ever sent to, or ever connected with. */
  readonly known: SidSet;
  /** The newest notification for a peer that is not connected; a connected peer's is empty. */
  readonly outbox: readonly Slot[];
  readonly lastSent: readonly Slot[];
}

export interface Transport {
  readonly wires: Wires;
  readonly queues: Queues;
  /** A notification to oneself, taken before the step ends. */
  readonly loopback: Slot;
}

export function makeWires(
  conns: readonly ConnId[],
  unnamed: readonly ConnId[],
  dialing: SidSet,
): Wires {
  return { conns, unnamed, dialing };
}

export function makeQueues(
  known: SidSet,
  outbox: readonly Slot[],
  lastSent: readonly Slot[],
): Queues {
  return { known, outbox, lastSent };
}

export function makeTransport(wires: Wires, queues: Queues, loopback: Slot): Transport {
  return { wires, queues, loopback };
}

/** Room for servers 0 to `largest`. */
export function emptyTransport(largest: number): Transport {
  const slots = Array.from({ length: largest + 1 }, () => undefined);
  const conns = slots.map(() => NO_CONN);
  return makeTransport(makeWires(conns, [], NO_SIDS), makeQueues(NO_SIDS, slots, slots), undefined);
}

/** A copy of `list` with one place changed. */
export function put<T>(list: readonly T[], at: number, value: T): readonly T[] {
  const copy = list.slice();
  copy[at] = value;
  return copy;
}
