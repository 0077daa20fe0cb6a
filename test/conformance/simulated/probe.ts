// A client without a mind of its own: it passes on what a script says to a server, message by
// message, and keeps what the server says. A probe has one connection at a time. The world
// carries its effects out like those of any client; its state is changed in place, so a world with
// probes is not to be forked.
import type { ClientEffect, ClientEvent } from '../../../protocol/client/contract.js';
import type { ConnId, ServerId } from '../../../protocol/ids.js';
import type { Message } from '../../../protocol/message.js';
import type { Stepped } from '../../../sim/world/reducers.js';

type Command =
  | { readonly kind: 'dial'; readonly server: ServerId }
  | { readonly kind: 'send'; readonly message: Message }
  | { readonly kind: 'close' };

const DIAL_TIMEOUT_MS = 10_000;

export class Probe {
  phase: 'idle' | 'dialing' | 'refused' | 'open' | 'closed' = 'idle';
  readonly received: Message[] = [];
  readonly #commands: Command[] = [];
  #conn: ConnId | undefined;

  /** Begins a new connection; the one before must be over. */
  dial(server: ServerId): void {
    this.phase = 'dialing';
    this.#conn = undefined;
    this.received.length = 0;
    this.#commands.push({ kind: 'dial', server });
  }

  /** Carried out at the next event; the world has to be told to make one. */
  want(command: Command): void {
    this.#commands.push(command);
  }

  step(event: ClientEvent): readonly ClientEffect[] {
    switch (event.kind) {
      case 'dialed':
        this.#conn = event.conn;
        this.phase = 'open';
        break;
      case 'dialFailed':
        this.phase = 'refused';
        break;
      case 'received':
        if (event.conn === this.#conn) this.received.push(event.message);
        break;
      case 'closed':
        if (event.conn === this.#conn) this.phase = 'closed';
        break;
      case 'start':
      case 'timer':
      case 'invoke':
      case 'disconnect':
      case 'finish':
      case 'close':
        break;
    }
    return this.#commands.splice(0).flatMap((command) => this.#carryOut(command));
  }

  #carryOut(command: Command): ClientEffect[] {
    if (command.kind === 'dial') {
      return [{ kind: 'dial', peer: command.server, timeoutMs: DIAL_TIMEOUT_MS }];
    }
    if (this.phase !== 'open' || this.#conn === undefined) return [];
    const conn = this.#conn;
    if (command.kind === 'send') return [{ kind: 'send', conn, message: command.message }];
    this.phase = 'closed';
    return [{ kind: 'close', conn }];
  }
}

export function initialProbe(): Probe {
  return new Probe();
}

export function stepProbe(probe: Probe, event: ClientEvent): Stepped<Probe, ClientEffect> {
  return { state: probe, effects: probe.step(event) };
}
