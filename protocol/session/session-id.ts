// Numbers of sessions: the server that opened it in the high bits, then the time at which it began
// to serve, then a count. DIVERGES: a number below 2^53 instead of 64 bits (docs/divergence.md).
// [ZK-Java SessionTrackerImpl.initializeNextSessionId]
import { assert } from '../../base/assert.js';
import type { ServerId, SessionId } from '../ids.js';

const SERVER_SPAN = 2 ** 46;

/**
 * The first session id of a front opened at `nowUs`. Ids count up from there, one per session, and
 * a server opens no more than one session per microsecond, so a later front of the same server
 * starts beyond them all; the server's own id in the high bits keeps servers apart.
 */
export function firstSessionId(sid: ServerId, nowUs: number): SessionId {
  assert(nowUs >= 0 && nowUs < SERVER_SPAN, 'the clock is beyond what a session id can hold');
  return (sid * SERVER_SPAN + Math.floor(nowUs)) as SessionId;
}

/** The server that opened the session. */
export function serverOfSession(session: SessionId): ServerId {
  return Math.floor(session / SERVER_SPAN) as ServerId;
}
