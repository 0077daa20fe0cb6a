// Where chance and conditions have their say about something whose time has come. In a replay
// nobody asks: the choices say what came of it.
import { unreachable } from '../../base/assert.js';
import type { Executor } from './executor.js';
import type { Pending } from './pending.js';
import type { Hosts } from './hosts.js';
import type { Parts } from './server-driver.js';
import { drawKept } from './survival.js';

/** `drop`: it does not happen now, or nobody waits for it; either way there is nothing to tell. */
export type Decision = 'run' | 'drop' | 'lose' | 'reset' | 'duplicate' | 'fail';

export class Chance<P, C> {
  readonly #parts: Parts;
  readonly #executor: Executor<P, C>;
  readonly #hosts: Hosts;
  /** After `fail`: how many records of a failed flush are in the file. */
  kept = 0;

  constructor(parts: Parts, executor: Executor<P, C>, hosts: Hosts) {
    this.#parts = parts;
    this.#executor = executor;
    this.#hosts = hosts;
  }

  decide(pending: Pending): Decision {
    const decision = this.#onTheWay(pending);
    if (decision !== 'run' && decision !== 'duplicate') return decision;
    if (pending.kind === 'syn') return decision;
    if (this.#hosts[pending.actor]?.paused === true) {
      this.#park(pending);
      return 'drop';
    }
    return pending.kind === 'disk' && this.#failsAtDisk(pending) ? 'fail' : decision;
  }

  #onTheWay(pending: Pending): Decision {
    // What was held has been through all this.
    const { released } = this.#parts.timeline;
    switch (pending.kind) {
      case 'message':
      case 'copy':
        if (!released) return this.#parts.network.fateOfMessage(pending);
        return this.#executor.isPossible(pending) ? 'run' : 'lose';
      case 'syn':
      case 'dialed':
      case 'refused':
      case 'accepted':
      case 'eof':
      case 'reset':
        if (!released) return this.#parts.network.fateOfSignal(pending);
        return this.#executor.isPossible(pending) ? 'run' : 'drop';
      case 'disk':
        return this.#executor.isPossible(pending) && !this.#isStalled(pending) ? 'run' : 'drop';
      case 'timer':
      case 'boot':
      case 'dialTimeout':
      case 'broken':
      case 'invoke':
      case 'disconnect':
      case 'closeClient':
      case 'finishProgram':
        return this.#executor.isPossible(pending) ? 'run' : 'drop';
      default:
        return unreachable(pending.kind);
    }
  }

  #isStalled(pending: Pending): boolean {
    const server = this.#executor.serverOf(pending.actor);
    if (!server.diskCondition.stalled) return false;
    server.stalled.push(pending);
    this.#parts.credits.giveAll(server.diskFaults, (c) => c.stalled, 'stalled', server.actor);
    return true;
  }

  #park(pending: Pending): void {
    const server = this.#executor.serverOf(pending.actor);
    server.inbox.push(pending);
    this.#parts.credits.giveAll(server.processFaults, (c) => c.paused, 'paused', server.actor);
  }

  #failsAtDisk(pending: Pending): boolean {
    const server = this.#executor.serverOf(pending.actor);
    const { errorChance, full } = server.diskCondition;
    if (!full && errorChance === 0) return false;
    const job = server.disk.jobOf(pending.seq);
    if (job.kind === 'load' || (!full && !server.diskChances().chance(errorChance))) return false;
    this.kept = drawKept(server.disk, job, server.diskChances());
    const { credits } = this.#parts;
    if (full) credits.giveAll(server.diskFaults, (c) => c.full, 'full', server.actor);
    else credits.giveAll(server.diskFaults, (c) => c.errorChance > 0, 'failed', server.actor);
    return true;
  }
}
