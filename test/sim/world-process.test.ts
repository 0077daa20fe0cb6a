// Processes between two effects, their timers, their clocks, and clients.
import { describe, expect, it } from 'vitest';
import { RandomStreams } from '../../base/random.js';
import type { Effect } from '../../protocol/effect.js';
import type { Epoch } from '../../protocol/ids.js';
import { serverId } from '../../protocol/ids.js';
import { Recorder } from '../../sim/trace/recorder.js';
import { ServerClock } from '../../sim/world/clock.js';
import { GOOD_CLOCK } from '../../sim/world/conditions.js';
import { LatencySource } from '../../sim/world/latency.js';
import { replayRecording } from '../../sim/world/replay.js';
import type { Latency } from '../../sim/world/setup.js';
import type { Stage } from './world-script.js';
import { dial, logOf, send, sid, stage } from './world-script.js';
import { note, RING, ring, ringSetup } from './world-stub.js';

function set(timer: 'poll' | 'handler' | 'log' | 'finalize', delayUs: number, key = 0): Effect {
  return { kind: 'setTimer', timer, key, delayUs };
}

function clear(timer: 'poll' | 'handler', key = 0): Effect {
  return { kind: 'clearTimer', timer, key };
}

function run(s: Stage, ms: number): string[] {
  s.world.advanceTo(s.world.nowUs + ms * 1000);
  return s.of(1);
}

describe('a crash set off by a note', () => {
  const epoch: Effect = { kind: 'writeEpoch', file: 'current', epoch: 9 as Epoch };

  it('falls between two effects of a step', () => {
    const s = stage(2);
    s.tell(1, dial(2));
    run(s, 20);
    s.recorder.subscribe(['mark'], ({ text }) => {
      if (text === 'here') s.world.crash(5, sid(1), 'process');
    });
    s.tell(1, send(1, 1), note('mark', 0, 'here'), send(1, 2), epoch, note('mark', 0, 'after'));
    run(s, 20);
    expect(s.of(2).map((text) => text.replace(/@.*/, ''))).toEqual([
      ...['accepted', 'notification1', 'closed reset'],
    ]);
    expect(s.world.disk(serverId(1)).durable.currentEpoch).toBe(0);
    const kinds = s.records().map(({ kind, text }) => `${kind} ${text}`);
    expect(kinds).not.toContain('mark after');
    expect(kinds.slice(kinds.indexOf('mark here') + 1)).toContain('crash process');
    expect(s.world.isUp(sid(1))).toBe(false);
  });

  it('falls before the step if the event itself sets it off', () => {
    const s = stage(1);
    s.recorder.subscribe(['timer'], ({ text }) => {
      if (text === 'poll') s.world.crash(5, sid(1), 'power');
    });
    s.tell(1, set('poll', 100));
    expect(run(s, 20)).toEqual([]);
    expect(
      s
        .records()
        .slice(-3)
        .map(({ kind }) => kind),
    ).toEqual(['timer', 'crash', 'effect']);
  });

  it('may be followed at once by a restart, and by other interventions, in order', () => {
    const s = stage(1);
    s.recorder.subscribe(['crash'], () => {
      s.world.wipe(6, sid(1));
      s.world.restart(sid(1));
    });
    s.tell(1, { kind: 'appendLog', log: logOf(2) }, { kind: 'flushLog' });
    run(s, 20);
    s.world.crash(5, sid(1), 'process');
    run(s, 20);
    expect(s.records().flatMap(({ kind, text }) => (kind === 'crash' ? [text] : []))).toEqual([
      ...['process', 'wipe'],
    ]);
    expect(s.seen.at(-1)?.event).toMatchObject({ kind: 'boot' });
    expect(s.world.disk(serverId(1)).durable.log.length).toBe(0);
  });
});

describe('an exit', () => {
  it('ends the process there and then, and nobody starts it again', () => {
    const s = stage(1);
    s.tell(1, set('poll', 100), { kind: 'exit', code: 13, reason: 'x' }, note('mark', 0, 'after'));
    expect(run(s, 100)).toEqual([]);
    expect(s.records().at(-1)).toMatchObject({ kind: 'crash', text: 'exit', actor: 1 });
    expect(s.world.isUp(sid(1))).toBe(false);
  });
});

