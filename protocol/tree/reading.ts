// What a read sees in a server's own tree. Reads do not look at whether a path is legal: an illegal
// one names nothing. Watches that a read asks for are the session layer's concern; one of getData
// or getChildren comes only with success. [ZK-Java FinalRequestProcessor.processRequest]
import { unreachable } from '../../base/assert.js';
import { compareCodeUnits } from '../../base/order.js';
import type { Identity } from '../acl.js';
import { ADMIN, READ } from '../acl.js';
import type { ErrorCode } from '../error-code.js';
import type { SessionId } from '../ids.js';
import type { MultiReadPart, TreeRead } from '../operation.js';
import type { Result } from '../result.js';
import type { ServiceSettings } from '../service-settings.js';
import { isAllowed, maskAcl } from './access.js';
import { childOf, ROOT } from './path.js';
import type { Tree } from './store.js';
import { ephemeralsOf, znodeAt } from './store.js';
import type { Znode } from './znode.js';
import { statOf } from './znode.js';

/** Who reads, by whose rules. */
export interface Reader {
  readonly session: SessionId;
  readonly identities: readonly Identity[];
  readonly settings: ServiceSettings;
}

function failure(code: ErrorCode): Result {
  return { kind: 'error', code };
}

const NO_NODE = failure('NoNode');
const NO_AUTH = failure('NoAuth');
const BAD_ARGUMENTS = failure('BadArguments');

function may({ settings, identities }: Reader, znode: Znode, perms: number): boolean {
  return isAllowed(settings, znode.guard.acl, perms, identities);
}

/** That a znode exists was no secret in older servers. */
function hidesExistence({ compatibility }: ServiceSettings): boolean {
  return compatibility !== '3.8.0';
}

function exists(znode: Znode | undefined, path: string, reader: Reader): Result {
  if (path.includes('\0')) return BAD_ARGUMENTS;
  if (znode === undefined) return NO_NODE;
  if (hidesExistence(reader.settings) && !may(reader, znode, READ)) return NO_AUTH;
  return { kind: 'stat', stat: statOf(znode) };
}

/** Without ADMIN one sees who may do what, but not the digests. */
function readAcl(znode: Znode, reader: Reader): Result {
  if (!may(reader, znode, READ | ADMIN)) return NO_AUTH;
  const { acl } = znode.guard;
  const shown = may(reader, znode, ADMIN) ? acl : maskAcl(acl);
  return { kind: 'acl', acl: shown, stat: statOf(znode) };
}

/** Strict descendants. ZooKeeper's map has the root under two names; as `` it counts itself. */
function descendants(tree: Tree, path: string, znode: Znode): number {
  if (path === ROOT) return tree.znodes.size - 1;
  if (path === '') return tree.znodes.size;
  let count = 0;
  const left = [...znode.family.names].map((name) => childOf(path, name));
  for (let at = left.pop(); at !== undefined; at = left.pop()) {
    count += 1;
    for (const name of znodeAt(tree, at)?.family.names ?? []) left.push(childOf(at, name));
  }
  return count;
}

/** As Java does it: U+0020 and whatever is below, nothing else. */
function trimmed(text: string): string {
  let from = 0;
  let to = text.length;
  while (from < to && text.charCodeAt(from) <= 0x20) from += 1;
  while (to > from && text.charCodeAt(to - 1) <= 0x20) to -= 1;
  return text.slice(from, to);
}

/** A prefix of text, not of components: `/a` finds `/ab`. */
function ownEphemerals(tree: Tree, { session }: Reader, prefix: string): Result {
  const all = ephemeralsOf(tree, session);
  const wanted = trimmed(prefix);
  const paths =
    wanted === '' || wanted === ROOT ? all : all.filter((path) => path.startsWith(prefix));
  return { kind: 'paths', paths };
}

function namesOf(znode: Znode): readonly string[] {
  return [...znode.family.names].sort(compareCodeUnits);
}

function readPart(tree: Tree, op: MultiReadPart, reader: Reader): Result {
  const znode = znodeAt(tree, op.path);
  if (znode === undefined) return NO_NODE;
  if (!may(reader, znode, READ)) return NO_AUTH;
  switch (op.kind) {
    case 'getData':
      return { kind: 'data', data: znode.content.data, stat: statOf(znode) };
    case 'getChildren':
      return { kind: 'children', names: namesOf(znode), stat: undefined };
    case 'getChildren2':
      return { kind: 'children', names: namesOf(znode), stat: statOf(znode) };
    default:
      return unreachable(op);
  }
}

export function readTree(tree: Tree, op: TreeRead, reader: Reader): Result {
  switch (op.kind) {
    case 'getData':
    case 'getChildren':
    case 'getChildren2':
      return readPart(tree, op, reader);
    case 'exists':
      return exists(znodeAt(tree, op.path), op.path, reader);
    case 'getACL': {
      const znode = znodeAt(tree, op.path);
      return znode === undefined ? NO_NODE : readAcl(znode, reader);
    }
    case 'getAllChildrenNumber': {
      const znode = znodeAt(tree, op.path);
      if (znode === undefined) return NO_NODE;
      if (!may(reader, znode, READ)) return NO_AUTH;
      return { kind: 'count', count: descendants(tree, op.path, znode) };
    }
    case 'multiRead':
      return { kind: 'multi', results: op.parts.map((part) => readPart(tree, part, reader)) };
    case 'getEphemerals':
      return ownEphemerals(tree, reader, op.prefix);
    default:
      return unreachable(op);
  }
}
