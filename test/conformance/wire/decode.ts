// Bytes of a request as the operation that a server makes of them, as 3.8.0 does it: what cannot be
// read is malformed; a missing path is malformed for some operations and a bad argument for others,
// because Java trips over it in different places.
// [ZK-Java FinalRequestProcessor, PrepRequestProcessor.pRequest, MultiOperationRecord]
import type { Acl } from '../../../protocol/acl.js';
import { makeAclEntry } from '../../../protocol/acl.js';
import type { Zxid } from '../../../protocol/ids.js';
import type {
  CreateKind,
  CreateOperation,
  Data,
  MultiPart,
  MultiReadPart,
  Operation,
} from '../../../protocol/operation.js';
import type { ServiceSettings } from '../../../protocol/service-settings.js';
import { refusalOfMode } from '../../../protocol/tree/create-request.js';
import { hasParent, isLegalPath } from '../../../protocol/tree/path.js';
import { JuteError, JuteReader } from './jute.js';
import { OPCODES } from './opcodes.js';

const CREATES: ReadonlyMap<number, CreateKind> = new Map([
  [OPCODES.create, 'create'],
  [OPCODES.create2, 'create2'],
  [OPCODES.createContainer, 'createContainer'],
  [OPCODES.createTTL, 'createTTL'],
] as const);

/** A request that cannot be read takes a number, too; reconfig and deleteContainer do not. */
const WRITES: ReadonlySet<number> = new Set([
  ...CREATES.keys(),
  ...[OPCODES.delete, OPCODES.setData, OPCODES.setACL, OPCODES.multi, OPCODES.check],
]);

/** In place of a text that is not there; no client can send it. */
const NO_TEXT = '\0no text\0';

function pathOf(reader: JuteReader): string {
  return reader.javaString() ?? NO_TEXT;
}

/** Where Java meets a path that is not there with an exception that nobody expected. */
function needed(path: string | null): string {
  if (path === null || path === NO_TEXT) throw new JuteError('no path');
  return path;
}

/** Whoever asks these schemes about an id finds that it is there. */
const ASKED_ABOUT_IDS: ReadonlySet<string> = new Set(['world', 'digest', 'ip']);

function hasNoId(acl: Acl | null): boolean {
  return acl?.some(({ scheme, id }) => id === NO_TEXT && ASKED_ABOUT_IDS.has(scheme)) ?? false;
}

/** Where a path is validated first: one that is not there is as bad as an empty one. */
function validated(path: string): string {
  return path === NO_TEXT ? '' : path;
}

function dataOf(reader: JuteReader): Data {
  return reader.buffer()?.toString('latin1') ?? null;
}

function aclOf(reader: JuteReader): Acl | null {
  return reader.vector(() => {
    const perms = reader.int();
    const scheme = reader.javaString();
    return makeAclEntry(perms, scheme ?? NO_TEXT, reader.javaString() ?? NO_TEXT);
  });
}

function textsOf(reader: JuteReader): (string | null)[] {
  const texts = reader.vector(() => reader.javaString());
  if (texts === null) throw new JuteError('no list');
  return texts;
}

function isThere(text: string | null): text is string {
  return text !== null;
}

function pathsOf(reader: JuteReader): string[] {
  return textsOf(reader).map(needed);
}

function createOf(kind: CreateKind, reader: JuteReader): CreateOperation {
  const path = pathOf(reader);
  const data = dataOf(reader);
  const acl = aclOf(reader);
  const flags = reader.int();
  const ttlMs = kind === 'createTTL' ? Number(reader.long()) : -1;
  return { kind, path, data, acl, flags, ttlMs };
}

function partOf(opcode: number, reader: JuteReader): MultiPart {
  const create = CREATES.get(opcode);
  if (create !== undefined) {
    const op = createOf(create, reader);
    if (hasNoId(op.acl)) throw new JuteError('no id');
    return op;
  }
  const path = pathOf(reader);
  switch (opcode) {
    case OPCODES.delete:
      return { kind: 'delete', path, version: reader.int() };
    case OPCODES.setData: {
      const data = dataOf(reader);
      return { kind: 'setData', path, data, version: reader.int() };
    }
    case OPCODES.check:
      return { kind: 'check', path, version: reader.int() };
    default:
      throw new JuteError('nothing that a multi may hold');
  }
}

