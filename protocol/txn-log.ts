// The transaction log as a value: a view (base, length) on a shared append-only buffer. Appending
// to the newest view pushes in place, appending to an older one copies; truncating only shortens.
// So a fork of a world, or the copy that a disk holds, costs one reference, and no view ever sees
// another's change. Each entry carries the lineage, a rolling hash of everything up to it, so that
// two histories are compared in O(1). [ZK-Java FileTxnLog]
import { assert } from '../base/assert.js';
import type { Txn } from './txn.js';
import type { Zxid } from './ids.js';
import { NO_ZXID, ZERO_ZXID } from './ids.js';

/** Hash of the empty history. */
export const NO_LINEAGE = 0;

/** The lineage after `txn` follows a history of lineage `before`; below 2^53. */
export function extendLineage(before: number, txn: Pick<Txn, 'zxid' | 'digest'>): number {
  const high = Math.floor(before / 2 ** 32);
  const low = before >>> 0;
  let a = Math.imul(low ^ txn.digest, 0x9e3779b1);
  a = Math.imul(a ^ (a >>> 15) ^ high, 0x85ebca6b);
  let b = Math.imul(high ^ txn.digest ^ (txn.zxid >>> 0), 0xc2b2ae35);
  b = Math.imul(b ^ (b >>> 13) ^ low, 0x27d4eb2f);
  return ((b ^ (b >>> 16)) & 0x1fffff) * 2 ** 32 + ((a ^ (a >>> 16)) >>> 0);
}

interface Buffer {
  readonly txns: Txn[];
  readonly lineages: number[];
}

export class TxnLog {
  readonly #buffer: Buffer;
  /** How many transactions the log holds. */
  readonly length: number;
  /** The history before the first entry: what a snapshot stands for, or the empty one. */
  readonly baseZxid: Zxid;
  readonly baseLineage: number;

  private constructor(buffer: Buffer, length: number, baseZxid: Zxid, baseLineage: number) {
    this.#buffer = buffer;
    this.length = length;
    this.baseZxid = baseZxid;
    this.baseLineage = baseLineage;
  }

  /** An empty log that continues the history ending at `baseZxid`. */
  static empty(baseZxid: Zxid = ZERO_ZXID, baseLineage: number = NO_LINEAGE): TxnLog {
    return new TxnLog({ txns: [], lineages: [] }, 0, baseZxid, baseLineage);
  }

  /** Zxid of the last entry, or `baseZxid`. */
  get lastZxid(): Zxid {
    return this.length === 0 ? this.baseZxid : this.at(this.length - 1).zxid;
  }

  /** Zxid of the first entry; NO_ZXID when empty. */
  get firstZxid(): Zxid {
    return this.length === 0 ? NO_ZXID : this.at(0).zxid;
  }

  get lineage(): number {
    return this.lineageAt(this.length);
  }

  at(index: number): Txn {
    const txn = this.#buffer.txns[index];
    assert(txn !== undefined && index < this.length, 'log index out of range');
    return txn;
  }

  /** Lineage of the first `length` entries on top of the base. */
  lineageAt(length: number): number {
    if (length === 0) return this.baseLineage;
    const lineage = this.#buffer.lineages[length - 1];
    assert(lineage !== undefined && length <= this.length, 'log length out of range');
    return lineage;
  }

  /** Index of the first entry with zxid >= `zxid`; `length` when there is none. Logs ascend. */
  indexFrom(zxid: Zxid): number {
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.at(middle).zxid < zxid) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Is there an entry with exactly this zxid (or is it the base)? */
  has(zxid: Zxid): boolean {
    const index = this.indexFrom(zxid);
    return index < this.length ? this.at(index).zxid === zxid : this.lastZxid === zxid;
  }

  append(txn: Txn): TxnLog {
    const buffer = this.#writable();
    buffer.txns.push(txn);
    buffer.lineages.push(extendLineage(this.lineage, txn));
    return new TxnLog(buffer, this.length + 1, this.baseZxid, this.baseLineage);
  }

  #writable(): Buffer {
    const { txns, lineages } = this.#buffer;
    if (txns.length === this.length && this.length > 0) return this.#buffer;
    return { txns: txns.slice(0, this.length), lineages: lineages.slice(0, this.length) };
  }

  /** The first `length` entries. */
  take(length: number): TxnLog {
    assert(length >= 0 && length <= this.length, 'cannot take more than there is');
    if (length === this.length) return this;
    return new TxnLog(this.#buffer, length, this.baseZxid, this.baseLineage);
  }

  toArray(): Txn[] {
    return this.#buffer.txns.slice(0, this.length);
  }
}
