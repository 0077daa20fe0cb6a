// Clients that run a recipe need no driver: their programs are part of their states. They only
// have to be told when the run comes to its end, and to be waited for.
import type { ActorId, TraceRecord } from '../trace/record.js';
import { FIRST_CLIENT } from '../trace/record.js';
import type { Programs } from './workload.js';

export interface RecipeWorld {
  finishProgram(client: ActorId): void;
}

export class RecipeDriver implements Programs {
  readonly #clients: readonly ActorId[];
  readonly #world: RecipeWorld;
  readonly #done = new Set<number>();
  #finishing = false;

  constructor(clients: number, world: RecipeWorld) {
    this.#clients = Array.from(
      { length: clients },
      (_, index) => (FIRST_CLIENT + index) as ActorId,
    );
    this.#world = world;
  }

  onRecord(record: TraceRecord): void {
    if (record.kind === 'recipe' && record.text.endsWith('/done')) this.#done.add(record.actor);
  }

  invoke(): void {
    // Nothing is on the agenda for a program.
  }

  settled(): void {
    // The program hears of it in the same step.
  }

  finish(): void {
    this.#finishing = true;
    for (const client of this.#clients) this.#world.finishProgram(client);
  }

  get isDone(): boolean {
    return this.#finishing && this.#done.size === this.#clients.length;
  }
}
