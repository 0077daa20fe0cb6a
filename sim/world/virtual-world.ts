// The world: servers, clients, and everything between them, changed in place by one thing happening
// after another. What happens next is decided either by time and seed (`step`) or by a choice
// (`apply`); carrying it out is the same code for both and draws nothing but latencies, which
// decide no more than when. That is why a list of choices replays a run without its seed.
//
// Generic over the reducers, whose only caller it is; `World` (world.ts) has the real ones.
import { assert, unreachable } from '../../base/assert.js';
import { RandomStreams } from '../../base/random.js';
import type { ServerId } from '../../protocol/ids.js';
import type { DiskImage } from '../../protocol/storage/durable.js';
import type { ActorId } from '../trace/record.js';
import { FIRST_CLIENT, WORLD } from '../trace/record.js';
import type { Recorder } from '../trace/recorder.js';
import type { Choice, Divergence, Intervention, Origin, Recording } from './choices.js';
import type { SettledListener } from './client-driver.js';
import { Chance } from './chance.js';
import type { FaultEffect } from './credits.js';
import { Credits } from './credits.js';
import { makeEntry } from './entries.js';
import { Executor } from './executor.js';
import { Intervenable } from './intervenable.js';
import { Interventions } from './interventions.js';
import { Journal } from './journal.js';
import { Network } from './network.js';
import type { Pending } from './pending.js';
import type { Population, RulesOf } from './population.js';
import { copyPopulation, drawOrigin, populate } from './population.js';
import type { Reducers } from './reducers.js';
import type { WorldSetup } from './setup.js';
import { drawSurvival } from './survival.js';
import { Timeline } from './timeline.js';

/** Processes start within this time of the beginning, each after a draw of its own. */
const BOOT_SPREAD_US = 5000;

export interface WorldOptions<P, C> {
  readonly reducers: Reducers<P, C>;
  /** Rules of one server, where they differ from `setup.rules`. */
  readonly rulesOf?: RulesOf | undefined;
  /** Keep a list of all choices. */
  readonly recordChoices?: boolean | undefined;
  /** Present: nothing is ever drawn, and `apply` alone makes things happen. */
  readonly origin?: Origin | undefined;
}

export type CreditListener = (fault: number, what: FaultEffect, target: ActorId) => void;

/** The same world in no time: by choice, times come with the choices. */
function instant(setup: WorldSetup): WorldSetup {
  const none = { kind: 'constant', us: 0 } as const;
  const { ensemble, timing, limits, service, rules, clocks, clients, recipe, wallStartMs } = setup;
  return {
    ensemble,
    timing,
    limits,
    service,
    rules,
    network: { latency: none },
    disk: { fsync: none, bulk: none },
    stageUs: none,
    clocks,
    clients,
    recipe,
    wallStartMs,
  };
}

export class VirtualWorld<P, C> extends Intervenable {
  readonly setup: WorldSetup;
  readonly seed: string;
  readonly origin: Origin;
  readonly #options: WorldOptions<P, C>;
  readonly #streams: RandomStreams;
  readonly #timeline: Timeline;
  readonly #journal: Journal;
  readonly #credits: Credits;
  readonly #network: Network;
  readonly #population: Population<P, C>;
  readonly #executor: Executor<P, C>;
  readonly #chance: Chance<P, C>;
  readonly #interventions: Interventions<P, C>;
  readonly #choices: Choice[] | undefined;
  #creditListener: CreditListener | undefined;
  #intervening = false;
  #deferred: Intervention[] = [];
  /** By choice: what interferes with the event being carried out. */
  #meanwhile: readonly Choice[] = [];
  #meanwhileHead = 0;

  constructor(
    setup: WorldSetup,
    seed: string,
    recorder: Recorder,
    options: WorldOptions<P, C>,
    of?: VirtualWorld<P, C>,
  ) {
    super();
    this.setup = setup;
    this.seed = seed;
    this.#options = options;
    this.#streams = of === undefined ? new RandomStreams(seed) : of.#streams.copy();
    const streams = this.#streams;
    const byChoice = options.origin !== undefined;
    const timeline = of === undefined ? new Timeline(byChoice) : of.#timeline.copy();
    this.#timeline = timeline;
    const journal = new Journal(recorder, timeline);
    this.#journal = journal;
    this.#credits = of === undefined ? new Credits() : of.#credits.copy();
    this.origin = of?.origin ?? options.origin ?? drawOrigin(setup, seed, streams);
    const { reducers } = options;
    this.#population =
      of === undefined
        ? populate(setup, this.origin, streams, reducers, options.rulesOf)
        : copyPopulation(of.#population, streams);
    const { servers, hosts } = this.#population;
    const used = byChoice ? instant(setup) : setup;
    const credits = this.#credits;
    const around = { timeline, streams, credits, hosts, latency: used.network.latency };
    const network = of === undefined ? new Network(around) : of.#network.copy(around);
    this.#network = network;
    const parts = { setup: used, timeline, journal, network, credits };
    this.#executor = new Executor(parts, this.#population, reducers);
    this.#chance = new Chance(parts, this.#executor, hosts);
    this.#interventions = new Interventions(
      parts,
      this.#executor.servers,
      servers,
      of === undefined ? undefined : of.#interventions,
    );
    if (of === undefined) {
      this.#choices = options.recordChoices === true ? [] : undefined;
      this.#begin(seed);
    } else {
      this.#choices = of.#choices?.slice();
      this.#executor.servers.steps = of.#executor.servers.steps;
      this.#executor.clients.steps = of.#executor.clients.steps;
    }
    if (byChoice) this.#journal.onPoint = () => this.#interfere();
  }

