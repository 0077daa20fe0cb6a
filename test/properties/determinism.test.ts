// The same seed tells the same story, another one another, and the choices of a run tell it without
// a seed. Nothing in it is against the rules, whatever the trouble.
import { beforeAll, describe, expect, it } from 'vitest';
import { Recorder } from '../../sim/trace/recorder.js';
import type { Recording } from '../../sim/world/choices.js';
import { replayWorld, World } from '../../sim/world/world.js';
import { reportOf } from '../protocol/cluster-records.js';
import type { AnyWorld } from './storm.js';
import { drive, judgeOf, storm } from './storm.js';

const SEEDS = Array.from({ length: 12 }, (_, index) => String(index + 1));

interface Told {
  readonly hex: string;
  readonly count: number;
  readonly recording: Recording;
}

/** A storm from its beginning to its end, told in full and judged. */
function tell(seed: string): Told {
  const plan = storm(seed);
  const recorder = new Recorder({ level: 'full' });
  const judged = judgeOf(plan, recorder);
  const world = new World(plan.setup, seed, recorder, { recordChoices: true });
  const any = world as unknown as AnyWorld;
  drive(any, plan, -1, plan.endUs);
  const violations = judged(any);
  expect(violations, reportOf(seed, violations, recorder)).toEqual([]);
  return { hex: recorder.hex(), count: recorder.count, recording: world.recording()! };
}

describe('the same seed', () => {
  const told = new Map<string, Told>();
  beforeAll(() => {
    for (const seed of SEEDS) told.set(seed, tell(seed));
  });

  it('gives the same trace, and another seed another', () => {
    for (const seed of SEEDS.slice(0, 4)) expect(tell(seed).hex).toBe(told.get(seed)!.hex);
    expect(new Set([...told.values()].map(({ hex }) => hex)).size).toBe(SEEDS.length);
  });

  it('is a storm worth the name', () => {
    for (const { count } of told.values()) expect(count).toBeGreaterThan(1500);
  });

  it('is not needed by a replay: the choices are enough', () => {
    for (const seed of SEEDS.slice(0, 6)) {
      const { hex, recording } = told.get(seed)!;
      const again = new Recorder({ level: 'hash' });
      const { divergence, made } = replayWorld(storm(seed).setup, recording, again);
      expect([divergence, made]).toEqual([undefined, recording.choices.length]);
      expect(again.hex()).toBe(hex);
    }
  });

  it('a replay of other choices says where it parts', () => {
    const { hex, recording } = told.get('1')!;
    const { origin, choices } = recording;
    const middle = Math.floor(choices.length / 2);
    const without = { origin, choices: choices.toSpliced(middle, 1) };
    const again = new Recorder({ level: 'hash' });
    const { divergence } = replayWorld(storm('1').setup, without, again);
    expect(divergence !== undefined || again.hex() !== hex).toBe(true);
  });
});
