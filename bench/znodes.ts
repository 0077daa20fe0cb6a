// What an operation costs in a large tree: a leader's decision and its application, with nothing
// around them. Up to 10^6 znodes, 10^5 of them under one parent; the cost should not grow but with
// the depth of a map's tree.
import { serverId } from '../protocol/ids.js';
import type { SessionId, Zxid } from '../protocol/ids.js';
import type { LeaderOperation } from '../protocol/operation.js';
import { createOperation, makeRequest } from '../protocol/operation.js';
import type { Result } from '../protocol/result.js';
import { DEFAULT_SERVICE } from '../protocol/service-settings.js';
import { NO_OUTSTANDING, prepare, settle } from '../protocol/tree/prepare.js';
import { applyTxn, EMPTY_TREE, readTree } from '../protocol/tree/tree.js';
import { makeTxn } from '../protocol/txn.js';
import { collectGarbage, cpuUs, median } from './cpu.js';

export interface ZnodeCost {
  readonly znodes: number;
  readonly underOneParent: number;
  /** Microseconds each. */
  readonly set: number;
  /** A numbered create under that parent and its delete. */
  readonly createAndDelete: number;
  readonly get: number;
}

const SIZES = [1000, 10_000, 100_000, 1_000_000] as const;
const CROWD_MAX = 100_000;
const OPERATIONS = 10_000;
const ROUNDS = 5;
const SESSION = 1 as SessionId;
const READER = { session: SESSION, identities: [], settings: DEFAULT_SERVICE };
const SELF = serverId(1);

/** One server that decides and applies, one thing after another. */
class Service {
  #tree = EMPTY_TREE;
  #outstanding = NO_OUTSTANDING;
  #zxid = 0;

  get size(): number {
    return this.#tree.znodes.size;
  }

  do(op: LeaderOperation): Result {
    const zxid = (this.#zxid += 1) as Zxid;
    const view = { tree: this.#tree, outstanding: this.#outstanding, settings: DEFAULT_SERVICE };
    const prepared = prepare(view, makeRequest(SESSION, zxid, op, SELF), zxid);
    const header = { zxid, session: SESSION, cxid: zxid, timeMs: zxid };
    const { tree, result } = applyTxn(this.#tree, makeTxn(header, prepared.op));
    this.#tree = tree;
    this.#outstanding = settle(prepared.outstanding, zxid);
    return result;
  }

  get(path: string): Result {
    return readTree(this.#tree, { kind: 'getData', path, watch: false }, READER);
  }
}

/** Microseconds for each of so many, as a median: a large heap is collected at its own times. */
function each(work: (n: number) => unknown): number {
  const rounds = Array.from({ length: ROUNDS }, () => {
    const sinceUs = cpuUs();
    for (let n = 0; n < OPERATIONS; n += 1) work(n);
    return (cpuUs() - sinceUs) / OPERATIONS;
  });
  return median(rounds);
}

function createAndDelete(service: Service): void {
  const made = service.do(createOperation('/crowd/m-', '', 'persistentSequential'));
  if (made.kind === 'created') service.do({ kind: 'delete', path: made.path, version: -1 });
}

export function measureZnodes(progress: (what: string) => void): ZnodeCost[] {
  const service = new Service();
  service.do(createOperation('/crowd', ''));
  let crowd = 0;
  let family = 0;
  return SIZES.map((size) => {
    progress(`${size} znodes`);
    while (service.size < size) {
      if (crowd < Math.min(size - 100, CROWD_MAX)) {
        service.do(createOperation(`/crowd/${crowd}`, 'v'));
        crowd += 1;
        continue;
      }
      service.do(createOperation(`/f${family}`, ''));
      for (let n = 0; n < 99; n += 1) service.do(createOperation(`/f${family}/${n}`, 'v'));
      family += 1;
    }
    collectGarbage();
    const pathOf = (n: number): string => `/crowd/${(n * 7919) % crowd}`;
    return {
      znodes: service.size,
      underOneParent: crowd,
      set: each((n) => service.do({ kind: 'setData', path: pathOf(n), data: `${n}`, version: -1 })),
      createAndDelete: each(() => createAndDelete(service)),
      get: each((n) => service.get(pathOf(n))),
    };
  });
}
