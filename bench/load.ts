// A healthy ensemble under load, driven event by event: so many servers, so many clients, each
// asking for its next operation as soon as the last is answered or after a pause. No faults, no
// agenda of a scenario: what is measured is the world, the reducers and whoever listens to the
// trace.
import type { RandomStream } from '../base/random.js';
import { RandomStreams } from '../base/random.js';
import { DEFAULT_LIMITS } from '../protocol/config.js';
import { DEFAULT_SERVICE } from '../protocol/service-settings.js';
import type { Limits } from '../protocol/config.js';
import { Agenda } from '../sim/agenda.js';
import { Judge } from '../sim/checkers/judge.js';
import type { Judgement } from '../sim/checkers/judge.js';
import { checkerSetup } from '../sim/run.js';
import type { Mix, Scenario } from '../sim/scenario/scenario.js';
import { DEFAULT_EXPECTATION, DEFAULTS, timingFor } from '../sim/scenario/scenario.js';
import { toSetup } from '../sim/scenario/setup.js';
import type { ActorId, TraceRecord } from '../sim/trace/record.js';
import { FIRST_CLIENT } from '../sim/trace/record.js';
import type { RecordLevel } from '../sim/trace/recorder.js';
import { Recorder } from '../sim/trace/recorder.js';
import { Operations } from '../sim/workload/operations.js';
import { World } from '../sim/world/world.js';

const TICK_MS = 2000;
export const WRITES_ONLY: Mix = {
  ...{ create: 0, ephemeral: 0, set: 1, delete: 0 },
  ...{ get: 0, exists: 0, children: 0, sync: 0 },
  ...{ sequential: 0, container: 0, multi: 0, watch: 0 },
  ...{ ttl: 0, auth: 0, acl: 0, quota: 0 },
};

export interface Load {
  readonly servers: number;
  readonly clients: number;
  /** Between an answer and the next operation; 0: the client never rests. */
  readonly thinkUs: number;
  readonly mix: Mix;
  readonly level: RecordLevel;
  readonly checked: boolean;
  readonly limits?: Partial<Limits>;
}

/** Five servers, and as many clients as keep them busy. */
export const BUSY: Load = {
  servers: 5,
  clients: 20,
  thinkUs: 0,
  mix: DEFAULTS.mix,
  level: 'hash',
  checked: false,
};

function scenarioOf({ servers, clients, mix, limits }: Load): Scenario {
  return {
    name: 'bench',
    story: '',
    lookFor: [],
    cluster: {
      voters: Array.from({ length: servers }, (_, index) => index + 1),
      observers: [],
      weights: undefined,
      groups: undefined,
      timing: timingFor(TICK_MS),
      limits: { ...DEFAULT_LIMITS, ...limits },
    },
    service: DEFAULT_SERVICE,
    network: { latency: DEFAULTS.latency },
    disk: { fsync: DEFAULTS.fsync, bulk: DEFAULTS.bulk },
    stage: DEFAULTS.stage,
    clocks: [],
    clients: Array.from({ length: clients }, () => ({
      sessionTimeoutMs: DEFAULTS.sessionTimeoutMs,
      servers: undefined,
      chroot: undefined,
    })),
    recipe: undefined,
    workload: {
      mix,
      keys: DEFAULTS.keys,
      pace: { kind: 'open', perSecond: 1 },
      ops: undefined,
      operations: undefined,
    },
    faults: [],
    durationUs: DEFAULTS.durationUs,
    expect: DEFAULT_EXPECTATION,
    profile: DEFAULTS.profile,
    variants: [],
    seed: 'bench',
  };
}

export class LoadedWorld {
  readonly world: World;
  /** Operations with a known outcome. */
  settled = 0;
  readonly #recorder: Recorder;
  readonly #judge: Judge | undefined;
  readonly #agenda = new Agenda();
  readonly #operations: Operations;
  readonly #stream: RandomStream;
  readonly #thinkUs: number;
  readonly #asked: number[];

  constructor(load: Load, seed = 'bench') {
    const scenario = scenarioOf(load);
    this.#recorder = new Recorder({ level: load.level });
    this.#judge = load.checked ? new Judge(checkerSetup(scenario)) : undefined;
    this.#judge?.attach(this.#recorder);
    this.world = new World(toSetup(scenario), seed, this.#recorder);
    this.#operations = new Operations(scenario.workload);
    this.#stream = new RandomStreams(seed).stream('workload');
    this.#thinkUs = load.thinkUs;
    this.#asked = scenario.clients.map(() => 0);
    this.#recorder.subscribe(['clientState'], (record) => this.#connected(record));
    this.world.onSettled((client) => this.#next(client));
  }

  /** The first operation comes with the session. */
  #connected({ actor, text }: TraceRecord): void {
    const client = actor - FIRST_CLIENT;
    if (text === 'connected' && this.#asked[client] === 0) this.#ask(client);
  }

  #next(client: ActorId): void {
    this.settled += 1;
    const index = client - FIRST_CLIENT;
    if (this.#thinkUs === 0) this.#ask(index);
    else this.#agenda.add(this.world.nowUs + this.#thinkUs, 'invoke', index);
  }

  #ask(client: number): void {
    const nth = this.#asked[client] ?? 0;
    this.#asked[client] = nth + 1;
    const op = this.#operations.next({ client, nth, stream: this.#stream });
    this.world.invoke((FIRST_CLIENT + client) as ActorId, op);
  }

  /** Goes on until `done` says that it is enough, and looks no oftener than every few events. */
  runUntil(done: () => boolean): this {
    while (!done()) {
      for (let turn = 0; turn < 16; turn += 1) this.#step();
    }
    return this;
  }

  #step(): void {
    const { world } = this;
    const agenda = this.#agenda;
    const nextUs = world.peekUs();
    if (nextUs !== undefined && nextUs <= agenda.nextUs) {
      world.step();
      return;
    }
    const task = agenda.take();
    if (task === undefined) return;
    world.advanceTo(task.atUs);
    this.#ask(task.index);
  }

  /** Carries out so many events more, at least. */
  run(events: number): number {
    const { world } = this;
    const before = world.events;
    this.runUntil(() => world.events - before >= events);
    return world.events - before;
  }

  /** Elected, synchronized, every client connected and in the middle of its work. */
  warmUp(): this {
    const perClient = 10;
    return this.runUntil(() => this.#asked.every((asked) => asked >= perClient));
  }

  /** What the checkers say of the run so far. */
  finish(): Judgement | undefined {
    let last: TraceRecord | undefined;
    this.#recorder.subscribe(['end'], (record) => {
      last = record;
    });
    this.world.announce({ kind: 'end', peer: 0, value: 0, text: '', cause: -1 });
    return last === undefined ? undefined : this.#judge?.finish(last);
  }
}
