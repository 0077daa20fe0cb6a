// A server's state as a tree of words: names of fields as the protocol's sources have them, zxids
// as epoch:counter, logs by their ends. Two trees are compared leaf by leaf, which shows what one
// event has changed.
import type { Zxid } from '../../../protocol/ids.js';
import { formatZxid } from '../../../protocol/ids.js';
import type { SidSet } from '../../../protocol/sid-set.js';
import { sidsOf } from '../../../protocol/sid-set.js';
import type { Txn } from '../../../protocol/txn.js';
import { serverName } from '../../format.js';
import { operationWords } from '../../operation-words.js';

export interface Tree {
  readonly name: string;
  /** Of a leaf. */
  readonly text: string | undefined;
  readonly parts: readonly Tree[];
}

export interface Change {
  readonly path: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** Deeper, or longer, nobody reads. */
const DEPTH_MAX = 9;
const LENGTH_MAX = 60;

const ZXID_NAME = /zxid$|^(last(Processed|Proposed|Committed|Queued)|min|max|first)$/i;
const SESSION_NAME = /^(session|ephemeralOwner|nextSession)$/;
/** Hashes tell a reader nothing that their content does not tell better. */
const OPAQUE: ReadonlySet<string> = new Set(['lineage', 'baseLineage', 'digest', 'hash', 'bytes']);

function leaf(name: string, text: string): Tree {
  return { name, text, parts: [] };
}

function numberText(name: string, value: number): string {
  if (ZXID_NAME.test(name)) return formatZxid(value as Zxid);
  if (SESSION_NAME.test(name)) return value === 0 ? 'none' : `0x${value.toString(16)}`;
  if (name === 'value' && value > 2 ** 32) return formatZxid(value as Zxid);
  return String(value);
}

/** A transaction is one line, and is told from others by its zxid. */
function isTxn(value: unknown): value is Txn {
  return typeof value === 'object' && value !== null && 'zxid' in value && 'op' in value;
}

function entryName(at: number, entry: unknown): string {
  return isTxn(entry) ? formatZxid(entry.zxid) : String(at);
}

/** Sets of servers are kept as bits. */
function isSidSet(value: object): value is SidSet {
  return 'w0' in value && 'w3' in value;
}

function sidsText(set: SidSet): string {
  return sidsOf(set).map(serverName).join(' ') || 'nobody';
}

interface Lengthy {
  readonly length: number;
  at(index: number): unknown;
}

function isLengthy(value: object): value is Lengthy {
  return 'length' in value && 'at' in value && typeof value.at === 'function';
}

interface Entries {
  readonly size: number;
  entries(): Iterable<[unknown, unknown]>;
}

function isMap(value: object): value is Entries {
  return 'size' in value && 'entries' in value && typeof value.entries === 'function';
}

/** The newest entries of a list, and the fields that it has besides. */
function listTree(name: string, list: Lengthy, depth: number): Tree {
  const first = Math.max(0, list.length - LENGTH_MAX);
  const parts: Tree[] = [leaf('length', String(list.length))];
  for (const field of ['firstZxid', 'lastZxid', 'baseZxid'] as const) {
    const value: unknown =
      field in list ? (list as unknown as Record<string, unknown>)[field] : undefined;
    if (typeof value === 'number') parts.push(leaf(field, numberText(field, value)));
  }
  for (let at = first; at < list.length; at++) {
    const entry = list.at(at);
    parts.push(treeOf(entryName(at, entry), entry, depth + 1));
  }
  return { name, text: undefined, parts };
}

function mapTree(name: string, map: Entries, depth: number): Tree {
  const entries = [...map.entries()].map(([key, value]) => {
    const label = typeof key === 'number' && key > 2 ** 32 ? `0x${key.toString(16)}` : String(key);
    return treeOf(label, value, depth + 1);
  });
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  return { name, text: undefined, parts: entries.slice(0, LENGTH_MAX * 4) };
}

export function treeOf(name: string, value: unknown, depth = 0): Tree {
  if (value === undefined) return leaf(name, 'none');
  if (value === null || typeof value === 'boolean') return leaf(name, String(value));
  if (typeof value === 'number') return leaf(name, numberText(name, value));
  if (typeof value === 'string') return leaf(name, value === '' ? "''" : value);
  if (typeof value !== 'object') return leaf(name, typeof value);
  if (depth >= DEPTH_MAX) return leaf(name, '…');
  if (isTxn(value) && depth > 0) return leaf(name, operationWords(value));
  if (isSidSet(value)) return leaf(name, sidsText(value));
  if (isLengthy(value)) return listTree(name, value, depth);
  if (isMap(value)) return mapTree(name, value, depth);
  const parts = Object.entries(value)
    .filter(([key]) => !OPAQUE.has(key))
    .map(([key, part]) => treeOf(key, part, depth + 1));
  return { name, text: undefined, parts };
}

function leaves(tree: Tree, path: string, into: Map<string, string>): void {
  const here = path === '' ? tree.name : `${path}.${tree.name}`;
  if (tree.text !== undefined) into.set(here, tree.text);
  for (const part of tree.parts) leaves(part, here, into);
}

/** Leaf by leaf, in the order of the later tree. */
export function changesOf(before: Tree, after: Tree): Change[] {
  const [old, now] = [new Map<string, string>(), new Map<string, string>()];
  leaves(before, '', old);
  leaves(after, '', now);
  const changes: Change[] = [];
  for (const [path, text] of now) {
    if (old.get(path) !== text) changes.push({ path, before: old.get(path), after: text });
  }
  for (const [path, text] of old) {
    if (!now.has(path)) changes.push({ path, before: text, after: undefined });
  }
  return changes;
}
