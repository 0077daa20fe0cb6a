// Carries out what was decided, by chance or by choice: a pending thing happens, a message is lost
// or doubled, its connection breaks, a disk request fails. Nothing is decided here.
import { assert, unreachable } from '../../base/assert.js';
import type { Message } from '../../protocol/message.js';
import { FIRST_CLIENT, WORLD } from '../trace/record.js';
import { ClientDriver } from './client-driver.js';
import { makeEntry } from './entries.js';
import type { Pending } from './pending.js';
import type { Population } from './population.js';
import type { Reducers } from './reducers.js';
import type { Server } from './server.js';
import type { Parts } from './server-driver.js';
import { ServerDriver } from './server-driver.js';
import type { Timers } from './timers.js';

export class Executor<P, C> {
  readonly #parts: Parts;
  readonly #population: Population<P, C>;
  readonly servers: ServerDriver<P, C>;
  readonly clients: ClientDriver<P, C>;
  /** Is an event being carried out? */
  running = false;

  constructor(parts: Parts, population: Population<P, C>, reducers: Reducers<P, C>) {
    this.#parts = parts;
    this.#population = population;
    this.servers = new ServerDriver(parts, reducers);
    this.clients = new ClientDriver(parts, reducers);
  }

  serverOf(actor: number): Server<P> {
    const server = this.#population.servers[actor];
    assert(server !== undefined, 'no such server');
    return server;
  }

  timersOf(actor: number): Timers {
    if (actor < FIRST_CLIENT) return this.serverOf(actor).timers;
    const client = this.#population.clients[actor - FIRST_CLIENT];
    assert(client !== undefined, 'no such client');
    return client.timers;
  }

  /** Is whoever this is for still waiting for it? A timer that comes early is queued again. */
  isPossible(pending: Pending): boolean {
    switch (pending.kind) {
      case 'timer':
        return this.timersOf(pending.actor).isDue(pending, this.#parts.timeline);
      case 'message':
      case 'copy':
        return this.#parts.network.isExpected(pending);
      case 'disk':
        return this.serverOf(pending.actor).disk.isUnderWay(pending.seq);
      case 'boot':
        return (
          pending.actor >= FIRST_CLIENT || this.serverOf(pending.actor).bootSeq === pending.seq
        );
      case 'invoke':
      case 'disconnect':
      case 'closeClient':
      case 'finishProgram':
        return true;
      case 'syn':
      case 'dialed':
      case 'refused':
      case 'dialTimeout':
      case 'accepted':
      case 'eof':
      case 'reset':
      case 'broken':
        return this.#parts.network.isAwaited(pending);
      default:
        return unreachable(pending.kind);
    }
  }

  run(pending: Pending): void {
    this.#enter(pending);
    const server = this.#population.servers[pending.actor];
    if (server !== undefined) {
      this.servers.run(pending, server);
    } else {
      const client = this.#population.clients[pending.actor - FIRST_CLIENT];
      assert(client !== undefined, 'an event for nobody');
      this.clients.run(pending, client);
    }
    this.#leave();
  }

  #enter(pending: Pending): void {
    this.running = true;
    this.#parts.journal.point = 1;
    this.#parts.timeline.cause = pending.cause;
  }

  #leave(): void {
    this.running = false;
    this.#parts.timeline.cause = -1;
  }

  /** A disk request fails; `kept` records of a flush are in the file. */
  fail(pending: Pending, kept: number): void {
    this.#enter(pending);
    this.servers.fail(pending, this.serverOf(pending.actor), kept);
    this.#leave();
  }

  lose(pending: Pending): void {
    const { timeline, journal, network } = this.#parts;
    const message = pending.body as Message;
    const entry = makeEntry('lost', pending.actor, message.zxid, pending.key, message.kind);
    this.#enter(pending);
    timeline.cause = journal.event(WORLD, pending.cause, entry);
    network.lose(pending);
    this.#leave();
  }

  /** The message is lost, and its connection breaks. */
  reset(pending: Pending): void {
    this.lose(pending);
    this.#enter(pending);
    const conn = this.#parts.network.conns.get(pending.key);
    if (conn !== undefined) this.#parts.network.break(conn);
    this.#leave();
  }

  /** The message will arrive once more. */
  repeat(pending: Pending): void {
    this.#enter(pending);
    this.#parts.network.repeat(pending);
    this.#leave();
  }
}
