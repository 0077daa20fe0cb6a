// A world whose servers do what a test tells them, event by event, with latencies that a test can
// add up: 1 ms one way, 2 ms an fsync, 5 ms a snapshot, nothing for a stage, and every process up
// at once.
import type { PeerConfig } from '../../protocol/peer-config.js';
import type { Effect } from '../../protocol/effect.js';
import type { Now, PeerEvent } from '../../protocol/event.js';
import type { ConnId, ServerId } from '../../protocol/ids.js';
import type { Message } from '../../protocol/message.js';
import { TxnLog } from '../../protocol/txn-log.js';
import { Recorder } from '../../sim/trace/recorder.js';
import type { ActorId, TraceRecord } from '../../sim/trace/record.js';
import type { WorldOptions } from '../../sim/world/virtual-world.js';
import { VirtualWorld } from '../../sim/world/virtual-world.js';
import type { SetupEdit } from './world-stub.js';
import { ringSetup, token, txn } from './world-stub.js';

export type Script = (sid: number, event: PeerEvent, now: Now) => readonly Effect[];

export interface Seen {
  readonly sid: number;
  readonly atUs: number;
  readonly event: PeerEvent;
}

export interface Stage {
  readonly world: VirtualWorld<number, number>;
  /** Everything that the reducers were stepped with, in order. */
  readonly seen: Seen[];
  readonly records: () => TraceRecord[];
  /** Has a server do these things now, by way of a timer that fires at once. */
  readonly tell: (sid: number, ...effects: Effect[]) => void;
  /** What one server has seen, without its boot and without what it was told. */
  readonly of: (sid: number) => string[];
  readonly recorder: Recorder;
}

const QUIET: SetupEdit = {
  network: { latency: { kind: 'constant', us: 1000 } },
  disk: { fsync: { kind: 'constant', us: 2000 }, bulk: { kind: 'constant', us: 5000 } },
  stageUs: { kind: 'constant', us: 0 },
  clients: [],
};

/** `kind` and what tells two of them apart, and when, in ms. */
function textOf({ atUs, event }: Seen): string {
  const at = `@${String(atUs / 1000)}`;
  if (event.kind === 'received') {
    const { message } = event;
    const turn = message.kind === 'notification' ? String(message.body.vote.zxid) : '';
    return message.kind + turn + at;
  }
  if (event.kind === 'timer') return event.timer + at;
  return 'reason' in event ? `${event.kind} ${event.reason}${at}` : event.kind + at;
}

export function stage(
  size: number,
  script: Script = () => [],
  edit: SetupEdit = {},
  options: Partial<WorldOptions<number, number>> & { seed?: string } = {},
): Stage {
  const recorder = new Recorder({ level: 'full' });
  const seen: Seen[] = [];
  const told = new Map<number, readonly Effect[]>();
  const { seed = '1', ...rest } = options;
  const world = new VirtualWorld<number, number>(
    ringSetup(size, { ...QUIET, ...edit }),
    seed,
    recorder,
    {
      reducers: {
        initialPeer: () => 0,
        stepPeer: ({ sid }: PeerConfig, state: number, event: PeerEvent, now: Now) => {
          if (event.kind === 'boot') {
            seen.push({ sid, atUs: world.nowUs, event });
            return { state, effects: [listen(true), ...script(sid, event, now), ticker(now)] };
          }
          if (event.kind === 'timer' && event.timer === 'halfTick') {
            const effects = told.get(sid) ?? [];
            told.delete(sid);
            return { state, effects: [...effects, ticker(now)] };
          }
          seen.push({ sid, atUs: world.nowUs, event });
          return { state, effects: script(sid, event, now) };
        },
        initialClient: () => 0,
        stepClient: (_config, state: number) => ({ state, effects: [] }),
      },
      ...rest,
    },
  );
  world.advanceTo(10_000);
  return {
    world,
    seen,
    recorder,
    records: () => [...recorder.records()],
    tell: (sid, ...effects) => {
      told.set(sid, effects);
      world.advanceTo(world.nowUs + 10);
    },
    of: (sid) => seen.filter((s) => s.sid === sid && s.event.kind !== 'boot').map(textOf),
  };
}

/** At every tenth microsecond a server looks for what it was told. */
function ticker({ monoUs }: Now): Effect {
  return { kind: 'setTimer', timer: 'halfTick', key: 0, delayUs: 10 - (monoUs % 10) };
}

export function listen(open: boolean): Effect {
  return { kind: 'listen', open };
}

export function dial(peer: number, purpose: 'election' | 'quorum' = 'election'): Effect {
  return { kind: 'dial', purpose, peer: peer as ServerId, timeoutMs: 50 };
}

export function send(conn: number, turn: number | Message): Effect {
  const message = typeof turn === 'number' ? token(turn) : turn;
  return { kind: 'send', conn: conn as ConnId, message };
}

export function close(conn: number): Effect {
  return { kind: 'close', conn: conn as ConnId };
}

export function sid(id: number): ActorId {
  return id as ActorId;
}

/** A log of this many transactions. */
export function logOf(length: number): TxnLog {
  let log = TxnLog.empty();
  for (let counter = 1; counter <= length; counter++) log = log.append(txn(counter));
  return log;
}
