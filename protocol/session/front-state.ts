// The client side of a serving server, as a value: its client connections, and for each session a
// lane in which that session's requests wait for each other. A lane outlives its connection while a
// write of it is under way, because requests of a new connection of the same session must wait for
// that write too.
// [ZK-Java ServerCnxnFactory, CommitProcessor.pendingRequests, LearnerSessionTracker]
import { Map } from 'immutable';
import { emptyFifo, type Fifo } from '../fifo.js';
import { compareNumbers } from '../../base/order.js';
import type { ConnId, SessionId, Zxid } from '../ids.js';
import { NO_SESSION } from '../ids.js';
import type { ReadOperation } from '../operation.js';

/** The connection of a lane that has none. */
export const NO_CONN = 0 as ConnId;

/** A request that was received and not answered. */
export interface Pending {
  /**
   * `write`, `close` and `sync` wait for the leader, `read` and `ping` only for what is before
   * them.
   */
  readonly kind: 'write' | 'close' | 'sync' | 'read' | 'ping';
  /** Who asked; answers for an older connection of the session are dropped. */
  readonly conn: ConnId;
  readonly cxid: number;
  /** What a `read` wants to know. */
  readonly op: ReadOperation | undefined;
  /** A `sync` that the leader has released. */
  readonly released: boolean;
}

export function makePending(
  kind: Pending['kind'],
  conn: ConnId,
  cxid: number,
  op: ReadOperation | undefined,
  released: boolean,
): Pending {
  return { kind, conn, cxid, op, released };
}

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

/** Sessions heard from since the last report, each once. */
interface Touches {
  readonly round: number;
  readonly list: readonly { readonly session: SessionId; readonly timeoutMs: number }[];
}

export interface Front {
  readonly serving: boolean;
  /** The next session created here. */
  readonly nextSession: SessionId;
  readonly touches: Touches;
  /** Session of each open client connection; NO_SESSION before its connect request. */
  readonly conns: Map<ConnId, SessionId>;
  readonly lanes: Map<SessionId, Lane>;
}

function makeFront(
  serving: boolean,
  nextSession: SessionId,
  touches: Touches,
  conns: Map<ConnId, SessionId>,
  lanes: Map<SessionId, Lane>,
): Front {
  return { serving, nextSession, touches, conns, lanes };
}

const NO_TOUCHES: Touches = { round: 0, list: [] };

/** Not serving. */
export const EMPTY_FRONT: Front = makeFront(false, NO_SESSION, NO_TOUCHES, Map(), Map());

/** Serving, with nobody connected. */
export function openedFront(nextSession: SessionId): Front {
  return makeFront(true, nextSession, NO_TOUCHES, Map(), Map());
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
  return makeFront(front.serving, nextSession, front.touches, front.conns, front.lanes);
}

export function withConn(front: Front, conn: ConnId, session: SessionId): Front {
  const conns = front.conns.set(conn, session);
  return makeFront(front.serving, front.nextSession, front.touches, conns, front.lanes);
}

export function withoutConn(front: Front, conn: ConnId): Front {
  const conns = front.conns.delete(conn);
  return makeFront(front.serving, front.nextSession, front.touches, conns, front.lanes);
}

export function withLane(front: Front, lane: Lane): Front {
  const lanes = front.lanes.set(lane.session, lane);
  return makeFront(front.serving, front.nextSession, front.touches, front.conns, lanes);
}

export function withoutLane(front: Front, session: SessionId): Front {
  const lanes = front.lanes.delete(session);
  return makeFront(front.serving, front.nextSession, front.touches, front.conns, lanes);
}

/** Notes that a session was heard from; `lane` is its lane, marked as noted in this round. */
export function withTouch(front: Front, lane: Lane): Front {
  const { round, list } = front.touches;
  const touched = { session: lane.session, timeoutMs: lane.link.timeoutMs };
  const touches = { round, list: [...list, touched] };
  const lanes = front.lanes.set(lane.session, lane);
  return makeFront(front.serving, front.nextSession, touches, front.conns, lanes);
}

/** After the touches were reported. */
export function withoutTouches(front: Front): Front {
  const touches = { round: front.touches.round + 1, list: [] };
  return makeFront(front.serving, front.nextSession, touches, front.conns, front.lanes);
}
