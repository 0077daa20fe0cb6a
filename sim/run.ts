// One run of a scenario: faults and clients for its duration, then everything is healed and a quiet
// suffix follows, in which the servers must come to agree and serve again. It ends as soon as
// they have, or when the time is up that a correct ensemble may need. Checkers listen throughout.
import { RandomStreams } from '../base/random.js';
import { assert } from '../base/assert.js';
import { isWrite } from '../protocol/operation.js';
import { roleName } from '../protocol/state.js';
import { Agenda } from './agenda.js';
import type { Task } from './agenda.js';
import { checkersNamed, Judge } from './checkers/judge.js';
import type { Judgement } from './checkers/judge.js';
import { recipeBoundUs } from './checkers/recipes/bound.js';
import { CHECKERS } from './checkers/registry.js';
import type { CheckerSetup } from './checkers/setup.js';
import type { Stage } from './faults/casting.js';
import { FaultPlan } from './faults/plan.js';
import type { Death, RunOutcome } from './outcome.js';
import { exitCodeOf, isAsExpected, vacuityOf } from './outcome.js';
import type { Monitoring } from './monitoring/monitor.js';
import { Monitor } from './monitoring/monitor.js';
import type { Scenario } from './scenario/scenario.js';
import { ensembleOf, toSetup } from './scenario/setup.js';
import type { ActorId, TraceRecord } from './trace/record.js';
import { FIRST_CLIENT } from './trace/record.js';
import type { RecordLevel } from './trace/recorder.js';
import { Recorder } from './trace/recorder.js';
import { Witnesses } from './witnesses.js';
import { Ledger } from './workload/ledger.js';
import { RecipeDriver } from './workload/recipes.js';
import { ScriptDriver } from './workload/script.js';
import type { Programs, WorkloadParts } from './workload/workload.js';
import { WorkloadDriver } from './workload/workload.js';
import { World } from './world/world.js';

export type { RunOutcome } from './outcome.js';

export interface RunOptions {
  /** Default: the scenario's own, else 1. */
  readonly seed?: string;
  /** hash: nothing is stored but the hash; full: every record. */
  readonly level: RecordLevel;
  /** Default: all. */
  readonly checkers?: readonly string[] | 'all' | 'none';
  /** Stop at this virtual time, healed or not. */
  readonly untilUs?: number;
  readonly recordChoices?: boolean;
  /** Stop at the first of these: what comes after is not asked for. */
  readonly stopAt?: 'violation' | 'death';
  /** Look at every server at these times. */
  readonly monitoring?: Monitoring;
  /** Called once in each virtual second. */
  readonly onProgress?: (virtualSeconds: number) => void;
}

const SECOND_US = 1_000_000;
/** More than a million steps in a virtual second, twice in a row: a storm of messages. */
const STORM_STEPS = 131_072;
const STORM_US = 131_072;
/** How often a server may spoil the quiet (by starting or ending) before the run gives up. */
const QUIET_PERIODS_MAX = 4;

export function checkerSetup(scenario: Scenario): CheckerSetup {
  const { cluster, clients, service, recipe } = scenario;
  return {
    ensemble: ensembleOf(cluster),
    timing: cluster.timing,
    limits: cluster.limits,
    service,
    clients: clients.length,
    recipe,
  };
}

function stageOf({ cluster, clients }: Scenario): Stage {
  const voters = cluster.voters as readonly ActorId[];
  const observers = cluster.observers as readonly ActorId[];
  return {
    servers: [...voters, ...observers],
    voters,
    observers,
    clients: clients.map((_, index) => (FIRST_CLIENT + index) as ActorId),
  };
}

function judgeFor(scenario: Scenario, wanted: RunOptions['checkers'] = 'all'): Judge {
  if (wanted === 'none') return new Judge(checkerSetup(scenario), []);
  const checkers = wanted === 'all' ? CHECKERS : checkersNamed(wanted);
  assert(checkers !== undefined, 'a checker that does not exist');
  return new Judge(checkerSetup(scenario), checkers);
}

function programsFor(scenario: Scenario, parts: WorkloadParts & { world: World }): Programs {
  const { operations } = scenario.workload;
  if (scenario.recipe !== undefined) return new RecipeDriver(scenario.clients.length, parts.world);
  if (operations === undefined) return new WorkloadDriver(scenario, parts);
  return new ScriptDriver(operations, scenario.clients.length, parts);
}

class Run {
  readonly #scenario: Scenario;
  readonly #options: RunOptions;
  readonly #seed: string;
  readonly #recorder: Recorder;
  readonly #judge: Judge;
  readonly #stage: Stage;
  readonly #world: World;
  readonly #agenda = new Agenda();
  readonly #ledger = new Ledger();
  readonly #workload: Programs;
  readonly #plan: FaultPlan;
  readonly #witnesses: Witnesses;
  readonly #monitor: Monitor | undefined;
  readonly #deaths: Death[] = [];
  readonly #lookUs: number;
  readonly #boundUs: number;
  #end: TraceRecord | undefined;
  #quietUs: number | undefined;
  /** When what must happen after the last disturbance has had its time. */
  #deadlineUs = Infinity;
  #convergedAtUs: number | undefined;
  #cutShort = false;
  /** When the last STORM_STEPS were complete, and whether they were a storm. */
  #countedAtUs = 0;
  #storming = false;

