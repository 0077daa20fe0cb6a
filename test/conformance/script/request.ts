// A step of a script as a request on the wire: its opcode, its bytes, and how to read the answer.
// [ZK-Java org.apache.zookeeper.proto]
import { unreachable } from '../../../base/assert.js';
import { CREATE_MODES, OPCODES, WATCHER_TYPES, WATCH_MODES, XID } from '../wire/opcodes.js';
import { JuteWriter } from '../wire/jute.js';
import type { RequestStep, ScriptAcl, ScriptText } from './script.js';
import { aclEntries, textBytes } from './values.js';

/** What the body of a reply holds. */
export type ReplyShape =
  | ('none' | 'error' | 'path' | 'pathStat' | 'stat' | 'data' | 'acl' | 'children')
  | ('childrenStat' | 'paths' | 'count' | 'identities' | 'multi');

export interface WireRequest {
  readonly opcode: number;
  readonly body: Uint8Array;
  readonly shape: ReplyShape;
}

type Of<K extends RequestStep['op']> = Extract<RequestStep, { op: K }>;

function text(writer: JuteWriter, value: ScriptText | undefined): JuteWriter {
  return writer.buffer(textBytes(value ?? null));
}

function acl(writer: JuteWriter, value: ScriptAcl | undefined): JuteWriter {
  return writer.vector(aclEntries(value === undefined ? 'open' : value), (entry) =>
    writer.int(entry.perms).string(entry.scheme).string(entry.id),
  );
}

function data(writer: JuteWriter, value: ScriptText | undefined): JuteWriter {
  return writer.buffer(textBytes(value === undefined ? '' : value));
}

function texts(writer: JuteWriter, values: readonly ScriptText[] | undefined): JuteWriter {
  return writer.vector(values ?? [], (value) => text(writer, value));
}

function createOpcode(step: Of<'create' | 'create2'>): number {
  const { opcode, mode, ttl } = step;
  if (opcode !== undefined) return opcode;
  if (mode === 'ttl' || mode === 'ttl_sequential' || ttl !== undefined) return OPCODES.createTTL;
  return mode === 'container' ? OPCODES.createContainer : OPCODES[step.op];
}

function createRequest(step: Of<'create' | 'create2'>): WireRequest {
  const { mode = 'persistent' } = step;
  const writer = new JuteWriter();
  data(text(writer, step.path), step.data);
  acl(writer, step.acl).int(typeof mode === 'number' ? mode : CREATE_MODES[mode]);
  const opcode = createOpcode(step);
  if (opcode === OPCODES.createTTL) writer.long(BigInt(step.ttl ?? 0));
  const shape = opcode === OPCODES.create ? 'path' : 'pathStat';
  return { opcode, body: writer.bytes(), shape };
}

/** `base`: the zxid of the first session, from which a script counts. */
export function requestOf(step: RequestStep, base: bigint): WireRequest {
  const writer = new JuteWriter();
  const made = (shape: ReplyShape): WireRequest => {
    const { op } = step;
    const opcode = op === 'raw' ? step.opcode : OPCODES[op === 'close' ? 'closeSession' : op];
    return { opcode, body: writer.bytes(), shape };
  };
  switch (step.op) {
    case 'create':
    case 'create2':
      return createRequest(step);
    case 'delete':
    case 'check':
      text(writer, step.path).int(step.version ?? -1);
      return made('none');
    case 'deleteContainer':
      text(writer, step.path);
      return made('none');
    case 'exists':
      text(writer, step.path).bool(step.watch ?? false);
      return made('stat');
    case 'getData':
      text(writer, step.path).bool(step.watch ?? false);
      return made('data');
    case 'getChildren':
      text(writer, step.path).bool(step.watch ?? false);
      return made('children');
    case 'getChildren2':
      text(writer, step.path).bool(step.watch ?? false);
      return made('childrenStat');
    case 'setData':
      data(text(writer, step.path), step.data).int(step.version ?? -1);
      return made('stat');
    case 'setACL':
      acl(text(writer, step.path), step.acl).int(step.version ?? -1);
      return made('stat');
    case 'getACL':
      text(writer, step.path);
      return made('acl');
    case 'sync':
      text(writer, step.path);
      return made('path');
    case 'multi':
    case 'multiRead':
      return { opcode: OPCODES[step.op], body: multiBody(step.ops, base), shape: 'multi' };
    case 'reconfig':
      text(text(text(writer, step.joining), step.leaving), step.members);
      writer.long(zxidOf(step.from ?? -1, base));
      return made('data');
    case 'checkWatches':
    case 'removeWatches': {
      const { type = 'any' } = step;
      text(writer, step.path).int(typeof type === 'number' ? type : WATCHER_TYPES[type]);
      return made('none');
    }
    case 'addWatch': {
      const { mode = 'persistent' } = step;
      text(writer, step.path).int(typeof mode === 'number' ? mode : WATCH_MODES[mode]);
      return made('error');
    }
    case 'setWatches':
    case 'setWatches2':
      writer.long(zxidOf(step.relativeZxid ?? 0, base));
      texts(texts(texts(writer, step.data), step.exist), step.child);
      if (step.op === 'setWatches2') texts(texts(writer, step.persistent), step.recursive);
      return made('none');
    case 'getEphemerals':
      text(writer, step.path === undefined ? '/' : step.path);
      return made('paths');
    case 'getAllChildrenNumber':
      text(writer, step.path);
      return made('count');
    case 'whoAmI':
      return made('identities');
    case 'auth':
      text(writer.int(0), step.scheme === undefined ? 'digest' : step.scheme);
      data(writer, step.auth);
      return made('none');
    case 'close':
    case 'ping':
      return made('none');
    case 'raw':
      writer.raw(Buffer.from(step.hex ?? '', 'hex'));
      return made('none');
    default:
      return unreachable(step);
  }
}

function zxidOf(value: number | { readonly rel: number }, base: bigint): bigint {
  return typeof value === 'number' ? BigInt(value) : base + BigInt(value.rel);
}

function multiBody(parts: readonly RequestStep[], base: bigint): Uint8Array {
  const writer = new JuteWriter();
  for (const part of parts) {
    const { opcode, body } = requestOf(part, base);
    writer.int(opcode).bool(false).int(-1).raw(body);
  }
  return writer.int(-1).bool(true).int(-1).bytes();
}

/** The xid that a request goes under; undefined: the next of the connection. */
export function fixedXid(op: RequestStep['op']): number | undefined {
  if (op === 'auth') return XID.auth;
  if (op === 'ping') return XID.ping;
  return op === 'setWatches' || op === 'setWatches2' ? XID.setWatches : undefined;
}
