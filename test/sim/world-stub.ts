// A tiny protocol for testing the world: servers in a ring pass a token, write it to disk and keep
// each other alive; a client asks its server. Every kind of effect occurs.
import { unreachable } from '../../base/assert.js';
import type { ClientEffect, ClientEvent } from '../../protocol/client/contract.js';
import type { ClientConfig } from '../../protocol/client/contract.js';
import type { PeerConfig } from '../../protocol/peer-config.js';
import { DEFAULT_LIMITS, DEFAULT_TIMING } from '../../protocol/config.js';
import type { Effect } from '../../protocol/effect.js';
import type { Now, PeerEvent } from '../../protocol/event.js';
import type { ConnId, Epoch, Round, ServerId, SessionId, Zxid } from '../../protocol/ids.js';
import { NO_ZXID } from '../../protocol/ids.js';
import type { Message } from '../../protocol/message.js';
import { packet } from '../../protocol/message.js';
import type { NoteKind } from '../../protocol/note.js';
import { DEFAULT_SERVICE } from '../../protocol/service-settings.js';
import { sidSetOf } from '../../protocol/sid-set.js';
import type { DiskImage } from '../../protocol/storage/durable.js';
import { makeSnapshot } from '../../protocol/storage/durable.js';
import { TxnLog } from '../../protocol/txn-log.js';
import { makeTxn } from '../../protocol/txn.js';
import { makeVote } from '../../protocol/vote.js';
import { Recorder } from '../../sim/trace/recorder.js';
import type { ActorId, TraceRecord } from '../../sim/trace/record.js';
import type { Reducers } from '../../sim/world/reducers.js';
import type { WorldSetup } from '../../sim/world/setup.js';
import type { WorldOptions } from '../../sim/world/virtual-world.js';
import { VirtualWorld } from '../../sim/world/virtual-world.js';

export interface RingPeer {
  readonly out: number;
  readonly outPurpose: 'election' | 'quorum';
  readonly inward: readonly number[];
  readonly log: TxnLog;
  readonly flushing: boolean;
  readonly turns: number;
  readonly disk: DiskImage | undefined;
}

export interface RingClient {
  readonly conn: number;
  readonly next: number;
  readonly asked: number;
}

export type RingWorld = VirtualWorld<RingPeer, RingClient>;

const FRESH: RingPeer = {
  out: 0,
  outPurpose: 'election',
  inward: [],
  log: TxnLog.empty(),
  flushing: false,
  turns: 0,
  disk: undefined,
};

export function note(kind: NoteKind, value: number, text = ''): Effect & ClientEffect {
  const detail = undefined;
  return {
    kind: 'note',
    note: { kind, peer: 0, zxid: 0, epoch: 0, value, digest: 0, text, detail },
  };
}

function timer(kind: 'poll' | 'readTimeout' | 'log' | 'prep', delayMs: number): Effect {
  return { kind: 'setTimer', timer: kind, key: 0, delayUs: delayMs * 1000 };
}

export function token(turn: number): Message {
  return packet('notification', NO_ZXID, {
    vote: makeVote(1 as ServerId, turn as Zxid, 1 as Epoch),
    round: 1 as Round,
    state: 'looking',
  });
}

export function txn(counter: number): ReturnType<typeof makeTxn> {
  const header = { zxid: counter as Zxid, session: 1 as SessionId, cxid: counter, timeMs: 0 };
  return makeTxn(header, { kind: 'error', code: 'NoNode' });
}

function after(config: PeerConfig): ServerId {
  const { servers } = config.ensemble;
  return servers[(servers.indexOf(config.sid) + 1) % servers.length] as ServerId;
}

function onToken(state: RingPeer, effects: Effect[], turn: number): RingPeer {
  effects.push(note('mark', turn, 'token'));
  if (state.out !== 0)
    effects.push({ kind: 'send', conn: state.out as ConnId, message: token(turn + 1) });
  const log = state.log.append(txn(turn));
  effects.push({ kind: 'appendLog', log }, timer('readTimeout', 800), timer('log', 0));
  return { ...state, log, turns: state.turns + 1 };
}