function readPartOf(opcode: number, reader: JuteReader): MultiReadPart {
  const path = pathOf(reader);
  const watch = reader.bool();
  if (opcode === OPCODES.getData) return { kind: 'getData', path, watch };
  if (opcode === OPCODES.getChildren) return { kind: 'getChildren', path, watch };
  throw new JuteError('nothing that a multiRead may hold');
}

function partsOf<T>(reader: JuteReader, read: (opcode: number, reader: JuteReader) => T): T[] {
  const parts: T[] = [];
  for (;;) {
    const opcode = reader.int();
    const done = reader.bool();
    reader.int();
    if (done) return parts;
    parts.push(read(opcode, reader));
  }
}

function writeOf(opcode: number, reader: JuteReader, settings: ServiceSettings): Operation {
  const create = CREATES.get(opcode);
  if (create !== undefined) {
    const op = createOf(create, reader);
    // What is wrong with its flags is said before anybody looks at the path.
    const refused = refusalOfMode(op, settings) !== undefined;
    const path = refused ? validated(op.path) : needed(op.path);
    if (!refused && hasParent(path) && hasNoId(op.acl)) throw new JuteError('no id');
    return { ...op, path };
  }
  if (opcode === OPCODES.setACL) {
    const path = validated(pathOf(reader));
    const acl = aclOf(reader);
    if (isLegalPath(path) && hasNoId(acl)) throw new JuteError('no id');
    return { kind: 'setACL', path, acl, version: reader.int() };
  }
  const op = partOf(opcode, reader);
  const path = op.kind === 'delete' ? needed(op.path) : validated(op.path);
  return { ...op, path };
}

function watchesOf(kind: 'setWatches' | 'setWatches2', reader: JuteReader): Operation {
  const relativeZxid = Number(reader.long()) as Zxid;
  const data = pathsOf(reader);
  const exist = pathsOf(reader);
  const child = pathsOf(reader);
  // Nothing happens at a path that is not there, but it is no mistake to wait for it.
  const persistent = kind === 'setWatches2' ? textsOf(reader).filter(isThere) : [];
  const recursive = kind === 'setWatches2' ? pathsOf(reader) : [];
  return { kind, relativeZxid, data, exist, child, persistent, recursive };
}

const WATCHED_READS = new Map([
  [OPCODES.exists, 'exists'],
  [OPCODES.getData, 'getData'],
  [OPCODES.getChildren, 'getChildren'],
  [OPCODES.getChildren2, 'getChildren2'],
] as const) as ReadonlyMap<number, 'exists' | 'getData' | 'getChildren' | 'getChildren2'>;

function readOf(opcode: number, reader: JuteReader): Operation {
  const watched = WATCHED_READS.get(opcode);
  if (watched !== undefined) {
    const path = needed(reader.javaString());
    return { kind: watched, path, watch: reader.bool() };
  }
  switch (opcode) {
    case OPCODES.getACL:
      return { kind: 'getACL', path: needed(reader.javaString()) };
    case OPCODES.getAllChildrenNumber:
      return { kind: 'getAllChildrenNumber', path: needed(reader.javaString()) };
    case OPCODES.getEphemerals:
      return { kind: 'getEphemerals', prefix: reader.javaString() ?? '' };
    case OPCODES.whoAmI:
      return { kind: 'whoAmI' };
    case OPCODES.addWatch: {
      const path = pathOf(reader);
      const mode = reader.int();
      return { kind: 'addWatch', path: mode === 0 ? validated(path) : needed(path), mode };
    }
    case OPCODES.removeWatches:
      return { kind: 'removeWatches', path: pathOf(reader), type: reader.int() };
    case OPCODES.checkWatches:
      return { kind: 'checkWatches', path: needed(reader.javaString()), type: reader.int() };
    case OPCODES.setWatches:
      return watchesOf('setWatches', reader);
    case OPCODES.setWatches2:
      return watchesOf('setWatches2', reader);
    case OPCODES.sync:
      return { kind: 'sync', path: reader.javaString() };
    case OPCODES.reconfig:
      for (let part = 0; part < 3; part++) reader.javaString();
      reader.long();
      return { kind: 'reconfig' };
    case OPCODES.deleteContainer:
      // 3.8.0 takes the whole request for the path, so that it never is one.
      return { kind: 'deleteContainer', path: '\0' };
    default:
      return { kind: 'unknown', opcode };
  }
}

