// Carries out what happens to servers: records the event, steps the reducer with it, and carries
// out the effects in order. A listener on the trace may end the process in the middle of that; then
// the rest of the effects never happens. That is the crash between two micro-steps.
import { assert, InvariantError, unreachable } from '../../base/assert.js';
import type { Effect } from '../../protocol/effect.js';
import type { PeerEvent, TimerKind } from '../../protocol/event.js';
import type { ConnId, ServerId } from '../../protocol/ids.js';
import type { Message } from '../../protocol/message.js';
import type { Entry } from '../trace/fold.js';
import type { Conn } from './connections.js';
import type { Credits } from './credits.js';
import type { DiskJob, Survival } from './disk.js';
import { dialFailedText, diskEntry, makeEntry } from './entries.js';
import type { Journal } from './journal.js';
import type { Network } from './network.js';
import type { Pending } from './pending.js';
import type { Reducers } from './reducers.js';
import type { Server } from './server.js';
import type { Latency, WorldSetup } from './setup.js';
import { exitSurvival } from './survival.js';
import type { Timeline } from './timeline.js';
import { isStage, timerCode, timerKey, timerKind } from './timers.js';

/** Parts of a world that its drivers share. */
export interface Parts {
  readonly setup: WorldSetup;
  readonly timeline: Timeline;
  readonly journal: Journal;
  readonly network: Network;
  readonly credits: Credits;
}

export class ServerDriver<P, C> {
  readonly #reducers: Reducers<P, C>;
  readonly #timeline: Timeline;
  readonly #journal: Journal;
  readonly #network: Network;
  readonly #credits: Credits;
  readonly #setup: WorldSetup;
  readonly #due = { localUs: 0, atUs: 0 };
  /** How many steps the reducer has made. */
  steps = 0;

  constructor(parts: Parts, reducers: Reducers<P, C>) {
    this.#reducers = reducers;
    this.#setup = parts.setup;
    this.#timeline = parts.timeline;
    this.#journal = parts.journal;
    this.#network = parts.network;
    this.#credits = parts.credits;
  }

  /** The thing happens; the world has seen to it that it can. */
  run(pending: Pending, server: Server<P>): void {
    switch (pending.kind) {
      case 'message':
      case 'copy':
        return this.#receive(pending, server);
      case 'timer':
        return this.#fire(pending, server);
      case 'disk':
        return this.#complete(pending, server);
      case 'boot':
        return this.#boot(pending, server);
      case 'dialed':
      case 'refused':
      case 'dialTimeout':
      case 'accepted':
      case 'eof':
      case 'reset':
      case 'broken':
        return this.#signal(pending, server);
      case 'syn':
        return this.#network.answer(pending);
      case 'invoke':
      case 'disconnect':
      case 'closeClient':
      case 'finishProgram':
        throw new InvariantError('servers are not clients');
      default:
        return unreachable(pending.kind);
    }
  }

