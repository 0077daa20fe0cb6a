// One server of an election under test; the others are played by the story that a test tells.
import { expect } from 'vitest';
import { DEFAULT_TIMING } from '../../protocol/config.js';
import type { Context, Transition } from '../../protocol/context.js';
import type { Effect } from '../../protocol/effect.js';
import { lookingTimer, makeNotification, startLooking } from '../../protocol/election/looking.js';
import { onNotification } from '../../protocol/election/receive.js';
import type { Looking } from '../../protocol/election/role.js';
import { startTransport, transportDialed } from '../../protocol/election/transport.js';
import type { ConnId, Epoch, ServerId, Zxid } from '../../protocol/ids.js';
import { serverId } from '../../protocol/ids.js';
import type { NotificationBody, ServerState } from '../../protocol/message.js';
import type { QuorumVerifier } from '../../protocol/quorum.js';
import type { Role } from '../../protocol/state.js';
import type { Vote } from '../../protocol/vote.js';
import { makeVote } from '../../protocol/vote.js';
import type { History } from './election-stub.js';
import {
  bootState,
  configOf,
  contextOf,
  deepFreeze,
  ensembleOf,
  history,
  round,
  stateOf,
} from './election-stub.js';

export const vote = (leader: number, zxid = 0, epoch = 0): Vote =>
  makeVote(leader as ServerId, zxid as Zxid, epoch as Epoch);

interface Parts {
  readonly zxid?: number;
  readonly epoch?: number;
  readonly at?: number;
  readonly state?: ServerState;
}

export function ballot(leader: number, parts: Parts = {}): NotificationBody {
  const { zxid = 0, epoch = 0, at = 1, state = 'looking' } = parts;
  return makeNotification(vote(leader, zxid, epoch), round(at), state);
}

const show = ({ vote: { leader, zxid, peerEpoch }, round: at, state }: NotificationBody): string =>
  `${state} r${at} ${leader}(${peerEpoch},${zxid})`;

/**
 * A server with a connection to everybody; notifications come in, notes, timers and words come out.
 */
export class Server {
  state;
  readonly config;
  readonly past: History;
  effects: Effect[] = [];
  transition: Transition | undefined;

  constructor(
    sid: number,
    past = history(0, 0),
    {
      voters = [1, 2, 3],
      observers = [] as number[],
      verifier = undefined as QuorumVerifier | undefined,
    } = {},
  ) {
    this.config = configOf(ensembleOf(voters, observers, verifier), sid, DEFAULT_TIMING);
    this.past = past;
    this.state = bootState(this.config, past);
    this.step((ctx) => {
      startTransport(ctx);
      for (const peer of this.config.ensemble.servers) {
        // As if each had been dialled; the smaller ones then keep it.
        if (peer < sid) transportDialed(ctx, peer, peer as number as ConnId);
      }
    });
  }

  step(handler: (ctx: Context) => void): this {
    const ctx = contextOf(this.config, this.state, this.past);
    handler(ctx);
    this.state = stateOf(ctx);
    this.effects = ctx.effects;
    this.transition = ctx.transition;
    return this;
  }

  look(): this {
    return this.step(startLooking);
  }

  hear(from: number, notification: NotificationBody): this {
    return this.step((ctx) => onNotification(ctx, serverId(from), deepFreeze(notification)));
  }

  fire(timer: 'poll' | 'finalize'): this {
    return this.step((ctx) => lookingTimer(ctx, ctx.role as Looking, timer));
  }

  play(role: Role, leader = vote(3), at = 1): this {
    return this.step((ctx) => {
      ctx.role = role;
      ctx.settledVote = { vote: leader, round: round(at) };
    });
  }

  get looking(): Looking {
    expect(this.state.role.kind).toBe('looking');
    return this.state.role as Looking;
  }

  /** What the last step said to connected peers, and left in the outbox of others. */
  get said(): Record<number, string> {
    const said: Record<number, string> = {};
    for (const effect of this.effects) {
      if (effect.kind === 'send' && effect.message.kind === 'notification') {
        said[effect.conn] = show(effect.message.body);
      }
      if (effect.kind === 'dial') {
        const waiting = this.state.transport.queues.outbox[effect.peer];
        said[effect.peer] = waiting === undefined ? 'connect' : show(waiting);
      }
    }
    return said;
  }

  get timers(): string[] {
    return this.effects.flatMap((effect) =>
      effect.kind === 'setTimer'
        ? [`${effect.timer} ${effect.delayUs / 1000}`]
        : effect.kind === 'clearTimer'
          ? [`no ${effect.timer}`]
          : [],
    );
  }

  get notes(): string[] {
    return this.effects.flatMap((effect) =>
      effect.kind === 'note' && effect.note.text !== ''
        ? [`${effect.note.kind} ${effect.note.text}`]
        : [],
    );
  }
}
