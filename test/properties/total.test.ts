// The reducers are total and pure: whatever happens in whatever state, there is an answer, always
// the same; the inputs stay as they were; and where nothing is to be done, the state is the same
// reference.
import { beforeAll, describe, expect, it } from 'vitest';
import { compareCodeUnits } from '../../base/order.js';
import { RandomStreams } from '../../base/random.js';
import type { RandomStream } from '../../base/random.js';
import type { ClientEvent, ClientTimer } from '../../protocol/client/contract.js';
import { stepClient } from '../../protocol/client/client.js';
import type { PeerEvent, TimerKind } from '../../protocol/event.js';
import type { ConnId, ServerId } from '../../protocol/ids.js';
import type { Message } from '../../protocol/message.js';
import { stepPeer } from '../../protocol/peer.js';
import { Recorder } from '../../sim/trace/recorder.js';
import { VirtualWorld } from '../../sim/world/virtual-world.js';
import type { AnyWorld } from './storm.js';
import { drive, storm } from './storm.js';
import type { PeerMoment } from './watched.js';
import { deepFreeze, isHonest, roleText, textOf, Watched } from './watched.js';

const TIMERS: readonly TimerKind[] = [
  ...(['poll', 'finalize', 'observerDelay', 'connectRetry', 'readTimeout', 'halfTick'] as const),
  ...(['waitEpoch', 'waitEpochAck', 'waitNewLeaderAck', 'handler', 'sessionExpiry'] as const),
  ...(['reap', 'localExpiry'] as const),
  ...(['microStep', 'prep', 'log', 'commit', 'final', 'snapshot'] as const),
];
const CLIENT_TIMERS: readonly ClientTimer[] = [
  ...(['reconnect', 'ping', 'readTimeout', 'connectTimeout', 'expiry'] as const),
  'selfExpiry',
];
const DISK_ANSWERS = [
  ...([
    'logFlushed',
    'snapshotWritten',
    'snapshotFailed',
    'logTruncated',
    'truncateFailed',
  ] as const),
];
/** A connection that nobody has heard of. */
const STRANGE = 999_999 as ConnId;

const watched = new Watched();
const messages: Message[] = [];

/** Connections that a server knows, and one that it does not. */
function connsOf({ state }: PeerMoment): ConnId[] {
  const { role, transport, front } = state;
  const conns: ConnId[] = [STRANGE, ...transport.wires.conns, ...transport.wires.unnamed];
  if (role.kind === 'leading') conns.push(...role.handlers.map(({ conn }) => conn));
  if (role.kind === 'following' || role.kind === 'observing') conns.push(role.conn);
  conns.push(...[...front.conns.keys()].slice(0, 4));
  return conns.filter((conn) => conn > 0);
}

function anyEvent(moment: PeerMoment, random: RandomStream): PeerEvent {
  const conn = random.pick(connsOf(moment));
  const peer = (1 + random.int(6)) as ServerId;
  const purpose = random.pick(['election', 'quorum', 'client'] as const);
  const { acceptedEpoch, currentEpoch, log, snapshots } = moment.state.durable;
  const durable = {
    acceptedEpoch,
    currentEpoch,
    log: log.take(random.int(log.length + 1)),
    snapshots,
  };
  const roll = random.int(20);
  if (roll < 9) return { kind: 'received', conn, message: random.pick(messages) };
  if (roll < 13) {
    return { kind: 'timer', timer: random.pick(TIMERS), key: random.pick([0, 0, conn as number]) };
  }
  return random.pick<() => PeerEvent>([
    () => ({ kind: 'dialed', purpose, peer, conn: STRANGE }),
    () => ({ kind: 'dialFailed', purpose, peer, reason: 'refused' }),
    () => ({ kind: 'accepted', purpose, conn: STRANGE }),
    () => ({ kind: 'closed', conn, reason: 'reset' }),
    () => ({ kind: random.pick(DISK_ANSWERS) }),
    () => ({ kind: 'logFailed', log: durable.log }),
    () => ({
      kind: random.pick(['epochWritten', 'epochFailed']),
      file: random.pick(['accepted', 'current']),
    }),
    () => ({ kind: 'databaseRead', disk: { durable, corruptAt: -1 } }),
  ])();
}

beforeAll(() => {
  for (const seed of ['1', '2', '3', '4', '5']) {
    const plan = storm(seed);
    const recorder = new Recorder({ level: 'hash' });
    const world = new VirtualWorld(plan.setup, seed, recorder, { reducers: watched.reducers });
    drive(world as unknown as AnyWorld, plan, -1, plan.endUs);
  }
  for (const { event } of watched.peers)
    if (event.kind === 'received') messages.push(event.message);
  for (const { event } of watched.clients)
    if (event.kind === 'received') messages.push(event.message);
});

