// The client side of a serving server, as a value: its client connections, and for each session a
// lane in which that session's requests wait for each other. A lane outlives its connection while a
// write of it is under way, because requests of a new connection of the same session must wait for
// that write too.
// [ZK-Java ServerCnxnFactory, CommitProcessor.pendingRequests, LearnerSessionTracker]
import { Map } from 'immutable';
import { compareNumbers } from '../../base/order.js';
import type { Mutable } from '../../base/mutable.js';
import { emptyFifo, type Fifo } from '../fifo.js';
import type { ConnId, SessionId, Zxid } from '../ids.js';
import { NO_SESSION } from '../ids.js';
import type { Message } from '../message.js';
import type { Identities } from './identities.js';
import type { Pending } from './pending.js';
import type { SessionTracker } from './tracker.js';
import { noSessions } from './tracker.js';
import type { Watches } from './watches/watches.js';
import { NO_WATCHES, withoutWatches } from './watches/watches.js';

/** The connection of a lane that has none. */
export const NO_CONN = 0 as ConnId;

/** Who is at the client's end of a lane. */
export interface Link {
  /** `closing`: closeSession was sent, nothing more is accepted. `left`: the connection is gone. */
  readonly phase: 'creating' | 'revalidating' | 'attached' | 'closing' | 'left';
  readonly conn: ConnId;
  readonly timeoutMs: number;
  /** What the client had seen when it connected. */
  readonly seenZxid: Zxid;
}

export function makeLink(
  phase: Link['phase'],
  conn: ConnId,
  timeoutMs: number,
  seenZxid: Zxid,
): Link {
  return { phase, conn, timeoutMs, seenZxid };
}

export interface Lane {
  readonly session: SessionId;
  readonly link: Link;
  readonly pending: Fifo<Pending>;
  /** The round of touches in which this session was last noted. */
  readonly touchRound: number;
}

export function makeLane(
  session: SessionId,
  link: Link,
  pending: Fifo<Pending>,
  touchRound: number,
): Lane {
  return { session, link, pending, touchRound };
}

/** A lane for a session that has none here. */
export function newLane(session: SessionId, link: Link): Lane {
  return makeLane(session, link, emptyFifo(), -1);
}

/** An open connection of a client. */
export interface ClientConn {
  /** NO_SESSION before its connect request. */
  readonly session: SessionId;
  readonly identities: Identities;
  /** Sent behind a connect request that is not decided yet. */
  readonly held: readonly Message[];
}

const NOTHING_HELD: readonly Message[] = [];

export function makeClientConn(
  session: SessionId,
  identities: Identities,
  held: readonly Message[] = NOTHING_HELD,
): ClientConn {
  return { session, identities, held };
}

const UNKNOWN_CLIENT = makeClientConn(NO_SESSION, []);

/** Sessions heard from since the last report, each once. */
interface Touches {
  readonly round: number;
  readonly list: readonly { readonly session: SessionId; readonly timeoutMs: number }[];
}

export interface Front {
  readonly serving: boolean;
  /** The next session created here. */
  readonly nextSession: SessionId;
  /** Of a learner: what its leader will be told. */
  readonly touches: Touches;
  readonly conns: Map<ConnId, ClientConn>;
  readonly lanes: Map<SessionId, Lane>;
  /** Sessions that nobody else knows of, if such are enabled. */
  readonly local: SessionTracker;
  readonly watches: Watches;
}

const NO_TOUCHES: Touches = { round: 0, list: [] };

function makeFront(serving: boolean, nextSession: SessionId, local: SessionTracker): Front {
  return {
    serving,
    nextSession,
    touches: NO_TOUCHES,
    conns: Map(),
    lanes: Map(),
    local,
    watches: NO_WATCHES,
  };
}

function copyFront(front: Front): Mutable<Front> {
  return {
    serving: front.serving,
    nextSession: front.nextSession,
    touches: front.touches,
    conns: front.conns,
    lanes: front.lanes,
    local: front.local,
    watches: front.watches,
  };
}

/** Not serving. */
export const EMPTY_FRONT: Front = makeFront(false, NO_SESSION, noSessions(1));

/** Serving, with nobody connected. */
export function openedFront(nextSession: SessionId, tickMs: number): Front {
  return makeFront(true, nextSession, noSessions(tickMs));
}

/** Is this a client's connection? */
export function ownsClientConn(front: Front, conn: ConnId): boolean {
  return front.conns.has(conn);
}

/** Every client connection, in the order in which they were made. */
export function clientConns(front: Front): ConnId[] {
  return [...front.conns.keys()].sort(compareNumbers);
}

export function withNextSession(front: Front, nextSession: SessionId): Front {
  const next = copyFront(front);
  next.nextSession = nextSession;
  return next;
}

export function withConn(front: Front, conn: ConnId, client: ClientConn = UNKNOWN_CLIENT): Front {
  const next = copyFront(front);
  next.conns = front.conns.set(conn, client);
  return next;
}

/** Without the connection and all that it waits for. */
export function withoutConn(front: Front, conn: ConnId): Front {
  const next = copyFront(front);
  next.conns = front.conns.delete(conn);
  next.watches = withoutWatches(front.watches, conn);
  return next;
}

export function withLane(front: Front, lane: Lane): Front {
  const next = copyFront(front);
  next.lanes = front.lanes.set(lane.session, lane);
  return next;
}

export function withoutLane(front: Front, session: SessionId): Front {
  const next = copyFront(front);
  next.lanes = front.lanes.delete(session);
  return next;
}

export function withLocal(front: Front, local: SessionTracker): Front {
  const next = copyFront(front);
  next.local = local;
  return next;
}

export function withWatches(front: Front, watches: Watches): Front {
  const next = copyFront(front);
  next.watches = watches;
  return next;
}

/** Notes that a session was heard from; `lane` is its lane, marked as noted in this round. */
export function withTouch(front: Front, lane: Lane): Front {
  const { round, list } = front.touches;
  const touched = { session: lane.session, timeoutMs: lane.link.timeoutMs };
  const next = copyFront(front);
  next.touches = { round, list: [...list, touched] };
  next.lanes = front.lanes.set(lane.session, lane);
  return next;
}

/** After the touches were reported. */
export function withoutTouches(front: Front): Front {
  const next = copyFront(front);
  next.touches = { round: front.touches.round + 1, list: [] };
  return next;
}
