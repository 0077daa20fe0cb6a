// What a transaction does to the tree, and what a read sees in it. Transactions carry results
// (absolute data, versions and counters), so applying one again changes nothing and replaying the
// log over a snapshot that ran ahead of its name ends in the right tree: whatever a replayed
// transaction finds done or undone already is an error in its result, never an exception.
// [ZK-Java DataTree.processTxn, createNode, deleteNode, killSession]
import { unreachable } from '../../base/assert.js';
import { compareCodeUnits } from '../../base/order.js';
import type { Zxid } from '../ids.js';
import { NO_SESSION } from '../ids.js';
import type { ReadOperation, Result } from '../operation.js';
import type { ErrorCode, Txn, TxnOp } from '../txn.js';
import { childOf, nameOf, parentOf, ROOT } from './path.js';
import type { Tree } from './store.js';
import {
  ephemeralsOf,
  withEphemeral,
  withoutEphemeral,
  withoutZnode,
  withSession,
  withZnode,
  znodeAt,
} from './store.js';
import type { Znode } from './znode.js';
import { bornZnode, makeContent, makeFamily, makeZnode, statOf } from './znode.js';

export type { OpenSession, Tree } from './store.js';
export { EMPTY_TREE, sessionsOf, treeDigest, withSession } from './store.js';

export interface Applied {
  readonly tree: Tree;
  readonly result: Result;
}

function makeApplied(tree: Tree, result: Result): Applied {
  return { tree, result };
}

const DONE: Result = { kind: 'done', stat: undefined };

function failure(code: ErrorCode): Result {
  return { kind: 'error', code };
}

const NO_NODE = failure('NoNode');
const NODE_EXISTS = failure('NodeExists');
const BAD_ARGUMENTS = failure('BadArguments');

function done(znode: Znode): Result {
  return { kind: 'done', stat: statOf(znode) };
}

/**
 * The parent's counters come from the transaction and only rise: in a replay they may be ahead of
 * it.
 */
function applyCreate(tree: Tree, txn: Txn, op: Extract<TxnOp, { kind: 'create' }>): Applied {
  const { path, data, ephemeralOwner, parentCversion } = op;
  const parentPath = parentOf(path);
  const parent = znodeAt(tree, parentPath);
  if (parent === undefined) return makeApplied(tree, NO_NODE);
  const { origin, content, family } = parent;
  const creates = Math.max(parentCversion, family.creates);
  const pzxid = txn.zxid > family.pzxid ? txn.zxid : family.pzxid;
  const name = nameOf(path);
  const exists = path === ROOT || family.names.has(name);
  const names = exists ? family.names : family.names.add(name);
  const grown = makeZnode(origin, content, makeFamily(names, creates, pzxid));
  let next = withZnode(tree, parentPath, grown, parent);
  if (exists) return makeApplied(next, NODE_EXISTS);

  const child = bornZnode(path, data, txn.zxid, ephemeralOwner);
  next = withZnode(next, path, child, undefined);
  if (ephemeralOwner !== NO_SESSION) next = withEphemeral(next, ephemeralOwner, path);
  return makeApplied(next, done(child));
}

/**
 * Only a replay meets children here: those that the snapshot has from a later life of this path.
 * The log creates them again, so they go with their parent.
 */
function removeAll(tree: Tree, path: string, znode: Znode): Tree {
  let next = withoutZnode(tree, path, znode);
  const { ephemeralOwner } = znode.origin;
  if (ephemeralOwner !== NO_SESSION) next = withoutEphemeral(next, ephemeralOwner, path);
  for (const name of znode.family.names) {
    const childPath = childOf(path, name);
    const child = znodeAt(next, childPath);
    if (child !== undefined) next = removeAll(next, childPath, child);
  }
  return next;
}

/** The parent hears of the delete even if the child is gone already: its pzxid may be older. */
function removeZnode(tree: Tree, path: string, zxid: Zxid): Tree {
  if (path === ROOT) return tree;
  const znode = znodeAt(tree, path);
  const next = znode === undefined ? tree : removeAll(tree, path, znode);
  const parentPath = parentOf(path);
  const parent = znodeAt(next, parentPath);
  if (parent === undefined) return next;
  const { names, creates, pzxid } = parent.family;
  const family = makeFamily(names.delete(nameOf(path)), creates, zxid > pzxid ? zxid : pzxid);
  return withZnode(next, parentPath, makeZnode(parent.origin, parent.content, family), parent);
}

function applyDelete(tree: Tree, path: string, zxid: Zxid): Applied {
  const found = path !== ROOT && znodeAt(tree, path) !== undefined;
  return makeApplied(removeZnode(tree, path, zxid), found ? DONE : NO_NODE);
}

function applySetData(tree: Tree, txn: Txn, op: Extract<TxnOp, { kind: 'setData' }>): Applied {
  const found = znodeAt(tree, op.path);
  if (found === undefined) return makeApplied(tree, NO_NODE);
  const content = makeContent(op.data, op.version, txn.zxid);
  const znode = makeZnode(found.origin, content, found.family);
  return makeApplied(withZnode(tree, op.path, znode, found), done(znode));
}

/** The paths of the transaction, then what is left under the session's name. */
function applyCloseSession(tree: Tree, txn: Txn, paths: readonly string[]): Applied {
  let next = tree;
  for (const path of paths) next = removeZnode(next, path, txn.zxid);
  for (const path of ephemeralsOf(next, txn.session)) next = removeZnode(next, path, txn.zxid);
  return makeApplied(withSession(next, txn.session, undefined), DONE);
}

export function applyTxn(tree: Tree, txn: Txn): Applied {
  const { op } = txn;
  switch (op.kind) {
    case 'create':
      return applyCreate(tree, txn, op);
    case 'delete':
      return applyDelete(tree, op.path, txn.zxid);
    case 'setData':
      return applySetData(tree, txn, op);
    case 'createSession':
      return makeApplied(withSession(tree, txn.session, op.timeoutMs), DONE);
    case 'closeSession':
      return applyCloseSession(tree, txn, op.paths);
    case 'error':
      return makeApplied(tree, failure(op.code));
    default:
      return unreachable(op);
  }
}

/** Reads do not look at whether a path is legal: an illegal one names nothing. */
export function readTree(tree: Tree, op: ReadOperation): Result {
  const { kind, path } = op;
  if (kind === 'exists' && path.includes('\0')) return BAD_ARGUMENTS;
  const znode = znodeAt(tree, path);
  if (znode === undefined) return NO_NODE;
  switch (kind) {
    case 'getData':
      return { kind: 'data', data: znode.content.data, stat: statOf(znode) };
    case 'exists':
      return done(znode);
    case 'getChildren': {
      const names = [...znode.family.names].sort(compareCodeUnits);
      return { kind: 'children', names, stat: statOf(znode) };
    }
    default:
      return unreachable(kind);
  }
}
