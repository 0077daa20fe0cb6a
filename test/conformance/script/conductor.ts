// Runs a script against an endpoint, step by step, and notes what came of each. After every step
// all connections are pinged (or synced), so that each event is noted with the step that caused it.
import { unreachable } from '../../../base/assert.js';
import { compareCodeUnits } from '../../../base/order.js';
import { errorName } from '../wire/opcodes.js';
import type { Answer, EventAnswer, ReplyAnswer } from './answer.js';
import { stepText } from './answer.js';
import { Connection } from './connection.js';
import type { Endpoint } from './endpoint.js';
import { Normaliser } from './normalise.js';
import { requestOf } from './request.js';
import type { ReplyShape } from './request.js';
import type { RequestStep, Script, Step, StepOf } from './script.js';
import { isRequest } from './script.js';

const NO_PASSWORD = Buffer.alloc(16);
const BAD_PASSWORD = Buffer.alloc(16, 1);
const FAR_AHEAD = 1_000_000n;
/** A server that is busy may fail to say what it is. */
const ROLE_TRIES = 20;
const SERVING = ['leader', 'follower', 'observer', 'standalone'];

/** What outlives a connection: enough to resume its session. */
interface Saved {
  readonly session: bigint;
  readonly password: Buffer;
  readonly lastZxid: bigint;
}

interface Sent {
  readonly xid: number;
  readonly shape: ReplyShape;
}

/** The script asks for what is not there. */
class ScriptError extends Error {}
class NoConnection extends Error {}

class Conductor {
  readonly #endpoint: Endpoint;
  readonly #script: Script;
  readonly #barrier: 'ping' | 'sync' | 'none';
  readonly #normaliser: Normaliser;
  readonly #connections = new Map<string, Connection>();
  readonly #saved = new Map<string, Saved>();
  readonly #servers = new Map<string, number>();

  constructor(endpoint: Endpoint, script: Script) {
    this.#endpoint = endpoint;
    this.#script = script;
    this.#barrier = script.barrier ?? (script.server === 'ensemble' ? 'sync' : 'ping');
    this.#normaliser = new Normaliser(endpoint.servers);
  }

  async run(): Promise<Answer[]> {
    const answers: Answer[] = [];
    for (const step of this.#script.steps) {
      const answer: Answer = { '#': stepText(step) };
      try {
        const acting = await this.#step(step, answer);
        await this.#settle(step, acting, answer);
      } catch (error) {
        if (error instanceof NoConnection) this.#notConnected(error.message, answer);
        else if (error instanceof ScriptError) answer.scriptError = error.message;
        else throw error;
      }
      answers.push(answer);
    }
    for (const connection of this.#connections.values()) connection.hangUp();
    return answers;
  }

  #notConnected(name: string, answer: Answer): void {
    if (this.#saved.has(name)) answer.notConnected = true;
    else answer.scriptError = `no such connection '${name}'`;
  }

  /** The connection that acted, if one did. */
  async #step(step: Step, answer: Answer): Promise<Connection | undefined> {
    if (isRequest(step)) return this.#request(step, answer);
    switch (step.op) {
      case 'connect':
        return this.#connect(step, answer);
      case 'disconnect':
        await this.#disconnect(step, answer);
        return undefined;
      case 'wait':
        await this.#wait(step, answer);
        return undefined;
      case 'waitFor':
        await this.#waitFor(step, answer);
        return undefined;
      case 'ctl':
        await this.#control(step, answer);
        return undefined;
      case 'waitUp':
        await this.#waitUp(step, answer);
        return undefined;
      case '4lw':
        answer.text = await this.#endpoint.word(await this.#serverOf(step.server), step.cmd);
        return undefined;
      case 'pipeline':
        return this.#pipeline(step, answer);
      default:
        return unreachable(step);
    }
  }