describe('timers', () => {
  it('are replaced when set again, earlier or later, and forgotten when cleared', () => {
    const s = stage(1);
    s.tell(1, set('poll', 1000), set('handler', 1000, 4), set('handler', 1000, 5));
    s.tell(1, set('poll', 3000), set('handler', 500, 4), clear('handler', 5), clear('handler', 6));
    s.tell(1, set('poll', 5000), set('poll', 4000));
    s.tell(1, set('finalize', 2000), clear('poll'), set('poll', 4000));
    expect(run(s, 20)).toEqual(['handler@10.52', 'finalize@12.04', 'poll@14.04']);
    expect(s.records().filter(({ text }) => text === 'handler')).toMatchObject([{ value: 4 }]);
    s.tell(1, set('poll', 1000), set('handler', 1000, 7), { kind: 'clearTimers' });
    run(s, 20);
    expect(s.of(1).length).toBe(3);
  });

  it('due at the same time fire in the order of their last setting', () => {
    const s = stage(1);
    s.tell(1, set('poll', 1000), set('finalize', 1000), set('handler', 1000, 3));
    s.tell(1, set('finalize', 990), set('poll', 990), set('log', 990));
    expect(run(s, 20)).toEqual(['handler@11.01', 'finalize@11.01', 'poll@11.01', 'log@11.01']);
  });

  it('of a stage take the latency of a thread, times how slow the process is', () => {
    const s = stage(1, () => [], { stageUs: { kind: 'constant', us: 40 } });
    s.tell(1, set('log', 0), set('poll', 0));
    s.world.setProcess(3, sid(1), { paused: false, slowFactor: 10 });
    run(s, 1);
    s.tell(1, set('log', 0));
    expect(run(s, 20)).toEqual(['poll@10.01', 'log@10.05', 'log@11.42']);
    expect(s.world.effectsOf(3)).toBe(1);
  });
});

describe('clocks', () => {
  const clocks = [{ offsetMs: 5000, driftPpm: 100_000 }];

  it('that run fast make timers early and tell a later time', () => {
    const readings: number[] = [];
    const s = stage(1, (_sid, _event, { monoUs, wallMs }) => (readings.push(monoUs, wallMs), []), {
      clocks,
    });
    s.tell(1, set('poll', 11_000));
    expect(run(s, 20)).toEqual([`poll@${(s.seen[1]?.atUs ?? 0) / 1000}`]);
    const at = s.seen[1]?.atUs ?? 0;
    expect(at).toBeGreaterThanOrEqual(20_000);
    expect(at).toBeLessThanOrEqual(20_020);
    expect(readings.at(-2)).toBe(Math.floor(at * 1.1));
    expect(readings.at(-1)).toBe(1_700_000_005_000 + Math.floor((at * 1.1) / 1000));
  });

  it('know when they will read a time, to the microsecond', () => {
    const random = new RandomStreams('1').stream('clock');
    for (let round = 0; round < 500; round++) {
      const driftPpm = random.between(-900_000, 900_000);
      const clock = new ServerClock({ offsetMs: 0, driftPpm }, 0);
      clock.adjust({ ...GOOD_CLOCK, driftPpm: random.between(-90_000, 9000) }, random.int(10 ** 9));
      const localUs = random.between(10 ** 8, 10 ** 10);
      const atUs = clock.worldAt(localUs);
      expect(clock.localAt(atUs)).toBeGreaterThanOrEqual(localUs);
      expect(clock.localAt(atUs - 1)).toBeLessThan(localUs);
    }
  });

  it('that change their rate move what is due', () => {
    const s = stage(1);
    s.tell(1, set('poll', 10_000), set('finalize', 40_000));
    s.world.setClock(2, sid(1), { ...GOOD_CLOCK, driftPpm: -500_000 });
    run(s, 40);
    s.world.setClock(2, sid(1), { ...GOOD_CLOCK, driftPpm: 1_000_000 });
    // 10 ms at half speed; then 20 of 40 ms have passed and the rest takes half the time.
    expect(run(s, 40)).toEqual(['poll@30.01', 'finalize@60.01']);
  });

  it('may jump or stand still on the wall only', () => {
    const walls: number[] = [];
    const s = stage(1, (_sid, _event, { monoUs, wallMs }) => {
      walls.push(wallMs - 1_700_000_000_000 - Math.floor(monoUs / 1000));
      return [set('poll', 10_000)];
    });
    walls.length = 0;
    run(s, 10);
    s.world.setClock(2, sid(1), { ...GOOD_CLOCK, offsetMs: -300 });
    run(s, 10);
    s.world.setClock(2, sid(1), { ...GOOD_CLOCK, frozen: true });
    run(s, 20);
    s.world.setClock(2, sid(1), undefined);
    run(s, 10);
    expect(walls.map((ms) => Math.sign(ms))).toEqual([0, -1, -1, -1, 0]);
    expect(walls[1]).toBe(-300);
    expect(walls[3]).toBe((walls[2] ?? 0) - 10);
  });
});

