// A simulated ensemble to run scripts against: the real reducers of servers, with latencies that are
// short and constant, and probes in place of clients. A standalone server is an ensemble of one
// voter that is told nothing of an ensemble.
import type { Ensemble, Timing } from '../../../protocol/config.js';
import { DEFAULT_LIMITS, DEFAULT_TIMING } from '../../../protocol/config.js';
import type { ServerId } from '../../../protocol/ids.js';
import { serverId } from '../../../protocol/ids.js';
import { stepPeer, UNBORN } from '../../../protocol/peer.js';
import { makeMajority } from '../../../protocol/quorum.js';
import { SAFE_RULES } from '../../../protocol/rules.js';
import type { ServiceSettings } from '../../../protocol/service-settings.js';
import { DEFAULT_SERVICE } from '../../../protocol/service-settings.js';
import { sidSetOf } from '../../../protocol/sid-set.js';
import type { PeerState } from '../../../protocol/state.js';
import { roleName } from '../../../protocol/state.js';
import type { ActorId } from '../../../sim/trace/record.js';
import { FIRST_CLIENT } from '../../../sim/trace/record.js';
import { Recorder } from '../../../sim/trace/recorder.js';
import { GOOD_PROCESS } from '../../../sim/world/conditions.js';
import type { Reducers } from '../../../sim/world/reducers.js';
import type { ClientSetup, Latency, WorldSetup } from '../../../sim/world/setup.js';
import { VirtualWorld } from '../../../sim/world/virtual-world.js';
import type { Channel, Control, Endpoint } from '../script/endpoint.js';
import type { Script } from '../script/script.js';
import { SimulatedChannel } from './channel.js';
import type { Probe } from './probe.js';
import { initialProbe, stepProbe } from './probe.js';

const VOTERS = 3;
/** `super:test`. */
const SUPER = 'super:D/InIHSb7yEEbrWz8b9l71RjZJU=';
const WALL_START_MS = 1_700_000_000_000;
const START_MS = 60_000;

const REDUCERS: Reducers<PeerState, Probe> = {
  initialPeer: () => UNBORN,
  stepPeer,
  initialClient: initialProbe,
  stepClient: (_config, probe, event) => stepProbe(probe, event),
};

function constant(us: number): Latency {
  return { kind: 'constant', us };
}

function ensembleOf(voters: number, observers: number): Ensemble {
  const all = Array.from({ length: voters + observers }, (_, index) => serverId(index + 1));
  const voterList = all.slice(0, voters);
  return {
    verifier: makeMajority(sidSetOf(voterList)),
    voters: sidSetOf(voterList),
    observers: sidSetOf(all.slice(voters)),
    servers: all,
    voterList,
  };
}

/** Lines of zoo.cfg and properties, as far as the model has them. */
class Settings {
  readonly #lines = new Map<string, string>();

  constructor({ cfg = [], props = [] }: Pick<Script, 'cfg' | 'props'>) {
    for (const line of [...cfg, ...props]) {
      const [name = '', ...value] = line.replace(/^zookeeper\./, '').split('=');
      this.#lines.set(name, value.join('='));
    }
  }

  isOn(name: string, usual = false): boolean {
    const value = this.#lines.get(name);
    return value === undefined ? usual : value === 'true' || value === 'yes';
  }

  number(name: string, usual: number): number {
    return Number(this.#lines.get(name) ?? usual);
  }

  get service(): ServiceSettings {
    return {
      ...DEFAULT_SERVICE,
      extendedTypesEnabled: this.isOn('extendedTypesEnabled', true),
      enforceQuota: this.isOn('enforceQuota'),
      skipAcl: this.isOn('skipACL'),
      localSessionsEnabled: this.isOn('localSessionsEnabled'),
      localSessionsUpgradingEnabled: this.isOn('localSessionsUpgradingEnabled'),
      reconfigEnabled: this.isOn('reconfigEnabled', true),
      superDigest: SUPER,
      maxBufferBytes: this.number('jute.maxbuffer', DEFAULT_SERVICE.maxBufferBytes),
      containerCheckIntervalMs: this.number('znode.container.checkIntervalMs', 500),
      maxContainersPerMinute: this.number(
        'znode.container.maxPerMinute',
        DEFAULT_SERVICE.maxContainersPerMinute,
      ),
      maxNeverUsedIntervalMs: this.number('znode.container.maxNeverUsedIntervalMs', 0),
      compatibility: '3.8.0',
    };
  }

  get timing(): Timing {
    const tickMs = this.number('tickTime', 500);
    return {
      ...DEFAULT_TIMING,
      tickMs,
      initLimit: this.number('initLimit', 10),
      syncLimit: this.number('syncLimit', 5),
      minSessionTimeoutMs: this.number('minSessionTimeout', 2 * tickMs),
      maxSessionTimeoutMs: this.number('maxSessionTimeout', 20 * tickMs),
    };
  }
}

type Needs = Pick<Script, 'server' | 'cfg' | 'props' | 'observers'>;

/** Connections that are open at once. */
const PROBES = 128;
const NO_CLIENT: ClientSetup = { sessionTimeoutMs: 10_000, servers: [], chroot: undefined };

function setupOf(needs: Needs): WorldSetup {
  const alone = needs.server !== 'ensemble';
  const settings = new Settings(needs);
  const { observers = 1 } = needs;
  const ensemble = alone ? ensembleOf(1, 0) : ensembleOf(VOTERS, observers);
  return {
    ensemble,
    timing: settings.timing,
    limits: DEFAULT_LIMITS,
    rules: SAFE_RULES,
    service: settings.service,
    network: { latency: { kind: 'uniform', fromUs: 50, toUs: 150 } },
    disk: { fsync: constant(100), bulk: constant(100) },
    stageUs: { kind: 'uniform', fromUs: 2, toUs: 20 },
    clocks: ensemble.servers.map(() => ({ offsetMs: 0, driftPpm: 0 })),
    clients: Array.from({ length: PROBES }, () => NO_CLIENT),
    recipe: undefined,
    wallStartMs: WALL_START_MS,
  };
}

const ROLES: Readonly<Record<string, string>> = {
  'leading/broadcast': 'leader',
  'following/broadcast': 'follower',
  'observing/broadcast': 'observer',
};

export class SimulatedEnsemble implements Endpoint {
  readonly world: VirtualWorld<PeerState, Probe>;
  readonly servers: number;
  readonly #alone: boolean;
  readonly #paused = new Set<number>();
  readonly #free: ActorId[];

