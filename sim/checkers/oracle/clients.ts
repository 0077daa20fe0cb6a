// What is known about each client operation: what it asks, when it began, and which transaction
// of the chosen history carries it out. An operation is known by its client and its number;
// transactions name the session instead, so the client of each session is remembered too. An
// operation is forgotten once its outcome is known; one whose outcome stays unknown is kept,
// because it may be chosen yet.
import type { Detail } from '../../../protocol/note.js';
import type { Operation } from '../../../protocol/operation.js';
import { isWrite } from '../../../protocol/operation.js';
import type { Result } from '../../../protocol/result.js';
import type { Txn, TxnOp } from '../../../protocol/txn.js';
import type { TraceRecord } from '../../trace/record.js';
import { FIRST_CLIENT } from '../../trace/record.js';
import type { Expected } from './service-model.js';

export interface OperationFacts {
  readonly client: number;
  readonly cxid: number;
  readonly op: Operation;
  readonly invokedBy: number;
  readonly invokedAtUs: number;
  /** Largest zxid of a write that was acknowledged to anybody before this began. */
  readonly floorZxid: number;
  /** Zxid of the chosen transaction that carries it out; 0 for none yet. */
  zxid: number;
  /** The client will never learn its outcome. */
  unknown: boolean;
  /** What the model makes of it there, and what the leader made of it. */
  expected: Expected;
  outcome: TxnOp | undefined;
}

type Told = Exclude<Detail, Txn>;

/** What the client was told: of a `completed` record. */
export function resultOf({ detail }: TraceRecord): Result | undefined {
  const told = detail as Told | undefined;
  return told === undefined ? undefined : (told as Result);
}

/** What the client asked for: of an `invoked` record. */
export function operationOf({ detail }: TraceRecord): Operation | undefined {
  const told = detail as Told | undefined;
  return told === undefined ? undefined : (told as Operation);
}

/** Does every answer to it come from a transaction? What cannot be read may be refused at once. */
export function isDecided(op: Operation): boolean {
  return isWrite(op) && op.kind !== 'malformedWrite' && op.kind !== 'check';
}

export class Clients {
  readonly #operations = new Map<number, Map<number, OperationFacts>>();
  readonly #clientOf = new Map<number, number>();
  #ackedZxid = 0;
  /** The operation that the record at hand completes. */
  completing: OperationFacts | undefined = undefined;

  /** A client has that session. */
  owns(record: TraceRecord): void {
    if (record.actor >= FIRST_CLIENT && record.value !== 0) {
      this.#clientOf.set(record.value, record.actor);
    }
  }

  /** Is it the session of a client in this trace? */
  knows(session: number): boolean {
    return this.#clientOf.has(session);
  }

  /** The operation that a transaction or a reply names. */
  find(session: number, cxid: number): OperationFacts | undefined {
    const client = this.#clientOf.get(session);
    return client === undefined ? undefined : this.#operations.get(client)?.get(cxid);
  }

  invoked(record: TraceRecord): void {
    this.owns(record);
    const op = operationOf(record);
    if (op === undefined) return;
    let operations = this.#operations.get(record.actor);
    if (operations === undefined) {
      operations = new Map();
      this.#operations.set(record.actor, operations);
    }
    operations.set(record.digest, {
      client: record.actor,
      cxid: record.digest,
      op,
      invokedBy: record.index,
      invokedAtUs: record.atUs,
      floorZxid: this.#ackedZxid,
      zxid: 0,
      unknown: false,
      expected: 'unclaimed',
      outcome: undefined,
    });
  }

  completed(record: TraceRecord): void {
    this.owns(record);
    const operations = this.#operations.get(record.actor);
    const found = operations?.get(record.digest);
    this.completing = found;
    if (found === undefined) return;
    found.unknown = record.text === 'unknown';
    if (found.unknown) return;
    operations?.delete(record.digest);
    if (found.zxid > this.#ackedZxid) this.#ackedZxid = found.zxid;
  }

  /** Every operation without an outcome, oldest first per client. */
  *pending(): Generator<OperationFacts, void> {
    for (const operations of this.#operations.values()) yield* operations.values();
  }
}
