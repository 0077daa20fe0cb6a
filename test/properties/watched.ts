// The real reducers, watched: every step is taken twice, from inputs that are frozen as deep as
// they go, and now and then the state it came from is kept for what else might happen in it.
import { is, isCollection } from 'immutable';
import type { ClientConfig, ClientEvent } from '../../protocol/client/contract.js';
import type { ClientState } from '../../protocol/client/client.js';
import { initialClient, stepClient } from '../../protocol/client/client.js';
import type { PeerConfig } from '../../protocol/peer-config.js';
import { NO_EFFECTS } from '../../protocol/effect.js';
import type { Now, PeerEvent } from '../../protocol/event.js';
import { Fifo } from '../../protocol/fifo.js';
import { stepPeer, UNBORN } from '../../protocol/peer.js';
import type { PeerState } from '../../protocol/state.js';
import { CommittedLog } from '../../protocol/storage/committed-log.js';
import { TxnLog } from '../../protocol/txn-log.js';
import type { Reducers } from '../../sim/world/reducers.js';

export interface PeerMoment {
  readonly config: PeerConfig;
  readonly state: PeerState;
  readonly event: PeerEvent;
  readonly now: Now;
}

export interface ClientMoment {
  readonly config: ClientConfig;
  readonly state: ClientState;
  readonly event: ClientEvent;
  readonly nowUs: number;
}

const KEEP_ONE_IN = 7;
const COMPARE_ONE_IN = 5;

/** Plain objects and arrays; buffers that grow at their end are the business of their classes. */
export function deepFreeze(value: unknown): void {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return;
  const proto: unknown = Object.getPrototypeOf(value);
  if (proto !== Object.prototype && !Array.isArray(value)) return;
  Object.freeze(value);
  for (const key of Object.keys(value)) deepFreeze((value as Record<string, unknown>)[key]);
}

/** Equal as values: what a queue, a log or a map holds, not where it holds it. */
function alike(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
  if (a instanceof Fifo) return alike(a.toArray(), (b as Fifo<unknown>).toArray());
  if (a instanceof TxnLog)
    return a.length === (b as TxnLog).length && a.lineage === (b as TxnLog).lineage;
  if (a instanceof CommittedLog) {
    const other = b as CommittedLog;
    return a.length === other.length && a.max === other.max && a.min === other.min;
  }
  if (isCollection(a)) return is(a, b);
  const keys = Object.keys(a);
  const of = (value: object, key: string): unknown => (value as Record<string, unknown>)[key];
  return (
    keys.length === Object.keys(b).length && keys.every((key) => alike(of(a, key), of(b, key)))
  );
}

/** Does one step claim that nothing happened, by the same reference, only if so; and if so? */
export function isHonest(
  before: PeerState,
  after: PeerState,
  effects: readonly unknown[],
): boolean {
  if (before !== after) return effects.length > 0 || !alike(before, after);
  return effects.length > 0 || effects === NO_EFFECTS;
}

export class Watched {
  readonly peers: PeerMoment[] = [];
  readonly clients: ClientMoment[] = [];
  readonly problems: string[] = [];
  #steps = 0;

  readonly reducers: Reducers<PeerState, ClientState> = {
    initialPeer: () => UNBORN,
    stepPeer: (config, state, event, now) => {
      deepFreeze(config);
      deepFreeze(state);
      deepFreeze(event);
      this.#steps += 1;
      if (this.#steps % KEEP_ONE_IN === 0) this.peers.push({ config, state, event, now });
      const first = stepPeer(config, state, event, now);
      const second = stepPeer(config, state, event, now);
      if (this.#steps % COMPARE_ONE_IN === 0 && !alike(first.effects, second.effects)) {
        this.problems.push(`two answers to ${event.kind} as ${state.role.kind}`);
      }
      // Whatever is received is also a sign of life, and the time of that is part of the state.
      if (event.kind !== 'received' && !isHonest(state, first.state, first.effects)) {
        this.problems.push(
          `a new state that is the old one: ${textOf(event)} as ${roleText(state)}`,
        );
      }
      return second;
    },
    initialClient,
    stepClient: (config, state, event, nowUs) => {
      deepFreeze(config);
      deepFreeze(state);
      deepFreeze(event);
      this.clients.push({ config, state, event, nowUs });
      const first = stepClient(config, state, event, nowUs);
      const second = stepClient(config, state, event, nowUs);
      if (!alike(first, second)) this.problems.push(`two answers to ${event.kind}`);
      return second;
    },
  };
}

export function textOf(event: PeerEvent): string {
  if (event.kind === 'timer') return `timer ${event.timer}`;
  return event.kind === 'received' ? `received ${event.message.kind}` : event.kind;
}

export function roleText({ role }: PeerState): string {
  const phase = 'phase' in role ? role.phase : undefined;
  return typeof phase === 'object' ? `${role.kind}/${phase.kind}` : role.kind;
}