/** What a server makes of a request. */
export interface Decoded {
  readonly op: Operation;
  /** A reply that it failed has a multi response in it that was begun already. */
  readonly begun: boolean;
  /** It fails after it was carried out so far. */
  readonly breaks: boolean;
}

function decoded(op: Operation, begun = false, breaks = false): Decoded {
  return { op, begun, breaks };
}

/**
 * One of reads can be read, but not carried out. A path that is not there is tripped over before
 * anything is decided.
 */
function multiOf(body: Buffer): Decoded {
  const malformed = { kind: 'malformedWrite', opcode: OPCODES.multi } as const;
  if (!isReadable(body, partOf)) {
    const reads = partsOf(new JuteReader(body), readPartOf);
    return decoded(reads.length === 0 ? { kind: 'multi', parts: [] } : malformed, hasNoPath(reads));
  }
  const parts = partsOf(new JuteReader(body), partOf);
  return hasNoPath(parts) ? decoded(malformed, true) : decoded({ kind: 'multi', parts });
}

function hasNoPath(parts: readonly { readonly path: string }[]): boolean {
  return parts.some(({ path }) => path === NO_TEXT);
}

/** One of nothing but writes can be read, and fails only when it is carried out. */
function multiReadOf(body: Buffer): Decoded {
  const opcode = OPCODES.multiRead;
  if (isReadable(body, partOf)) return decoded({ kind: 'malformedRead', opcode }, true);
  const parts = partsOf(new JuteReader(body), readPartOf);
  const broken = parts.findIndex(({ path }) => path === NO_TEXT);
  if (broken < 0) return decoded({ kind: 'multiRead', parts });
  return decoded({ kind: 'multiRead', parts: parts.slice(0, broken) }, true, true);
}

function isReadable(body: Buffer, read: typeof partOf): boolean {
  try {
    return partsOf(new JuteReader(body), read).length > 0;
  } catch (error) {
    if (!(error instanceof JuteError)) throw error;
    return false;
  }
}

/** Who a client is does not wait for anything; what cannot be read of it ends the connection. */
function authOf(opcode: number, reader: JuteReader): Operation {
  if (opcode === OPCODES.sasl) {
    // Nobody here speaks SASL; a token is answered, and means nothing.
    if (reader.buffer() === null) throw new JuteError('no token');
    return { kind: 'addAuth', scheme: 'ip', auth: '' };
  }
  reader.int();
  const scheme = reader.javaString() ?? NO_TEXT;
  const auth = reader.buffer()?.toString('utf8') ?? null;
  const isBroken = auth === null && scheme === 'digest';
  return { kind: 'addAuth', scheme: isBroken ? NO_TEXT : scheme, auth: auth ?? '' };
}

/** Pings and the end of a session are not for it. Undefined: the server hangs up. */
export function decodeRequest(
  opcode: number,
  body: Buffer,
  settings: ServiceSettings,
): Decoded | undefined {
  const isWrite = WRITES.has(opcode);
  const isAuth = opcode === OPCODES.auth || opcode === OPCODES.sasl;
  try {
    const reader = new JuteReader(body);
    if (isAuth) return decoded(authOf(opcode, reader));
    if (opcode === OPCODES.multi) return multiOf(body);
    if (opcode === OPCODES.multiRead) return multiReadOf(body);
    return decoded(isWrite ? writeOf(opcode, reader, settings) : readOf(opcode, reader));
  } catch (error) {
    if (!(error instanceof JuteError)) throw error;
    if (isAuth) return undefined;
    return decoded({ kind: isWrite ? 'malformedWrite' : 'malformedRead', opcode });
  }
}
