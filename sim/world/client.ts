// One client: a host of its own that never fails, running the client's reducer.
import type { ClientConfig } from '../../protocol/client/contract.js';
import type { Host } from './hosts.js';
import { Timers } from './timers.js';

export class Client<C> implements Host {
  readonly actor: number;
  readonly config: ClientConfig;
  state: C;
  readonly timers: Timers;
  powered = true;
  up = true;
  listening = false;
  paused = false;

  constructor(actor: number, config: ClientConfig, state: C, timers?: Timers) {
    this.actor = actor;
    this.config = config;
    this.state = state;
    this.timers = timers ?? new Timers(actor);
  }

  copy(): Client<C> {
    return new Client(this.actor, this.config, this.state, this.timers.copy());
  }
}
