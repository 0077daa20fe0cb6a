// What a server says, in bytes. A reply has no kind of its own on the wire: how its body looks
// follows from the request. [ZK-Java ReplyHeader, org.apache.zookeeper.proto, MultiResponse]
import { unreachable } from '../../../base/assert.js';
import { ERROR_NUMBERS } from '../../../protocol/error-code.js';
import type { Zxid } from '../../../protocol/ids.js';
import type { Message, Packet } from '../../../protocol/message.js';
import type { MultiPart, Operation } from '../../../protocol/operation.js';
import type { Result, Stat } from '../../../protocol/result.js';
import type { Decoded } from './decode.js';
import { JuteWriter } from './jute.js';
import { EVENT_TYPES, OPCODES, SYNC_CONNECTED, XID } from './opcodes.js';

function header(xid: number, zxid: Zxid, code: number): JuteWriter {
  return new JuteWriter().int(xid).long(BigInt(zxid)).int(code);
}

function stat(writer: JuteWriter, value: Stat): JuteWriter {
  writer.long(BigInt(value.czxid)).long(BigInt(value.mzxid));
  writer.long(BigInt(value.ctimeMs)).long(BigInt(value.mtimeMs));
  writer.int(value.version).int(value.cversion).int(value.aversion);
  writer.long(BigInt(value.ephemeralOwner)).int(value.dataLength).int(value.numChildren);
  return writer.long(BigInt(value.pzxid));
}

function strings(writer: JuteWriter, values: readonly string[]): JuteWriter {
  return writer.vector(values, (value) => writer.javaString(value));
}

function bytesOf(data: string | null): Buffer | null {
  return data === null ? null : Buffer.from(data, 'latin1');
}

const PART_TYPES: Readonly<Partial<Record<Result['kind'], number>>> = {
  stat: OPCODES.setData,
  data: OPCODES.getData,
  children: OPCODES.getChildren,
};

/** Type of a multi's part in its response; containers and TTL znodes answer as create2. */
function partType(result: Result, part: MultiPart | undefined): number {
  if (result.kind === 'created') {
    return result.stat === undefined ? OPCODES.create : OPCODES.create2;
  }
  return PART_TYPES[result.kind] ?? (part?.kind === 'check' ? OPCODES.check : OPCODES.delete);
}

function multi(writer: JuteWriter, results: readonly Result[], op: Operation | undefined): void {
  const failed = op?.kind === 'multi' && results.some(({ kind }) => kind === 'error');
  const parts = op?.kind === 'multi' ? op.parts : [];
  results.forEach((result, index) => {
    if (failed || result.kind === 'error') {
      const code = result.kind === 'error' ? ERROR_NUMBERS[result.code] : 0;
      writer.int(-1).bool(false).int(code).int(code);
    } else {
      writer.int(partType(result, parts[index])).bool(false).int(0);
      body(writer, result, undefined);
    }
  });
  writer.int(-1).bool(true).int(-1);
}

function body(writer: JuteWriter, result: Result, op: Operation | undefined): void {
  switch (result.kind) {
    case 'done':
      if (op?.kind === 'addWatch') writer.int(0);
      return;
    case 'created':
      writer.javaString(result.path);
      if (result.stat !== undefined) stat(writer, result.stat);
      return;
    case 'stat':
      stat(writer, result.stat);
      return;
    case 'data':
      stat(writer.buffer(bytesOf(result.data)), result.stat);
      return;
    case 'children':
      strings(writer, result.names);
      if (result.stat !== undefined) stat(writer, result.stat);
      return;
    case 'acl':
      writer.vector(result.acl, ({ perms, scheme, id }) =>
        writer.int(perms).javaString(scheme).javaString(id),
      );
      stat(writer, result.stat);
      return;
    case 'count':
      writer.int(result.count);
      return;
    case 'paths':
      strings(writer, result.paths);
      return;
    case 'identities':
      writer.vector(result.identities, ({ scheme, id }) =>
        writer.javaString(scheme).javaString(id),
      );
      return;
    case 'synced':
      writer.javaString(result.path);
      return;
    case 'multi':
      return multi(writer, result.results, op);
    case 'error':
      return;
    default:
      return unreachable(result);
  }
}

/** What was asked, and how. */
export interface Asked extends Decoded {
  readonly xid: number;
}

const BROKEN: Result = { kind: 'error', code: 'MarshallingError' };

export function encodeReply(reply: Packet<'reply'>, asked: Asked | undefined): Buffer {
  const { cxid } = reply.body;
  const breaks = asked?.breaks ?? false;
  const result = breaks ? BROKEN : reply.body.result;
  const code = result.kind === 'error' ? ERROR_NUMBERS[result.code] : 0;
  const writer = header(cxid, reply.zxid, code);
  if (breaks) body(writer, reply.body.result, asked?.op);
  else if (result.kind === 'error' && asked?.begun === true) multi(writer, [], undefined);
  else body(writer, result, asked?.op);
  return writer.bytes();
}

export function encodeEvent({ zxid, body: event }: Packet<'watchEvent'>): Buffer {
  const writer = header(XID.notification, zxid, 0);
  writer.int(EVENT_TYPES[event.type]).int(SYNC_CONNECTED).javaString(event.path);
  return writer.bytes();
}

/** `withReadOnly`: the client said whether it would take a read-only server. */
export function encodeConnected(message: Packet<'connected'>, withReadOnly: boolean): Buffer {
  const { session, timeoutMs, password } = message.body;
  const writer = new JuteWriter().int(0).int(timeoutMs).long(BigInt(session));
  writer.buffer(Buffer.from(password, 'hex'));
  if (withReadOnly) writer.bool(false);
  return writer.bytes();
}

/** A reply without a body: of a ping, of the end of a session. */
export function encodeBare({ zxid }: Message, xid: number): Buffer {
  return header(xid, zxid, 0).bytes();
}