  constructor(scenario: Scenario, options: RunOptions) {
    this.#scenario = scenario;
    this.#options = options;
    this.#seed = options.seed ?? scenario.seed ?? '1';
    this.#stage = stageOf(scenario);
    const { timing } = scenario.cluster;
    this.#boundUs = recipeBoundUs(checkerSetup(scenario));
    this.#lookUs = timing.tickMs * 250;
    this.#recorder = new Recorder({ level: options.level });
    this.#judge = judgeFor(scenario, options.checkers);
    this.#judge.attach(this.#recorder);
    this.#witnesses = new Witnesses(scenario.expect, this.#stage);
    const { monitoring } = options;
    this.#monitor =
      monitoring === undefined ? undefined : new Monitor(this.#recorder, this.#stage.servers);
    const setup = toSetup(scenario);
    const { recordChoices = false } = options;
    this.#world = new World(setup, this.#seed, this.#recorder, { recordChoices });
    const streams = new RandomStreams(this.#seed);
    const parts = { world: this.#world, agenda: this.#agenda, streams };
    this.#workload = programsFor(scenario, parts);
    this.#plan = new FaultPlan(scenario.faults, { ...parts, stage: this.#stage });
    this.#listen();
  }

  #listen(): void {
    const recorder = this.#recorder;
    const workload = this.#workload;
    recorder.subscribe(['invoked', 'completed'], (record) => this.#ledger.onRecord(record));
    recorder.subscribe(['clientState', 'completed', 'recipe'], (record) =>
      workload.onRecord(record),
    );
    recorder.subscribe(this.#witnesses.kinds, (record) => this.#witnesses.onRecord(record));
    recorder.subscribe(['boot', 'crash', 'halted', 'rollover', 'quiet'], (record) =>
      this.#disturbed(record),
    );
    recorder.subscribe(['end'], (record) => {
      this.#end = record;
    });
    this.#world.onSettled((client) => workload.settled(client));
    this.#world.onCredit((fault, what) => this.#plan.credit(fault, what));
    this.#plan.start(recorder);
  }

  /** A server that starts or ends has its time again to come to terms with the others. */
  #disturbed(record: TraceRecord): void {
    if (record.kind === 'halted' && !this.#plan.explainsExit(record.actor)) {
      this.#deaths.push({ server: record.actor, atUs: record.atUs, reason: record.text });
    }
    if (this.#quietUs !== undefined) this.#deadlineUs = record.atUs + this.#boundUs;
  }

  run(): RunOutcome {
    const { durationUs } = this.#scenario;
    const { untilUs, onProgress, monitoring } = this.#options;
    if (monitoring !== undefined) this.#agenda.add(monitoring.fromUs, 'sample', 0);
    this.#agenda.add(durationUs, 'quiet', 0);
    if (untilUs !== undefined) this.#agenda.add(untilUs, 'until', 0);
    if (onProgress !== undefined) this.#agenda.add(SECOND_US, 'progress', 0);
    this.#drive();
    this.#world.announce({ kind: 'end', peer: 0, value: 0, text: '', cause: -1 });
    return this.#outcome();
  }

  /** What the world has pending goes before what is due at the same time. */
  #drive(): void {
    const world = this.#world;
    const agenda = this.#agenda;
    const mayStop = this.#options.stopAt !== undefined;
    for (let steps = 1; ; steps++) {
      const nextUs = world.peekUs();
      if (nextUs !== undefined && nextUs <= agenda.nextUs) {
        world.step();
        if (mayStop && this.#hasFailed()) return;
        if (steps % STORM_STEPS === 0 && this.#isStorm()) return;
        continue;
      }
      const task = agenda.take();
      if (task === undefined) return;
      world.advanceTo(task.atUs);
      if (!this.#carryOut(task)) return;
      if (mayStop && this.#hasFailed()) return;
    }
  }

  #hasFailed(): boolean {
    const { stopAt } = this.#options;
    this.#cutShort = stopAt === 'death' ? this.#deaths.length > 0 : this.#judge.broken;
    return this.#cutShort;
  }

  /** Some bugs answer every message with several: then nothing else will ever happen. */
  #isStorm(): boolean {
    const { nowUs } = this.#world;
    const calm = nowUs - this.#countedAtUs > STORM_US;
    this.#countedAtUs = nowUs;
    if (!calm && this.#storming) this.#cutShort = true;
    this.#storming = !calm;
    return this.#cutShort;
  }

  /** False: the run is over. */
  #carryOut(task: Task): boolean {
    switch (task.kind) {
      case 'invoke':
        this.#workload.invoke(task.index);
        return true;
      case 'faultBegin':
        this.#plan.begin(task.index);
        return true;
      case 'faultTick':
        this.#plan.tick(task.index);
        return true;
      case 'faultEnd':
        this.#plan.end(task.index);
        return true;
      case 'quiet':
        this.#quiet();
        return true;
      case 'look':
        return !this.#isOver();
      case 'progress':
        this.#options.onProgress?.(task.atUs / SECOND_US);
        this.#agenda.add(task.atUs + SECOND_US, 'progress', 0);
        return true;
      case 'sample':
        this.#sample(task.atUs);
        return true;
      case 'until':
        this.#cutShort = true;
        return false;
    }
  }

  #sample(atUs: number): void {
    const { monitoring } = this.#options;
    if (monitoring === undefined || this.#monitor === undefined) return;
    monitoring.onSample(this.#monitor.sample(this.#world));
    if (monitoring.everyUs !== undefined) {
      this.#agenda.add(atUs + monitoring.everyUs, 'sample', 0);
    }
  }

  #quiet(): void {
    const world = this.#world;
    this.#plan.healAll();
    for (const server of this.#stage.servers) world.restart(server);
    this.#quietUs = world.nowUs;
    this.#deadlineUs = world.nowUs + this.#boundUs;
    world.announce({ kind: 'quiet', peer: 0, value: 0, text: '', cause: -1 });
    this.#workload.finish();
    this.#lookAgain();
  }

  #lookAgain(): void {
    this.#agenda.add(this.#world.nowUs + this.#lookUs, 'look', 0);
  }

  #isOver(): boolean {
    const { nowUs } = this.#world;
    if (this.#workload.isDone && this.#hasConverged()) {
      this.#convergedAtUs = nowUs;
      return true;
    }
    const latestUs = (this.#quietUs ?? 0) + QUIET_PERIODS_MAX * this.#boundUs;
    // One look beyond the deadline: what is due by then must have been written down.
    if (nowUs > Math.min(this.#deadlineUs, latestUs) + this.#lookUs) return true;
    this.#lookAgain();
    return false;
  }

  /** Does every live server serve, and hold the same history in memory and in its log? */
  #hasConverged(): boolean {
    const world = this.#world;
    let lineage: number | undefined;
    let leaders = 0;
    for (const sid of world.setup.ensemble.servers) {
      if (!world.isUp(sid as number as ActorId)) continue;
      const { role, database, durable } = world.peer(sid);
      const name = roleName(role);
      if (!name.endsWith('/broadcast')) return false;
      if (name === 'leading/broadcast') leaders += 1;
      lineage ??= database.lineage;
      if (database.lineage !== lineage || durable.log.lineage !== lineage) return false;
    }
    return leaders === 1;
  }

  #outcome(): RunOutcome {
    const end = this.#end;
    assert(end !== undefined, 'the last record was not heard');
    const judgement = this.#judge.finish(end);
    const faults = this.#plan.reports();
    const { clients, expect } = this.#scenario;
    const vacuous = vacuityOf({
      expect,
      checkers: judgement.checkers,
      faults,
      marks: this.#witnesses.marks,
      missing: this.#witnesses.missing(),
      clients: asksForWrites(this.#scenario) ? clients.length : 0,
      acknowledgedWrites: this.#ledger.acknowledged,
      cutShort: this.#cutShort,
      converged: this.#convergedAtUs !== undefined,
    });
    const { violations } = judgement;
    const verdict = this.#verdict(judgement, vacuous);
    return {
      scenario: this.#scenario.name,
      seed: this.#seed,
      verdict,
      exitCode: exitCodeOf({ verdict, violations, deaths: this.#deaths }),
      traceHash: this.#recorder.hex(),
      events: this.#world.events,
      virtualSeconds: this.#world.nowUs / SECOND_US,
      violations,
      checkers: judgement.checkers,
      faults,
      vacuous,
      deaths: this.#deaths,
      operations: this.#ledger.counts,
      marks: this.#witnesses.marks,
      convergedAtUs: this.#convergedAtUs,
      asExpected: isAsExpected(expect, verdict, violations),
      recorder: this.#recorder,
      recording: this.#world.recording(),
    };
  }

  #verdict(judgement: Judgement, vacuous: readonly string[]): RunOutcome['verdict'] {
    if (judgement.verdict === 'fail' || this.#deaths.length > 0) return 'fail';
    return vacuous.length > 0 ? 'inconclusive' : 'pass';
  }
}

/** Of a script without a write, none can be acknowledged. */
function asksForWrites({ workload: { operations } }: Scenario): boolean {
  return operations === undefined || operations.some(({ op }) => isWrite(op));
}

/**
 * Runs a scenario from its beginning to its end. The same scenario and seed give the same trace.
 */
export function runScenario(scenario: Scenario, options: RunOptions): RunOutcome {
  return new Run(scenario, options).run();
}
