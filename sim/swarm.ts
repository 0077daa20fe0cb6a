// The swarm: a scenario drawn from a seed, for fuzzing. Small clusters with small windows and logs,
// few operations, short timeouts, and faults where they hurt (swarm/faults.ts). The same seed and
// options give the same scenario. One description serves campaigns, which draw from a stream, and
// properties, which draw from fast-check (arbitraries.ts): see swarm/draw.ts.
import { RandomStreams } from '../base/random.js';
import type { Limits } from '../protocol/config.js';
import { DEFAULT_LIMITS } from '../protocol/config.js';
import { RECIPE_KINDS } from '../protocol/recipes/setting.js';
import type { ServiceSettings } from '../protocol/service-settings.js';
import { DEFAULT_SERVICE } from '../protocol/service-settings.js';
import type { Cluster, Mix, Scenario, ServerWeight, Workload } from './scenario/scenario.js';
import type { Surroundings } from './swarm/environment.js';
import { drawSessionTimeoutMs, drawSurroundings, drawTiming } from './swarm/environment.js';
import type { Draw } from './swarm/draw.js';
import { StreamDraw } from './swarm/draw.js';
import type { Intensity } from './swarm/faults.js';
import { drawFaults } from './swarm/faults.js';
import type { RecipeChoice } from './swarm/recipes.js';
import { drawRecipe } from './swarm/recipes.js';
import type { ClientSetup, Latency } from './world/setup.js';

export interface SwarmOptions {
  /** Names of the kinds to draw from; default: all that have a weight. */
  readonly faultKinds?: readonly string[];
  /** Smallest and largest number. */
  readonly voters?: readonly [number, number];
  readonly observers?: readonly [number, number];
  readonly profile?: string;
  readonly variants?: readonly string[];
  /** Default: swarm. */
  readonly intensity?: Intensity;
  /** What clients run in every scenario; default: one of them, now and then. */
  readonly recipe?: RecipeChoice;
}

const SECOND = 1_000_000;

function drawLimits(draw: Draw): Limits {
  return {
    // ZooKeeper raises anything below 500 to 500; here the window may be small enough to fall out
    // of it.
    commitLogCount: draw.pick([3, 3, 5, 10, 50, 500]),
    snapCount: draw.pick([4, 8, 20, 100, 100_000]),
    maxBatchSize: draw.pick([1, 10, 1000, 1000]),
    snapshotSizeFactor: draw.pick([0.33, 0, 0, 5, -1]),
    counterMax: draw.chance(0.08) ? draw.between(4, 40) : DEFAULT_LIMITS.counterMax,
  };
}

function drawWeights(draw: Draw, voters: readonly number[]): ServerWeight[] {
  const weights = voters.map((sid) => ({ sid, weight: draw.between(1, 3) }));
  if (voters.length < 4 || draw.chance(0.5)) return weights;
  const spectator = draw.pick(voters);
  return weights.map(({ sid, weight }) => ({ sid, weight: sid === spectator ? 0 : weight }));
}

/** Three groups, as even as they can be. */
function makeGroups(voters: readonly number[]): number[][] {
  const groups: number[][] = [[], [], []];
  voters.forEach((sid, index) => groups[index % 3]?.push(sid));
  return groups;
}

function drawCluster(draw: Draw, surroundings: Surroundings, options: SwarmOptions): Cluster {
  const [fewest, most] = options.voters ?? [3, 5];
  const [least, largest] = options.observers ?? [0, 2];
  const count = draw.between(fewest, most);
  const wanted = draw.pick([0, 0, 0, 1, 1, 2]);
  const observerCount = Math.min(largest, Math.max(least, wanted));
  const ids = Array.from({ length: count + observerCount }, (_, index) => index + 1);
  const voters = ids.slice(0, count);
  const ordinary = draw.chance(0.87);
  const weighted = !ordinary && draw.chance(0.6);
  return {
    voters,
    observers: ids.slice(count),
    weights: weighted ? drawWeights(draw, voters) : undefined,
    groups: !ordinary && !weighted && count >= 3 ? makeGroups(voters) : undefined,
    timing: drawTiming(draw, surroundings),
    limits: drawLimits(draw),
  };
}

function drawClients(
  draw: Draw,
  { voters, observers, timing }: Cluster,
  surroundings: Surroundings,
): ClientSetup[] {
  const servers = voters.length + observers.length;
  const sessionTimeoutMs = drawSessionTimeoutMs(draw, servers, timing, surroundings);
  return draw.many([1, 2, 2, 3, 4], () => ({
    sessionTimeoutMs,
    servers: undefined,
    chroot: undefined,
  }));
}

/** How many clusters serve clients with a recipe. */
const RECIPES = 0.1;

