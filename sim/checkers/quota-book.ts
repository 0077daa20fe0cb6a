// Subtrees with limits, and how much there is in each, as of any transaction that a leader may not
// have applied yet: counted from the chosen history, by the contract. A change counts for the
// deepest subtree with limits that it is in; the count begins when the znode for it is created,
// with all there is. [ZK-Java Quotas, DataTree.updateQuotaStat]
import type { Data } from '../../protocol/operation.js';
import type { WriteTxn } from '../../protocol/txn.js';
import type { ServiceModel } from './oracle/service-model.js';
import { parentOf } from './oracle/service-rules.js';

const QUOTA = '/zookeeper/quota';
const LIMITS = '/zookeeper_limits';
const STATS = '/zookeeper_stats';
const KEPT = 256;

interface Usage {
  readonly zxid: number;
  readonly count: number;
  readonly size: number;
}

interface Account {
  /** Since which transaction there are limits, or no longer. */
  readonly limited: { readonly zxid: number; readonly on: boolean }[];
  readonly usage: Usage[];
  /** Nobody but the servers has written the usage. */
  trusted: boolean;
}

export interface LimitsOver {
  readonly subtree: string;
  readonly count: number;
  readonly size: number;
  /** Infinity for none. */
  readonly countLimit: number;
  readonly sizeLimit: number;
}

/** The last entry of that zxid or before it. */
function asOf<T extends { readonly zxid: number }>(list: readonly T[], zxid: number) {
  for (let index = list.length - 1; index >= 0; index--) {
    const entry = list[index];
    if (entry !== undefined && entry.zxid <= zxid) return entry;
  }
  return undefined;
}

function sizeOf(data: Data): number {
  return data?.length ?? 0;
}

/** Infinity where nothing is said. */
function hardLimit(text: string, key: string): number {
  const found = new RegExp(`(?:^|[,;])${key}=(\\d+)(?=$|[,;=])`).exec(text)?.[1];
  return found === undefined ? Infinity : Number(found);
}

/** Which subtree a znode below /zookeeper/quota is about. */
function subjectOf(path: string, name: string): string | undefined {
  const isAbout = path.startsWith(`${QUOTA}/`) && path.endsWith(name);
  const subtree = isAbout ? path.slice(QUOTA.length, -name.length) : '';
  return subtree === '' ? undefined : subtree;
}

export class QuotaBook {
  readonly #model: ServiceModel;
  readonly #accounts = new Map<string, Account>();
  /** The transaction that is being counted, and what its parts so far have left at their paths. */
  #countedZxid = -1;
  readonly #left = new Map<string, number>();

  constructor(model: ServiceModel) {
    this.#model = model;
  }

  #account(subtree: string): Account {
    const known = this.#accounts.get(subtree);
    if (known !== undefined) return known;
    const made = { limited: [], usage: [], trusted: false };
    this.#accounts.set(subtree, made);
    return made;
  }

  /** The deepest subtree with limits. */
  #over(path: string, zxid: number): string | undefined {
    for (let at = path; at !== '/' && at !== ''; at = parentOf(at)) {
      const account = this.#accounts.get(at);
      if (account !== undefined && asOf(account.limited, zxid)?.on === true) return at;
    }
    return undefined;
  }

  /** What holds for a write at `path` in the eyes of who has applied `zxid`; undefined: nothing. */
  limitsOver(path: string, zxid: number): LimitsOver | undefined {
    if (this.#accounts.size === 0) return undefined;
    const subtree = this.#over(path, zxid);
    const account = subtree === undefined ? undefined : this.#accounts.get(subtree);
    if (subtree === undefined || account?.trusted !== true) return undefined;
    const limits = this.#model.dataAt(`${QUOTA}${subtree}${LIMITS}`, zxid);
    const isCounted = this.#model.dataAt(`${QUOTA}${subtree}${STATS}`, zxid) !== undefined;
    const usage = asOf(account.usage, zxid);
    if (typeof limits !== 'string' || !isCounted || usage === undefined) return undefined;
    const countLimit = hardLimit(limits, 'countHardLimit');
    const sizeLimit = hardLimit(limits, 'byteHardLimit');
    if (countLimit === Infinity && sizeLimit === Infinity) return undefined;
    return { subtree, count: usage.count, size: usage.size, countLimit, sizeLimit };
  }

  /** Bytes at `path` before the transaction; undefined: not known. */
  sizeBefore(path: string, zxid: number): number | undefined {
    const data = this.#model.dataAt(path, zxid - 1);
    return data === undefined ? undefined : sizeOf(data);
  }

  /** Bytes at `path` before this part: what another part of the transaction has left there. */
  #sizeNow(path: string, zxid: number): number {
    if (zxid !== this.#countedZxid) this.#left.clear();
    this.#countedZxid = zxid;
    return this.#left.get(path) ?? this.sizeBefore(path, zxid) ?? 0;
  }

  /** A write of a chosen transaction; those of one transaction in their order. */
  write(write: WriteTxn, zxid: number): void {
    const { kind, path } = write;
    if (kind === 'check' || kind === 'setACL') return;
    if (path.startsWith(QUOTA)) this.#aboutQuotas(kind, path, zxid);
    if (this.#accounts.size === 0) return;
    const sizeNow = this.#sizeNow(path, zxid);
    const before = kind === 'create' ? 0 : sizeNow;
    const after = kind === 'delete' ? 0 : sizeOf(write.data);
    this.#left.set(path, after);
    const nodes = { create: 1, delete: -1, setData: 0 }[kind];
    this.#count(path, zxid, nodes, after - before);
  }

  #aboutQuotas(kind: 'create' | 'delete' | 'setData', path: string, zxid: number): void {
    const limited = subjectOf(path, LIMITS);
    if (limited !== undefined && kind !== 'setData') {
      this.#account(limited).limited.push({ zxid, on: kind === 'create' });
    }
    const counted = subjectOf(path, STATS);
    if (counted === undefined) return;
    const account = this.#account(counted);
    account.trusted = kind === 'create';
    if (kind === 'create') account.usage.push(this.#all(counted, zxid));
  }

  /** All that there is in a subtree. */
  #all(subtree: string, zxid: number): Usage {
    let count = 0;
    let size = 0;
    for (const path of this.#model.paths()) {
      if (path !== subtree && !path.startsWith(`${subtree}/`)) continue;
      const data = this.#model.dataAt(path, zxid);
      if (data === undefined) continue;
      count += 1;
      size += sizeOf(data);
    }
    return { zxid, count, size };
  }

  #count(path: string, zxid: number, nodes: number, bytes: number): void {
    const subtree = this.#over(path, zxid);
    const usage = subtree === undefined ? undefined : this.#accounts.get(subtree)?.usage;
    const last = usage?.[usage.length - 1];
    if (usage === undefined || last === undefined) return;
    usage.push({ zxid, count: last.count + nodes, size: last.size + bytes });
    if (usage.length > 2 * KEPT) usage.splice(0, KEPT);
  }
}
