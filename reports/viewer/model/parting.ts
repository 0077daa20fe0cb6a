// Where the logs part at the moment of a violation: the first transaction that not everybody has in
// the same way, and who has what there. Logs that contradict each other come first, then what the
// server in question lacks on its disk, then who ends early, then a memory that its own log does
// not bear out.
import { formatZxid } from '../../../protocol/ids.js';
import type { Zxid } from '../../../protocol/ids.js';
import { listed, serverName } from '../../format.js';
import { firstDifference, majority } from './logs.js';
import type { LogView } from './logs.js';

export type Holding = 'durable' | 'buffered' | 'other' | 'ends' | 'removed';

export interface Group {
  readonly holding: Holding;
  readonly servers: readonly number[];
  /** `other`: what they have instead; `ends`: their last. */
  readonly zxid: number;
}

export interface Parting {
  readonly kind: 'contradiction' | 'twice' | 'behind' | 'memory';
  readonly zxid: number;
  /** Those who have it first. */
  readonly groups: readonly Group[];
}

function lastOf({ entries, base }: LogView): number {
  return entries.at(-1)?.zxid ?? base;
}

function has(log: LogView, zxid: number): boolean {
  return zxid <= log.base || log.entries.some((entry) => entry.zxid === zxid);
}

function groupsAt(
  logs: readonly LogView[],
  before: readonly LogView[],
  zxid: number,
  usual: number | undefined,
): Group[] {
  const groups = new Map<string, { holding: Holding; servers: number[]; zxid: number }>();
  logs.forEach((log, row) => {
    const { holding, about } = holdingOf(log, before[row], zxid, usual);
    const key = `${holding}/${about}`;
    const group = groups.get(key) ?? { holding, servers: [], zxid: about };
    groups.set(key, group);
    group.servers.push(log.server);
  });
  const order: readonly Holding[] = ['durable', 'buffered', 'other', 'ends', 'removed'];
  return [...groups.values()].sort((a, b) => order.indexOf(a.holding) - order.indexOf(b.holding));
}

function holdingOf(
  log: LogView,
  before: LogView | undefined,
  zxid: number,
  usual: number | undefined,
): { readonly holding: Holding; readonly about: number } {
  const own = log.entries.find((entry) => entry.zxid >= zxid);
  if (own?.zxid === zxid && (usual === undefined || own.digest === usual)) {
    return { holding: zxid <= log.durable ? 'durable' : 'buffered', about: zxid };
  }
  if (own !== undefined && zxid > log.base) return { holding: 'other', about: own.zxid };
  if (zxid <= log.base) return { holding: 'durable', about: zxid };
  const removed = before !== undefined && has(before, zxid);
  return { holding: removed ? 'removed' : 'ends', about: lastOf(log) };
}

export interface PartingInput {
  readonly logs: readonly LogView[];
  /** The same before the event. */
  readonly before: readonly LogView[];
  /** The server that breaks the claim; 0 for none. */
  readonly who: number;
  /** What the violation is about, by its own account. */
  readonly named: ReadonlySet<number>;
  /** Is it about what a server has in memory? */
  readonly ofMemory: boolean;
}

/** The first transaction that some log holds and this one does not have on disk. */
function firstMissing(log: LogView, all: readonly number[]): number | undefined {
  return all.find((zxid) => zxid > log.base && (!has(log, zxid) || zxid > log.durable));
}

/** A log that holds one zxid two times, or a smaller one behind a larger. */
function twiceIn(logs: readonly LogView[]): Parting | undefined {
  for (const { entries, server } of logs) {
    const at = entries.findIndex(({ zxid }, place) => zxid <= (entries[place - 1]?.zxid ?? 0));
    const zxid = entries[at]?.zxid;
    if (zxid === undefined) continue;
    return { kind: 'twice', zxid, groups: [{ holding: 'other', servers: [server], zxid }] };
  }
  return undefined;
}

