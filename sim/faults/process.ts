// Faults of a server's process: it ends and starts again, stands still, crawls, or loses its disk.
// A process crash keeps what the system was handed; a power loss keeps only what was synced.
import { z } from 'zod';
import type { Draw } from '../swarm/draw.js';
import { integerFrom } from '../scenario/units.js';
import type { ActorId } from '../trace/record.js';
import type { ProcessCondition } from '../world/conditions.js';
import { GOOD_PROCESS } from '../world/conditions.js';
import type { OneServer } from './hosts.js';
import { servers } from './hosts.js';
import type { FaultKind, FaultShape, Scene } from './kind.js';
import { defineFault } from './kind.js';
import { drawServer } from './links.js';

const CRASH_SAFE = 'what a server promised is on its disk before it says so';
const LATE =
  'a server that is late is like one behind a slow link, and safety does not depend on time';

export function struck(scene: Scene<object>): readonly ActorId[] {
  return scene.cast[0] ?? [];
}

/** Lets go of everyone: whoever no other fault holds starts again. */
export function releaseAll(scene: Scene<object>): void {
  for (const server of struck(scene)) scene.holding.release(server);
}

export function drawOne(random: Draw, shape: FaultShape): { servers: OneServer } {
  return { servers: drawServer(random, shape) };
}

/** Mostly one; at times all at once, or two, which is what it takes to lose an unsynced write. */
function drawVictims(random: Draw, shape: FaultShape): OneServer | 'all' | OneServer[] {
  const draw = random.unit();
  if (draw < 0.25) return 'all';
  if (draw < 0.4) return [shape.triggered ? 'actor' : 'leader', 'follower'];
  return drawServer(random, shape);
}

/** The part that all kinds share which take servers down, and keep them down while they last. */
export function takingDown<P extends object>(
  strike: (scene: Scene<P>, server: ActorId) => void,
): { readonly lasts: 'down'; begin(scene: Scene<P>): void; end(scene: Scene<P>): void } {
  return {
    lasts: 'down',
    begin: (scene) => {
      for (const server of struck(scene)) {
        scene.holding.hold(server);
        strike(scene, server);
      }
    },
    end: releaseAll,
  };
}

const crashHow = z.enum(['process', 'power'], { error: 'process or power' });

const crashParameters = z.strictObject({ servers, how: crashHow.optional() });
const crash = defineFault({
  name: 'crash',
  family: 'process',
  claim: 'A process ends, or its machine loses power; it comes back after `restart-after`.',
  model: 'inside',
  because: CRASH_SAFE,
  mayHalt: false,
  weight: 12,
  parameters: crashParameters,
  ...takingDown<z.output<typeof crashParameters>>((scene, server) => {
    scene.world.crash(scene.fault, server, scene.params.how ?? 'process');
  }),
  hosts: (params) => [params.servers],
  draw: (random, shape) => ({
    servers: drawVictims(random, shape),
    how: random.pick(['power', 'power', 'process'] as const),
  }),
  describe: ({ how }, name) =>
    how === 'power' ? `power loss at ${name(0)}` : `crash of ${name(0)}`,
});

const restart = defineFault({
  name: 'restart',
  family: 'process',
  claim: 'A process ends and starts again at once.',
  model: 'inside',
  because: CRASH_SAFE,
  lasts: 'moment',
  mayHalt: false,
  weight: 6,
  parameters: z.strictObject({ servers }),
  hosts: (params) => [params.servers],
  draw: drawOne,
  begin: (scene) => {
    for (const server of struck(scene)) {
      scene.holding.hold(server);
      scene.world.crash(scene.fault, server, 'process');
      scene.holding.release(server);
    }
  },
  end: () => undefined,
  describe: (_, name) => `restart of ${name(0)}`,
});

function setProcesses(scene: Scene<object>, condition: ProcessCondition | undefined): void {
  for (const server of struck(scene)) scene.world.setProcess(scene.fault, server, condition);
}

const pause = defineFault({
  name: 'pause',
  family: 'process',
  claim: 'A process stands still, as in a long garbage collection; its kernel goes on buffering.',
  model: 'inside',
  because: LATE,
  lasts: 'while',
  mayHalt: false,
  weight: 8,
  parameters: z.strictObject({ servers }),
  hosts: (params) => [params.servers],
  draw: drawOne,
  begin: (scene) => setProcesses(scene, { ...GOOD_PROCESS, paused: true }),
  end: (scene) => setProcesses(scene, undefined),
  describe: (_, name) => `pause of ${name(0)}`,
});

const slowCpu = defineFault({
  name: 'slow-cpu',
  family: 'process',
  claim: 'Every stage of a server takes so many times longer.',
  model: 'inside',
  because: LATE,
  lasts: 'while',
  mayHalt: false,
  weight: 4,
  parameters: z.strictObject({ servers, factor: integerFrom(2, 1_000_000) }),
  hosts: (params) => [params.servers],
  draw: (random, shape) => ({
    servers: drawServer(random, shape),
    factor: random.pick([10, 100, 1000, 10_000]),
  }),
  begin: (scene) => setProcesses(scene, { ...GOOD_PROCESS, slowFactor: scene.params.factor }),
  end: (scene) => setProcesses(scene, undefined),
  describe: ({ factor }, name) => `CPU of ${name(0)} ${factor} times slower`,
});

const wipe = defineFault({
  name: 'wipe',
  family: 'process',
  claim: 'A server loses its disk and comes back empty, under its old id.',
  model: 'outside',
  because: 'an empty server still votes: a quorum can form of which nobody knows a committed write',
  mayHalt: true,
  weight: 0,
  parameters: z.strictObject({ servers }),
  ...takingDown((scene, server) => {
    scene.world.crash(scene.fault, server, 'power');
    scene.world.wipe(scene.fault, server);
  }),
  hosts: (params) => [params.servers],
  draw: drawOne,
  describe: (_, name) => `disk of ${name(0)} wiped`,
});

export const PROCESS_FAULTS: readonly FaultKind[] = [crash, restart, pause, slowCpu, wipe];
