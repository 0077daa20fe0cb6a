// The window of the newest committed transactions that a leader serves DIFFs from, as a value: a
// view on a shared buffer like TxnLog's, cut down when it has grown to twice the window. [ZK-Java
// ZKDatabase.committedLog]
import { assert } from '../../base/assert.js';
import type { Zxid } from '../ids.js';
import { ZERO_ZXID } from '../ids.js';
import type { Txn } from '../txn.js';

export class CommittedLog {
  readonly #buffer: Txn[];
  readonly #start: number;
  readonly #end: number;

  private constructor(buffer: Txn[], start: number, end: number) {
    this.#buffer = buffer;
    this.#start = start;
    this.#end = end;
  }

  static empty(): CommittedLog {
    return new CommittedLog([], 0, 0);
  }

  get length(): number {
    return this.#end - this.#start;
  }

  /** Zxid of the oldest transaction in the window, 0 when empty. */
  get min(): Zxid {
    return this.length === 0 ? ZERO_ZXID : this.at(0).zxid;
  }

  /** Zxid of the newest transaction in the window, 0 when empty. */
  get max(): Zxid {
    return this.length === 0 ? ZERO_ZXID : this.at(this.length - 1).zxid;
  }

  at(index: number): Txn {
    const txn = this.#buffer[this.#start + index];
    assert(txn !== undefined && index < this.length, 'committed log index out of range');
    return txn;
  }

  /**
   * With `txn` as its newest; a transaction that is not newer is ignored. At most `limit` remain.
   */
  append(txn: Txn, limit: number): CommittedLog {
    if (this.length > 0 && txn.zxid <= this.max) return this;
    let buffer = this.#buffer;
    let start = this.#start;
    let end = this.#end;
    if (buffer.length !== end || end === 0 || start > limit + 64) {
      buffer = buffer.slice(start, end);
      end -= start;
      start = 0;
    }
    buffer.push(txn);
    end += 1;
    return new CommittedLog(buffer, Math.max(start, end - limit), end);
  }
}
