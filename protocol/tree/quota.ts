// Quotas: limits and usage of a subtree are texts in two znodes below /zookeeper/quota. Usage is
// kept by every server for itself, in place: no zxid, no version, no watch. It is counted for the
// deepest subtree that has limits, and checked by the leader against what is applied.
// DIVERGES: a text that cannot be read kills the server upstream; here it is left alone
// (docs/divergence.md). [ZK-Java Quotas, StatsTrack, DataTree.updateQuotaStat,
// ZooKeeperServer.checkQuota]
import { compareCodeUnits } from '../../base/order.js';
import type { ErrorCode } from '../error-code.js';
import type { Data } from '../operation.js';
import type { ServiceSettings } from '../service-settings.js';
import { childOf, nameOf, parentOf, QUOTA, ROOT } from './path.js';
import type { Tree } from './store.js';
import { withQuota, withZnode, znodeAt } from './store.js';
import type { Znode } from './znode.js';
import { makeZnode, sizeOf, withData } from './znode.js';

const LIMITS = 'zookeeper_limits';
const STATS = 'zookeeper_stats';
const NONE = -1;

type Track = ReadonlyMap<string, number>;

function numberOf(text: string): number | undefined {
  return /^[+-]?[0-9]{1,19}$/.test(text) ? Number(text) : undefined;
}

/** `count=1,bytes=2=;byteHardLimit=3`: keys and values, however they are separated. */
function parseTrack(data: Data): Track | undefined {
  if (data === null) return undefined;
  const track = new Map<string, number>();
  const text = data.replace(/[,;]+$/, '');
  for (const pair of text === '' ? [] : text.split(/[,;]+/)) {
    const [key, value] = pair.replace(/=+$/, '').split('=');
    const number = value === '' ? NONE : numberOf(value ?? '');
    if (key === undefined || value === undefined || number === undefined) return undefined;
    track.set(key, number);
  }
  return track;
}

function valueOf(track: Track, key: string): number {
  return track.get(key) ?? NONE;
}

/** Old readers stop at the second `=` and miss only what they would not know. */
function formatTrack(track: Track): string {
  const known = `count=${String(valueOf(track, 'count'))},bytes=${String(valueOf(track, 'bytes'))}`;
  const rest = [...track.keys()].filter((key) => key !== 'count' && key !== 'bytes');
  rest.sort(compareCodeUnits);
  if (rest.length === 0) return known;
  return `${known}=${rest.map((key) => `;${key}=${String(valueOf(track, key))}`).join('')}`;
}

/** The deepest subtree with a quota that `path` is in. */
function quotaOver(tree: Tree, path: string): string | undefined {
  const { quotas } = tree.registers;
  if (quotas.size === 0) return undefined;
  for (let at = path; at !== ROOT; at = parentOf(at)) if (quotas.has(at)) return at;
  return undefined;
}

function overwrite(tree: Tree, path: string, znode: Znode, text: string): Tree {
  const { origin, content, family, guard } = znode;
  const next = makeZnode(origin, withData(content, text), family, guard);
  return withZnode(tree, path, next, znode);
}

/** Something below a quota came, went or changed its size. */
export function countUsage(tree: Tree, path: string, nodes: number, bytes: number): Tree {
  const subtree = quotaOver(tree, path);
  if (subtree === undefined) return tree;
  const statsPath = `${QUOTA}${subtree}/${STATS}`;
  const znode = znodeAt(tree, statsPath);
  const track = znode === undefined ? undefined : parseTrack(znode.content.data);
  if (znode === undefined || track === undefined) return tree;
  const next = new Map(track);
  next.set('count', valueOf(track, 'count') + nodes);
  next.set('bytes', valueOf(track, 'bytes') + bytes);
  return overwrite(tree, statsPath, znode, formatTrack(next));
}

