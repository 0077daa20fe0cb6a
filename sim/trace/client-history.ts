// What the clients of a run saw, and nothing else: who asked for what, when, and what they were
// told. Read from the trace; the history checker judges it and reports write it in other formats.
import type { CreateOperation, MultiPart, Operation } from '../../protocol/operation.js';
import { isCreate } from '../../protocol/operation.js';
import type { Result } from '../../protocol/result.js';
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
  /** Is it a container, or has it a time to live? */
  readonly reaped: boolean;
  /** `ok`, `error:<CODE>` or `unknown`. */
  readonly outcome: string;
}

/** The same, with where and when in virtual time. */
export interface ClientCall extends ClientRecord {
  readonly actor: ActorId;
  readonly invokedUs: number;
  readonly completedUs: number | undefined;
}

/** More than the parts of any multi; a power of two, so that the sums are exact. */
const PARTS_SPAN = 1024;

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

/** What of an operation a history of znodes can say. */
interface Seen {
  readonly kind: string;
  readonly path: string;
  readonly value: string | undefined;
  readonly expected: number | undefined;
  readonly version: number | undefined;
  readonly ephemeral: boolean;
  readonly reaped: boolean;
}

function seen(kind: string, path: string, more: Partial<Seen> = NO_MORE): Seen {
  const { value, expected, version, ephemeral = false, reaped = false } = more;
  // The empty path is the root's second name.
  return { kind, path: path === '' ? '/' : path, value, expected, version, ephemeral, reaped };
}

const NOTHING: readonly Seen[] = [];
const NO_MORE: Partial<Seen> = {};

/** Numbered by the server: 2 persistent, 3 ephemeral, 6 with a time to live. */
const isNumbered = ({ flags }: CreateOperation): boolean =>
  flags === 2 || flags === 3 || flags === 6;

const isEphemeral = ({ kind, flags }: CreateOperation): boolean =>
  kind !== 'createContainer' && (flags === 1 || flags === 3);

const isReaped = ({ kind, flags }: CreateOperation): boolean =>
  kind === 'createContainer' || flags === 5 || flags === 6;

function createSeen(op: CreateOperation, result: Result | undefined): readonly Seen[] {
  const more = {
    value: op.data ?? '',
    version: versionOf(result),
    ephemeral: isEphemeral(op),
    reaped: isReaped(op),
  };
  if (result?.kind === 'created') return [seen('create', result.path, more)];
  if (!isNumbered(op)) return [seen('create', op.path, more)];
  // Refused, it changed nothing that has a name; unanswered, nobody knows which name.
  return result === undefined ? [seen('create of an unknown name', op.path)] : NOTHING;
}

function partsSeen(parts: readonly MultiPart[], result: Result | undefined): readonly Seen[] {
  const results = result?.kind === 'multi' ? result.results : undefined;
  if (result !== undefined && results === undefined) return NOTHING;
  if (results?.some(({ kind }) => kind === 'error') === true) return NOTHING;
  return parts.flatMap((part, index) =>
    part.kind === 'check' ? NOTHING : operationSeen(part, results?.[index]),
  );
}

/**
 * A multi is as many operations at one time, which is less than it promises, and never too much;
 * one that failed is none. What changes no data and no version is left out.
 */
function operationSeen(op: Operation, result: Result | undefined): readonly Seen[] {
  const version = versionOf(result);
  if (isCreate(op)) return createSeen(op, result);
  switch (op.kind) {
    case 'setData':
      return [seen('setData', op.path, { value: op.data ?? '', expected: op.version, version })];
    case 'delete':
      return [seen('delete', op.path, { expected: op.version })];
    case 'multi':
      return partsSeen(op.parts, result);
    case 'getData': {
      const value = result?.kind === 'data' ? (result.data ?? '') : undefined;
      return [seen('getData', op.path, { value, version })];
    }
    case 'exists':
      return [seen('exists', op.path, { version })];
    case 'sync':
      return [seen('sync', op.path ?? '/')];
    case 'deleteContainer':
      // Of an ephemeral it says so, which no delete of any version would.
      if (result?.kind === 'error' && result.code === 'BadVersion') return NOTHING;
      return [seen('delete', op.path, { expected: -1 })];
    case 'addAuth':
    case 'addWatch':
    case 'check':
    case 'checkWatches':
    case 'getACL':
    case 'getAllChildrenNumber':
    case 'getChildren':
    case 'getChildren2':
    case 'getEphemerals':
    case 'malformedRead':
    case 'malformedWrite':
    case 'multiRead':
    case 'reconfig':
    case 'removeWatches':
    case 'setACL':
    case 'setWatches':
    case 'setWatches2':
    case 'unknown':
    case 'whoAmI':
      return NOTHING;
  }
}

/** Servers keep what is below /zookeeper, and it is there before anybody made it. */
function isOurs({ path }: Seen): boolean {
  return path !== '/zookeeper' && !path.startsWith('/zookeeper/');
}

function ended(call: Call, record: TraceRecord | undefined): ClientCall[] {
  const { op, invokedAt, invokedUs, actor } = call;
  const result = record?.detail as Result | undefined;
  const client = record === undefined ? call.client : clientOf(record);
  const outcome = record === undefined ? 'unknown' : outcomeOf(record.text, result);
  const zxid = record === undefined || record.zxid <= 0 ? undefined : record.zxid;
  return operationSeen(op, result)
    .filter(isOurs)
    .map(({ kind, path, value, expected, version, ephemeral, reaped }, index) => ({
      client,
      actor,
      invokedAt,
      invokedUs,
      completedAt: record?.index,
      completedUs: record?.atUs,
      // Parts of a multi share a zxid, and are in order all the same.
      zxid: zxid === undefined ? undefined : zxid + index / PARTS_SPAN,
      outcome,
      kind,
      path,
      value,
      expected,
      version,
      ephemeral,
      reaped,
    }));
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
    this.#ended.push(...ended(call, record));
  }

  /** Everything so far, by the time of asking; what is not answered is open. */
  calls(): readonly ClientCall[] {
    const open = [...this.#open.values()].flatMap((call) => ended(call, undefined));
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
