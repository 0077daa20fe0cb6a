// The client's end of a connection to a simulated server, in frames of bytes: a gateway between the
// wire and the model's messages. [ZK-Java NIOServerCnxn]
import { assert } from '../../../base/assert.js';
import type { ServerId, SessionId, Zxid } from '../../../protocol/ids.js';
import { NO_ZXID } from '../../../protocol/ids.js';
import type { Message } from '../../../protocol/message.js';
import { bare, packet } from '../../../protocol/message.js';
import type { ServiceSettings } from '../../../protocol/service-settings.js';
import type { Channel } from '../script/endpoint.js';
import { decodeRequest } from '../wire/decode.js';
import type { Asked } from '../wire/encode.js';
import { encodeBare, encodeConnected, encodeEvent, encodeReply } from '../wire/encode.js';
import { JuteReader } from '../wire/jute.js';
import { OPCODES, XID } from '../wire/opcodes.js';
import type { Probe } from './probe.js';

const ADDRESS = '127.0.0.1';

/** What the channel needs of the world that its probe lives in. */
export interface Surroundings {
  readonly settings: ServiceSettings;
  nowMs(): number;
  /** Has the probe carry out what it is wanted to. */
  wake(): void;
  /** The probe is of no more use to this channel. */
  release(): void;
  /** One more event, if it comes by then; false: time has moved to then. */
  stepUntil(ms: number): boolean;
}

function number(value: bigint): number {
  const most = BigInt(Number.MAX_SAFE_INTEGER);
  return Number(value > most || value < -most ? most : value);
}

export class SimulatedChannel implements Channel {
  readonly #probe: Probe;
  readonly #around: Surroundings;
  #connecting = true;
  #withReadOnly = true;
  /** What was asked for and not answered, by xid. */
  readonly #asked: Asked[] = [];
  #closeXid = 0;
  #closed = false;

  constructor(probe: Probe, around: Surroundings) {
    this.#probe = probe;
    this.#around = around;
  }

  /** False: refused. */
  dial(server: ServerId): boolean {
    this.#probe.dial(server);
    this.#around.wake();
    const untilMs = this.#around.nowMs() + 10_000;
    while (this.#probe.phase === 'dialing') {
      if (!this.#around.stepUntil(untilMs)) return false;
    }
    return this.#probe.phase === 'open';
  }

  send(body: Uint8Array): void {
    const reader = new JuteReader(body);
    const message = this.#connecting ? this.#connect(reader) : this.#request(reader, body);
    this.#connecting = false;
    this.#probe.want(message === undefined ? { kind: 'close' } : { kind: 'send', message });
    this.#around.wake();
  }

  #connect(reader: JuteReader): Message {
    reader.int();
    const lastZxid = number(reader.long()) as Zxid;
    const timeoutMs = reader.int();
    const session = number(reader.long()) as SessionId;
    const password = reader.buffer()?.toString('hex') ?? '';
    this.#withReadOnly = reader.left > 0;
    const address = ADDRESS;
    return packet('connect', NO_ZXID, { session, timeoutMs, password, lastZxid, address });
  }

  /** Undefined: whoever reads bytes hangs up. */
  #request(reader: JuteReader, frame: Uint8Array): Message | undefined {
    const xid = reader.int();
    const opcode = reader.int();
    if (opcode === OPCODES.ping) return bare('clientPing');
    if (opcode === OPCODES.closeSession) {
      this.#closeXid = xid;
      return packet('closeSession', NO_ZXID, { cxid: xid });
    }
    const { settings } = this.#around;
    const request = decodeRequest(opcode, Buffer.from(frame.subarray(8)), settings);
    if (request === undefined) return undefined;
    const { op, begun, breaks } = request;
    this.#asked.push({ xid, op, begun, breaks });
    return packet('operation', NO_ZXID, { cxid: xid, op });
  }

  receive(waitMs: number): Promise<Buffer | 'closed' | 'timeout'> {
    return Promise.resolve(this.#receive(waitMs));
  }

  #receive(waitMs: number): Buffer | 'closed' | 'timeout' {
    const untilMs = this.#around.nowMs() + waitMs;
    for (;;) {
      const message = this.#probe.received.shift();
      if (message !== undefined) return this.#encode(message);
      if (this.#probe.phase !== 'open') return 'closed';
      if (!this.#around.stepUntil(untilMs)) return 'timeout';
    }
  }

  #encode(message: Message): Buffer {
    if (message.kind === 'reply') {
      const at = this.#asked.findIndex(({ xid }) => xid === message.body.cxid);
      const [asked] = at < 0 ? [] : this.#asked.splice(at, 1);
      return encodeReply(message, asked);
    }
    if (message.kind === 'connected') return encodeConnected(message, this.#withReadOnly);
    if (message.kind === 'watchEvent') return encodeEvent(message);
    assert(
      message.kind === 'clientPong' || message.kind === 'sessionClosed',
      'no other message goes to a client',
    );
    return encodeBare(message, message.kind === 'clientPong' ? XID.ping : this.#closeXid);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#probe.want({ kind: 'close' });
    this.#around.wake();
    while (this.#probe.phase === 'open') this.#around.stepUntil(this.#around.nowMs());
    this.#around.release();
  }
}