/** The znode itself counts, and everything below it. */
function usageOf(tree: Tree, subtree: string): Track {
  let count = 0;
  let bytes = 0;
  const left = subtree === '' || subtree.startsWith(ROOT) ? [subtree === '' ? ROOT : subtree] : [];
  for (let path = left.pop(); path !== undefined; path = left.pop()) {
    const znode = znodeAt(tree, path);
    if (znode === undefined) continue;
    count += 1;
    bytes += sizeOf(znode.content.data);
    for (const name of znode.family.names) left.push(childOf(path, name));
  }
  return new Map([
    ['count', count],
    ['bytes', bytes],
  ]);
}

/** Which subtree a znode below /zookeeper/quota is about; undefined: it is about none. */
function subjectOf(path: string): string | undefined {
  const parent = parentOf(path);
  return parent.startsWith(QUOTA) ? parent.slice(QUOTA.length) : undefined;
}

/** The root itself has no quota. */
function withLimits(tree: Tree, subject: string, present: boolean): Tree {
  if (subject === '') return tree;
  return withQuota(tree, subject.startsWith(ROOT) ? subject : ROOT + subject, present);
}

/** `path` was created: it may begin a quota, and it counts in the one that it is in. */
export function createdUnderQuota(tree: Tree, path: string, znode: Znode): Tree {
  const { quotas } = tree.registers;
  const special = path.startsWith(QUOTA) ? subjectOf(path) : undefined;
  if (special === undefined && quotas.size === 0) return tree;
  let next = tree;
  if (special !== undefined) {
    const name = nameOf(path);
    if (name === LIMITS) next = withLimits(next, special, true);
    if (name === STATS) next = overwrite(next, path, znode, formatTrack(usageOf(next, special)));
  }
  return countUsage(next, path, 1, sizeOf(znode.content.data));
}

/** `path`, which was `znode`, was deleted. Without limits the usage stays as it is. */
export function deletedUnderQuota(tree: Tree, path: string, znode: Znode): Tree {
  if (tree.registers.quotas.size === 0) return tree;
  const subject = path.startsWith(QUOTA) && nameOf(path) === LIMITS ? subjectOf(path) : undefined;
  const next = subject === undefined ? tree : withLimits(tree, subject, false);
  return countUsage(next, path, -1, -sizeOf(znode.content.data));
}

/** Only hard limits forbid anything; the others would be a line in a server's log. */
function isBeyond(limits: Track, hard: string, usage: number): boolean {
  const limit = valueOf(limits, hard);
  return limit > NONE && usage > limit;
}

/** Would `nodes` more znodes and `bytes` more bytes at `path` be too much? */
export function refusalOfQuota(
  tree: Tree,
  settings: ServiceSettings,
  path: string,
  nodes: number,
  bytes: number,
): ErrorCode | undefined {
  if (!settings.enforceQuota) return undefined;
  const subtree = quotaOver(tree, path);
  if (subtree === undefined) return undefined;
  const limitsZnode = znodeAt(tree, `${QUOTA}${subtree}/${LIMITS}`);
  if (limitsZnode === undefined) return undefined;
  const limits = parseTrack(limitsZnode.content.data);
  if (limits === undefined) return 'MarshallingError';
  const counts = nodes !== 0 && isLimited(limits, 'count', 'countHardLimit');
  const weighs = bytes !== 0 && isLimited(limits, 'bytes', 'byteHardLimit');
  const stats = znodeAt(tree, `${QUOTA}${subtree}/${STATS}`);
  if ((!counts && !weighs) || stats === undefined) return undefined;
  const usage = parseTrack(stats.content.data);
  if (usage === undefined) return 'MarshallingError';
  const beyond =
    (counts && isBeyond(limits, 'countHardLimit', valueOf(usage, 'count') + nodes)) ||
    (weighs && isBeyond(limits, 'byteHardLimit', valueOf(usage, 'bytes') + bytes));
  return beyond ? 'QuotaExceeded' : undefined;
}

function isLimited(limits: Track, soft: string, hard: string): boolean {
  return valueOf(limits, soft) > NONE || valueOf(limits, hard) > NONE;
}