  #connectionOf(name: string | undefined): Connection {
    const found = this.#connections.get(name ?? '');
    if (found === undefined) throw new NoConnection(name ?? '');
    return found;
  }

  async #connect(step: StepOf<'connect'>, answer: Answer): Promise<Connection | undefined> {
    const resumed = step.resume === undefined ? undefined : this.#saved.get(step.resume);
    if (step.resume !== undefined && resumed === undefined) throw new NoConnection(step.resume);
    const channel = await this.#endpoint.dial(await this.#serverOf(step.server));
    if (channel === undefined) {
      answer.refused = true;
      return undefined;
    }
    const connection = new Connection(step.s, channel, this.#endpoint);
    const { lastZxid: wanted = 0, sid, timeout = 10_000 } = step;
    let lastZxid = resumed?.lastZxid ?? 0n;
    if (typeof wanted === 'number') lastZxid = BigInt(wanted);
    else if (wanted === 'future') lastZxid = (this.#normaliser.base ?? 0n) + FAR_AHEAD;
    const answered = await connection.connect({
      lastZxid,
      timeoutMs: timeout,
      session: sid === undefined ? (resumed?.session ?? 0n) : BigInt(sid),
      password: step.badPassword === true ? BAD_PASSWORD : (resumed?.password ?? NO_PASSWORD),
      readOnly: step.readOnly ?? false,
      withReadOnly: step.withReadOnly ?? true,
    });
    if (answered && connection.session !== 0n && connection.timeoutMs > 0) {
      await this.#accepted(connection, lastZxid, answer);
      return connection;
    }
    if (answered) {
      answer.session = null;
      answer.timeout = connection.timeoutMs;
      await connection.drain(1000);
      answer.closed = !connection.open;
    } else {
      answer.closed = true;
    }
    connection.shut();
    return undefined;
  }

  async #accepted(connection: Connection, lastZxid: bigint, answer: Answer): Promise<void> {
    const { name, session, password, timeoutMs, readOnly } = connection;
    answer.session = this.#normaliser.nameSession(session, name);
    answer.timeout = timeoutMs;
    answer.readOnly = readOnly;
    this.#saved.set(name, { session, password, lastZxid });
    this.#connections.set(name, connection);
    if (this.#normaliser.base !== undefined) return;
    const pong = await connection.ping();
    if (typeof pong === 'object') this.#normaliser.begin(pong.zxid);
  }

  /** Cuts TCP; the session is left to the server's timer. */
  async #disconnect(step: StepOf<'disconnect'>, answer: Answer): Promise<void> {
    const connection = this.#connectionOf(step.s);
    this.#forget(connection);
    connection.shut();
    answer.ok = true;
    await this.#endpoint.sleep(50);
  }

  #forget({ name, session, password, lastZxid }: Connection): void {
    this.#connections.delete(name);
    this.#saved.set(name, { session, password, lastZxid });
  }

  async #pingAll(quiet: readonly string[] = []): Promise<void> {
    const how = this.#barrier === 'none' ? 'none' : 'ping';
    for (const connection of this.#connections.values()) {
      if (!quiet.includes(connection.name)) await connection.barrier(how);
    }
  }

  async #wait({ ms, silent }: StepOf<'wait'>, answer: Answer): Promise<void> {
    const endMs = this.#endpoint.nowMs() + ms;
    for (;;) {
      const leftMs = endMs - this.#endpoint.nowMs();
      if (leftMs <= 0) break;
      await this.#endpoint.sleep(Math.min(leftMs, 200));
      await this.#pingAll(silent);
    }
    answer.ok = true;
  }

  async #waitFor(step: StepOf<'waitFor'>, answer: Answer): Promise<void> {
    const endMs = this.#endpoint.nowMs() + (step.ms ?? 8000);
    const connection = this.#connectionOf(step.s);
    const exists: RequestStep = { op: 'exists', path: step.path };
    answer.ok = false;
    while (this.#endpoint.nowMs() < endMs) {
      const found: ReplyAnswer = {};
      await this.#finish(connection, this.#send(connection, exists), found);
      await this.#pingAll();
      if ((found.rc === 0) === (step.present ?? false)) {
        answer.ok = true;
        return;
      }
      await this.#endpoint.sleep(50);
    }
  }

  async #control(step: StepOf<'ctl'>, answer: Answer): Promise<void> {
    const { n, as, what } = step;
    const server = await this.#serverOf(n);
    if (as !== undefined) this.#servers.set(as, server);
    await this.#endpoint.control(what, server);
    answer.ok = true;
    if (what !== 'kill' && what !== 'term') return;
    // Every connection that this ends is to be noticed in this step.
    const endMs = this.#endpoint.nowMs() + 1000;
    while (this.#endpoint.nowMs() < endMs) {
      for (const connection of this.#connections.values()) await connection.barrier(this.#barrier);
      await this.#endpoint.sleep(100);
    }
  }

  async #waitUp(step: StepOf<'waitUp'>, answer: Answer): Promise<void> {
    const endMs = this.#endpoint.nowMs() + 30_000;
    const { count = this.#endpoint.servers, modes = SERVING } = step;
    answer.ok = false;
    while (this.#endpoint.nowMs() < endMs) {
      let up = 0;
      for (let server = 1; server <= this.#endpoint.servers; server++) {
        const mode = await this.#endpoint.modeOf(server);
        if (mode !== undefined && modes.includes(mode)) up += 1;
      }
      if (up >= count) {
        answer.ok = true;
        return;
      }
      await this.#endpoint.sleep(50);
    }
  }

  /** A server by number, as noted before, or by role: `follower2` is the second follower. */
  async #serverOf(which: number | string | null | undefined): Promise<number> {
    if (which === null || which === undefined) return 1;
    if (typeof which === 'number') return which;
    if (which.startsWith('$')) return this.#servers.get(which.slice(1)) ?? 1;
    const role = which.replace(/\d+$/, '');
    const nth = Number(which.slice(role.length) || 1);
    for (let tries = 0; tries < ROLE_TRIES; tries++) {
      const found = await this.#serversOf(role);
      const server = found[nth - 1];
      if (server !== undefined) return server;
      await this.#endpoint.sleep(100);
    }
    throw new ScriptError(`no server is ${which}`);
  }

  async #serversOf(role: string): Promise<number[]> {
    const found: number[] = [];
    for (let server = 1; server <= this.#endpoint.servers; server++) {
      if ((await this.#endpoint.modeOf(server)) === role) found.push(server);
    }
    return found;
  }

  async #pipeline(step: StepOf<'pipeline'>, answer: Answer): Promise<Connection> {
    const connection = this.#connectionOf(step.s);
    const sent = step.ops.map((part) => this.#send(connection, part));
    answer.replies = [];
    for (const request of sent) {
      const reply: ReplyAnswer = {};
      await this.#finish(connection, request, reply);
      const events = connection.takeEvents();
      if (events.length > 0) reply.ev = events;
      answer.replies.push(reply);
      if (reply.closed === true) break;
    }
    return connection;
  }

  async #request(step: RequestStep, answer: Answer): Promise<Connection> {
    const connection = this.#connectionOf(step.s);
    await this.#finish(connection, this.#send(connection, step), answer, step.replyMs);
    if (step.op === 'close') {
      await connection.drain(300);
      answer.closedByServer = !connection.open;
      connection.shut();
      this.#connections.delete(connection.name);
    } else if (connection.open && isLastWord(step, answer)) {
      await connection.drain(300);
    }
    return connection;
  }

  #send(connection: Connection, step: RequestStep): Sent {
    const request = requestOf(step, this.#normaliser.base ?? 0n);
    return { xid: connection.send(step.op, request), shape: request.shape };
  }

  async #finish(
    connection: Connection,
    { xid, shape }: Sent,
    answer: ReplyAnswer | Answer,
    waitMs?: number,
  ): Promise<void> {
    const reply = await connection.reply(xid, waitMs);
    if (reply === 'timeout') {
      answer.timeout = true;
    } else if (reply === 'closed') {
      answer.closed = true;
      connection.reported = true;
    } else if (reply === 'garbled') {
      answer.garbled = true;
      connection.reported = true;
      connection.shut();
    } else {
      answer.rc = reply.code;
      answer.err = errorName(reply.code);
      answer.zxid = this.#normaliser.zxid(reply.zxid);
      if (reply.body.left > 0 && (reply.code === 0 || shape === 'multi')) {
        this.#normaliser.body(shape, reply.body, answer);
      }
    }
  }

  /** Notes the events that came of the step, and the connections that it ended. */
  async #settle(step: Step, acting: Connection | undefined, answer: Answer): Promise<void> {
    const own = acting?.takeEvents() ?? [];
    const events: Record<string, readonly EventAnswer[]> = {};
    const late: Record<string, readonly EventAnswer[]> = {};
    if (acting !== undefined && own.length > 0) events[acting.name] = own;
    const all = [...this.#connections.values()].sort((a, b) => compareCodeUnits(a.name, b.name));
    const silent = step.op === 'wait' ? (step.silent ?? []) : [];
    for (const connection of all) {
      if (!silent.includes(connection.name)) await connection.barrier(this.#barrier);
    }
    for (const connection of all) {
      const heard = connection.takeEvents();
      if (heard.length > 0) (connection === acting ? late : events)[connection.name] = heard;
      if (connection.open) continue;
      if (!connection.reported) (answer.lost ??= []).push(connection.name);
      connection.shut();
      this.#forget(connection);
    }
    if (Object.keys(events).length > 0) answer.ev = events;
    if (Object.keys(late).length > 0) answer.evAfter = late;
    if (endsSessions(step) && deletesSeveral([events, late])) answer.evUnordered = true;
  }
}

/** The server closes the connection, but not at the same moment. */
function isLastWord({ op }: Step, { rc = 0, zxid }: Answer): boolean {
  return (op === 'auth' && rc !== 0) || (op === 'raw' && rc !== 0 && zxid === '-1');
}

function endsSessions({ op }: Step): boolean {
  return op === 'close' || op === 'wait' || op === 'waitFor';
}

/** Ephemerals of one session go in the order of a hash set. */
function deletesSeveral(all: readonly Record<string, readonly EventAnswer[]>[]): boolean {
  const lists = all.flatMap((events) => Object.values(events));
  return lists.some((list) => list.filter(([type]) => type === 'NodeDeleted').length > 1);
}

/** The answers, one for each step. */
export async function conduct(script: Script, endpoint: Endpoint): Promise<Answer[]> {
  return new Conductor(endpoint, script).run();
}