export function partingOf(input: PartingInput): Parting | undefined {
  const { logs, before, who, named, ofMemory } = input;
  const usual = majority(logs);
  const all = [...new Set([...usual.keys(), ...majority(before).keys()])].sort((a, b) => a - b);
  const contradiction = firstDifference(logs, all, usual);
  if (contradiction !== undefined) {
    const groups = groupsAt(logs, before, contradiction, usual.get(contradiction));
    return { kind: 'contradiction', zxid: contradiction, groups };
  }
  const twice = twiceIn(logs);
  if (twice !== undefined) return twice;
  const own = logs.find(({ server }) => server === who);
  const memory = own === undefined || !ofMemory ? undefined : memoryOf(own, logs);
  if (memory !== undefined) return memory;
  const behind = (zxid: number): boolean => logs.some((log) => log.up && !has(log, zxid));
  const missing = own === undefined ? undefined : firstMissing(own, all);
  const zxid = missing ?? all.findLast((one) => named.has(one) && behind(one)) ?? all.find(behind);
  if (zxid === undefined) return undefined;
  return { kind: 'behind', zxid, groups: groupsAt(logs, before, zxid, usual.get(zxid)) };
}

/** Memory that says something else than the log it was made from. */
function memoryOf(log: LogView, logs: readonly LogView[]): Parting | undefined {
  const last = lastOf(log);
  if (!log.up || log.applied === last || log.applied % 2 ** 32 === 0) return undefined;
  const zxid = Math.max(log.applied, last);
  const groups: Group[] = [{ holding: 'ends', servers: [log.server], zxid: last }];
  const others = logs.filter((one) => one !== log && has(one, zxid)).map(({ server }) => server);
  if (others.length > 0) groups.push({ holding: 'durable', servers: others, zxid });
  return { kind: 'memory', zxid, groups };
}

const text = (zxid: number): string => formatZxid(zxid as Zxid);

function groupWords({ holding, servers, zxid }: Group, at: number): string {
  const names = listed(servers.map(serverName));
  const one = servers.length === 1;
  switch (holding) {
    case 'durable':
      return `${names} ${one ? 'has' : 'have'} ${text(at)} on disk`;
    case 'buffered':
      return `${names} ${one ? 'has' : 'have'} ${text(at)} in a buffer, not on disk`;
    case 'other': {
      const instead = zxid === at ? `another transaction as ${text(at)}` : text(zxid);
      return `${names} ${one ? 'has' : 'have'} ${instead} there instead`;
    }
    case 'ends':
      if (zxid === 0)
        return `${one ? 'the log' : 'the logs'} of ${names} ${one ? 'is' : 'are'} empty`;
      return `${one ? 'the log' : 'the logs'} of ${names} ${one ? 'ends' : 'end'} at ${text(zxid)}`;
    case 'removed':
      return one
        ? `${names} has just removed it and ends at ${text(zxid)}`
        : `${names} have just removed it and end at ${text(zxid)}`;
  }
}

function otherLogs(servers: readonly number[]): string {
  const names = listed(servers.map(serverName));
  return servers.length === 1 ? `the log of ${names} holds` : `the logs of ${names} hold`;
}

/** `s1 and s2 have 1:6 on disk; the log of s3 ends at 1:5` */
export function partingWords({ kind, zxid, groups }: Parting): string {
  const [first, others] = groups;
  const who = serverName(first?.servers[0] ?? 0);
  if (kind === 'twice') return `the log of ${who} holds ${text(zxid)} a second time`;
  if (kind === 'memory') {
    const last = first?.zxid ?? 0;
    const theirs = others === undefined ? '' : `; ${otherLogs(others.servers)} it`;
    if (last === zxid) {
      return `the memory of ${who} lacks ${text(zxid)}, which its log holds${theirs}`;
    }
    const log = last === 0 ? 'its log is empty' : `its log ends at ${text(last)}`;
    return `the memory of ${who} holds ${text(zxid)}, but ${log}${theirs}`;
  }
  return groups.map((group) => groupWords(group, zxid)).join('; ');
}