  #begin(seed: string): void {
    this.#journal.event(WORLD, -1, makeEntry('start', 0, 0, 0, seed));
    const timeline = this.#timeline;
    for (const server of this.#population.servers) {
      if (server === undefined) continue;
      server.bootSeq = timeline.schedule('boot', server.actor, this.#jitterUs(), 0, undefined);
    }
    for (const client of this.#population.clients) {
      timeline.schedule('boot', client.actor, this.#jitterUs(), 0, undefined);
    }
  }

  #jitterUs(): number {
    return this.#timeline.byChoice ? 0 : this.#streams.stream('boot').int(BOOT_SPREAD_US);
  }

  // Looking

  get nowUs(): number {
    return this.#timeline.nowUs;
  }

  /** How many events were carried out: steps of a reducer. */
  get events(): number {
    return this.#executor.servers.steps + this.#executor.clients.steps;
  }

  get recorder(): Recorder {
    return this.#journal.recorder;
  }

  /** Time of the next thing to happen; undefined when nothing is left. */
  peekUs(): number | undefined {
    const timeline = this.#timeline;
    for (let top = timeline.peek(); top?.kind === 'timer'; top = timeline.peek()) {
      const timers = this.#executor.timersOf(top.actor);
      if (timers.isLive(top)) break;
      timeline.drop();
      timers.isDue(top, timeline);
    }
    const nextUs = Math.min(timeline.nextUs(), this.#network.opensUs);
    return nextUs === Infinity ? undefined : nextUs;
  }

  isUp(server: ActorId): boolean {
    const { up, bootSeq } = this.#executor.serverOf(server);
    return up || bootSeq !== 0;
  }

  /** The reducer's state of a server: for reports; nobody steps it but the world. */
  peer(sid: ServerId): P {
    return this.#executor.serverOf(sid).state;
  }

  client(client: ActorId): C {
    const found = this.#population.clients[client - FIRST_CLIENT];
    assert(found !== undefined, 'no such client');
    return found.state;
  }

  /** What a server would read if it read its disk now. */
  disk(sid: ServerId): DiskImage {
    return this.#executor.serverOf(sid).disk.image();
  }

  /** Everything that is under way, in no useful order; timers that were cleared may be among it. */
  pending(): readonly Pending[] {
    return this.#timeline.pending();
  }

  /** How many effects a fault has had. */
  effectsOf(fault: number): number {
    return this.#credits.countOf(fault);
  }

  /** The choices so far, if they are being recorded. */
  recording(): Recording | undefined {
    return this.#choices === undefined
      ? undefined
      : { origin: this.origin, choices: this.#choices.slice() };
  }

  // Listening

  /** Hears of every operation of a client whose outcome is known; may invoke the next at once. */
  onSettled(listener: SettledListener): void {
    this.#executor.clients.onSettled = listener;
  }

  /** Hears of every effect of every fault, after the event in which it was had. */
  onCredit(listener: CreditListener): void {
    this.#creditListener = listener;
  }

  // Going on by time and seed

  /**
   * Carries out the next thing in (time, seq) order, or holds it up; false when nothing is left.
   */
  step(): boolean {
    assert(!this.#executor.running, 'an event cannot be carried out within another');
    const timeline = this.#timeline;
    const network = this.#network;
    if (network.opensUs !== Infinity && network.opensUs <= timeline.nextUs()) {
      if (network.opensUs > timeline.nowUs) timeline.nowUs = network.opensUs;
      network.open();
      return true;
    }
    const pending = timeline.take();
    if (pending === undefined) return false;
    this.#decide(pending);
    this.#payCredits();
    return true;
  }

  /** Carries out everything up to and including `us`, and moves time there. */
  advanceTo(us: number): void {
    const timeline = this.#timeline;
    while (timeline.nextUs() <= us || this.#network.opensUs <= us) this.step();
    if (us > timeline.nowUs) timeline.nowUs = us;
  }

  #decide(pending: Pending): void {
    const { seq } = pending;
    const atUs = this.#timeline.nowUs;
    const choices = this.#choices;
    const decision = this.#chance.decide(pending);
    switch (decision) {
      case 'duplicate':
        choices?.push({ kind: 'duplicate', seq, atUs });
        this.#executor.repeat(pending);
        choices?.push({ kind: 'run', seq, atUs });
        return this.#executor.run(pending);
      case 'run':
        choices?.push({ kind: 'run', seq, atUs });
        return this.#executor.run(pending);
      case 'lose':
        choices?.push({ kind: 'lose', seq, atUs });
        return this.#executor.lose(pending);
      case 'reset':
        choices?.push({ kind: 'reset', seq, atUs });
        return this.#executor.reset(pending);
      case 'fail': {
        const { kept } = this.#chance;
        choices?.push({ kind: 'fail', seq, atUs, kept });
        return this.#executor.fail(pending, kept);
      }
      case 'drop':
        return;
      default:
        return unreachable(decision);
    }
  }

  // Going on by choice

  /**
   * Makes one choice of a recording, in a world built with its origin. `meanwhile` are the
   * interventions that follow it in the list and happened within it.
   */
  apply(choice: Choice, meanwhile: readonly Choice[] = []): Divergence | undefined {
    const timeline = this.#timeline;
    if (choice.atUs > timeline.nowUs) timeline.nowUs = choice.atUs;
    if (choice.kind === 'intervene') {
      this.intervene(choice.what);
      return undefined;
    }
    const pending = timeline.chosen(choice.seq);
    if (pending === undefined) return { choice, why: 'nothing that is pending has this number' };
    this.#meanwhile = meanwhile;
    this.#meanwhileHead = 0;
    const why = this.#choose(choice, pending);
    this.#journal.point = Infinity;
    this.#interfere();
    return why === undefined ? undefined : { choice, why };
  }

  #choose(choice: Exclude<Choice, { kind: 'intervene' }>, pending: Pending): string | undefined {
    const isMessage = pending.kind === 'message' || pending.kind === 'copy';
    if (choice.kind === 'run' || choice.kind === 'fail') {
      if (!this.#executor.isPossible(pending))
        return `nobody waits for this ${pending.kind} any more`;
    } else if (!isMessage) {
      return `only a message can meet this, and this is: ${pending.kind}`;
    }
    if (choice.kind === 'fail' && pending.kind !== 'disk') return 'only a disk request can fail';
    if (choice.kind !== 'duplicate') this.#timeline.forget(pending.seq);
    if (choice.kind === 'run') this.#executor.run(pending);
    else if (choice.kind === 'lose') this.#executor.lose(pending);
    else if (choice.kind === 'reset') this.#executor.reset(pending);
    else if (choice.kind === 'duplicate') this.#executor.repeat(pending);
    else this.#executor.fail(pending, choice.kept);
    return undefined;
  }

  /** Makes the interventions whose point has come. */
  #interfere(): void {
    while (!this.#intervening) {
      const next = this.#meanwhile[this.#meanwhileHead];
      if (next?.kind !== 'intervene' || next.within > this.#journal.point) return;
      this.#meanwhileHead += 1;
      this.intervene(next.what);
    }
  }

  // Interventions

  /** One at a time: what a listener wants while another is being made is made right after it. */
  protected intervene(what: Intervention): void {
    this.#deferred.push(what);
    if (this.#intervening) return;
    this.#intervening = true;
    for (let next = this.#deferred.shift(); next !== undefined; next = this.#deferred.shift()) {
      const concrete = this.#resolve(next);
      if (concrete === undefined) continue;
      const within = this.#executor.running ? this.#journal.point : 0;
      const atUs = this.#timeline.nowUs;
      this.#choices?.push({ kind: 'intervene', atUs, within, what: concrete });
      this.#interventions.apply(concrete);
    }
    this.#intervening = false;
    if (!this.#executor.running) this.#payCredits();
  }

  /** Draws what is left to chance; undefined if it has no effect at all. */
  #resolve(what: Intervention): Intervention | undefined {
    if (what.kind !== 'crash') return what;
    const { fault, server, how } = what;
    if (!this.isUp(server)) return undefined;
    if (what.survival !== undefined) return what;
    const found = this.#executor.serverOf(server);
    const survival = drawSurvival(found.disk, how, found.crashChances());
    return { kind: 'crash', fault, server, how, survival };
  }

  /** Tells of the effects that faults had; by choice the news is in the choices. */
  #payCredits(): void {
    for (const { fault, what, target, isFirst } of this.#credits.take()) {
      if (isFirst && !this.#timeline.byChoice) {
        this.announce({ kind: 'effect', peer: target, value: fault, text: what, cause: -1 });
      }
      this.#creditListener?.(fault, what, target as ActorId);
    }
  }

  // Forking

  /**
   * An independent world that continues from here exactly as this one would; nobody listens to it.
   */
  fork(recorder: Recorder = this.recorder.copy()): VirtualWorld<P, C> {
    assert(!this.#executor.running, 'a world cannot be forked in the middle of an event');
    return new VirtualWorld(this.setup, this.seed, recorder, this.#options, this);
  }
}