  constructor(needs: Needs, seed = 'conformance') {
    const setup = setupOf(needs);
    this.#alone = needs.server !== 'ensemble';
    this.#free = setup.clients.map((_, index) => (FIRST_CLIENT + index) as ActorId);
    this.servers = setup.ensemble.servers.length;
    const recorder = new Recorder({ level: 'hash' });
    this.world = new VirtualWorld(setup, seed, recorder, { reducers: REDUCERS });
    while (!this.#allServe()) {
      if (this.nowMs() > START_MS) throw new Error('the simulated ensemble does not start');
      this.world.step();
    }
  }

  #allServe(): boolean {
    return this.world.setup.ensemble.servers.every((sid) => this.#mode(sid) !== undefined);
  }

  #mode(server: number): string | undefined {
    if (server > this.servers || !this.world.isUp(server as ActorId) || this.#paused.has(server))
      return undefined;
    const role = ROLES[roleName(this.world.peer(server as ServerId).role)];
    return this.#alone && role !== undefined ? 'standalone' : role;
  }

  dial(server: number): Promise<Channel | undefined> {
    if (server > this.servers) return Promise.resolve(undefined);
    const actor = this.#free.shift();
    if (actor === undefined) throw new Error('more connections than probes');
    const channel = new SimulatedChannel(this.world.client(actor), {
      settings: this.world.setup.service,
      nowMs: () => this.nowMs(),
      wake: () => this.world.invoke(actor, { kind: 'whoAmI' }),
      release: () => this.#free.push(actor),
      stepUntil: (ms) => this.#stepUntil(ms),
    });
    return Promise.resolve(channel.dial(serverId(server)) ? channel : undefined);
  }

  #stepUntil(ms: number): boolean {
    const nextUs = this.world.peekUs();
    if (nextUs !== undefined && nextUs <= ms * 1000) return this.world.step();
    this.world.advanceTo(Math.ceil(ms * 1000));
    return false;
  }

  modeOf(server: number): Promise<string | undefined> {
    return Promise.resolve(this.#mode(server));
  }

  word(server: number, command: string): Promise<string | null> {
    const mode = this.#mode(server);
    if (server > this.servers || !this.world.isUp(server as ActorId)) return Promise.resolve(null);
    if (command === 'ruok') return Promise.resolve('imok');
    if (command === 'isro') return Promise.resolve(mode === undefined ? 'null' : 'rw');
    return Promise.resolve(mode === undefined ? 'not serving' : `Mode: ${mode}\n`);
  }

  control(what: Control, server: number): Promise<void> {
    if (server > this.servers) return Promise.resolve();
    const actor = server as ActorId;
    if (what === 'kill' || what === 'term') {
      this.world.crash(0, actor, 'process');
    } else if (what === 'start') {
      this.world.restart(actor);
    } else if (what === 'stop') {
      this.#paused.add(server);
      this.world.setProcess(0, actor, { ...GOOD_PROCESS, paused: true });
    } else {
      this.#paused.delete(server);
      this.world.setProcess(0, actor, undefined);
    }
    return Promise.resolve();
  }

  nowMs(): number {
    return this.world.nowUs / 1000;
  }

  sleep(ms: number): Promise<void> {
    this.world.advanceTo(Math.ceil(this.world.nowUs + ms * 1000));
    return Promise.resolve();
  }
}
