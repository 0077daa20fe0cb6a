// Carries out what happens to clients, as the server's driver does for servers.
import { assert, InvariantError, unreachable } from '../../base/assert.js';
import type { ClientEffect, ClientEvent, ClientTimer } from '../../protocol/client/contract.js';
import type { ConnId, ServerId } from '../../protocol/ids.js';
import type { Message } from '../../protocol/message.js';
import type { Operation } from '../../protocol/operation.js';
import type { Entry } from '../trace/fold.js';
import type { ActorId } from '../trace/record.js';
import type { Client } from './client.js';
import { dialFailedText, invokeEntry, makeEntry } from './entries.js';
import type { Journal } from './journal.js';
import type { Network } from './network.js';
import type { Pending } from './pending.js';
import type { Reducers } from './reducers.js';
import type { Parts } from './server-driver.js';
import type { Timeline } from './timeline.js';
import { timerCode, timerKey, timerKind } from './timers.js';

/** An operation of a client has an outcome: its program may go on. */
export type SettledListener = (client: ActorId, cxid: number) => void;

export class ClientDriver<P, C> {
  readonly #reducers: Reducers<P, C>;
  readonly #timeline: Timeline;
  readonly #journal: Journal;
  readonly #network: Network;
  readonly #due = { localUs: 0, atUs: 0 };
  onSettled: SettledListener | undefined;
  steps = 0;

  constructor(parts: Parts, reducers: Reducers<P, C>) {
    this.#reducers = reducers;
    this.#timeline = parts.timeline;
    this.#journal = parts.journal;
    this.#network = parts.network;
  }

  run(pending: Pending, client: Client<C>): void {
    switch (pending.kind) {
      case 'message':
      case 'copy':
        return this.#receive(pending, client);
      case 'timer':
        return this.#fire(pending, client);
      case 'invoke': {
        const op = pending.body as Operation;
        return this.#happen(pending, client, invokeEntry(op), { kind: 'invoke', op });
      }
      case 'boot':
        return this.#happen(pending, client, makeEntry('boot', 0, 0, 0, ''), { kind: 'start' });
      case 'disconnect': {
        const server = pending.key === 0 ? undefined : (pending.key as ServerId);
        const entry = makeEntry('invoke', pending.key, 0, 0, 'disconnect');
        return this.#happen(pending, client, entry, { kind: 'disconnect', server });
      }
      case 'closeClient': {
        const entry = makeEntry('invoke', 0, 0, 0, 'close');
        return this.#happen(pending, client, entry, { kind: 'close' });
      }
      case 'finishProgram': {
        const entry = makeEntry('invoke', 0, 0, 0, 'finish');
        return this.#happen(pending, client, entry, { kind: 'finish' });
      }
      case 'dialed':
      case 'refused':
      case 'dialTimeout':
      case 'eof':
      case 'reset':
      case 'broken':
        return this.#signal(pending, client);
      case 'syn':
      case 'accepted':
      case 'disk':
        throw new InvariantError('clients neither listen nor have a disk');
      default:
        return unreachable(pending.kind);
    }
  }

  #receive(pending: Pending, client: Client<C>): void {
    const message = pending.body as Message;
    const conn = this.#network.conns.get(pending.key);
    assert(conn !== undefined, 'a message on a connection that is gone');
    const from = conn.other(client.actor);
    const entry = makeEntry('received', from, message.zxid, conn.id, message.kind);
    this.#happen(pending, client, entry, { kind: 'received', conn: conn.id as ConnId, message });
  }

  #fire(pending: Pending, client: Client<C>): void {
    client.timers.fired(pending.key);
    const timer = timerKind(pending.key) as ClientTimer;
    const key = timerKey(pending.key);
    const entry = makeEntry('timer', 0, 0, key, timer);
    this.#happen(pending, client, entry, { kind: 'timer', timer, key });
  }

  #signal(pending: Pending, client: Client<C>): void {
    const conn = this.#network.conns.get(pending.key);
    assert(conn !== undefined, 'news of a connection that is gone');
    const peer = conn.callee as ServerId;
    const id = conn.id as ConnId;
    if (pending.kind === 'dialed') {
      this.#network.establish(conn);
      const entry = makeEntry('dialed', peer, 0, id, 'client');
      this.#happen(pending, client, entry, { kind: 'dialed', peer, conn: id });
    } else if (pending.kind === 'refused' || pending.kind === 'dialTimeout') {
      this.#network.abandon(conn);
      const reason = pending.kind === 'refused' ? 'refused' : 'timeout';
      const entry = makeEntry('dialFailed', peer, 0, 0, dialFailedText('client', reason));
      this.#happen(pending, client, entry, { kind: 'dialFailed', peer, reason });
    } else {
      this.#network.conclude(conn, client.actor);
      const reason = pending.kind === 'eof' ? 'eof' : 'reset';
      const entry = makeEntry('closed', peer, 0, id, reason);
      this.#happen(pending, client, entry, { kind: 'closed', conn: id, reason });
    }
  }

  #happen(pending: Pending, client: Client<C>, entry: Entry, event: ClientEvent): void {
    const index = this.#journal.event(client.actor, pending.cause, entry);
    this.#timeline.cause = index;
    this.steps += 1;
    const { nowUs } = this.#timeline;
    const { config } = client;
    const { state, effects } = this.#reducers.stepClient(config, client.state, event, nowUs);
    client.state = state;
    for (const effect of effects) this.#carryOut(client, effect);
  }

  #carryOut(client: Client<C>, effect: ClientEffect): void {
    const { actor } = client;
    const { nowUs } = this.#timeline;
    switch (effect.kind) {
      case 'send':
        return this.#network.send(effect.conn, actor, effect.message);
      case 'note':
        return this.#journal.note(actor, effect.note);
      case 'setTimer':
        this.#due.atUs = nowUs + effect.delayUs;
        this.#due.localUs = this.#due.atUs;
        return client.timers.set(timerCode(effect.timer, effect.key), this.#due, this.#timeline);
      case 'clearTimer':
        return client.timers.clear(timerCode(effect.timer, effect.key), this.#timeline);
      case 'dial': {
        const giveUpUs = nowUs + effect.timeoutMs * 1000;
        return this.#network.dial(actor, effect.peer, 'client', giveUpUs);
      }
      case 'close':
        return this.#network.close(effect.conn, actor);
      case 'settled':
        this.#journal.point += 1;
        this.onSettled?.(actor as ActorId, effect.cxid);
        return this.#journal.onPoint?.();
      default:
        return unreachable(effect);
    }
  }
}
