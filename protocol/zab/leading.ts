// A leader as a record: one handler per learner connection, the sets that count towards each of its
// three quorums, and the phase. Every blocking wait of the Java threads is a phase or a handler
// state with its own deadline. [ZK-Java Leader, LearnerHandler]
import { emptyFifo, Fifo } from '../fifo.js';
import type { Mutable } from '../../base/mutable.js';
import type { ConnId, Epoch, ServerId, SessionId, Zxid } from '../ids.js';
import { NO_EPOCH, NOBODY, ZERO_EPOCH } from '../ids.js';
import type { Message } from '../message.js';
import type { Request } from '../operation.js';
import type { SessionTracker } from '../session/tracker.js';
import type { SidSet } from '../sid-set.js';
import { NO_SIDS } from '../sid-set.js';
import type { Outstanding } from '../tree/prepare.js';
import type { Txn } from '../txn.js';
import type { Pipeline } from './pipeline.js';

/**
 * awaitInfo: connected, nothing heard. awaitEpoch: its FOLLOWERINFO counted, LEADERINFO not sent.
 * awaitAckEpoch: LEADERINFO sent. awaitEpochQuorum: its ACKEPOCH counted. awaitApply: it holds
 * proposals of this epoch that are not applied here yet; its plan waits for them. streaming: the
 * plan is sent, NEWLEADER not yet. awaitNewLeaderAck: NEWLEADER sent. acked: ACK counted. live:
 * UPTODATE sent.
 */
export type HandlerState =
  | 'awaitInfo'
  | 'awaitEpoch'
  | 'awaitAckEpoch'
  | 'awaitEpochQuorum'
  | 'awaitApply'
  | 'streaming'
  | 'awaitNewLeaderAck'
  | 'acked'
  | 'live';

export interface Handler {
  readonly conn: ConnId;
  /** NOBODY until its first packet. */
  readonly sid: ServerId;
  readonly observer: boolean;
  readonly state: HandlerState;
  /** From its ACKEPOCH. */
  readonly lastZxid: Zxid;
  readonly wantsSnapshot: boolean;
  /** Registered for live traffic. */
  readonly forwarding: boolean;
  /** What waits behind a SNAP whose content is not taken yet; undefined: nothing waits. */
  readonly held: Fifo<Message> | undefined;
  /** Tick until which silence is forgiven when the quorum is counted. */
  readonly deadlineTick: number;
  readonly lastHeardUs: number;
  /** Oldest proposal that it has not acknowledged, and since when that is watched; 0: none. */
  readonly waitingZxid: Zxid;
  readonly waitingSinceUs: number;
}

export function makeHandler(conn: ConnId, nowUs: number): Handler {
  return {
    conn,
    sid: NOBODY,
    observer: false,
    state: 'awaitInfo',
    lastZxid: 0 as Zxid,
    wantsSnapshot: false,
    forwarding: false,
    held: undefined,
    deadlineTick: 0,
    lastHeardUs: nowUs,
    waitingZxid: 0 as Zxid,
    waitingSinceUs: 0,
  };
}

export function copyHandler(h: Handler): Mutable<Handler> {
  return {
    conn: h.conn,
    sid: h.sid,
    observer: h.observer,
    state: h.state,
    lastZxid: h.lastZxid,
    wantsSnapshot: h.wantsSnapshot,
    forwarding: h.forwarding,
    held: h.held,
    deadlineTick: h.deadlineTick,
    lastHeardUs: h.lastHeardUs,
    waitingZxid: h.waitingZxid,
    waitingSinceUs: h.waitingSinceUs,
  };
}

/** Is it past synchronization? From then on the shorter limits hold. */
export function isInStep({ state }: Handler): boolean {
  return state === 'live';
}

export interface Proposal {
  readonly txn: Txn;
  readonly acks: SidSet;
}

/** A learner's client, or one of our own, that waits for everything proposed before its sync. */
export interface PendingSync {
  readonly zxid: Zxid;
  /** 0: our own client. */
  readonly conn: ConnId;
  readonly session: SessionId;
  readonly cxid: number;
}

/**
 * A request in the order of its arrival. `moved`: its session had gone to another server by then.
 * Asked again later, the session might be back where it was, and a request that it gave up long ago
 * would pass for a new one.
 */
export interface Arrival {
  readonly request: Request;
  readonly moved: boolean;
}

export function makeArrival(request: Request, moved: boolean): Arrival {
  return { request, moved };
}

/** Containers and TTL znodes on their way out. */
export interface Reaping {
  /** Found at the last check, not asked for yet. */
  readonly due: readonly string[];
  readonly nextCheckUs: number;
}

