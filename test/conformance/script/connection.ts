// One connection of a script: it sends requests, reads replies, and collects the watch events that
// come before them. It reconnects to nothing and remembers no watches: a script decides all that.
import { JuteReader, JuteWriter } from '../wire/jute.js';
import { eventName, OPCODES, stateName, SYNC_CONNECTED, XID } from '../wire/opcodes.js';
import type { EventAnswer } from './answer.js';
import type { Channel, Endpoint } from './endpoint.js';
import { fixedXid } from './request.js';
import type { WireRequest } from './request.js';
import type { RequestStep } from './script.js';

/** How long a connection may be silent before it pings, as every client does. */
const SILENCE_MS = 1000;
const PATIENCE_MS = 10_000;
const STALE_PING_XID = XID.ping;

export interface ConnectRequest {
  readonly lastZxid: bigint;
  readonly timeoutMs: number;
  readonly session: bigint;
  readonly password: Buffer;
  readonly readOnly: boolean;
  /** Undefined: a client from before there was a read-only mode. */
  readonly withReadOnly: boolean;
}

export interface Reply {
  readonly zxid: bigint;
  readonly code: number;
  readonly body: JuteReader;
}

export function newSession(timeoutMs: number): ConnectRequest {
  const password = Buffer.alloc(16);
  return { lastZxid: 0n, timeoutMs, session: 0n, password, readOnly: false, withReadOnly: true };
}

/** No reply: the server closed, said nothing, or sent something else. */
export type NoReply = 'closed' | 'timeout' | 'garbled';

export class Connection {
  readonly name: string;
  readonly #channel: Channel;
  readonly #endpoint: Endpoint;
  #xid = 0;
  #stalePings = 0;
  events: EventAnswer[] = [];
  open = true;
  /** It has been said already that it is closed. */
  reported = false;
  session = 0n;
  password: Buffer = Buffer.alloc(16);
  timeoutMs = 0;
  readOnly: boolean | null = false;
  lastZxid = 0n;

  constructor(name: string, channel: Channel, endpoint: Endpoint) {
    this.name = name;
    this.#channel = channel;
    this.#endpoint = endpoint;
  }

  /** False: closed in place of an answer. */
  async connect(request: ConnectRequest): Promise<boolean> {
    const { lastZxid, timeoutMs, session, password, readOnly, withReadOnly } = request;
    const writer = new JuteWriter().int(0).long(lastZxid).int(timeoutMs).long(session);
    writer.buffer(password);
    if (withReadOnly) writer.bool(readOnly);
    this.#channel.send(writer.bytes());
    const frame = await this.#frame(PATIENCE_MS);
    if (typeof frame === 'string') return false;
    const reader = new JuteReader(frame);
    // A read-only server answers with the header of a reply, if it has no sessions to give.
    if (reader.left < 20) return false;
    reader.int();
    this.timeoutMs = reader.int();
    this.session = reader.long();
    this.password = reader.buffer() ?? Buffer.alloc(0);
    this.readOnly = reader.left > 0 ? reader.bool() : null;
    return true;
  }

  /** Sends a request; its xid. */
  send(op: RequestStep['op'], { opcode, body }: WireRequest): number {
    const fixed = fixedXid(op);
    if (fixed === undefined) this.#xid += 1;
    const xid = fixed ?? this.#xid;
    this.#channel.send(new JuteWriter().int(xid).int(opcode).raw(body).bytes());
    return xid;
  }

  /** Reads up to the reply with this xid. */
  async reply(xid: number, waitMs = PATIENCE_MS): Promise<Reply | NoReply> {
    const endMs = this.#endpoint.nowMs() + waitMs;
    for (;;) {
      const frame = await this.#frame(endMs - this.#endpoint.nowMs());
      if (typeof frame === 'string') return frame;
      const body = new JuteReader(frame);
      if (body.left < 16) return 'garbled';
      const got = body.int();
      const zxid = body.long();
      const code = body.int();
      if (got === XID.notification) {
        this.#event(body);
      } else if (got === STALE_PING_XID && this.#stalePings > 0) {
        this.#stalePings -= 1;
      } else if (got === xid) {
        if (zxid > this.lastZxid) this.lastZxid = zxid;
        return { zxid, code, body };
      } else {
        return 'garbled';
      }
    }
  }

  /** Reads whatever comes in this time, or until the server closes. */
  async drain(ms: number): Promise<void> {
    const endMs = this.#endpoint.nowMs() + ms;
    while (this.open) {
      const leftMs = endMs - this.#endpoint.nowMs();
      if (leftMs <= 0) return;
      const frame = await this.#frame(leftMs);
      if (typeof frame === 'string') return;
      const body = new JuteReader(frame);
      if (body.int() !== XID.notification) continue;
      body.long();
      body.int();
      this.#event(body);
    }
  }

  async ping(): Promise<Reply | NoReply> {
    const nothing: WireRequest = { opcode: OPCODES.ping, body: Buffer.alloc(0), shape: 'none' };
    return this.reply(this.send('ping', nothing));
  }

  /** After the reply every event is here that was sent before. */
  async barrier(how: 'ping' | 'sync' | 'none'): Promise<void> {
    if (!this.open || how === 'none') return;
    let reply: Reply | NoReply;
    if (how === 'ping') {
      reply = await this.ping();
    } else {
      const body = new JuteWriter().string('/').bytes();
      reply = await this.reply(this.send('sync', { opcode: OPCODES.sync, body, shape: 'path' }));
    }
    if (reply === 'timeout') this.events.push(['BARRIERTIMEOUT', null]);
  }

  /** Ends the session without waiting for anything. */
  hangUp(): void {
    const { closeSession } = OPCODES;
    if (this.open) this.#channel.send(new JuteWriter().int(99_999).int(closeSession).bytes());
    this.shut();
  }

  shut(): void {
    this.#channel.close();
    this.open = false;
  }

  takeEvents(): readonly EventAnswer[] {
    const taken = this.events;
    this.events = [];
    return taken;
  }

  async #frame(waitMs: number): Promise<Buffer | 'closed' | 'timeout'> {
    const endMs = this.#endpoint.nowMs() + waitMs;
    for (;;) {
      const leftMs = endMs - this.#endpoint.nowMs();
      if (leftMs <= 0) return 'timeout';
      const got = await this.#channel.receive(Math.min(leftMs, SILENCE_MS));
      if (got === 'closed') this.open = false;
      if (got !== 'timeout') return got;
      if (this.session !== 0n && this.#endpoint.nowMs() < endMs) {
        this.#channel.send(new JuteWriter().int(STALE_PING_XID).int(OPCODES.ping).bytes());
        this.#stalePings += 1;
      }
    }
  }

  #event(body: JuteReader): void {
    const type = eventName(body.int());
    const state = body.int();
    const path = body.string();
    const event = [type, path];
    this.events.push(state === SYNC_CONNECTED ? event : [...event, stateName(state)]);
  }
}
