// What became of the operations of all clients, read from the trace: how many succeeded, failed or
// are unknown, and how many writes were acknowledged. A run without one has tested little.
import type { Operation } from '../../protocol/operation.js';
import { isWrite } from '../../protocol/operation.js';
import type { TraceRecord } from '../trace/record.js';

export interface OperationCounts {
  readonly ok: number;
  readonly error: number;
  readonly unknown: number;
}

/** Clients number their operations far below this. */
const CXID_SPAN = 2 ** 32;

export class Ledger {
  #ok = 0;
  #error = 0;
  #unknown = 0;
  #acknowledged = 0;
  /** Writes under way. */
  readonly #writes = new Set<number>();

  /** Reads `invoked` and `completed` records. */
  onRecord(record: TraceRecord): void {
    const key = record.actor * CXID_SPAN + record.digest;
    if (record.kind === 'invoked') {
      if (isWrite(record.detail as Operation)) this.#writes.add(key);
      return;
    }
    const isOfWrite = this.#writes.delete(key);
    // A write that a server refused was decided as well: it has a zxid, like one that succeeded.
    if (isOfWrite && record.zxid > 0) this.#acknowledged += 1;
    if (record.text === 'ok') {
      this.#ok += 1;
    } else if (record.text === 'unknown') {
      this.#unknown += 1;
    } else {
      this.#error += 1;
    }
  }

  get counts(): OperationCounts {
    return { ok: this.#ok, error: this.#error, unknown: this.#unknown };
  }

  /** Writes that a server answered. */
  get acknowledged(): number {
    return this.#acknowledged;
  }
}
