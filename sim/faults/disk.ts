// Faults of a server's disk: late, failing, full, or holding something else than was written. The
// protocol waits for its disk and gives up its role when a write fails; a disk that lies or forgets
// breaks the one promise that everything stands on.
import { z } from 'zod';
import { chance, integerFrom } from '../scenario/units.js';
import type { DiskCondition } from '../world/conditions.js';
import { GOOD_DISK } from '../world/conditions.js';
import { servers } from './hosts.js';
import type { FaultKind, Scene } from './kind.js';
import { defineFault } from './kind.js';
import { drawServer } from './links.js';
import { drawOne, struck, takingDown } from './process.js';

const LATE = 'a write that is late delays what waits for it, and safety does not depend on time';
const FAILS = 'a server whose write fails gives up its role or ends, and promises nothing';
const FORGETS = 'what was synced and acknowledged is gone, and a quorum may have counted on it';

function setDisks(scene: Scene<object>, condition: DiskCondition | undefined): void {
  for (const server of struck(scene)) scene.world.setDisk(scene.fault, server, condition);
}

/** The disk is mended; a server that ended over it is started again. */
function mend(scene: Scene<object>): void {
  setDisks(scene, undefined);
  for (const server of struck(scene)) scene.holding.revive(server);
}

const stall = defineFault({
  name: 'disk-stall',
  family: 'disk',
  claim: 'Requests to the disk wait until it is healed.',
  model: 'inside',
  because: LATE,
  lasts: 'while',
  mayHalt: false,
  weight: 8,
  parameters: z.strictObject({ servers }),
  hosts: (params) => [params.servers],
  draw: drawOne,
  begin: (scene) => setDisks(scene, { ...GOOD_DISK, stalled: true }),
  end: (scene) => setDisks(scene, undefined),
  describe: (_, name) => `disk of ${name(0)} stalls`,
});

const slow = defineFault({
  name: 'slow-disk',
  family: 'disk',
  claim: 'Requests to the disk take so many times longer.',
  model: 'inside',
  because: LATE,
  lasts: 'while',
  mayHalt: false,
  weight: 4,
  parameters: z.strictObject({ servers, factor: integerFrom(2, 1_000_000) }),
  hosts: (params) => [params.servers],
  draw: (random, shape) => ({
    servers: drawServer(random, shape),
    factor: random.pick([5, 20, 100, 500]),
  }),
  begin: (scene) => setDisks(scene, { ...GOOD_DISK, slowFactor: scene.params.factor }),
  end: (scene) => setDisks(scene, undefined),
  describe: ({ factor }, name) => `disk of ${name(0)} ${factor} times slower`,
});

const errors = defineFault({
  name: 'disk-error',
  family: 'disk',
  claim: 'Writes to the disk fail, always or with a chance.',
  model: 'inside',
  because: FAILS,
  lasts: 'while',
  mayHalt: true,
  weight: 5,
  parameters: z.strictObject({ servers, chance: chance.optional() }),
  hosts: (params) => [params.servers],
  draw: (random, shape) => ({
    servers: drawServer(random, shape),
    chance: random.pick([0.1, 0.3, 1]),
  }),
  begin: (scene) => setDisks(scene, { ...GOOD_DISK, errorChance: scene.params.chance ?? 1 }),
  end: mend,
  describe: (params, name) => `disk of ${name(0)} fails, chance ${params.chance ?? 1}`,
});

const full = defineFault({
  name: 'disk-full',
  family: 'disk',
  claim: 'Every write to the disk fails for lack of space.',
  model: 'inside',
  because: FAILS,
  lasts: 'while',
  mayHalt: true,
  weight: 3,
  parameters: z.strictObject({ servers }),
  hosts: (params) => [params.servers],
  draw: drawOne,
  begin: (scene) => setDisks(scene, { ...GOOD_DISK, full: true }),
  end: mend,
  describe: (_, name) => `disk of ${name(0)} is full`,
});

const tornTail = defineFault({
  name: 'torn-tail',
  family: 'disk',
  claim: 'Power is lost just after an append: the tail of the log may be torn.',
  model: 'inside',
  because:
    'a torn record was never synced, so nobody was told of it; at boot it is the end of file',
  mayHalt: false,
  weight: 6,
  parameters: z.strictObject({ servers }),
  ...takingDown((scene, server) => scene.world.crash(scene.fault, server, 'power')),
  hosts: (params) => [params.servers],
  draw: drawOne,
  awaits: 'appended',
  describe: (_, name) => `power loss at ${name(0)} in mid-append`,
});

const corruption = z.strictObject({ servers, back: integerFrom(0, 1_000_000).optional() });
const corruptRecord = defineFault({
  name: 'corrupt-record',
  family: 'disk',
  claim: 'A record of the log fails its checksum at the next boot, which comes at once.',
  model: 'outside',
  because: 'the server rightly refuses to start and is gone; with enough of them goes the history',
  mayHalt: true,
  weight: 0,
  parameters: corruption,
  ...takingDown<z.output<typeof corruption>>((scene, server) => {
    scene.world.crash(scene.fault, server, 'process');
    scene.world.corruptRecord(scene.fault, server, scene.params.back ?? 0);
  }),
  hosts: (params) => [params.servers],
  draw: (random, shape) => ({ servers: drawServer(random, shape), back: random.between(0, 3) }),
  describe: ({ back }, name) => `log of ${name(0)} corrupt, ${back ?? 0} records before its end`,
});

const loseSnapshot = defineFault({
  name: 'lose-snapshot',
  family: 'disk',
  claim: 'The newest snapshot file is gone at the next boot, which comes at once.',
  model: 'outside',
  because: FORGETS,
  mayHalt: true,
  weight: 0,
  parameters: z.strictObject({ servers }),
  ...takingDown((scene, server) => {
    scene.world.crash(scene.fault, server, 'process');
    scene.world.loseSnapshot(scene.fault, server);
  }),
  hosts: (params) => [params.servers],
  draw: drawOne,
  describe: (_, name) => `newest snapshot of ${name(0)} lost`,
});

const lyingFsync = defineFault({
  name: 'lying-fsync',
  family: 'disk',
  claim: 'The disk says that it has synced and has not: a power loss meanwhile takes it all.',
  model: 'outside',
  because: FORGETS,
  lasts: 'while',
  mayHalt: true,
  weight: 0,
  parameters: z.strictObject({ servers }),
  hosts: (params) => [params.servers],
  draw: drawOne,
  begin: (scene) => setDisks(scene, { ...GOOD_DISK, lying: true }),
  end: (scene) => setDisks(scene, undefined),
  describe: (_, name) => `disk of ${name(0)} lies about fsync`,
});

export const DISK_FAULTS: readonly FaultKind[] = [
  ...[stall, slow, errors, full, tornTail],
  ...[corruptRecord, loseSnapshot, lyingFsync],
];
