// A cluster that does nothing but elect: the election code of each server over a stub of everything
// else, and an in-memory network with virtual time and FIFO connections. What follows an election
// is reduced to its outcome: a follower whose leader does not lead, or a leader without a quorum of
// followers, looks again after `patienceMs`.
import { EventHeap } from '../../base/heap.js';
import type { Ensemble } from '../../protocol/config.js';
import type { PeerConfig } from '../../protocol/peer-config.js';
import { DEFAULT_TIMING } from '../../protocol/config.js';
import type { Context } from '../../protocol/context.js';
import type { Effect } from '../../protocol/effect.js';
import { lookingTimer, startLooking } from '../../protocol/election/looking.js';
import { onNotification } from '../../protocol/election/receive.js';
import {
  startTransport,
  transportAccepted,
  transportClosed,
  transportDialFailed,
  transportDialed,
  transportReceived,
} from '../../protocol/election/transport.js';
import type { TimerKind } from '../../protocol/event.js';
import type { ConnId, ServerId } from '../../protocol/ids.js';
import { serverId } from '../../protocol/ids.js';
import type { Message } from '../../protocol/message.js';
import type { Note } from '../../protocol/note.js';
import type { QuorumVerifier } from '../../protocol/quorum.js';
import { isQuorum } from '../../protocol/quorum.js';
import { sidSetOf } from '../../protocol/sid-set.js';
import type { Role } from '../../protocol/state.js';
import type { SettledVote } from '../../protocol/vote.js';
import type { ElectionState, History } from './election-stub.js';
import {
  bootState,
  configOf,
  contextOf,
  deepFreeze,
  ensembleOf,
  history,
  roleStub,
  stateOf,
} from './election-stub.js';

interface Happening {
  readonly atUs: number;
  readonly seq: number;
  readonly run: () => void;
}

interface Connection {
  readonly ends: readonly [ServerId, ServerId];
  /** Arrival of the last thing sent towards each end: nothing overtakes it. */
  readonly lastUs: [number, number];
  readonly open: [boolean, boolean];
}

interface Machine {
  readonly config: PeerConfig;
  past: History;
  state: ElectionState;
  up: boolean;
  incarnation: number;
  /** Which timers run; a fired or replaced one is no longer the current one. */
  readonly timers: Map<TimerKind, Happening>;
}

export interface Options {
  readonly voters: readonly number[];
  readonly observers?: readonly number[];
  readonly verifier?: QuorumVerifier;
  readonly histories?: ReadonlyMap<number, History>;
  readonly delayMs?: (from: ServerId, to: ServerId) => number;
  /** 0: a decision is never revised. */
  readonly patienceMs?: number;
}

export interface Noted {
  readonly atMs: number;
  readonly sid: number;
  readonly note: Note;
}

export interface Sent {
  readonly atMs: number;
  readonly from: number;
  readonly to: number;
  readonly message: Message;
}

export class ElectionCluster {
  readonly ensemble: Ensemble;
  readonly notes: Noted[] = [];
  readonly sent: Sent[] = [];
  nowUs = 0;
  readonly #options: Options;
  readonly #machines = new Map<number, Machine>();
  readonly #pending = new EventHeap<Happening>();
  readonly #conns: Connection[] = [];
  readonly #cut = new Set<string>();
  #seq = 0;

