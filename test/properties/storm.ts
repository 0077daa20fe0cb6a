// An ensemble in trouble, all of it decided beforehand: a plan of faults and requests at fixed
// times, drawn from a seed. A world, its fork and its replay can be driven through the same plan
// and must agree.
import { RandomStreams } from '../../base/random.js';
import type { Operation } from '../../protocol/operation.js';
import { createOperation } from '../../protocol/operation.js';
import { Judge } from '../../sim/checkers/judge.js';
import type { Violation } from '../../sim/checkers/verdict.js';
import type { ActorId } from '../../sim/trace/record.js';
import { FIRST_CLIENT } from '../../sim/trace/record.js';
import type { Recorder } from '../../sim/trace/recorder.js';
import { GOOD_DISK, GOOD_LINK } from '../../sim/world/conditions.js';
import type { WorldSetup } from '../../sim/world/setup.js';
import type { VirtualWorld } from '../../sim/world/virtual-world.js';
import { clusterSetup } from '../protocol/cluster-setup.js';

/** Any world with this many servers will do: real ones, and those whose reducers are watched. */
export type AnyWorld = VirtualWorld<unknown, unknown>;

export interface Deed {
  readonly atUs: number;
  readonly act: (world: AnyWorld) => void;
}

export interface Storm {
  readonly seed: string;
  readonly setup: WorldSetup;
  readonly endUs: number;
  readonly deeds: readonly Deed[];
}

const CLIENTS = 3;
/** Faults while it lasts, healed for as long again. */
const TROUBLE_US = 5_000_000;
const END_US = 10_000_000;

function setupOf(seed: string): WorldSetup {
  const random = new RandomStreams(seed).stream('setup');
  return clusterSetup(random.pick([3, 3, 5]), {
    observers: random.int(2),
    clientsAt: [1, 2],
    sessionTimeoutMs: 1500,
    latency: { kind: 'uniform', fromUs: 200, toUs: 1500 },
    fsync: { kind: 'uniform', fromUs: 500, toUs: 4000 },
    stageUs: { kind: 'uniform', fromUs: 10, toUs: random.pick([50, 2000]) },
    limits: {
      commitLogCount: random.pick([2, 5, 500]),
      snapCount: random.pick([6, 20, 100_000]),
      snapshotSizeFactor: random.pick([0, -1]),
      counterMax: random.pick([0xfffffffe, 0xfffffffe, 12]),
    },
  });
}

export function storm(seed: string): Storm {
  const setup = setupOf(seed);
  const random = new RandomStreams(seed).stream('plan');
  const servers = setup.ensemble.servers as readonly number[] as readonly ActorId[];
  const deeds: Deed[] = [];
  const at = (atUs: number, act: Deed['act']): void => void deeds.push({ atUs, act });
  for (let n = 0; n < 120; n++) {
    const client = (FIRST_CLIENT + random.int(CLIENTS)) as ActorId;
    const path = `/k${random.int(4)}`;
    const op: Operation = random.pick([
      createOperation(path, `v${n}`, random.chance(0.3) ? 'ephemeral' : 'persistent'),
      { kind: 'setData', path, data: `v${n}`, version: -1 },
      { kind: 'delete', path, version: -1 },
      { kind: 'getData', path, watch: random.chance(0.5) },
      { kind: 'exists', path, watch: true },
      { kind: 'addWatch', path: '/', mode: n % 2 },
      { kind: 'sync', path },
    ] as const);
    at(500_000 + random.int(END_US - 1_000_000), (world) => world.invoke(client, op));
  }
  for (let fault = 1; fault <= 7; fault++) trouble(fault);
  for (const server of servers) at(TROUBLE_US, (world) => world.restart(server));
  deeds.sort((a, b) => a.atUs - b.atUs);
  return { seed, setup, endUs: END_US, deeds };

  function trouble(fault: number): void {
    const begin = 300_000 + random.int(TROUBLE_US - 1_000_000);
    const end = Math.min(TROUBLE_US, begin + 50_000 + random.int(2_000_000));
    const one = random.pick(servers);
    const other = random.pick(servers.filter((server) => server !== one));
    const blocked = random.pick(['silent', 'reset'] as const);
    const during = (set: (world: AnyWorld, on: boolean) => void): void => {
      at(begin, (world) => set(world, true));
      at(end, (world) => set(world, false));
    };
    random.pick([
      () => at(begin, (world) => world.crash(fault, one, 'process')),
      () => at(begin, (world) => world.crash(fault, one, 'power')),
      () => servers.forEach((each) => at(begin, (world) => world.crash(fault, each, 'power'))),
      () =>
        during((world, on) => {
          for (const peer of servers.filter((server) => server !== one)) {
            const condition = on ? { ...GOOD_LINK, blocked } : undefined;
            world.setLink(fault, one, peer, condition);
            world.setLink(fault, peer, one, condition);
          }
        }),
      () =>
        during((world, on) =>
          world.setLink(fault, one, other, on ? { ...GOOD_LINK, blocked } : undefined),
        ),
      () =>
        during((world, on) =>
          world.setDisk(fault, one, on ? { ...GOOD_DISK, stalled: true } : undefined),
        ),
      () =>
        during((world, on) =>
          world.setDisk(fault, one, on ? { ...GOOD_DISK, errorChance: 0.5 } : undefined),
        ),
      () =>
        during((world, on) =>
          world.setProcess(fault, one, on ? { paused: true, slowFactor: 1 } : undefined),
        ),
      () => at(begin, (world) => world.resetLink(fault, one, other)),
      () => at(begin, (world) => world.disconnectClient(fault, FIRST_CLIENT as ActorId)),
    ])();
    at(begin + random.int(900_000), (world) => world.restart(one));
  }
}

/** Drives a world from where it is to `untilUs`: the deeds of that time are done, too. */
export function drive(world: AnyWorld, { deeds }: Storm, fromUs: number, untilUs: number): void {
  for (const { atUs, act } of deeds) {
    if (atUs <= fromUs || atUs > untilUs) continue;
    world.advanceTo(atUs);
    act(world);
  }
  world.advanceTo(untilUs);
}

/** Listens to a trace; what it found, once the storm is over. */
export function judgeOf(
  { setup }: Storm,
  recorder: Recorder,
): (world: AnyWorld) => readonly Violation[] {
  const { ensemble, timing, limits, clients, service } = setup;
  const judge = new Judge({ ensemble, timing, limits, service, clients: clients.length });
  judge.attach(recorder);
  let violations: readonly Violation[] = [];
  recorder.subscribe(['end'], (end) => {
    violations = judge.finish(end).violations;
  });
  return (world) => {
    world.announce({ kind: 'end', peer: 0, value: 0, text: '', cause: -1 });
    return violations;
  };
}
