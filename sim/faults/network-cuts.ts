// Faults of the network that separate hosts: nothing gets through, in one direction or in both, for
// a while. ZooKeeper assumes TCP, so a silent cut holds packets back and delivers them when it
// heals.
import { z } from 'zod';
import type { Draw } from '../swarm/draw.js';
import { duration } from '../scenario/units.js';
import type { ActorId } from '../trace/record.js';
import type { Hosts } from './hosts.js';
import { hosts, servers } from './hosts.js';
import type { FaultKind, FaultShape } from './kind.js';
import { defineFault } from './kind.js';
import { cut, cutHow, drawHow, drawServer, eachBetween, eachLink, filing } from './links.js';

const SURVIVES = 'every quorum of the model meets every other, whoever can talk to whom';

function drawGroups(random: Draw, shape: FaultShape): Hosts[] {
  if (random.chance(0.3)) return ['leader', 'rest'];
  if (random.chance(0.3)) return [['leader', 'follower'], 'rest'];
  const shuffled = random.shuffle([...shape.voters, ...shape.observers]);
  if (shuffled.length < 2) return ['all', 'clients'];
  const first = shuffled.slice(0, random.between(1, shuffled.length - 1));
  return [first.sort((a, b) => a - b), 'rest'];
}

const partition = defineFault({
  name: 'partition',
  family: 'network',
  claim: 'Groups of servers cannot reach each other; whoever is in no group reaches everybody.',
  model: 'inside',
  because: SURVIVES,
  lasts: 'while',
  mayHalt: false,
  weight: 10,
  parameters: z.strictObject({ groups: z.array(hosts).min(2).readonly(), how: cutHow.optional() }),
  hosts: ({ groups }) => groups,
  draw: (random, shape) => ({ groups: drawGroups(random, shape), how: drawHow(random) }),
  begin: (scene) => eachBetween(scene.cast, filing(scene, cut(scene.params.how))),
  end: (scene) => eachBetween(scene.cast, filing(scene, undefined)),
  describe: ({ groups, how }, name) =>
    `partition ${groups.map((_, set) => name(set)).join(' | ')}, ${how ?? 'silent'}`,
});

const isolate = defineFault({
  name: 'isolate',
  family: 'network',
  claim: 'A server cannot reach any other server, nor they it; its clients still can.',
  model: 'inside',
  because: SURVIVES,
  lasts: 'while',
  mayHalt: false,
  weight: 8,
  parameters: z.strictObject({ servers, how: cutHow.optional(), clients: z.boolean().optional() }),
  hosts: (params) => [params.servers, ...(params.clients === true ? ['clients' as const] : [])],
  draw: (random, shape) => ({ servers: drawServer(random, shape), how: drawHow(random) }),
  begin: (scene) =>
    eachAround(scene.cast, scene.stage.servers, filing(scene, cut(scene.params.how))),
  end: (scene) => eachAround(scene.cast, scene.stage.servers, filing(scene, undefined)),
  describe: ({ how, clients }, name) =>
    `isolate ${name(0)}${clients === true ? ', clients too' : ''}, ${how ?? 'silent'}`,
});

function eachAround(
  cast: readonly (readonly ActorId[])[],
  all: readonly ActorId[],
  visit: (from: ActorId, to: ActorId) => void,
): void {
  const [alone = [], clients = []] = cast;
  const others = [...all, ...clients];
  eachLink(alone, others, visit);
  eachLink(others, alone, visit);
}

const oneWay = defineFault({
  name: 'one-way',
  family: 'network',
  claim: 'Packets from one set of hosts to another are held up; the way back works.',
  model: 'inside',
  because: SURVIVES,
  lasts: 'while',
  mayHalt: false,
  weight: 6,
  parameters: z.strictObject({ from: hosts, to: hosts, how: cutHow.optional() }),
  hosts: ({ from, to }) => [from, to],
  draw: (random, shape) => {
    const one = drawServer(random, shape);
    const how = drawHow(random);
    return random.chance(0.5)
      ? { from: one, to: 'rest' as const, how }
      : { from: 'all' as const, to: one, how };
  },
  begin: ({ world, fault, cast, params }) => {
    const [from = [], to = []] = cast;
    eachLink(from, to, (a, b) => world.setLink(fault, a, b, cut(params.how)));
  },
  end: ({ world, fault, cast }) => {
    const [from = [], to = []] = cast;
    eachLink(from, to, (a, b) => world.setLink(fault, a, b, undefined));
  },
  describe: ({ how }, name) => `one-way cut from ${name(0)} to ${name(1)}, ${how ?? 'silent'}`,
});

/** The two sides of a bridge: as given, or the others in two halves. */
function sidesOf(cast: readonly (readonly ActorId[])[]): readonly (readonly ActorId[])[] {
  const [, first = [], second = []] = cast;
  if (second.length > 0) return [first, second];
  const middle = Math.ceil(first.length / 2);
  return [first.slice(0, middle), first.slice(middle)];
}

const bridge = defineFault({
  name: 'bridge',
  family: 'network',
  claim: 'Two sides cannot reach each other, but both reach the server in the middle.',
  model: 'inside',
  because: SURVIVES,
  lasts: 'while',
  mayHalt: false,
  weight: 6,
  parameters: z.strictObject({
    via: servers,
    sides: z.array(hosts).length(2).optional(),
    how: cutHow.optional(),
  }),
  hosts: ({ via, sides }) => [via, ...(sides ?? ['rest'])],
  draw: (random, shape) => ({ via: drawServer(random, shape), how: drawHow(random) }),
  begin: (scene) => eachBetween(sidesOf(scene.cast), filing(scene, cut(scene.params.how))),
  end: (scene) => eachBetween(sidesOf(scene.cast), filing(scene, undefined)),
  describe: ({ how }, name) => `bridge: two sides meet only in ${name(0)}, ${how ?? 'silent'}`,
});

const flap = defineFault({
  name: 'flap',
  family: 'network',
  claim: 'The links between two sets of hosts go down and up again, once in each period.',
  model: 'inside',
  because: SURVIVES,
  lasts: 'while',
  mayHalt: false,
  weight: 4,
  parameters: z.strictObject({
    from: hosts,
    to: hosts.optional(),
    period: duration,
    how: cutHow.optional(),
  }),
  hosts: ({ from, to }) => [from, to ?? 'rest'],
  draw: (random, shape) => ({
    from: drawServer(random, shape),
    period: Math.ceil((shape.tickUs * random.between(1, 20)) / 10_000) * 1000,
    how: drawHow(random),
  }),
  everyUs: ({ period }) => Math.max(1, Math.floor(period / 2)),
  begin: (scene) => eachBetween(scene.cast, filing(scene, cut(scene.params.how))),
  tick: (scene, nth) => {
    const condition = nth % 2 === 0 ? cut(scene.params.how) : undefined;
    eachBetween(scene.cast, filing(scene, condition));
    return true;
  },
  end: (scene) => eachBetween(scene.cast, filing(scene, undefined)),
  describe: ({ how }, name) => `flapping link ${name(0)} - ${name(1)}, ${how ?? 'silent'}`,
});

export const NETWORK_CUTS: readonly FaultKind[] = [partition, isolate, oneWay, bridge, flap];