  constructor(options: Options) {
    this.#options = options;
    this.ensemble = ensembleOf(options.voters, options.observers, options.verifier);
    for (const sid of this.ensemble.servers) {
      const config = configOf(this.ensemble, sid, DEFAULT_TIMING);
      const past = options.histories?.get(sid) ?? history(0, 0);
      const state = bootState(config, past);
      this.#machines.set(sid, {
        config,
        past,
        state,
        up: false,
        incarnation: 0,
        timers: new Map(),
      });
    }
  }

  // What a story says.

  start(...who: number[]): this {
    for (const sid of who.length > 0 ? who : this.ensemble.servers) {
      const machine = this.#machine(sid);
      machine.up = true;
      machine.state = bootState(machine.config, machine.past);
      this.#step(sid, (ctx) => {
        startTransport(ctx);
        startLooking(ctx);
      });
    }
    return this;
  }

  crash(sid: number): this {
    const machine = this.#machine(sid);
    machine.up = false;
    machine.incarnation += 1;
    machine.timers.clear();
    this.#conns.forEach((connection, id) => {
      if (connection.ends.includes(serverId(sid))) this.#break(id);
    });
    return this;
  }

  /** Gives up its role, as after losing its leader or its quorum. */
  look(sid: number): this {
    this.#machine(sid).timers.clear();
    this.#step(sid, startLooking);
    return this;
  }

  /** What these servers vote with from their next election on. */
  reach(past: History, ...who: number[]): this {
    for (const sid of who) this.#machine(sid).past = past;
    return this;
  }

  /** Connections between the two sides break, new ones are refused. */
  cut(left: readonly number[], right: readonly number[]): this {
    for (const a of left) for (const b of right) this.#cut.add(`${a}-${b}`).add(`${b}-${a}`);
    this.#conns.forEach(({ ends: [a, b] }, id) => {
      if (this.#cut.has(`${a}-${b}`)) this.#break(id);
    });
    return this;
  }

  heal(): this {
    this.#cut.clear();
    return this;
  }

  run(ms: number): this {
    const untilUs = this.nowUs + ms * 1000;
    for (
      let next = this.#pending.peek();
      next && next.atUs <= untilUs;
      next = this.#pending.peek()
    ) {
      this.#pending.pop();
      this.nowUs = next.atUs;
      next.run();
    }
    this.nowUs = untilUs;
    return this;
  }

  // What a test asks.

  state(sid: number): ElectionState {
    return this.#machine(sid).state;
  }

  role(sid: number): Role['kind'] {
    return this.state(sid).role.kind;
  }

  /** Whom `sid` follows or leads as; 0 while it looks or is down. */
  leaderOf(sid: number): number {
    const { up, state } = this.#machine(sid);
    const settled = state.role.kind !== 'looking' && state.role.kind !== 'booting';
    return up && settled ? state.settledVote.vote.leader : 0;
  }

  leaders(): number[] {
    return this.ensemble.servers.map((sid) => this.leaderOf(sid));
  }

  connections(a: number, b: number): number {
    const pair = (ends: readonly number[]): boolean => ends.includes(a) && ends.includes(b);
    return this.#conns.filter(({ ends, open }) => pair(ends) && open[0] && open[1]).length;
  }

  marks(): string[] {
    return this.notes.filter(({ note }) => note.kind === 'mark').map(({ note }) => note.text);
  }

  notesOf(sid: number, kind: Note['kind']): Noted[] {
    return this.notes.filter((noted) => noted.sid === sid && noted.note.kind === kind);
  }

  // How it works.

  #machine(sid: number): Machine {
    const machine = this.#machines.get(sid);
    if (machine === undefined) throw new Error(`no server ${sid}`);
    return machine;
  }

  #at(atUs: number, run: () => void): Happening {
    const happening = { atUs, seq: this.#seq++, run };
    this.#pending.push(happening);
    return happening;
  }

  #step(sid: number, handler: (ctx: Context) => void): void {
    const machine = this.#machine(sid);
    if (!machine.up) return;
    const ctx = contextOf(machine.config, machine.state, machine.past);
    handler(ctx);
    machine.state = stateOf(ctx);
    if (ctx.transport.loopback !== undefined) throw new Error('a step left its loopback');
    for (const effect of ctx.effects) this.#carryOut(sid, effect);
    const { transition } = ctx;
    if (transition?.to === 'elected') this.#settle(machine, transition);
  }

  #settle(machine: Machine, settledVote: SettledVote): void {
    const { sid, observer } = machine.config;
    const leads = settledVote.vote.leader === sid;
    const { transport, round } = machine.state;
    const role = roleStub(leads ? 'leading' : observer ? 'observing' : 'following');
    machine.timers.clear();
    machine.state = deepFreeze({
      transport,
      settledVote: { vote: settledVote.vote, round: settledVote.round },
      round,
      role,
    });
    this.#watch(machine, role);
  }

  /** Every `patienceMs` as long as this term of this role lasts. */
  #watch(machine: Machine, role: Role): void {
    const { patienceMs = 0 } = this.#options;
    if (patienceMs === 0) return;
    const { sid } = machine.config;
    this.#at(this.nowUs + patienceMs * 1000, () => {
      if (!machine.up || machine.state.role !== role) return;
      if (this.#isLed(sid)) this.#watch(machine, role);
      else this.look(sid);
    });
  }

  #isLed(sid: ServerId): boolean {
    const leader = this.leaderOf(sid);
    if (leader !== sid) return this.#machine(leader).up && this.role(leader) === 'leading';
    const followers = this.ensemble.voterList.filter(
      (voter) => this.#machine(voter).up && this.leaderOf(voter) === sid,
    );
    return isQuorum(this.ensemble.verifier, sidSetOf(followers));
  }

  #carryOut(sid: ServerId | number, effect: Effect): void {
    const { timers } = this.#machine(sid);
    if (effect.kind === 'note') {
      this.notes.push({ atMs: this.nowUs / 1000, sid, note: effect.note });
    } else if (effect.kind === 'setTimer') {
      const fire = this.#at(this.nowUs + effect.delayUs, () => {
        if (timers.get(effect.timer) !== fire) return;
        timers.delete(effect.timer);
        this.#step(sid, (ctx) => {
          if (ctx.role.kind !== 'looking') throw new Error('a timer outlived its role');
          lookingTimer(ctx, ctx.role, effect.timer);
        });
      });
      timers.set(effect.timer, fire);
    } else if (effect.kind === 'clearTimer') {
      timers.delete(effect.timer);
    } else if (effect.kind === 'dial') {
      this.#dial(serverId(sid), effect.peer);
    } else if (effect.kind === 'send') {
      this.#send(serverId(sid), effect.conn, effect.message);
    } else if (effect.kind === 'close') {
      this.#close(serverId(sid), effect.conn);
    } else {
      throw new Error(`an election does not ask for ${effect.kind}`);
    }
  }

  #delayUs(from: ServerId, to: ServerId): number {
    return Math.round((this.#options.delayMs?.(from, to) ?? 1) * 1000);
  }

  #dial(from: ServerId, peer: ServerId): void {
    const refused = this.#cut.has(`${from}-${peer}`) || !this.#machine(peer).up;
    const dialler = this.#machine(from);
    const { incarnation } = dialler;
    const answer = (handler: (ctx: Context) => void): void => {
      if (dialler.incarnation === incarnation) this.#step(from, handler);
    };
    const there = this.nowUs + this.#delayUs(from, peer);
    const back = there + this.#delayUs(peer, from);
    if (refused) {
      this.#at(back, () => answer((ctx) => transportDialFailed(ctx, peer)));
      return;
    }
    const conn = this.#conns.length as ConnId;
    const open: [boolean, boolean] = [true, true];
    this.#conns.push({ ends: [from, peer], lastUs: [back, there], open });
    this.#at(there, () => {
      if (open[1]) this.#step(peer, (ctx) => transportAccepted(ctx, conn));
    });
    this.#at(back, () => {
      if (open[0]) answer((ctx) => transportDialed(ctx, peer, conn));
      else answer((ctx) => transportDialFailed(ctx, peer));
    });
  }

  /** Runs `arrive` at the other end, after everything sent there before. */
  #towards(from: ServerId, conn: ConnId, arrive: (to: ServerId) => void): void {
    const connection = this.#conns[conn]!;
    const end = connection.ends[0] === from ? 1 : 0;
    const to = connection.ends[end];
    const atUs = Math.max(this.nowUs + this.#delayUs(from, to), connection.lastUs[end]);
    connection.lastUs[end] = atUs;
    this.#at(atUs, () => {
      if (connection.open[end] && this.#machine(to).up) arrive(to);
    });
  }

  #send(from: ServerId, conn: ConnId, message: Message): void {
    const { ends } = this.#conns[conn]!;
    const to = ends[0] === from ? ends[1] : ends[0];
    this.sent.push({ atMs: this.nowUs / 1000, from, to, message: deepFreeze(message) });
    this.#towards(from, conn, (there) =>
      this.#step(there, (ctx) => {
        const received = transportReceived(ctx, conn, message);
        if (received !== undefined) onNotification(ctx, received.from, received.notification);
      }),
    );
  }

  #close(from: ServerId, conn: ConnId): void {
    const connection = this.#conns[conn]!;
    const own = connection.ends[0] === from ? 0 : 1;
    connection.open[own] = false;
    this.#towards(from, conn, (to) => {
      connection.open[1 - own] = false;
      this.#step(to, (ctx) => transportClosed(ctx, conn));
    });
  }

  #break(id: number): void {
    const { ends, open } = this.#conns[id]!;
    ends.forEach((sid, end) => {
      if (!open[end]) return;
      open[end] = false;
      this.#at(this.nowUs + 1, () => this.#step(sid, (ctx) => transportClosed(ctx, id as ConnId)));
    });
  }
}
