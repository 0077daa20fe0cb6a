// What the clients of a run saw, and nothing else: who asked for what, when, and what they were
// told. Read from the trace; the history checker judges it and reports write it in other formats.
import type { Operation, Result } from '../../protocol/operation.js';
import type { ActorId, TraceRecord } from './record.js';

/** One operation as its client saw it. */
export interface ClientRecord {
  /** The session: operations of one session are ordered. */
  readonly client: string;
  readonly invokedAt: number;
  readonly completedAt: number | undefined;
  readonly kind: string;
  readonly path: string;
  /** Text written, or read. */
  readonly value: string | undefined;
  /** Version expected by set and delete; -1 or undefined for any. */
  readonly expected: number | undefined;
  /** Version answered. */
  readonly version: number | undefined;
  readonly zxid: number | undefined;
  readonly ephemeral: boolean;
  /** `ok`, `error:<CODE>` or `unknown`. */
  readonly outcome: string;
}

/** The same, with where and when in virtual time. */
export interface ClientCall extends ClientRecord {
  readonly actor: ActorId;
  readonly invokedUs: number;
  readonly completedUs: number | undefined;
}

/** Clients number their operations far below this. */
const CXID_SPAN = 2 ** 32;

interface Call {
  readonly op: Operation;
  /** Indices of records serve as times: they order events as they happened. */
  readonly invokedAt: number;
  readonly invokedUs: number;
  readonly actor: ActorId;
  readonly client: string;
}

/** Operations are ordered within a session; without one a client is on its own. */
function clientOf({ actor, value }: TraceRecord): string {
  return value === 0 ? `client ${String(actor)}` : `session ${String(value)}`;
}

function versionOf(result: Result | undefined): number | undefined {
  return result !== undefined && 'stat' in result ? result.stat?.version : undefined;
}

function outcomeOf(text: string, result: Result | undefined): string {
  return text === 'error' && result?.kind === 'error' ? `error:${result.code.toUpperCase()}` : text;
}

function ended(call: Call, record: TraceRecord | undefined): ClientCall {
  const { op, invokedAt, invokedUs, actor, client } = call;
  const result = record?.detail as Result | undefined;
  const writes = op.kind === 'create' || op.kind === 'setData';
  return {
    client: record === undefined ? client : clientOf(record),
    actor,
    invokedAt,
    invokedUs,
    completedAt: record?.index,
    completedUs: record?.atUs,
    kind: op.kind,
    path: op.path,
    value: writes ? op.data : result?.kind === 'data' ? result.data : undefined,
    expected: op.kind === 'setData' || op.kind === 'delete' ? op.version : undefined,
    version: versionOf(result),
    zxid: record === undefined || record.zxid <= 0 ? undefined : record.zxid,
    ephemeral: op.kind === 'create' && op.ephemeral,
    outcome: record === undefined ? 'unknown' : outcomeOf(record.text, result),
  };
}

export class ClientHistory {
  readonly #callsMax: number;
  readonly #open = new Map<number, Call>();
  readonly #ended: ClientCall[] = [];
  #invoked = 0;

  /** What is asked for beyond `callsMax` calls is left out. */
  constructor(callsMax = Infinity) {
    this.#callsMax = callsMax;
  }

  /** Reads `invoked` and `completed` records. */
  onRecord(record: TraceRecord): void {
    const { index, atUs, actor } = record;
    const key = actor * CXID_SPAN + record.digest;
    if (record.kind === 'invoked') {
      this.#invoked += 1;
      if (this.#invoked > this.#callsMax) return;
      const op = record.detail as Operation;
      const client = clientOf(record);
      this.#open.set(key, { op, invokedAt: index, invokedUs: atUs, actor, client });
      return;
    }
    const call = this.#open.get(key);
    if (call === undefined) return;
    this.#open.delete(key);
    this.#ended.push(ended(call, record));
  }

  /** Everything so far, by the time of asking; what is not answered is open. */
  calls(): readonly ClientCall[] {
    const open = [...this.#open.values()].map((call) => ended(call, undefined));
    return [...this.#ended, ...open].sort((a, b) => a.invokedAt - b.invokedAt);
  }
}

/** Of a trace that is stored. */
export function clientCalls(records: Iterable<TraceRecord>): readonly ClientCall[] {
  const history = new ClientHistory();
  for (const record of records) {
    if (record.kind === 'invoked' || record.kind === 'completed') history.onRecord(record);
  }
  return history.calls();
}