function stepPeer(
  config: PeerConfig,
  state: RingPeer,
  event: PeerEvent,
  now: Now,
): { state: RingPeer; effects: Effect[] } {
  const effects: Effect[] = [];
  const dial: Effect = {
    kind: 'dial',
    purpose: config.sid % 2 === 0 ? 'quorum' : 'election',
    peer: after(config),
    timeoutMs: 300,
  };
  switch (event.kind) {
    case 'boot': {
      const { log } = event.disk.durable;
      effects.push(note('mark', now.monoUs, 'booted'), { kind: 'listen', open: true }, dial);
      effects.push(timer('poll', 50 + config.sid), {
        kind: 'writeEpoch',
        file: 'accepted',
        epoch: (event.disk.durable.acceptedEpoch + 1) as Epoch,
      });
      return { state: { ...FRESH, log, disk: event.disk }, effects };
    }
    case 'dialed':
      effects.push({ kind: 'send', conn: event.conn, message: token(now.monoUs) });
      return { state: { ...state, out: event.conn, outPurpose: 'election' }, effects };
    case 'dialFailed':
      effects.push(timer('poll', 20));
      return { state: { ...state, out: 0 }, effects };
    case 'accepted':
      return { state: { ...state, inward: [...state.inward, event.conn] }, effects };
    case 'closed': {
      const inward = state.inward.filter((conn) => conn !== event.conn);
      if (event.conn !== state.out) return { state: { ...state, inward }, effects };
      effects.push(timer('poll', 20));
      return { state: { ...state, out: 0 }, effects };
    }
    case 'received':
      if (event.message.kind === 'notification') {
        effects.push({ kind: 'setTimer', timer: 'handler', key: event.conn, delayUs: 150_000 });
        return { state: onToken(state, effects, event.message.body.vote.zxid + 1), effects };
      }
      if (event.message.kind === 'clientPing') {
        effects.push({
          kind: 'send',
          conn: event.conn,
          message: packet('clientPong', NO_ZXID, undefined),
        });
      }
      return { state, effects };
    case 'timer':
      if (event.timer === 'log') {
        if (state.flushing) return { state, effects };
        effects.push({ kind: 'flushLog' });
        return { state: { ...state, flushing: true }, effects };
      }
      if (event.timer === 'handler') return { state, effects: [note('mark', event.key, 'idle')] };
      if (event.timer === 'readTimeout' && state.out !== 0) {
        effects.push(
          { kind: 'close', conn: state.out as ConnId },
          note('mark', now.monoUs, 'silence'),
        );
        effects.push(timer('poll', 10));
        return { state: { ...state, out: 0 }, effects };
      }
      if (state.out === 0) effects.push(dial);
      else
        effects.push({ kind: 'send', conn: state.out as ConnId, message: token(now.monoUs % 97) });
      effects.push(timer('poll', 100));
      return { state, effects };
    case 'logFlushed':
      effects.push(note('flushed', state.log.length));
      if (state.log.length % 5 === 0) {
        effects.push({
          kind: 'writeSnapshot',
          snapshot: makeSnapshot(state.log.lastZxid, state.log.lineage, {} as never),
          fsync: false,
        });
      }
      return { state: { ...state, flushing: false }, effects };
    case 'logFailed':
      effects.push(note('mark', event.log.length, 'logFailed'));
      return { state: { ...state, flushing: false, log: event.log }, effects };
    case 'epochWritten':
    case 'epochFailed':
    case 'snapshotWritten':
    case 'snapshotFailed':
    case 'logTruncated':
    case 'truncateFailed':
    case 'databaseRead':
      return { state, effects };
    default:
      return unreachable(event);
  }
}

