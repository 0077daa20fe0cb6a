// The same seed, a fork, and the recorded choices without a seed all tell the same story.
import { describe, expect, it } from 'vitest';
import { compareCodeUnits } from '../../base/order.js';
import { RandomStreams } from '../../base/random.js';
import { Recorder } from '../../sim/trace/recorder.js';
import type { Choice } from '../../sim/world/choices.js';
import { GOOD_CLOCK, GOOD_DISK, GOOD_LINK, GOOD_PROCESS } from '../../sim/world/conditions.js';
import { replayRecording } from '../../sim/world/replay.js';
import type { RingWorld } from './world-stub.js';
import { actor, RING, ring, ringSetup } from './world-stub.js';

const CLIENT = actor(128);
const GET = { kind: 'getData', path: '/a', watch: false } as const;

/** Every kind of trouble at random times, decided by a stream of the test's own. */
function trouble(world: RingWorld, seed: string, untilUs: number): void {
  const random = new RandomStreams(seed).stream('trouble');
  let fault = 0;
  world.onSettled((client) => world.invoke(client, GET));
  while (world.nowUs < untilUs) {
    world.advanceTo(world.nowUs + random.int(50_000));
    const a = actor(1 + random.int(5));
    const b = actor(1 + (random.chance(0.7) ? a % 5 : (a + random.int(4)) % 5));
    const on = random.chance(0.6);
    fault = random.int(20);
    const peer = a;
    if (on) world.announce({ kind: 'fault', peer, value: fault, text: 'trouble', cause: -1 });
    const link = { ...GOOD_LINK, delayUs: 3000, loss: 0.3, resetChance: 0.05, duplicate: 0.3 };
    const blocked = random.pick(['no', 'silent', 'reset'] as const);
    const kinds: (() => void)[] = [
      () => world.setLink(fault, a, b, on ? { ...link, reorder: 0.3 } : undefined),
      () => world.setLink(fault, a, b, on ? { ...link, reorder: 0.3 } : undefined),
      () => world.setLink(fault, a, b, on ? { ...GOOD_LINK, blocked } : undefined),
      () => world.setLink(fault, a, b, on ? { ...GOOD_LINK, bytesPerMs: 5 } : undefined),
      () => world.setDisk(fault, a, on ? { ...GOOD_DISK, stalled: true } : undefined),
      () =>
        world.setDisk(fault, a, on ? { ...GOOD_DISK, errorChance: 0.5, slowFactor: 3 } : undefined),
      () => world.setDisk(fault, a, on ? { ...GOOD_DISK, lying: true } : undefined),
      () => world.setProcess(fault, a, on ? { ...GOOD_PROCESS, paused: true } : undefined),
      () => world.setProcess(fault, a, on ? { paused: false, slowFactor: 9 } : undefined),
      () =>
        world.setClock(
          fault,
          a,
          on ? { ...GOOD_CLOCK, driftPpm: 90_000 - fault * 9000 } : undefined,
        ),
      () => world.crash(fault, a, on ? 'process' : 'power'),
      () => world.restart(a),
      () => world.restart(a),
      () => world.wipe(fault, a),
      () => world.resetLink(fault, a, b),
      () => world.disconnectClient(fault, CLIENT),
      () => world.moveClient(fault, CLIENT, a),
      () => world.invoke(CLIENT, GET),
      () => world.corruptRecord(fault, a, 1),
      () => world.loseSnapshot(fault, a),
      () => world.setDrop(fault, { from: a, to: b, message: 'notification', nth: 2, how: 'reset' }),
    ];
    random.pick(kinds)();
    if (random.chance(0.5)) world.restart(b);
  }
}

/** Faults set off by records, so that they fall between the effects of a step. */
function triggered(world: RingWorld, recorder: Recorder): void {
  let marks = 0;
  recorder.subscribe(['mark'], ({ actor: who, text }) => {
    marks += 1;
    const slow = { ...GOOD_DISK, slowFactor: 20 };
    if (marks % 7 === 0) world.setDisk(32, who, marks % 2 === 0 ? slow : undefined);
    if (marks % 40 !== 0 || text !== 'token') return;
    world.announce({
      kind: 'fault',
      peer: who,
      value: 30,
      text: 'mark',
      cause: recorder.count - 1,
    });
    world.crash(30, who, marks % 80 === 0 ? 'power' : 'process');
    world.restart(who);
    world.setLink(30, who, actor((who % 5) + 1), { ...GOOD_LINK, delayUs: 100 });
  });
  recorder.subscribe(['crash'], ({ actor: who }) => world.resetLink(31, who, actor((who % 5) + 1)));
}

function troubled(seed: string, recordChoices = false): { world: RingWorld; recorder: Recorder } {
  const { world, recorder } = ring(5, {}, { seed, recordChoices });
  triggered(world, recorder);
  trouble(world, seed, 12_000_000);
  world.announce({ kind: 'end', peer: 0, value: 0, text: '', cause: -1 });
  return { world, recorder };
}