describe('what happens', () => {
  it('goes through all roles and phases, and most kinds of messages', () => {
    const roles = new Set(watched.peers.map(({ state }) => roleText(state)));
    for (const role of [
      'looking',
      'leaving',
      'following/broadcast',
      'leading/broadcast',
      'following/newLeader',
    ]) {
      expect(roles).toContain(role);
    }
    expect(roles.size).toBeGreaterThan(15);
    expect(new Set(messages.map(({ kind }) => kind)).size).toBeGreaterThan(22);
    expect(watched.peers.length).toBeGreaterThan(2000);
  });

  it('changes no input, has one answer, and says so when nothing is to be done', () => {
    expect([...new Set(watched.problems)]).toEqual([]);
  });
});

describe('what might happen', () => {
  it('has an answer, in every state, that changes no input', () => {
    const random = new RandomStreams('1').stream('events');
    const thrown = new Set<string>();
    for (const moment of watched.peers) {
      const { config, state, now } = moment;
      if (state.role.kind === 'booting' && state.role.step === 'load') continue;
      for (let n = 0; n < 12; n++) {
        const event = anyEvent(moment, random);
        deepFreeze(event);
        try {
          stepPeer(config, state, event, now);
        } catch (error) {
          thrown.add(`${textOf(event)} as ${roleText(state)}: ${String(error)}`);
        }
      }
    }
    expect([...thrown].sort(compareCodeUnits)).toEqual([]);
  });

  it('leaves the state the same reference when it comes too late', () => {
    const random = new RandomStreams('2').stream('events');
    const dishonest = new Set<string>();
    for (const { config, state, now } of watched.peers) {
      const event = random.pick<PeerEvent>([
        { kind: 'received', conn: STRANGE, message: random.pick(messages) },
        { kind: 'closed', conn: STRANGE, reason: 'eof' },
        { kind: 'dialFailed', purpose: 'quorum', peer: config.sid, reason: 'timeout' },
        { kind: 'timer', timer: 'handler', key: STRANGE },
        { kind: 'timer', timer: 'connectRetry', key: 0 },
      ]);
      const step = stepPeer(config, state, event, now);
      if (step.state !== state || !isHonest(state, step.state, step.effects)) {
        dishonest.add(`${textOf(event)} as ${roleText(state)}`);
      }
    }
    expect([...dishonest].sort(compareCodeUnits)).toEqual([]);
  });

  it('has an answer to the very same message, once more', () => {
    const thrown = new Set<string>();
    for (const { config, state, event, now } of watched.peers) {
      if (event.kind === 'boot') continue;
      const after = stepPeer(config, state, event, now).state;
      try {
        stepPeer(config, after, event, now);
      } catch (error) {
        thrown.add(`${textOf(event)} as ${roleText(after)}: ${String(error)}`);
      }
    }
    expect([...thrown].sort(compareCodeUnits)).toEqual([]);
  });

  it('is nothing at all to a process that has decided to end', () => {
    const random = new RandomStreams('3').stream('events');
    const [moment] = watched.peers;
    const role = { kind: 'halted', code: 1, reason: '' } as const;
    const halted = { ...moment!, state: { ...moment!.state, role } };
    for (let n = 0; n < 300; n++) {
      const step = stepPeer(halted.config, halted.state, anyEvent(halted, random), halted.now);
      expect([step.state === halted.state, step.effects.length]).toEqual([true, 0]);
    }
  });

  it('has an answer from every client', () => {
    const random = new RandomStreams('4').stream('events');
    const thrown = new Set<string>();
    for (const { config, state, nowUs } of watched.clients) {
      const peer = 1 as ServerId;
      for (let n = 0; n < 4; n++) {
        const conn = random.pick([STRANGE, state.link.conn]);
        const event = random.pick<ClientEvent>([
          { kind: 'start' },
          { kind: 'dialed', peer, conn: STRANGE },
          { kind: 'dialFailed', peer, reason: 'timeout' },
          { kind: 'received', conn, message: random.pick(messages) },
          { kind: 'closed', conn, reason: 'eof' },
          { kind: 'timer', timer: random.pick(CLIENT_TIMERS), key: 0 },
          { kind: 'invoke', op: { kind: 'exists', path: '/', watch: false } },
          { kind: 'disconnect', server: random.pick([undefined, peer]) },
          { kind: 'close' },
        ]);
        try {
          stepClient(config, state, event, nowUs);
        } catch (error) {
          thrown.add(`${event.kind} while ${state.link.kind}: ${String(error)}`);
        }
      }
    }
    expect([...thrown].sort(compareCodeUnits)).toEqual([]);
  });
});
