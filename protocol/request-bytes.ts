// The size of a request on ZooKeeper's wire: what a server compares with jute.maxbuffer before it
// reads on. It is the frame without its own length, so header and names count like the data.
// [ZK-Java NIOServerCnxn.readLength, BinaryOutputArchive]
import { unreachable } from '../base/assert.js';
import type { Acl } from './acl.js';
import type { CreateOperation, Data, MultiPart, MultiReadPart, Operation } from './operation.js';

const INT = 4;
const LONG = 8;
const BOOL = 1;
/** xid and opcode. */
const HEADER = 2 * INT;
/** Of a part of a multi: opcode, done, error; and another one for the end. */
const PART_HEADER = INT + BOOL + INT;

/** Java writes each UTF-16 unit by itself, halves of a pair included. */
function textBytes(text: string | null): number {
  let bytes = INT;
  if (text === null) return bytes;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    bytes += unit < 0x80 ? 1 : unit < 0x800 ? 2 : 3;
  }
  return bytes;
}

function dataBytes(data: Data): number {
  return INT + (data === null ? 0 : data.length);
}

function aclBytes(acl: Acl | null): number {
  let bytes = INT;
  for (const { scheme, id } of acl ?? []) bytes += INT + textBytes(scheme) + textBytes(id);
  return bytes;
}

function listBytes(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + textBytes(text), INT);
}

function createBytes({ kind, path, data, acl }: CreateOperation): number {
  const ttl = kind === 'createTTL' ? LONG : 0;
  return textBytes(path) + dataBytes(data) + aclBytes(acl) + INT + ttl;
}

function partsBytes(parts: readonly (MultiPart | MultiReadPart)[]): number {
  return parts.reduce((sum, part) => sum + PART_HEADER + bodyBytes(part), PART_HEADER);
}

function bodyBytes(op: Operation): number {
  switch (op.kind) {
    case 'create':
    case 'create2':
    case 'createContainer':
    case 'createTTL':
      return createBytes(op);
    case 'delete':
    case 'check':
      return textBytes(op.path) + INT;
    case 'setData':
      return textBytes(op.path) + dataBytes(op.data) + INT;
    case 'setACL':
      return textBytes(op.path) + aclBytes(op.acl) + INT;
    case 'multi':
    case 'multiRead':
      return partsBytes(op.parts);
    case 'getData':
    case 'getChildren':
    case 'getChildren2':
    case 'exists':
      return textBytes(op.path) + BOOL;
    case 'deleteContainer':
    case 'getACL':
    case 'getAllChildrenNumber':
    case 'sync':
      return textBytes(op.path);
    case 'getEphemerals':
      return textBytes(op.prefix);
    case 'addWatch':
    case 'removeWatches':
    case 'checkWatches':
      return textBytes(op.path) + INT;
    case 'setWatches':
      return LONG + listBytes(op.data) + listBytes(op.exist) + listBytes(op.child);
    case 'setWatches2': {
      const oneShot = listBytes(op.data) + listBytes(op.exist) + listBytes(op.child);
      return LONG + oneShot + listBytes(op.persistent) + listBytes(op.recursive);
    }
    case 'addAuth':
      return INT + textBytes(op.scheme) + dataBytes(op.auth);
    // Of these the model keeps no body.
    case 'whoAmI':
    case 'reconfig':
    case 'malformedWrite':
    case 'malformedRead':
    case 'unknown':
      return 0;
    default:
      return unreachable(op);
  }
}

/** Bytes of the frame that carries `op`. */
export function requestBytes(op: Operation): number {
  return HEADER + bodyBytes(op);
}
