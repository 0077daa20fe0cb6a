// What operators do to a whole cluster, in order and on purpose.
import { z } from 'zod';
import { positiveDuration } from '../scenario/units.js';
import type { ActorId } from '../trace/record.js';
import { servers } from './hosts.js';
import type { FaultKind, Scene } from './kind.js';
import { defineFault } from './kind.js';
import { releaseAll, struck } from './process.js';

/** Half a period: the next server goes down, or the one that is down comes up. */
function step(scene: Scene<object>, half: number): boolean {
  const order = struck(scene);
  const server: ActorId | undefined = order[half >> 1];
  if (server === undefined) return false;
  if (half % 2 === 1) {
    scene.holding.release(server);
    return half < 2 * order.length - 1;
  }
  scene.holding.hold(server);
  scene.world.crash(scene.fault, server, 'process');
  return true;
}

const rollingRestart = defineFault({
  name: 'rolling-restart',
  family: 'cluster',
  claim: 'In each period one server is taken down for half of it, all of them in turn.',
  model: 'inside',
  because:
    'what a server promised is on its disk before it says so, and the others are up meanwhile',
  lasts: 'while',
  mayHalt: false,
  weight: 3,
  parameters: z.strictObject({ servers: servers.optional(), every: positiveDuration }),
  hosts: (params) => [params.servers ?? 'all'],
  draw: (random, shape) => ({
    every: Math.ceil((shape.tickUs * random.between(2, 20)) / 10_000) * 1000,
  }),
  everyUs: ({ every }) => Math.max(1, Math.floor(every / 2)),
  begin: (scene) => void step(scene, 0),
  tick: step,
  end: releaseAll,
  describe: (_, name) => `rolling restart of ${name(0)}`,
});

export const CLUSTER_FAULTS: readonly FaultKind[] = [rollingRestart];
