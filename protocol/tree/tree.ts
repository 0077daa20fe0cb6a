// What a transaction does to the tree. Transactions carry results (absolute data, versions and
// counters), so applying one again changes nothing and replaying the log over a snapshot that ran
// ahead of its name ends in the right tree: whatever a replayed transaction finds done or undone
// already is an error in its result, never an exception.
// [ZK-Java DataTree.processTxn, createNode, deleteNode, killSession]
import { unreachable } from '../../base/assert.js';
import type { ErrorCode } from '../error-code.js';
import type { Zxid } from '../ids.js';
import type { Result } from '../result.js';
import type { Txn, TxnPart, WriteTxn } from '../txn.js';
import { childOf, nameOf, parentOf, ROOT } from './path.js';
import { countUsage, createdUnderQuota, deletedUnderQuota } from './quota.js';
import type { Tree } from './store.js';
import {
  ephemeralsOf,
  withLife,
  withoutLife,
  withoutZnode,
  withSession,
  withZnode,
  znodeAt,
} from './store.js';
import type { Znode } from './znode.js';
import {
  bornFamily,
  makeContent,
  makeFamily,
  makeGuard,
  makeOrigin,
  makeZnode,
  sizeOf,
  statOf,
} from './znode.js';

export { EMPTY_TREE } from './initial.js';
export { readTree } from './reading.js';
export type { OpenSession, Tree } from './store.js';
export { sessionsOf, treeDigest, znodeAt } from './store.js';

export interface Applied {
  readonly tree: Tree;
  readonly result: Result;
}

function makeApplied(tree: Tree, result: Result): Applied {
  return { tree, result };
}

const DONE: Result = { kind: 'done' };

function failure(code: ErrorCode): Result {
  return { kind: 'error', code };
}

const NO_NODE = failure('NoNode');
const NODE_EXISTS = failure('NodeExists');

type Write<K extends WriteTxn['kind']> = Extract<WriteTxn, { kind: K }>;

/** Only a replay finds the znode there already. Its ACL is that of the transaction then. */
function applyAgain(tree: Tree, path: string, znode: Znode, op: Write<'create'>): Tree {
  const { origin, content, family, guard } = znode;
  const guarded = makeGuard(op.acl, guard.aversion);
  return withZnode(tree, path, makeZnode(origin, content, family, guarded), znode);
}

/**
 * The parent's counters come from the transaction and only rise: in a replay they may be ahead of
 * it. So a counter that wraps is stuck at its highest value, upstream as well.
 */
function applyCreate(tree: Tree, txn: Txn, op: Write<'create'>): Applied {
  const { path, data, acl, life, parentCversion } = op;
  const parentPath = parentOf(path);
  const parent = znodeAt(tree, parentPath);
  if (parent === undefined) return makeApplied(tree, NO_NODE);
  const { names, creates, pzxid } = parent.family;
  const rises = parentCversion > creates;
  const there = znodeAt(tree, path);
  const family = makeFamily(
    there === undefined ? names.add(nameOf(path)) : names,
    rises ? parentCversion : creates,
    rises && txn.zxid > pzxid ? txn.zxid : pzxid,
  );
  const grown = makeZnode(parent.origin, parent.content, family, parent.guard);
  let next = withZnode(tree, parentPath, grown, parent);
  if (there !== undefined) return makeApplied(applyAgain(next, path, there, op), NODE_EXISTS);

  const { zxid, timeMs } = txn;
  const znode = makeZnode(
    makeOrigin(path, zxid, timeMs, life),
    makeContent(data, 0, zxid, timeMs),
    bornFamily(zxid),
    makeGuard(acl, 0),
  );
  next = withLife(withZnode(next, path, znode, undefined), path, life);
  const stat = op.withStat ? statOf(znode) : undefined;
  return makeApplied(createdUnderQuota(next, path, znode), { kind: 'created', path, stat });
}

/**
 * Only a replay meets children here: those that the snapshot has from a later life of this path.
 * The log creates them again, so they go with their parent.
 */
function removeAll(tree: Tree, top: string): Tree {
  let next = tree;
  const left = [top];
  for (let path = left.pop(); path !== undefined; path = left.pop()) {
    const znode = znodeAt(next, path);
    if (znode === undefined) continue;
    next = withoutLife(withoutZnode(next, path, znode), path, znode.origin.life);
    next = deletedUnderQuota(next, path, znode);
    for (const name of znode.family.names) left.push(childOf(path, name));
  }
  return next;
}

