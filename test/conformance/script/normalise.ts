// Takes out of a reply what differs from run to run: zxids count from the first session's, sessions
// have the names of their connections, times are left out.
import { unreachable } from '../../../base/assert.js';
import { compareCodeUnits } from '../../../base/order.js';
import type { JuteReader } from '../wire/jute.js';
import { JuteError } from '../wire/jute.js';
import { errorName, OPCODES, opcodeName } from '../wire/opcodes.js';
import type { BodyAnswer, DataAnswer, PartAnswer, StatAnswer, ZxidText } from './answer.js';
import type { ReplyShape } from './request.js';
import { permsText } from './values.js';

const COUNTER_BITS = 32n;
const CONTAINER_OWNER = -(2n ** 63n);
const LONG_DATA_BYTES = 4096;

export class Normaliser {
  /** How many servers there are: their own addresses are dropped from the configuration. */
  readonly #servers: number;
  readonly #sessions = new Map<bigint, string>();
  #base: bigint | undefined;

  constructor(servers: number) {
    this.#servers = servers;
  }

  get base(): bigint | undefined {
    return this.#base;
  }

  /** The first session is there, and this is its zxid. */
  begin(zxid: bigint): void {
    this.#base ??= zxid;
  }

  /** The name of the connection that had the session first. */
  nameSession(session: bigint, connection: string): string {
    const known = this.#sessions.get(session);
    if (known !== undefined) return known;
    this.#sessions.set(session, connection);
    return connection;
  }

  zxid(value: bigint): ZxidText {
    if (value <= 0n) return String(value);
    if (this.#base === undefined) return '?';
    const epochs = (value >> COUNTER_BITS) - (this.#base >> COUNTER_BITS);
    if (epochs === 0n) return Number(value - this.#base);
    const sign = epochs > 0n ? '+' : '';
    return `E${sign}${epochs}:${BigInt.asUintN(32, value)}`;
  }

  #owner(value: bigint): number | string {
    if (value === 0n) return 0;
    const name = this.#sessions.get(value);
    if (name !== undefined) return name;
    if (value === CONTAINER_OWNER) return 'container';
    if (BigInt.asUintN(8, value >> 56n) === 0xffn) return `ttl:${BigInt.asUintN(40, value)}`;
    return 'other';
  }

  #stat(reader: JuteReader): StatAnswer {
    const czxid = this.zxid(reader.long());
    const mzxid = this.zxid(reader.long());
    reader.long();
    reader.long();
    const version = reader.int();
    const cversion = reader.int();
    const aversion = reader.int();
    const ephemeralOwner = this.#owner(reader.long());
    const dataLength = reader.int();
    const numChildren = reader.int();
    const pzxid = this.zxid(reader.long());
    return {
      czxid, mzxid, pzxid, version, cversion, aversion, ephemeralOwner, dataLength, numChildren,
    }; // prettier-ignore
  }

  #data(bytes: Buffer | null): DataAnswer {
    if (bytes === null) return null;
    if (bytes.length > LONG_DATA_BYTES) return { len: bytes.length };
    try {
      const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
      return this.#text(decoder.decode(bytes));
    } catch {
      return { hex: bytes.toString('hex') };
    }
  }

  /** The dynamic configuration: lines sorted, addresses of the ensemble's own servers dropped. */
  #text(text: string): string {
    if (!text.startsWith('server.') && !text.includes('\nversion=')) return text;
    const lines = text.split('\n').map((line) => {
      if (line.startsWith('version=')) {
        return `version=${this.zxid(parseHex(line.slice('version='.length)))}`;
      }
      const own = /^server\.(\d+)=(.*:)(participant|observer);/.exec(line);
      if (own === null || Number(own[1]) > this.#servers) return line;
      return `server.${own[1] ?? ''}=${own[3] ?? ''}`;
    });
    return lines.sort(compareCodeUnits).join('\n');
  }

  /** Reads the body of a reply into `answer`. */
  body(shape: ReplyShape, reader: JuteReader, answer: BodyAnswer): void {
    try {
      this.#body(shape, reader, answer);
    } catch (error) {
      if (!(error instanceof JuteError)) throw error;
      answer.decode = 'short reply';
    }
  }

  #body(shape: ReplyShape, reader: JuteReader, answer: BodyAnswer): void {
    switch (shape) {
      case 'none':
        return;
      case 'error':
        answer.bodyErr = reader.int();
        return;
      case 'path':
      case 'pathStat':
        answer.path = reader.string();
        if (shape === 'pathStat') answer.stat = this.#stat(reader);
        return;
      case 'stat':
        answer.stat = this.#stat(reader);
        return;
      case 'data':
        answer.data = this.#data(reader.buffer());
        answer.stat = this.#stat(reader);
        return;
      case 'children':
      case 'childrenStat':
        answer.children = strings(reader);
        if (shape === 'childrenStat') answer.stat = this.#stat(reader);
        return;
      case 'acl':
        answer.acl = reader.vector(() => aclEntry(reader)) ?? [];
        answer.stat = this.#stat(reader);
        return;
      case 'paths':
        answer.paths = strings(reader);
        return;
      case 'count':
        answer.count = reader.int();
        return;
      case 'identities':
        answer.who = (reader.vector(() => identity(reader)) ?? []).sort(compareCodeUnits);
        return;
      case 'multi':
        answer.results = this.#parts(reader);
        return;
      default:
        return unreachable(shape);
    }
  }

  #parts(reader: JuteReader): PartAnswer[] {
    const parts: PartAnswer[] = [];
    for (;;) {
      const type = reader.int();
      const done = reader.bool();
      reader.int();
      if (done) return parts;
      const part: PartAnswer = { type: type === -1 ? 'error' : opcodeName(type) };
      if (type === -1) {
        part.rc = reader.int();
        part.err = errorName(part.rc);
      } else {
        this.#body(PART_SHAPES.get(type) ?? 'none', reader, part);
      }
      parts.push(part);
    }
  }
}

const PART_SHAPES: ReadonlyMap<number, ReplyShape> = new Map([
  [OPCODES.create, 'path'],
  [OPCODES.create2, 'pathStat'],
  [OPCODES.createContainer, 'pathStat'],
  [OPCODES.createTTL, 'pathStat'],
  [OPCODES.setData, 'stat'],
  [OPCODES.getChildren, 'children'],
  [OPCODES.getData, 'data'],
] as const);

function parseHex(text: string): bigint {
  return text.startsWith('-') ? -BigInt(`0x${text.slice(1)}`) : BigInt(`0x${text}`);
}

function strings(reader: JuteReader): string[] {
  return (reader.vector(() => reader.string() ?? '') ?? []).sort(compareCodeUnits);
}

function aclEntry(reader: JuteReader): string {
  const perms = permsText(reader.int());
  const scheme = reader.string();
  return `${perms}:${String(scheme)}:${String(reader.string())}`;
}

function identity(reader: JuteReader): string {
  const scheme = reader.string();
  return `${String(scheme)}:${String(reader.string())}`;
}