  #receive(pending: Pending, server: Server<P>): void {
    const conn = this.#connOf(pending);
    const message = pending.body as Message;
    const from = conn.other(server.actor);
    const entry = makeEntry('received', from, message.zxid, conn.id, message.kind);
    const event: PeerEvent = { kind: 'received', conn: conn.id as ConnId, message };
    this.#happen(pending, server, entry, event);
  }

  #connOf(pending: Pending): Conn {
    const conn = this.#network.conns.get(pending.key);
    assert(conn !== undefined, 'an event on a connection that is gone');
    return conn;
  }

  #fire(pending: Pending, server: Server<P>): void {
    const code = pending.key;
    server.timers.fired(code);
    const timer = timerKind(code) as TimerKind;
    const key = timerKey(code);
    this.#happen(pending, server, makeEntry('timer', 0, 0, key, timer), {
      kind: 'timer',
      timer,
      key,
    });
  }

  #complete(pending: Pending, server: Server<P>): void {
    const { lying } = server.diskCondition;
    const isSync = server.disk.jobOf(pending.seq).kind !== 'load';
    const event = server.disk.complete(pending.seq, this.#timeline.nowUs, lying);
    this.#happen(pending, server, makeEntry('disk', 0, 0, 0, event.kind), event);
    if (lying && isSync) {
      this.#credits.giveAll(server.diskFaults, (c) => c.lying, 'lied', server.actor);
    }
  }

  /** The disk request fails, and the process is told. */
  fail(pending: Pending, server: Server<P>, kept: number): void {
    const event = server.disk.fail(pending.seq, kept);
    this.#happen(pending, server, makeEntry('disk', 0, 0, 0, event.kind), event);
  }

  #boot(pending: Pending, server: Server<P>): void {
    const { disk } = server;
    server.bootSeq = 0;
    server.up = true;
    const { corruptions, snapshotLosses } = server;
    server.corruptions = [];
    server.snapshotLosses = [];
    const corrupted = corruptions.filter(({ back }) => disk.corrupt(back));
    const lost = snapshotLosses.filter(() => disk.loseNewestSnapshot());
    const image = disk.image();
    this.#happen(pending, server, diskEntry('boot', image.durable, ''), {
      kind: 'boot',
      disk: image,
    });
    for (const { fault } of corrupted) this.#credits.give(fault, 'corrupted', server.actor);
    for (const fault of lost) this.#credits.give(fault, 'snapshotLost', server.actor);
  }

  #signal(pending: Pending, server: Server<P>): void {
    const conn = this.#connOf(pending);
    const { actor } = server;
    const peer = conn.other(actor) as ServerId;
    const id = conn.id as ConnId;
    const { purpose } = conn;
    const { kind } = pending;
    if (kind === 'dialed') {
      this.#network.establish(conn);
      const entry = makeEntry('dialed', peer, 0, id, purpose);
      this.#happen(pending, server, entry, { kind: 'dialed', purpose, peer, conn: id });
    } else if (kind === 'accepted') {
      conn.far = 'open';
      const entry = makeEntry('accepted', peer, 0, id, purpose);
      this.#happen(pending, server, entry, { kind: 'accepted', purpose, conn: id });
    } else if (kind === 'refused' || kind === 'dialTimeout') {
      this.#network.abandon(conn);
      const reason = kind === 'refused' ? 'refused' : 'timeout';
      const entry = makeEntry('dialFailed', peer, 0, 0, dialFailedText(purpose, reason));
      this.#happen(pending, server, entry, { kind: 'dialFailed', purpose, peer, reason });
    } else {
      this.#network.conclude(conn, actor);
      const reason = kind === 'eof' ? 'eof' : 'reset';
      const entry = makeEntry('closed', peer, 0, id, reason);
      this.#happen(pending, server, entry, { kind: 'closed', conn: id, reason });
    }
  }

  #happen(pending: Pending, server: Server<P>, entry: Entry, event: PeerEvent): void {
    const { life } = server;
    const index = this.#journal.event(server.actor, pending.cause, entry);
    if (server.life !== life) return;
    this.#timeline.cause = index;
    this.steps += 1;
    const now = server.clock.now(this.#timeline.nowUs);
    const { state, effects } = this.#reducers.stepPeer(server.config, server.state, event, now);
    server.state = state;
    for (const effect of effects) {
      this.#carryOut(server, effect);
      if (server.life !== life) return;
    }
  }

  #carryOut(server: Server<P>, effect: Effect): void {
    const { actor } = server;
    switch (effect.kind) {
      case 'send':
        return this.#network.send(effect.conn, actor, effect.message);
      case 'note':
        return this.#journal.note(actor, effect.note);
      case 'setTimer':
        return this.#setTimer(server, timerCode(effect.timer, effect.key), effect.delayUs);
      case 'clearTimer':
        return server.timers.clear(timerCode(effect.timer, effect.key), this.#timeline);
      case 'clearTimers':
        return server.timers.clearAll(this.#timeline);
      case 'appendLog':
        return server.disk.append(effect.log);
      case 'flushLog':
        return this.#ask(server, { kind: 'flush', log: server.disk.buffered });
      case 'writeEpoch':
        return this.#ask(server, { kind: 'epoch', file: effect.file, epoch: effect.epoch });
      case 'writeSnapshot': {
        const { snapshot, fsync } = effect;
        return this.#ask(server, { kind: 'snapshot', snapshot, fsync });
      }
      case 'truncateLog':
        return this.#ask(server, { kind: 'truncate', log: effect.log, fsync: effect.fsync });
      case 'loadDatabase':
        return this.#ask(server, { kind: 'load' });
      case 'dial': {
        const giveUpUs = this.#worldAfter(server, effect.timeoutMs * 1000);
        return this.#network.dial(actor, effect.peer, effect.purpose, giveUpUs);
      }
      case 'close':
        return this.#network.close(effect.conn, actor);
      case 'listen':
        server.listening = effect.open;
        return;
      case 'exit':
        return this.end(server, 'exit', exitSurvival(server.disk));
      default:
        return unreachable(effect);
    }
  }

  #worldAfter(server: Server<P>, delayUs: number): number {
    const { clock } = server;
    return clock.worldAt(clock.localAt(this.#timeline.nowUs) + delayUs);
  }

  #setTimer(server: Server<P>, code: number, delayUs: number): void {
    const { clock } = server;
    const { nowUs } = this.#timeline;
    const due = this.#due;
    if (delayUs === 0 && isStage(code)) {
      due.atUs = nowUs + this.#stageUs(server);
      due.localUs = clock.localAt(due.atUs);
    } else {
      due.localUs = clock.localAt(nowUs) + Math.max(0, delayUs);
      due.atUs = clock.worldAt(due.localUs);
    }
    server.timers.set(code, due, this.#timeline);
  }

  /** How long until a thread of this server picks up its work. */
  #stageUs(server: Server<P>): number {
    const usualUs = server.stageLatency.sample(this.#setup.stageUs);
    const { slowFactor } = server;
    if (slowFactor === 1) return usualUs;
    this.#credits.giveAll(server.processFaults, (c) => c.slowFactor > 1, 'slowed', server.actor);
    return Math.round(usualUs * slowFactor);
  }

  #ask(server: Server<P>, job: DiskJob): void {
    const { disk, actor } = server;
    const atUs = Math.max(this.#timeline.nowUs, disk.freeUs) + this.#jobUs(server, job);
    disk.freeUs = atUs;
    const seq = this.#timeline.schedule('disk', actor, atUs, 0, undefined);
    disk.begin({ seq, job, atUs, cause: this.#timeline.cause });
  }

  /** The disk is faster by so much: what is under way is done sooner, under the same numbers. */
  quicken(server: Server<P>, ratio: number): void {
    const { disk, actor } = server;
    const { nowUs } = this.#timeline;
    const sooner = (atUs: number): number => nowUs + Math.round((atUs - nowUs) * ratio);
    disk.requests = disk.requests.map(({ seq, job, atUs, cause }) => {
      if (atUs <= nowUs) return { seq, job, atUs, cause };
      this.#timeline.hasten(seq, actor, sooner(atUs), cause);
      return { seq, job, atUs: sooner(atUs), cause };
    });
    if (disk.freeUs > nowUs) disk.freeUs = sooner(disk.freeUs);
  }

  #jobUs(server: Server<P>, job: DiskJob): number {
    const { fsync, bulk } = this.#setup.disk;
    const sample = (latency: Latency): number => server.diskLatency.sample(latency);
    let usualUs: number;
    if (job.kind === 'load') usualUs = sample(bulk);
    else if (job.kind === 'snapshot') usualUs = sample(bulk) + (job.fsync ? sample(fsync) : 0);
    else if (job.kind === 'truncate') usualUs = sample(job.fsync ? fsync : bulk);
    else usualUs = sample(fsync);
    const { slowFactor } = server.diskCondition;
    if (slowFactor === 1) return usualUs;
    this.#credits.giveAll(server.diskFaults, (c) => c.slowFactor > 1, 'slowed', server.actor);
    return Math.round(usualUs * slowFactor);
  }

  /** The process ends, by itself or not. What it leaves on its disk is what `survival` says. */
  end(server: Server<P>, how: 'process' | 'power' | 'exit', survival: Survival): void {
    const { nowUs, cause } = this.#timeline;
    server.life += 1;
    server.up = false;
    server.listening = false;
    server.bootSeq = 0;
    server.state = this.#reducers.initialPeer(server.config);
    server.timers.clearAll(this.#timeline);
    if (how === 'power') {
      server.powered = false;
      server.disk.powerLost(survival, nowUs);
      this.#network.hostLost(server.actor);
    } else {
      server.disk.processEnded(survival, nowUs);
      this.#network.processEnded(server.actor);
    }
    server.stalled = [];
    // Nobody will handle what the kernel kept for the process; it now turns out to be lost.
    this.#timeline.release(server.inbox);
    server.inbox = [];
    this.#journal.event(server.actor, cause, diskEntry('crash', server.disk.image().durable, how));
  }
}