/** The parent hears of the delete even if the child is gone already: its pzxid may be older. */
function removeZnode(tree: Tree, path: string, zxid: Zxid): Tree {
  if (path === ROOT) return tree;
  const next = removeAll(tree, path);
  const parentPath = parentOf(path);
  const parent = znodeAt(next, parentPath);
  if (parent === undefined) return next;
  const { origin, content, guard } = parent;
  const { names, creates, pzxid } = parent.family;
  const family = makeFamily(names.delete(nameOf(path)), creates, zxid > pzxid ? zxid : pzxid);
  return withZnode(next, parentPath, makeZnode(origin, content, family, guard), parent);
}

function applyDelete(tree: Tree, path: string, zxid: Zxid): Applied {
  const found = path !== ROOT && znodeAt(tree, path) !== undefined;
  return makeApplied(removeZnode(tree, path, zxid), found ? DONE : NO_NODE);
}

function done(znode: Znode): Result {
  return { kind: 'stat', stat: statOf(znode) };
}

function applySetData(tree: Tree, txn: Txn, op: Write<'setData'>): Applied {
  const { path, data, version } = op;
  const found = znodeAt(tree, path);
  if (found === undefined) return makeApplied(tree, NO_NODE);
  const content = makeContent(data, version, txn.zxid, txn.timeMs);
  const znode = makeZnode(found.origin, content, found.family, found.guard);
  const next = withZnode(tree, op.path, znode, found);
  const difference = sizeOf(data) - sizeOf(found.content.data);
  return makeApplied(countUsage(next, path, 0, difference), done(znode));
}

function applySetAcl(tree: Tree, op: Write<'setACL'>): Applied {
  const found = znodeAt(tree, op.path);
  if (found === undefined) return makeApplied(tree, NO_NODE);
  const { origin, content, family } = found;
  const znode = makeZnode(origin, content, family, makeGuard(op.acl, op.version));
  return makeApplied(withZnode(tree, op.path, znode, found), done(znode));
}

/** One write of `txn`, which may have more of them. */
export function applyPart(tree: Tree, txn: Txn, part: TxnPart): Applied {
  switch (part.kind) {
    case 'create':
      return applyCreate(tree, txn, part);
    case 'delete':
      return applyDelete(tree, part.path, txn.zxid);
    case 'setData':
      return applySetData(tree, txn, part);
    case 'setACL':
      return applySetAcl(tree, part);
    case 'check':
    case 'undone':
      return makeApplied(tree, DONE);
    case 'error':
      return makeApplied(tree, failure(part.code));
    default:
      return unreachable(part);
  }
}

function applyMulti(tree: Tree, txn: Txn, parts: readonly TxnPart[]): Applied {
  let next = tree;
  const results: Result[] = [];
  for (const part of parts) {
    const applied = applyPart(next, txn, part);
    next = applied.tree;
    results.push(applied.result);
  }
  return makeApplied(next, { kind: 'multi', results });
}

/** The paths of the transaction, then what is left under the session's name. */
export function closedPaths(tree: Tree, txn: Txn, paths: readonly string[]): readonly string[] {
  const named = new Set(paths);
  const left = ephemeralsOf(tree, txn.session).filter((path) => !named.has(path));
  return left.length === 0 ? paths : [...paths, ...left];
}

function applyCloseSession(tree: Tree, txn: Txn, paths: readonly string[]): Applied {
  let next = tree;
  for (const path of closedPaths(tree, txn, paths)) next = removeZnode(next, path, txn.zxid);
  return makeApplied(withSession(next, txn.session, undefined), DONE);
}

export function applyTxn(tree: Tree, txn: Txn): Applied {
  const { op } = txn;
  switch (op.kind) {
    case 'multi':
      return applyMulti(tree, txn, op.parts);
    case 'createSession':
      return makeApplied(withSession(tree, txn.session, op.timeoutMs), DONE);
    case 'closeSession':
      return applyCloseSession(tree, txn, op.paths);
    default:
      return applyPart(tree, txn, op);
  }
}
