// What an operator may ask a server about itself: values, read off its state at some moment, and
// what was counted of its traffic. Pure functions; how the real commands write them down is for
// reports/. [ZK-Java ServerStats, ZooKeeperServer.dumpMonitorValues, DataTree]
import type { Database } from '../../protocol/storage/database.js';
import type { Front } from '../../protocol/session/front-state.js';
import type { PeerState } from '../../protocol/state.js';
import { roleName } from '../../protocol/state.js';
import type { WatchTable } from '../../protocol/session/watches/table.js';
import type { ProposalSizes, Traffic, TrafficCounter } from './traffic.js';

export type Mode = 'leader' | 'follower' | 'observer';

/** A client connection. */
export interface ConnectionValues {
  readonly conn: number;
  /** 0: none yet. */
  readonly session: number;
  readonly address: string;
  readonly timeoutMs: number;
  /** Requests that wait for their turn. */
  readonly queued: number;
  readonly sinceUs: number;
  readonly traffic: Traffic;
  readonly lastCxid: number;
  readonly lastZxid: number;
  readonly lastUs: number;
}

export interface WatchValues {
  readonly connections: number;
  readonly paths: number;
  readonly total: number;
}

/** Of a leader. */
export interface LeaderValues {
  readonly learners: number;
  readonly syncedFollowers: number;
  readonly syncedObservers: number;
  readonly pendingSyncs: number;
  readonly outstandingProposals: number;
  readonly proposalSizes: ProposalSizes;
}

export interface SessionValues {
  readonly session: number;
  readonly timeoutMs: number;
  /** By the server's own clock; undefined where only the leader knows. */
  readonly expiresAtUs: number | undefined;
  /** Sorted. */
  readonly ephemerals: readonly string[];
}

export interface ServerValues {
  readonly sid: number;
  readonly up: boolean;
  /** `following/broadcast`; '' while down. */
  readonly role: string;
  /** Undefined: it does not serve. */
  readonly mode: Mode | undefined;
  readonly zxid: number;
  readonly znodes: number;
  readonly ephemerals: number;
  /** Bytes of paths and data. */
  readonly dataSize: number;
  readonly watches: WatchValues;
  readonly globalSessions: number;
  readonly localSessions: number;
  readonly outstanding: number;
  readonly upUs: number;
  readonly traffic: Traffic;
  readonly connections: readonly ConnectionValues[];
  readonly sessions: readonly SessionValues[];
  readonly leader: LeaderValues | undefined;
}

function modeOf({ role, front }: PeerState): Mode | undefined {
  if (!front.serving) return undefined;
  if (role.kind === 'leading') return 'leader';
  if (role.kind === 'following') return 'follower';
  return role.kind === 'observing' ? 'observer' : undefined;
}

/** As upstream counts it: one byte a letter of the path, and the data. */
function dataSizeOf({ tree }: Database): number {
  let bytes = 0;
  for (const [path, { content }] of tree.znodes) bytes += path.length + (content.data?.length ?? 0);
  return bytes;
}

function ephemeralsOf({ tree }: Database): number {
  let count = 0;
  for (const paths of tree.ephemerals.values()) count += paths.size;
  return count;
}

/** Data watches only, as upstream. */
function watchValues({ watchers, paths }: WatchTable): WatchValues {
  let total = 0;
  for (const own of paths.values()) total += own.size;
  return { connections: paths.size, paths: watchers.size, total };
}

function leaderValues(
  { role }: PeerState,
  { last, min, max }: ProposalSizes,
): LeaderValues | undefined {
  if (role.kind !== 'leading' || role.phase.kind !== 'broadcast') return undefined;
  const live = role.handlers.filter(({ state }) => state === 'live');
  const observers = live.filter(({ observer }) => observer).length;
  return {
    learners: role.handlers.length,
    syncedFollowers: live.length - observers,
    syncedObservers: observers,
    pendingSyncs: role.phase.pendingSyncs.length,
    outstandingProposals: role.phase.outstanding.length,
    proposalSizes: { last, min, max },
  };
}

function sessionValues({ database, role }: PeerState): SessionValues[] {
  const { sessions, ephemerals } = database.tree;
  const tracker =
    role.kind === 'leading' && role.phase.kind === 'broadcast' ? role.phase.tracker : undefined;
  const values: SessionValues[] = [];
  for (const [session, timeoutMs] of sessions.timeouts) {
    const expiresAtUs = tracker?.sessions.get(session)?.expiryUs;
    const paths = [...(ephemerals.get(session) ?? [])].sort((a, b) => (a < b ? -1 : 1));
    values.push({ session, timeoutMs, expiresAtUs, ephemerals: paths });
  }
  return values.sort((a, b) => a.session - b.session);
}

const NO_TRAFFIC: Traffic = { received: 0, sent: 0, answers: 0, totalUs: 0, minUs: 0, maxUs: 0 };

function connectionValues(
  { conns, lanes }: Front,
  sid: number,
  counter: TrafficCounter,
): ConnectionValues[] {
  const values: ConnectionValues[] = [];
  for (const [conn, { session, identities }] of conns) {
    const lane = lanes.get(session);
    const line = counter.lineOf(sid, session);
    values.push({
      conn,
      session,
      address: identities.find(({ scheme }) => scheme === 'ip')?.id ?? 'unknown',
      timeoutMs: lane?.link.timeoutMs ?? 0,
      queued: lane?.pending.length ?? 0,
      sinceUs: line?.sinceUs ?? 0,
      traffic: { ...(line?.traffic ?? NO_TRAFFIC) },
      lastCxid: line?.lastCxid ?? 0,
      lastZxid: line?.lastZxid ?? 0,
      lastUs: line?.lastUs ?? 0,
    });
  }
  return values.sort((a, b) => a.conn - b.conn);
}

function outstandingOf({ lanes }: Front): number {
  let count = 0;
  for (const { pending } of lanes.values()) count += pending.length;
  return count;
}

/** Whom to ask, and when. */
export interface Asked {
  readonly sid: number;
  readonly up: boolean;
  readonly atUs: number;
}

export function serverValues(
  { sid, up, atUs }: Asked,
  peer: PeerState,
  counter: TrafficCounter,
): ServerValues {
  const { database, front } = peer;
  const mode = up ? modeOf(peer) : undefined;
  return {
    sid,
    up,
    role: up ? roleName(peer.role) : '',
    mode,
    zxid: database.lastProcessed,
    znodes: database.tree.znodes.size,
    ephemerals: ephemeralsOf(database),
    dataSize: dataSizeOf(database),
    watches: watchValues(front.watches.data),
    globalSessions: database.tree.sessions.timeouts.size,
    localSessions: front.local.sessions.size,
    outstanding: outstandingOf(front),
    upUs: up ? atUs - counter.upSinceUs(sid) : 0,
    traffic: { ...counter.trafficOf(sid) },
    connections: connectionValues(front, sid, counter),
    sessions: sessionValues(peer),
    leader: up ? leaderValues(peer, counter.proposalsOf(sid)) : undefined,
  };
}