function stepClient(
  config: ClientConfig,
  state: RingClient,
  event: ClientEvent,
): { state: RingClient; effects: ClientEffect[] } {
  const effects: ClientEffect[] = [];
  const dial = (next: number): ClientEffect => ({
    kind: 'dial',
    peer: config.servers[next % config.servers.length] as ServerId,
    timeoutMs: 400,
  });
  switch (event.kind) {
    case 'start':
      return { state, effects: [dial(0)] };
    case 'dialed':
      return { state: { ...state, conn: event.conn }, effects };
    case 'dialFailed':
    case 'closed':
      effects.push(note('completed', state.asked, 'unknown'), {
        kind: 'settled',
        cxid: state.asked,
      });
      effects.push({ kind: 'setTimer', timer: 'reconnect', key: 0, delayUs: 50_000 });
      return { state: { ...state, conn: 0, next: state.next + 1 }, effects };
    case 'timer':
      return { state, effects: [dial(state.next)] };
    case 'invoke':
      effects.push(note('invoked', state.asked + 1));
      if (state.conn === 0) return { state, effects };
      effects.push({
        kind: 'send',
        conn: state.conn as ConnId,
        message: packet('clientPing', NO_ZXID, undefined),
      });
      return { state: { ...state, asked: state.asked + 1 }, effects };
    case 'received':
      // The order matters for replays: what is invoked when the operation settles comes after the
      // timer, though both belong to one point of the trace.
      effects.push(note('completed', state.asked, 'ok'));
      effects.push({ kind: 'setTimer', timer: 'ping', key: 3, delayUs: 10_000 });
      effects.push({ kind: 'settled', cxid: state.asked });
      effects.push({ kind: 'clearTimer', timer: 'ping', key: 3 });
      return { state, effects };
    case 'disconnect':
    case 'close':
      if (state.conn !== 0) effects.push({ kind: 'close', conn: state.conn as ConnId });
      return { state: { ...state, conn: 0 }, effects };
    case 'finish':
      return { state, effects };
    default:
      return unreachable(event);
  }
}

export const RING: Reducers<RingPeer, RingClient> = {
  initialPeer: () => FRESH,
  stepPeer,
  initialClient: () => ({ conn: 0, next: 0, asked: 0 }),
  stepClient,
};

/** Any mixture of these; the rest is as in a small quiet data centre. */
export type SetupEdit = Partial<Omit<WorldSetup, 'ensemble' | 'rules' | 'timing' | 'limits'>>;

export function ringSetup(size: number, edit: SetupEdit = {}): WorldSetup {
  const servers = Array.from({ length: size }, (_, index) => (index + 1) as ServerId);
  return {
    ensemble: {
      verifier: undefined as never,
      voters: sidSetOf(servers),
      observers: sidSetOf([]),
      servers,
      voterList: servers,
    },
    timing: DEFAULT_TIMING,
    limits: DEFAULT_LIMITS,
    service: DEFAULT_SERVICE,
    rules: undefined as never,
    network: { latency: { kind: 'uniform', fromUs: 200, toUs: 2000 } },
    disk: {
      fsync: { kind: 'exponential', minUs: 500, meanUs: 2000 },
      bulk: { kind: 'uniform', fromUs: 5000, toUs: 20_000 },
    },
    stageUs: { kind: 'uniform', fromUs: 1, toUs: 50 },
    clocks: servers.map(() => ({ offsetMs: 0, driftPpm: 0 })),
    clients: [{ sessionTimeoutMs: 4000, servers: undefined, chroot: undefined }],
    recipe: undefined,
    wallStartMs: 1_700_000_000_000,
    ...edit,
  };
}

export interface Ring {
  readonly world: RingWorld;
  readonly recorder: Recorder;
  /** Every record so far. */
  readonly records: () => TraceRecord[];
}

export function ring(
  size: number,
  edit: SetupEdit = {},
  options: Partial<WorldOptions<RingPeer, RingClient>> & { seed?: string } = {},
): Ring {
  const recorder = new Recorder({ level: 'full' });
  const { seed = '7', ...rest } = options;
  const world = new VirtualWorld(ringSetup(size, edit), seed, recorder, {
    reducers: RING,
    ...rest,
  });
  return { world, recorder, records: () => [...recorder.records()] };
}

export function actor(id: number): ActorId {
  return id as ActorId;
}