describe('latencies', () => {
  const streams = new RandomStreams('5');
  const draws = (latency: Latency): number[] => {
    const source = new LatencySource(streams, 'x');
    return Array.from({ length: 4000 }, () => source.sample(latency));
  };
  const meanOf = (list: number[]): number => list.reduce((a, b) => a + b) / list.length;

  it('that are constant draw nothing', () => {
    const stream = (): never => expect.unreachable('a stream was made');
    const source = new LatencySource({ stream } as never, 'x');
    expect(source.sample({ kind: 'constant', us: 5 })).toBe(5);
    expect(() => source.sample({ kind: 'uniform', fromUs: 1, toUs: 2 })).toThrow(
      'a stream was made',
    );
  });

  it('are integers of the distribution they are said to be', () => {
    const uniform = draws({ kind: 'uniform', fromUs: 10, toUs: 20 });
    expect([Math.min(...uniform), Math.max(...uniform)]).toEqual([10, 20]);
    const exponential = draws({ kind: 'exponential', minUs: 100, meanUs: 50 });
    expect(Math.min(...exponential)).toBe(100);
    expect(Math.round(meanOf(exponential) / 10)).toBe(15);
    const tailed = draws({ kind: 'heavyTailed', fromUs: 10, toUs: 20, oneIn: 10, factor: 100 });
    const slow = tailed.filter((us) => us > 20);
    expect(Math.min(...slow)).toBeGreaterThanOrEqual(1000);
    expect(Math.round(slow.length / 100)).toBe(4);
    for (const us of [...uniform, ...exponential, ...tailed]) expect(us).toBe(Math.trunc(us));
  });
});

describe('a world', () => {
  it('writes down who caused what', () => {
    const { records, world } = ring(3);
    world.advanceTo(1_000_000);
    const all = records();
    expect(all[0]).toMatchObject({ kind: 'start', text: '7', cause: -1 });
    for (const { kind, cause, index, actor, peer, atUs } of all) {
      expect(cause).toBeLessThan(index);
      const why = all[cause];
      if (kind === 'received') expect(why?.actor).toBe(peer);
      else if (kind === 'mark' || kind === 'timer') expect(why?.actor).toBe(actor);
      if (why !== undefined) expect(why.atUs).toBeLessThanOrEqual(atUs);
    }
    expect(all.filter(({ kind }) => kind === 'received').length).toBeGreaterThan(50);
  });

  it('peeks without making anything happen', () => {
    const { world, recorder } = ring(3);
    let steps = 0;
    for (
      let next = world.peekUs();
      next !== undefined && next <= 1_000_000;
      next = world.peekUs()
    ) {
      expect(next).toBeGreaterThanOrEqual(world.nowUs);
      const before = recorder.count;
      expect(world.peekUs()).toBe(next);
      expect(recorder.count).toBe(before);
      world.step();
      expect(world.nowUs).toBe(next);
      steps += 1;
    }
    const other = ring(3);
    other.world.advanceTo(1_000_000);
    expect(steps).toBeGreaterThan(200);
    expect(other.recorder.hex()).toBe(recorder.hex());
  });

  it('tells the workload when an operation is settled, and lets it go on at once', () => {
    const { world, records } = ring(3, {}, { recordChoices: true });
    let settled = 0;
    world.onSettled((client) => {
      settled += 1;
      if (settled < 5) world.invoke(client, { kind: 'exists', path: '/x', watch: false });
    });
    world.advanceTo(20_000);
    world.invoke(sid(128), { kind: 'exists', path: '/x', watch: false });
    world.advanceTo(200_000);
    expect(settled).toBe(5);
    const invoked = records().filter(({ kind }) => kind === 'invoke');
    expect(invoked).toHaveLength(5);
    expect(invoked[0]).toMatchObject({ cause: -1 });
    expect(invoked[1]).toMatchObject({ actor: 128, text: 'exists', detail: { path: '/x' } });
    expect(records()[invoked[1]?.cause ?? 0]).toMatchObject({ kind: 'received', actor: 128 });
    const again = new Recorder({ level: 'hash' });
    replayRecording(ringSetup(3), world.recording()!, again, { reducers: RING });
    expect(again.hex()).toBe(world.recorder.hex());
  });
});
