// What the tree holds, as a value: znodes by path, the ephemerals and the timeout of every session,
// and a digest of it all that is kept up to date by difference, being a sum over the members
// [ZK-Java DataTree, ZKDatabase, AdHash]. Trees with equal digests are equal but for one chance in
// 2^32. The members are in persistent maps: an older tree stays valid at no cost, which is what
// snapshots and forks live on. The maps' own order is that of hashes, so whatever leaves here is
// sorted.
import { Map, Set } from 'immutable';
import { compareCodeUnits, compareNumbers } from '../../base/order.js';
import type { SessionId } from '../ids.js';
import { ROOT } from './path.js';
import type { Znode } from './znode.js';
import { BORN_ROOT, mix } from './znode.js';

export interface Tree {
  readonly znodes: Map<string, Znode>;
  /** Paths by owner; no entry for a session without ephemerals. */
  readonly ephemerals: Map<SessionId, Set<string>>;
  /** Negotiated timeouts, milliseconds. */
  readonly sessions: Map<SessionId, number>;
  /** uint32: the sum of the hashes of all znodes and sessions. */
  readonly digest: number;
}

function makeTree(
  znodes: Map<string, Znode>,
  ephemerals: Map<SessionId, Set<string>>,
  sessions: Map<SessionId, number>,
  digest: number,
): Tree {
  return { znodes, ephemerals, sessions, digest };
}

/** Only the root. */
export const EMPTY_TREE: Tree = makeTree(Map([[ROOT, BORN_ROOT]]), Map(), Map(), BORN_ROOT.hash);

/** Adds or replaces the znode at `path`; `before` is what was there. */
export function withZnode(tree: Tree, path: string, znode: Znode, before: Znode | undefined): Tree {
  const gone = before === undefined ? 0 : before.hash;
  const digest = (tree.digest + znode.hash - gone) >>> 0;
  return makeTree(tree.znodes.set(path, znode), tree.ephemerals, tree.sessions, digest);
}

/** Takes away the znode at `path`, which is `before`. */
export function withoutZnode(tree: Tree, path: string, before: Znode): Tree {
  const digest = (tree.digest - before.hash) >>> 0;
  return makeTree(tree.znodes.delete(path), tree.ephemerals, tree.sessions, digest);
}

const NO_PATHS = Set<string>();

export function withEphemeral(tree: Tree, session: SessionId, path: string): Tree {
  const paths = tree.ephemerals.get(session, NO_PATHS).add(path);
  const ephemerals = tree.ephemerals.set(session, paths);
  return makeTree(tree.znodes, ephemerals, tree.sessions, tree.digest);
}

export function withoutEphemeral(tree: Tree, session: SessionId, path: string): Tree {
  const paths = tree.ephemerals.get(session, NO_PATHS).delete(path);
  const ephemerals =
    paths.size === 0 ? tree.ephemerals.delete(session) : tree.ephemerals.set(session, paths);
  return makeTree(tree.znodes, ephemerals, tree.sessions, tree.digest);
}

function hashSession(session: SessionId, timeoutMs: number | undefined): number {
  return timeoutMs === undefined ? 0 : mix(mix(0x5bd1e995, session), timeoutMs);
}

/**
 * Opens, renews (a number) or ends (undefined) a session. Its ephemerals are the caller's concern.
 */
export function withSession(tree: Tree, session: SessionId, timeoutMs: number | undefined): Tree {
  const before = tree.sessions.get(session);
  if (before === timeoutMs) return tree;
  const difference = hashSession(session, timeoutMs) - hashSession(session, before);
  const sessions =
    timeoutMs === undefined ? tree.sessions.delete(session) : tree.sessions.set(session, timeoutMs);
  return makeTree(tree.znodes, tree.ephemerals, sessions, (tree.digest + difference) >>> 0);
}

/** The znode at `path`; the root answers to the empty path too. */
export function znodeAt(tree: Tree, path: string): Znode | undefined {
  return tree.znodes.get(path === '' ? ROOT : path);
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
  for (const [session, timeoutMs] of tree.sessions) list.push({ session, timeoutMs });
  return list.sort((a, b) => compareNumbers(a.session, b.session));
}

/** Paths of the session's ephemerals, sorted. */
export function ephemeralsOf(tree: Tree, session: SessionId): readonly string[] {
  const paths = tree.ephemerals.get(session);
  return paths === undefined ? [] : [...paths].sort(compareCodeUnits);
}
