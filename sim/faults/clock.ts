// Faults of a server's clocks. The wall clock only stamps transactions and sessions; the monotonic
// one runs every timeout. So a wrong time of day harms nobody, and a wrong rate only makes a server
// hasty or patient.
import { z } from 'zod';
import { partsPerMillion, shift } from '../scenario/units.js';
import type { ClockCondition } from '../world/conditions.js';
import { GOOD_CLOCK } from '../world/conditions.js';
import { servers } from './hosts.js';
import type { FaultKind, Scene } from './kind.js';
import { defineFault } from './kind.js';
import { drawServer } from './links.js';
import { drawOne, struck } from './process.js';

const NO_TIME = 'nothing is decided by the time of day: order comes from zxids, epochs and rounds';

function setClocks(scene: Scene<object>, condition: ClockCondition | undefined): void {
  for (const server of struck(scene)) scene.world.setClock(scene.fault, server, condition);
}

const offset = defineFault({
  name: 'clock-offset',
  family: 'clock',
  claim: 'A wall clock is wrong by so much, and right again when healed.',
  model: 'inside',
  because: NO_TIME,
  lasts: 'while',
  mayHalt: false,
  weight: 1,
  parameters: z.strictObject({ servers, by: shift }),
  hosts: (params) => [params.servers],
  draw: (random, shape) => ({
    servers: drawServer(random, shape),
    by: 1000 * random.between(-60_000, 60_000),
  }),
  begin: (scene) =>
    setClocks(scene, { ...GOOD_CLOCK, offsetMs: Math.trunc(scene.params.by / 1000) }),
  end: (scene) => setClocks(scene, undefined),
  describe: ({ by }, name) => `wall clock of ${name(0)} off by ${by / 1000}ms`,
});

const jump = defineFault({
  name: 'clock-jump',
  family: 'clock',
  claim: 'A wall clock jumps, forwards or backwards, and stays there.',
  model: 'inside',
  because: NO_TIME,
  lasts: 'moment',
  mayHalt: false,
  weight: 2,
  parameters: z.strictObject({ servers, by: shift }),
  hosts: (params) => [params.servers],
  draw: (random, shape) => ({
    servers: drawServer(random, shape),
    by: 1000 * random.between(-3_600_000, 3_600_000),
  }),
  begin: (scene) =>
    setClocks(scene, { ...GOOD_CLOCK, offsetMs: Math.trunc(scene.params.by / 1000) }),
  end: () => undefined,
  describe: ({ by }, name) => `wall clock of ${name(0)} jumps by ${by / 1000}ms`,
});

const drift = defineFault({
  name: 'clock-drift',
  family: 'clock',
  claim: 'Both clocks of a server run too fast or too slow.',
  model: 'inside',
  because: 'timeouts come early or late, and safety does not depend on time',
  lasts: 'while',
  mayHalt: false,
  weight: 2,
  parameters: z.strictObject({ servers, by: partsPerMillion }),
  hosts: (params) => [params.servers],
  draw: (random, shape) => ({
    servers: drawServer(random, shape),
    by: random.pick([-200_000, -20_000, 20_000, 200_000]),
  }),
  begin: (scene) => setClocks(scene, { ...GOOD_CLOCK, driftPpm: scene.params.by }),
  end: (scene) => setClocks(scene, undefined),
  describe: ({ by }, name) => `clocks of ${name(0)} drift by ${by}ppm`,
});

const freeze = defineFault({
  name: 'clock-freeze',
  family: 'clock',
  claim: 'A wall clock stands still.',
  model: 'inside',
  because: NO_TIME,
  lasts: 'while',
  mayHalt: false,
  weight: 1,
  parameters: z.strictObject({ servers }),
  hosts: (params) => [params.servers],
  draw: drawOne,
  begin: (scene) => setClocks(scene, { ...GOOD_CLOCK, frozen: true }),
  end: (scene) => setClocks(scene, undefined),
  describe: (_, name) => `wall clock of ${name(0)} stands still`,
});

export const CLOCK_FAULTS: readonly FaultKind[] = [offset, jump, drift, freeze];