describe('the same seed', () => {
  it('gives the same trace, another seed another', () => {
    const first = troubled('1').recorder;
    expect(first.count).toBeGreaterThan(2000);
    expect(troubled('1').recorder.hex()).toBe(first.hex());
    expect(troubled('2').recorder.hex()).not.toBe(first.hex());
  });

  it('meets every kind of trouble', () => {
    const kinds = new Set<string>();
    for (const seed of ['1', '2', '3', '4']) {
      for (const { kind, text } of troubled(seed).recorder.records()) {
        kinds.add(kind === 'effect' ? text : kind);
      }
    }
    for (const kind of [
      ...['held', 'delayed', 'lost', 'reset', 'refused', 'duplicated', 'reordered', 'throttled'],
      ...['stalled', 'slowed', 'failed', 'lied', 'paused', 'crashed', 'wiped', 'corrupted'],
      ...['disconnected', 'clockChanged', 'snapshotLost', 'invoke', 'completed', 'dialFailed'],
    ]) {
      expect(kinds, kind).toContain(kind);
    }
  });
});

describe('recorded choices', () => {
  it.each(['1', '2', '3', '4', '5', '6'])(
    'replay seed %s without it, to the last digit',
    (seed) => {
      const { world, recorder } = troubled(seed, true);
      const recording = world.recording()!;
      const kinds = new Set(recording.choices.map(({ kind }) => kind));
      expect(recording.choices.some((c) => c.kind === 'intervene' && c.within > 0)).toBe(true);
      if (seed === '1') {
        expect([...kinds].sort(compareCodeUnits)).toEqual([
          'duplicate',
          'fail',
          'intervene',
          'lose',
          'reset',
          'run',
        ]);
      }
      const plain = JSON.parse(JSON.stringify(recording)) as typeof recording;
      const again = new Recorder({ level: 'hash' });
      const { divergence, made } = replayRecording(ringSetup(5), plain, again, { reducers: RING });
      expect(divergence).toBeUndefined();
      expect(made).toBe(recording.choices.length);
      expect(again.hex()).toBe(recorder.hex());
    },
  );

  it('that fit another run are reported, not thrown', () => {
    const recording = troubled('1', true).world.recording()!;
    const replay = (choices: readonly Choice[]): unknown => {
      const recorder = new Recorder({ level: 'hash' });
      const options = { reducers: RING };
      return replayRecording(ringSetup(5), { ...recording, choices }, recorder, options).divergence;
    };
    const first = recording.choices.findIndex(({ kind }) => kind === 'run');
    const run = recording.choices[first]!;
    expect(replay([run, run])).toEqual({
      choice: run,
      why: expect.stringMatching(/number/) as string,
    });
    // Leaving out one choice must not throw, whatever comes of it.
    for (let at = 0; at < recording.choices.length; at += 797)
      replay(recording.choices.toSpliced(at, 1));
  });
});

describe('a fork', () => {
  it('continues as the original does, and neither disturbs the other', () => {
    const { world, recorder } = ring(5, {}, { seed: '3' });
    trouble(world, '3', 2_000_000);
    const early = world.fork();
    const onlyFork = world.fork();
    onlyFork.crash(1, actor(2), 'power');
    trouble(onlyFork, '99', 3_000_000);
    const onlyForkOfFork = early.fork().fork();
    world.onSettled(() => undefined);
    for (const one of [world, early, onlyForkOfFork]) one.advanceTo(4_000_000);
    expect(recorder.count).toBeGreaterThan(1000);
    expect(early.recorder.hex()).toBe(recorder.hex());
    expect(onlyForkOfFork.recorder.hex()).toBe(recorder.hex());
    expect(onlyFork.recorder.hex()).not.toBe(recorder.hex());
    expect(early.events).toBe(world.events);
  });

  it('may be taken at any time, with everything held up that can be', () => {
    const { world, recorder } = ring(5, {}, { seed: '4' });
    const worlds = [world];
    world.setDrop(6, {
      from: actor(5),
      to: actor(1),
      message: 'notification',
      nth: 90,
      how: 'lose',
    });
    for (let turn = 1; turn <= 24; turn++) {
      world.advanceTo(turn * 37_000);
      worlds.push(world.fork(recorder.copy('hash')));
      const cut = turn % 8;
      for (const one of worlds) {
        one.advanceTo(world.nowUs);
        one.setLink(
          1,
          actor(1),
          actor(2),
          cut > 3 ? { ...GOOD_LINK, blocked: 'silent' } : undefined,
        );
        one.setProcess(2, actor(3), cut > 4 ? { paused: true, slowFactor: 1 } : undefined);
        one.setDisk(3, actor(1), cut > 5 ? { ...GOOD_DISK, stalled: true } : undefined);
      }
    }
    world.advanceTo(1_200_000);
    const effects = [...recorder.records()].filter(({ kind }) => kind === 'effect');
    const texts = effects.map(({ text }) => text).sort(compareCodeUnits);
    expect(texts).toEqual(['held', 'lost', 'paused', 'stalled']);
    for (const one of worlds) {
      one.advanceTo(1_200_000);
      expect(one.recorder.hex()).toBe(recorder.hex());
    }
  });

  it('of a world by choice is by choice', () => {
    const { choices, origin } = troubled('2', true).world.recording()!;
    const half = { origin, choices: choices.slice(0, 500) };
    const options = { reducers: RING };
    const recorder = new Recorder({ level: 'hash' });
    const { world } = replayRecording(ringSetup(5), half, recorder, options);
    const timers = world.pending().filter(({ kind }) => kind === 'timer');
    const names = timers.map(({ actor: who, key }) => `${String(who)}/${String(key)}`);
    expect(new Set(names).size).toBe(names.length);
    const twin = world.fork();
    for (const choice of choices.slice(500, 600)) {
      expect(world.apply(choice)).toEqual(twin.apply(choice));
    }
    expect(twin.recorder.hex()).toBe(world.recorder.hex());
  });
});
