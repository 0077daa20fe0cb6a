// What may be done to a world from outside, between its events or at a point within one: everything
// that faults and workloads do. Each intervention is complete as data; nothing is drawn here.
import { assert, unreachable } from '../../base/assert.js';
import type { Entry } from '../trace/fold.js';
import { WORLD } from '../trace/record.js';
import type { Intervention, News } from './choices.js';
import { contribute, worstClock, worstDisk, worstProcess } from './contributions.js';
import { diskEntry, makeEntry } from './entries.js';
import { Disk } from './disk.js';
import type { Parts, ServerDriver } from './server-driver.js';
import type { Server } from './server.js';

type Of<K extends Intervention['kind']> = Extract<Intervention, { kind: K }>;

export class Interventions<P, C> {
  readonly #parts: Parts;
  readonly #driver: ServerDriver<P, C>;
  readonly #servers: readonly (Server<P> | undefined)[];
  /** By fault, the record in which it began: the cause of what it does. */
  readonly #beginnings: Map<number, number>;

  constructor(
    parts: Parts,
    driver: ServerDriver<P, C>,
    servers: readonly (Server<P> | undefined)[],
    of?: Interventions<P, C>,
  ) {
    this.#parts = parts;
    this.#driver = driver;
    this.#servers = servers;
    this.#beginnings = new Map(of === undefined ? [] : of.#beginnings);
  }

  apply(what: Intervention): void {
    const { timeline } = this.#parts;
    const { cause } = timeline;
    timeline.cause = 'fault' in what ? this.#beginningOf(what.fault) : -1;
    // What the program does next follows from what it was told.
    if (what.kind === 'invoke') timeline.cause = cause;
    this.#dispatch(what);
    timeline.cause = cause;
  }

  #beginningOf(fault: number): number {
    return this.#beginnings.get(fault) ?? -1;
  }

  #dispatch(what: Intervention): void {
    const { timeline, network, credits } = this.#parts;
    const { nowUs } = timeline;
    switch (what.kind) {
      case 'setLink':
        if (network.setLink(what.fault, what.from, what.to, what.condition)) {
          credits.give(what.fault, 'reset', what.to);
        }
        return;
      case 'setDisk':
        return this.#setDisk(what);
      case 'setProcess':
        return this.#setProcess(what);
      case 'setClock':
        return this.#setClock(what);
      case 'crash':
        return this.#crash(what);
      case 'restart':
        return this.#restart(what);
      case 'wipe':
        return this.#wipe(what);
      case 'corruptRecord': {
        const server = this.#servers[what.server];
        if (server === undefined) return;
        server.corruptions = server.corruptions.concat({ fault: what.fault, back: what.back });
        return;
      }
      case 'loseSnapshot': {
        const server = this.#servers[what.server];
        if (server !== undefined) server.snapshotLosses = server.snapshotLosses.concat(what.fault);
        return;
      }
      case 'setDrop':
        return network.drops.set(what.fault, what.drop);
      case 'resetLink':
        if (network.breakBetween(what.a, what.b)) credits.give(what.fault, 'reset', what.b);
        return;
      case 'disconnectClient':
        timeline.schedule('disconnect', what.client, nowUs, 0, undefined);
        return credits.give(what.fault, 'disconnected', what.client);
      case 'moveClient':
        timeline.schedule('disconnect', what.client, nowUs, what.server, undefined);
        return credits.give(what.fault, 'disconnected', what.client);
      case 'invoke':
        timeline.schedule('invoke', what.client, nowUs, 0, what.op);
        return;
      case 'closeClient':
        timeline.schedule('closeClient', what.client, nowUs, 0, undefined);
        return;
      case 'finishProgram':
        timeline.schedule('finishProgram', what.client, nowUs, 0, undefined);
        return;
      case 'news':
        return this.#announce(what.news);
      default:
        return unreachable(what);
    }
  }

  #setDisk(what: Of<'setDisk'>): void {
    const server = this.#servers[what.server];
    if (server === undefined) return;
    server.diskFaults = contribute(server.diskFaults, what.fault, what.condition);
    const before = server.diskCondition.slowFactor;
    server.diskCondition = worstDisk(server.diskFaults);
    const { slowFactor } = server.diskCondition;
    if (slowFactor < before) this.#driver.quicken(server, slowFactor / before);
    if (server.diskCondition.stalled) return;
    this.#parts.timeline.release(server.stalled);
    server.stalled = [];
  }

  #setProcess(what: Of<'setProcess'>): void {
    const server = this.#servers[what.server];
    if (server === undefined) return;
    server.processFaults = contribute(server.processFaults, what.fault, what.condition);
    const { paused, slowFactor } = worstProcess(server.processFaults);
    const before = server.slowFactor;
    server.slowFactor = slowFactor;
    if (slowFactor < before) {
      const { clock, timers } = server;
      const localAt = (atUs: number): number => clock.localAt(atUs);
      timers.quicken(slowFactor / before, localAt, this.#parts.timeline);
    }
    server.paused = paused;
    if (paused) return;
    this.#parts.timeline.release(server.inbox);
    server.inbox = [];
  }

  #setClock(what: Of<'setClock'>): void {
    const server = this.#servers[what.server];
    if (server === undefined) return;
    const { timeline, credits } = this.#parts;
    server.clockFaults = contribute(server.clockFaults, what.fault, what.condition);
    const { clock } = server;
    if (clock.adjust(worstClock(server.clockFaults), timeline.nowUs)) {
      server.timers.retime((localUs) => clock.worldAt(localUs), timeline);
    }
    if (what.condition !== undefined && server.up) {
      credits.give(what.fault, 'clockChanged', what.server);
    }
  }

  #crash(what: Of<'crash'>): void {
    const server = this.#servers[what.server];
    if (server === undefined || (!server.up && server.bootSeq === 0)) return;
    assert(what.survival !== undefined, 'what a crash leaves is drawn before');
    this.#driver.end(server, what.how, what.survival);
    this.#parts.credits.give(what.fault, 'crashed', what.server);
  }

  #restart(what: Of<'restart'>): void {
    const server = this.#servers[what.server];
    if (server === undefined || server.up || server.bootSeq !== 0) return;
    const { timeline, network } = this.#parts;
    if (!server.powered) {
      server.powered = true;
      network.hostBack(server.actor);
    }
    server.bootSeq = timeline.schedule('boot', server.actor, timeline.nowUs, 0, undefined);
  }

  #wipe(what: Of<'wipe'>): void {
    const server = this.#servers[what.server];
    if (server === undefined || server.up || server.bootSeq !== 0) return;
    const { journal, credits, timeline } = this.#parts;
    server.disk.become(new Disk());
    const entry = diskEntry('crash', server.disk.image().durable, 'wipe');
    journal.event(server.actor, timeline.cause, entry);
    credits.give(what.fault, 'wiped', what.server);
  }

  #announce(news: News): void {
    const { journal } = this.#parts;
    const { kind, peer, value, text } = news;
    const entry: Entry = makeEntry(kind, peer, 0, value, text);
    if (kind === 'fault') this.#beginnings.set(value, journal.recorder.count);
    const isOfFault = kind === 'healed' || kind === 'effect';
    journal.event(WORLD, isOfFault ? this.#beginningOf(value) : news.cause, entry);
  }
}
