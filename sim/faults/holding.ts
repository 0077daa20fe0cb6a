// Which servers faults keep down. Two crashes may overlap on one server: it starts again when the
// last of them lets go, as conditions of links and disks hold until the last fault withdraws its
// own.
import type { ActorId } from '../trace/record.js';
import type { FaultTarget } from '../world/conditions.js';
import type { Holding } from './kind.js';

export class DownList implements Holding {
  readonly #world: FaultTarget;
  readonly #holders = new Map<ActorId, number>();

  constructor(world: FaultTarget) {
    this.#world = world;
  }

  hold(server: ActorId): void {
    this.#holders.set(server, (this.#holders.get(server) ?? 0) + 1);
  }

  release(server: ActorId): void {
    const holders = this.#holders.get(server) ?? 0;
    if (holders === 0) return;
    this.#holders.set(server, holders - 1);
    this.revive(server);
  }

  revive(server: ActorId): void {
    if ((this.#holders.get(server) ?? 0) === 0) this.#world.restart(server);
  }
}
