// What the tree holds, as a value: znodes by path, the ephemerals and the timeout of every session,
// and a digest of it all that is kept up to date by difference, being a sum over the members
// [ZK-Java DataTree, ZKDatabase, AdHash]. Trees with equal digests are equal but for one chance in
// 2^32. The members are in persistent maps: an older tree stays valid at no cost, which is what
// snapshots and forks live on. The maps' own order is that of hashes, so whatever leaves here is
// sorted.
import { Map, Set } from 'immutable';
import { compareCodeUnits, compareNumbers } from '../../base/order.js';
import type { Acl } from '../acl.js';
import type { SessionId } from '../ids.js';
import type { Life } from '../txn.js';
import { ROOT } from './path.js';
import type { Znode } from './znode.js';
import { mix } from './znode.js';

/** Paths by what is special about them; none of it is in the digest. */
export interface Registers {
  readonly containers: Set<string>;
  readonly ttls: Set<string>;
  /** Subtrees whose usage is counted; without the root, which has no quota. */
  readonly quotas: Set<string>;
}

function makeRegisters(containers: Set<string>, ttls: Set<string>, quotas: Set<string>): Registers {
  return { containers, ttls, quotas };
}

/** Every live session. */
export interface SessionTable {
  /** Negotiated timeouts, milliseconds. */
  readonly timeouts: Map<SessionId, number>;
  /** uint32: their share in the digest of the tree. */
  readonly digest: number;
}

function makeSessionTable(timeouts: Map<SessionId, number>, digest: number): SessionTable {
  return { timeouts, digest };
}

export interface Tree {
  readonly znodes: Map<string, Znode>;
  /** Paths by owner; no entry for a session without ephemerals. */
  readonly ephemerals: Map<SessionId, Set<string>>;
  readonly sessions: SessionTable;
  readonly registers: Registers;
  /** uint32: the sum of the hashes of all znodes and sessions. */
  readonly digest: number;
}

function makeTree(
  znodes: Map<string, Znode>,
  ephemerals: Map<SessionId, Set<string>>,
  sessions: SessionTable,
  registers: Registers,
  digest: number,
): Tree {
  return { znodes, ephemerals, sessions, registers, digest };
}

const NO_PATHS = Set<string>();
const NO_REGISTERS = makeRegisters(NO_PATHS, NO_PATHS, NO_PATHS);

/** Not even a root. */
export const BARE_TREE: Tree = makeTree(Map(), Map(), makeSessionTable(Map(), 0), NO_REGISTERS, 0);

function withZnodes(tree: Tree, znodes: Map<string, Znode>, difference: number): Tree {
  const digest = (tree.digest + difference) >>> 0;
  return makeTree(znodes, tree.ephemerals, tree.sessions, tree.registers, digest);
}

/** Adds or replaces the znode at `path`; `before` is what was there. */
export function withZnode(tree: Tree, path: string, znode: Znode, before: Znode | undefined): Tree {
  const gone = before === undefined ? 0 : before.hash;
  return withZnodes(tree, tree.znodes.set(path, znode), znode.hash - gone);
}

/** Takes away the znode at `path`, which is `before`. */
export function withoutZnode(tree: Tree, path: string, before: Znode): Tree {
  return withZnodes(tree, tree.znodes.delete(path), -before.hash);
}

function withEphemerals(tree: Tree, ephemerals: Map<SessionId, Set<string>>): Tree {
  return makeTree(tree.znodes, ephemerals, tree.sessions, tree.registers, tree.digest);
}

function withRegisters(tree: Tree, registers: Registers): Tree {
  return makeTree(tree.znodes, tree.ephemerals, tree.sessions, registers, tree.digest);
}

/** The znode at `path` has this life: whoever ends such lives will find it. */
export function withLife(tree: Tree, path: string, life: Life): Tree {
  if (life.kind === 'persistent') return tree;
  if (life.kind === 'ephemeral') {
    const paths = tree.ephemerals.get(life.owner, NO_PATHS).add(path);
    return withEphemerals(tree, tree.ephemerals.set(life.owner, paths));
  }
  const { containers, ttls, quotas } = tree.registers;
  return life.kind === 'container'
    ? withRegisters(tree, makeRegisters(containers.add(path), ttls, quotas))
    : withRegisters(tree, makeRegisters(containers, ttls.add(path), quotas));
}

export function withoutLife(tree: Tree, path: string, life: Life): Tree {
  if (life.kind === 'persistent') return tree;
  if (life.kind === 'ephemeral') {
    const { owner } = life;
    const paths = tree.ephemerals.get(owner, NO_PATHS).delete(path);
    const { ephemerals } = tree;
    return withEphemerals(
      tree,
      paths.size === 0 ? ephemerals.delete(owner) : ephemerals.set(owner, paths),
    );
  }
  const { containers, ttls, quotas } = tree.registers;
  return life.kind === 'container'
    ? withRegisters(tree, makeRegisters(containers.delete(path), ttls, quotas))
    : withRegisters(tree, makeRegisters(containers, ttls.delete(path), quotas));
}

/** From now on, or no longer, the usage of the subtree is counted. */
export function withQuota(tree: Tree, subtree: string, counted: boolean): Tree {
  const { containers, ttls, quotas } = tree.registers;
  const next = counted ? quotas.add(subtree) : quotas.delete(subtree);
  return withRegisters(tree, makeRegisters(containers, ttls, next));
}

function hashSession(session: SessionId, timeoutMs: number | undefined): number {
  return timeoutMs === undefined ? 0 : mix(mix(0x5bd1e995, session), timeoutMs);
}

/**
 * Opens, renews (a number) or ends (undefined) a session. Its ephemerals are the caller's concern.
 */
export function withSession(tree: Tree, session: SessionId, timeoutMs: number | undefined): Tree {
  const { timeouts } = tree.sessions;
  const before = timeouts.get(session);
  if (before === timeoutMs) return tree;
  const difference = hashSession(session, timeoutMs) - hashSession(session, before);
  const sessions = makeSessionTable(
    timeoutMs === undefined ? timeouts.delete(session) : timeouts.set(session, timeoutMs),
    (tree.sessions.digest + difference) >>> 0,
  );
  const digest = (tree.digest + difference) >>> 0;
  return makeTree(tree.znodes, tree.ephemerals, sessions, tree.registers, digest);
}

/** The znode at `path`; the root answers to the empty path too. */
export function znodeAt(tree: Tree, path: string): Znode | undefined {
  return tree.znodes.get(path === '' ? ROOT : path);
}

export function aclAt(tree: Tree, path: string): Acl | undefined {
  return znodeAt(tree, path)?.guard.acl;
}

export function treeDigest(tree: Tree): number {
  return tree.digest;
}

export interface OpenSession {
  readonly session: SessionId;
  readonly timeoutMs: number;
}

/** Every live session, ascending by id. */
export function sessionsOf(tree: Tree): readonly OpenSession[] {
  const list: OpenSession[] = [];
  for (const [session, timeoutMs] of tree.sessions.timeouts) list.push({ session, timeoutMs });
  return list.sort((a, b) => compareNumbers(a.session, b.session));
}

/** Paths of the session's ephemerals, sorted. */
export function ephemeralsOf(tree: Tree, session: SessionId): readonly string[] {
  const paths = tree.ephemerals.get(session);
  return paths === undefined ? [] : [...paths].sort(compareCodeUnits);
}
