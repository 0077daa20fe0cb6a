// The swarm: a scenario drawn from a seed, for fuzzing. Small clusters with small windows and logs,
// few operations, short timeouts, and faults where they hurt (swarm/faults.ts). Plain draws from
// one stream: the same seed and options give the same scenario.
import type { RandomStream } from '../base/random.js';
import { RandomStreams } from '../base/random.js';
import type { Limits } from '../protocol/config.js';
import { DEFAULT_LIMITS } from '../protocol/config.js';
import type { ServiceSettings } from '../protocol/service-settings.js';
import { DEFAULT_SERVICE } from '../protocol/service-settings.js';
import type { Cluster, Mix, Scenario, ServerWeight, Workload } from './scenario/scenario.js';
import type { Surroundings } from './swarm/environment.js';
import { drawSessionTimeoutMs, drawSurroundings, drawTiming } from './swarm/environment.js';
import { drawFaults } from './swarm/faults.js';
import type { ClientSetup, Latency } from './world/setup.js';

export interface SwarmOptions {
  /** Names of the kinds to draw from; default: all that have a weight. */
  readonly faultKinds?: readonly string[];
  /** Smallest and largest number. */
  readonly voters?: readonly [number, number];
  readonly observers?: readonly [number, number];
  readonly profile?: string;
  readonly variants?: readonly string[];
}

const SECOND = 1_000_000;

function drawLimits(random: RandomStream): Limits {
  return {
    // ZooKeeper raises anything below 500 to 500; here the window may be small enough to fall out
    // of it.
    commitLogCount: random.pick([3, 3, 5, 10, 50, 500]),
    snapCount: random.pick([4, 8, 20, 100, 100_000]),
    maxBatchSize: random.pick([1, 10, 1000, 1000]),
    snapshotSizeFactor: random.pick([0.33, 0, 0, 5, -1]),
    counterMax: random.chance(0.08) ? random.between(4, 40) : DEFAULT_LIMITS.counterMax,
  };
}

function drawWeights(random: RandomStream, voters: readonly number[]): ServerWeight[] {
  const weights = voters.map((sid) => ({ sid, weight: random.between(1, 3) }));
  if (voters.length < 4 || random.chance(0.5)) return weights;
  const spectator = random.pick(voters);
  return weights.map(({ sid, weight }) => ({ sid, weight: sid === spectator ? 0 : weight }));
}

/** Three groups, as even as they can be. */
function makeGroups(voters: readonly number[]): number[][] {
  const groups: number[][] = [[], [], []];
  voters.forEach((sid, index) => groups[index % 3]?.push(sid));
  return groups;
}

function drawCluster(
  random: RandomStream,
  surroundings: Surroundings,
  options: SwarmOptions,
): Cluster {
  const [fewest, most] = options.voters ?? [3, 5];
  const [least, largest] = options.observers ?? [0, 2];
  const count = random.between(fewest, most);
  const wanted = random.pick([0, 0, 0, 1, 1, 2]);
  const observerCount = Math.min(largest, Math.max(least, wanted));
  const ids = Array.from({ length: count + observerCount }, (_, index) => index + 1);
  const voters = ids.slice(0, count);
  const special = random.unit();
  return {
    voters,
    observers: ids.slice(count),
    weights: special < 0.08 ? drawWeights(random, voters) : undefined,
    groups: special > 0.95 && count >= 3 ? makeGroups(voters) : undefined,
    timing: drawTiming(random, surroundings),
    limits: drawLimits(random),
  };
}

function drawClients(
  random: RandomStream,
  { voters, observers, timing }: Cluster,
  surroundings: Surroundings,
): ClientSetup[] {
  const servers = voters.length + observers.length;
  const sessionTimeoutMs = drawSessionTimeoutMs(random, servers, timing, surroundings);
  const count = random.pick([1, 2, 2, 3, 4]);
  return Array.from({ length: count }, () => ({
    sessionTimeoutMs,
    servers: undefined,
    chroot: undefined,
  }));
}

const PLAIN = { sequential: 0, container: 0, multi: 0, watch: 0 } as const;
const MIXES: readonly Mix[] = [
  { create: 2, ephemeral: 1, set: 6, delete: 1, get: 3, exists: 1, children: 1, sync: 1, ...PLAIN },
  { create: 1, ephemeral: 0, set: 4, delete: 0, get: 0, exists: 0, children: 0, sync: 0, ...PLAIN },
  { create: 3, ephemeral: 3, set: 2, delete: 3, get: 1, exists: 1, children: 1, sync: 0, ...PLAIN },
];

/** More of what the service can do, on top of a plain mix. From a stream of its own. */
function drawVariety(random: RandomStream, plain: Workload): Workload {
  if (random.chance(0.5)) return plain;
  const mix = {
    ...plain.mix,
    sequential: random.pick([0, 1, 3]),
    container: random.pick([0, 0, 2]),
    multi: random.pick([0, 2, 4]),
    watch: random.pick([0, 1, 3]),
  };
  return { ...plain, mix };
}

/** A reaper that comes by while somebody is there. */
function drawService(random: RandomStream): ServiceSettings {
  return { ...DEFAULT_SERVICE, containerCheckIntervalMs: random.pick([1000, 3000, 60_000]) };
}

/** Few operations, spread over the whole run, or in one burst as soon as there is a leader. */
function drawWorkload(random: RandomStream, durationUs: number): Workload {
  const burst = random.chance(0.25);
  const ops = burst ? random.between(10, 40) : random.between(4, 20);
  const usualUs = Math.floor(durationUs / ops);
  const think: Latency = burst
    ? { kind: 'uniform', fromUs: 0, toUs: random.pick([2000, 50_000]) }
    : { kind: 'uniform', fromUs: Math.floor(usualUs / 5), toUs: usualUs };
  const mix = random.pick(MIXES);
  return { mix, keys: random.between(1, 5), pace: { kind: 'closed', think }, ops };
}

function drawClocks(random: RandomStream, { voters, observers }: Cluster): Scenario['clocks'] {
  if (random.chance(0.75)) return [];
  return [...voters, ...observers].map((sid) => ({
    sid,
    offsetMs: random.between(-500, 500),
    driftPpm: random.between(-200, 200),
  }));
}

/** The same seed and options give the same scenario. `seed` also becomes the seed of its run. */
export function drawScenario(seed: string, options: SwarmOptions = {}): Scenario {
  const streams = new RandomStreams(seed);
  const random = streams.stream('swarm');
  const surroundings = drawSurroundings(random);
  const { latency, fsync, bulk, stage } = surroundings;
  const cluster = drawCluster(random, surroundings, options);
  const spanUs = Math.min(30 * SECOND, 15_000 * cluster.timing.tickMs);
  const durationUs = 10 * SECOND + 1000 * random.int(Math.floor(spanUs / 1000));
  const clients = drawClients(random, cluster, surroundings);
  const kinds = options.faultKinds;
  const clocks = drawClocks(random, cluster);
  const workload = drawVariety(streams.stream('swarm/service'), drawWorkload(random, durationUs));
  return {
    name: `swarm-${seed}`,
    story: '',
    lookFor: [],
    cluster,
    service: drawService(streams.stream('swarm/service')),
    network: { latency },
    disk: { fsync, bulk },
    stage,
    clocks,
    clients,
    workload,
    faults: drawFaults(random, { cluster, clients: clients.length, durationUs, kinds }),
    durationUs,
    expect: { verdict: 'pass', violates: [], marks: [], happens: [], effects: 'some' },
    profile: options.profile ?? 'safe',
    variants: options.variants ?? [],
    recipe: undefined,
    seed,
  };
}