export function makeReaping(due: readonly string[], nextCheckUs: number): Reaping {
  return { due, nextCheckUs };
}

export interface LeaderBroadcast {
  readonly kind: 'broadcast';
  readonly outstanding: Fifo<Proposal>;
  /** Committed, not yet applied here: a joining learner gets them from this list. */
  readonly toBeApplied: Fifo<Txn>;
  readonly lastProposed: Zxid;
  readonly lastCommitted: Zxid;
  /** Requests waiting for the prep stage. */
  readonly prep: Fifo<Arrival>;
  /** Changes proposed but not applied: what the next request is checked against. */
  readonly changes: Outstanding;
  readonly tracker: SessionTracker;
  /** When the session timer is set for; -1: not set. */
  readonly expiryAtUs: number;
  readonly pendingSyncs: Fifo<PendingSync>;
  readonly pipeline: Pipeline;
  readonly reaping: Reaping;
}

export function copyBroadcast(p: LeaderBroadcast): Mutable<LeaderBroadcast> {
  return {
    kind: 'broadcast',
    outstanding: p.outstanding,
    toBeApplied: p.toBeApplied,
    lastProposed: p.lastProposed,
    lastCommitted: p.lastCommitted,
    prep: p.prep,
    changes: p.changes,
    tracker: p.tracker,
    expiryAtUs: p.expiryAtUs,
    pendingSyncs: p.pendingSyncs,
    pipeline: p.pipeline,
    reaping: p.reaping,
  };
}

export type LeadingPhase =
  /** Writing the snapshot of everything it has logged. */
  | { readonly kind: 'loading' }
  /** Waiting for a quorum of FOLLOWERINFOs. */
  | { readonly kind: 'gathering' }
  /** acceptedEpoch is on its way to the disk. */
  | { readonly kind: 'promising' }
  /** Waiting for a quorum of ACKEPOCHs. */
  | { readonly kind: 'awaitEpochAcks' }
  /** Synchronizing; `written`: currentEpoch is durable, the leader's own ack counts. */
  | { readonly kind: 'awaitNewLeaderAcks'; readonly written: boolean }
  | LeaderBroadcast;

export interface Leading {
  readonly kind: 'leading';
  /** 0 until fixed. */
  readonly epoch: Epoch;
  /** What the epoch would be after the acceptedEpochs heard of; NO_EPOCH before the first. */
  readonly nextEpoch: Epoch;
  readonly connecting: SidSet;
  readonly electing: SidSet;
  readonly newLeaderAcks: SidSet;
  readonly tick: number;
  /** Half ticks since activation: the quorum is counted on every second one. */
  readonly halfTicks: number;
  /** Ascending by connection. */
  readonly handlers: readonly Handler[];
  readonly phase: LeadingPhase;
}

export function makeLeading(): Leading {
  return {
    kind: 'leading',
    epoch: ZERO_EPOCH,
    nextEpoch: NO_EPOCH,
    connecting: NO_SIDS,
    electing: NO_SIDS,
    newLeaderAcks: NO_SIDS,
    tick: 0,
    halfTicks: 0,
    handlers: [],
    phase: { kind: 'loading' },
  };
}

export function copyLeading(role: Leading): Mutable<Leading> {
  return {
    kind: 'leading',
    epoch: role.epoch,
    nextEpoch: role.nextEpoch,
    connecting: role.connecting,
    electing: role.electing,
    newLeaderAcks: role.newLeaderAcks,
    tick: role.tick,
    halfTicks: role.halfTicks,
    handlers: role.handlers,
    phase: role.phase,
  };
}

/** Position of a connection's handler, or -1. Handlers ascend by connection. */
export function handlerAt(handlers: readonly Handler[], conn: ConnId): number {
  let low = 0;
  let high = handlers.length - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const found = handlers[middle];
    if (found === undefined) return -1;
    if (found.conn === conn) return middle;
    if (found.conn < conn) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

/** Puts a handler in, in place of the one with its connection. */
export function putHandler(draft: Mutable<Leading>, handler: Handler): void {
  const at = handlerAt(draft.handlers, handler.conn);
  if (at >= 0) {
    const handlers = draft.handlers.slice();
    handlers[at] = handler;
    draft.handlers = handlers;
    return;
  }
  const handlers = draft.handlers.concat(handler);
  handlers.sort((a, b) => a.conn - b.conn);
  draft.handlers = handlers;
}

export const NO_PROPOSALS: Fifo<Proposal> = emptyFifo();