const PLAIN = {
  ...{ sequential: 0, container: 0, multi: 0, watch: 0 },
  ...{ ttl: 0, auth: 0, acl: 0, quota: 0 },
} as const;
const MIXES: readonly Mix[] = [
  { create: 2, ephemeral: 1, set: 6, delete: 1, get: 3, exists: 1, children: 1, sync: 1, ...PLAIN },
  { create: 1, ephemeral: 0, set: 4, delete: 0, get: 0, exists: 0, children: 0, sync: 0, ...PLAIN },
  { create: 3, ephemeral: 3, set: 2, delete: 3, get: 1, exists: 1, children: 1, sync: 0, ...PLAIN },
];

/** Who may do what, how much, for how long: rather few runs, and then a lot of it. */
function drawGuards(draw: Draw): Pick<Mix, 'ttl' | 'auth' | 'acl' | 'quota'> {
  const acl = draw.pick([0, 0, 2, 4]);
  return {
    ttl: draw.pick([0, 0, 2]),
    auth: acl === 0 ? 0 : draw.between(1, 2),
    acl,
    quota: draw.pick([0, 0, 0, 4]),
  };
}

/** More of what the service can do, on top of a plain mix. */
function drawVariety(draw: Draw, plain: Workload): Workload {
  if (draw.chance(0.5)) return plain;
  const mix = {
    ...plain.mix,
    sequential: draw.pick([0, 1, 3]),
    container: draw.pick([0, 0, 2]),
    multi: draw.pick([0, 2, 4]),
    watch: draw.pick([0, 1, 3]),
    ...drawGuards(draw),
  };
  return { ...plain, mix };
}

/** A reaper that comes by while somebody is there. */
function drawService(draw: Draw): ServiceSettings {
  return {
    ...DEFAULT_SERVICE,
    containerCheckIntervalMs: draw.pick([1000, 3000, 60_000]),
    extendedTypesEnabled: draw.chance(0.9),
    enforceQuota: draw.chance(0.8),
  };
}

/** Few operations, spread over the whole run, or in one burst as soon as there is a leader. */
function drawWorkload(draw: Draw, durationUs: number): Workload {
  const burst = draw.chance(0.4);
  const ops = burst ? draw.between(10, 40) : draw.between(4, 20);
  const usualUs = Math.floor(durationUs / ops);
  const toUs = draw.pick([50_000, 2000, 200_000]);
  const think: Latency = burst
    ? { kind: 'uniform', fromUs: 0, toUs }
    : { kind: 'uniform', fromUs: Math.floor(usualUs / 5), toUs: usualUs };
  return {
    mix: draw.pick(MIXES),
    keys: draw.between(1, 5),
    pace: { kind: 'closed', think },
    ops,
    operations: undefined,
  };
}

function drawClocks(draw: Draw, { voters, observers }: Cluster): Scenario['clocks'] {
  const wrong = draw.many([0, 0, 0, 1], () =>
    [...voters, ...observers].map((sid) => ({
      sid,
      offsetMs: draw.between(-500, 500),
      driftPpm: draw.between(-200, 200),
    })),
  );
  return wrong.flat();
}

/** The one description of what the swarm draws. */
export function describeScenario(draw: Draw, seed: string, options: SwarmOptions): Scenario {
  const surroundings = drawSurroundings(draw);
  const { latency, fsync, bulk, stage } = surroundings;
  const cluster = drawCluster(draw, surroundings, options);
  const spanUs = Math.min(30 * SECOND, 15_000 * cluster.timing.tickMs);
  const durationUs = 7 * SECOND + 1000 * draw.int(Math.floor(spanUs / 1000));
  const clients = drawClients(draw, cluster, surroundings);
  const clocks = drawClocks(draw, cluster);
  const plain = drawWorkload(draw, durationUs);
  const { faultKinds: kinds, intensity = 'swarm' } = options;
  const sessionUs = 1000 * (clients[0]?.sessionTimeoutMs ?? 0);
  const frame = { cluster, clients: clients.length, sessionUs, durationUs, kinds, intensity };
  const faults = drawFaults(draw, frame);
  const workload = drawVariety(draw, plain);
  const scenario: Scenario = {
    name: `swarm-${seed}`,
    story: '',
    lookFor: [],
    cluster,
    service: drawService(draw),
    network: { latency },
    disk: { fsync, bulk },
    stage,
    clocks,
    clients,
    workload,
    faults,
    durationUs,
    expect: { verdict: 'pass', violates: [], marks: [], happens: [], effects: 'some' },
    profile: options.profile ?? 'safe',
    variants: options.variants ?? [],
    recipe: undefined,
    seed,
  };
  if (options.recipe !== undefined) return drawRecipe(draw, scenario, options.recipe);
  const free = options.faultKinds === undefined;
  return free && draw.chance(RECIPES)
    ? drawRecipe(draw, scenario, { kind: draw.pick(RECIPE_KINDS), mistake: undefined })
    : scenario;
}

/** The same seed and options give the same scenario. `seed` also becomes the seed of its run. */
export function drawScenario(seed: string, options: SwarmOptions = {}): Scenario {
  return describeScenario(new StreamDraw(new RandomStreams(seed).stream('swarm')), seed, options);
}
