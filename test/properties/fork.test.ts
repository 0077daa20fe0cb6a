// A fork continues as its origin does, and neither notices the other: whenever it is made, in
// whatever trouble.
import { describe, expect, it } from 'vitest';
import { RandomStreams } from '../../base/random.js';
import { Recorder } from '../../sim/trace/recorder.js';
import { World } from '../../sim/world/world.js';
import type { AnyWorld } from './storm.js';
import { drive, storm } from './storm.js';

function begin(seed: string): { world: AnyWorld; recorder: Recorder } {
  const recorder = new Recorder({ level: 'hash' });
  const world = new World(storm(seed).setup, seed, recorder);
  return { world: world as unknown as AnyWorld, recorder };
}

describe('a fork', () => {
  for (const seed of ['1', '2', '3', '4', '5', '6']) {
    it(`of storm ${seed} continues as its origin does`, () => {
      const plan = storm(seed);
      const random = new RandomStreams(seed).stream('forks');
      const { world, recorder } = begin(seed);
      const forks: { atUs: number; world: AnyWorld }[] = [];
      let nowUs = -1;
      for (let n = 0; n < 8; n++) {
        const atUs = nowUs + 1 + random.int((2 * plan.endUs) / 8);
        if (atUs >= plan.endUs) break;
        drive(world, plan, nowUs, atUs);
        nowUs = atUs;
        forks.push({ atUs, world: world.fork(recorder.copy()) });
      }
      drive(world, plan, nowUs, plan.endUs);
      expect(forks.length).toBeGreaterThan(2);
      for (const fork of forks) {
        drive(fork.world, plan, fork.atUs, plan.endUs);
        expect(fork.world.recorder.hex()).toBe(recorder.hex());
        expect(fork.world.events).toBe(world.events);
      }
    });
  }

  it('that goes another way leaves its origin alone, and the other forks', () => {
    const plan = storm('7');
    const plain = begin('7');
    drive(plain.world, plan, -1, plan.endUs);
    const { world, recorder } = begin('7');
    drive(world, plan, -1, 2_000_000);
    const [same, other] = [world.fork(recorder.copy()), world.fork(recorder.copy())];
    for (const server of plan.setup.ensemble.servers) other.crash(99, server as never, 'power');
    drive(other, plan, 2_000_000, plan.endUs);
    drive(same, plan, 2_000_000, plan.endUs);
    drive(world, plan, 2_000_000, plan.endUs);
    const hashes = [world, same, other].map((each) => each.recorder.hex());
    expect(hashes.slice(0, 2)).toEqual([plain.recorder.hex(), plain.recorder.hex()]);
    expect(hashes[2]).not.toBe(hashes[0]);
  });
});
