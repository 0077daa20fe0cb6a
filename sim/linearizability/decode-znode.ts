// Histories of znodes, from files and from a simulator's clients. Codes that leave it open
// whether the operation took place make its outcome unknown; ephemeral znodes get the operation
// that may end them at any time.
import type { HistoryOp, Json } from './history.js';
import type { Fields, RawHistory, RawHistoryOp } from './formats/raw.js';
import { typed, untold, wrong } from './decode.js';
import type { ZnodeOp, ZnodeResult } from './models/znode-op.js';

export type ZnodeHistoryOp = HistoryOp<ZnodeOp, ZnodeResult>;

/** What clients call operations, and what the model calls them. */
const NAMES: Readonly<Record<string, ZnodeOp['f']>> = {
  create: 'create',
  create2: 'create',
  delete: 'delete',
  set: 'set',
  setData: 'set',
  get: 'get',
  getData: 'get',
  exists: 'exists',
  sync: 'sync',
};
/** Reads that the model knows nothing about; without them a history is only easier to explain. */
const UNMODELLED_READS = new Set([
  ...['getChildren', 'getChildren2', 'children', 'getACL', 'getEphemerals', 'multiRead', 'whoAmI'],
  ...['getAllChildrenNumber', 'addWatch', 'removeWatches', 'checkWatches', 'setWatches'],
  ...['setWatches2', 'addAuth'],
]);
const INDEFINITE = new Set([
  'CONNECTIONLOSS',
  'OPERATIONTIMEOUT',
  'REQUESTTIMEOUT',
  'SESSIONEXPIRED',
  'SESSIONMOVED',
]);

/** One operation as a client of the simulator records it. */
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

/** A history of the records; kinds that the model lacks are named in `skipped`. */
export function znodeHistory(records: readonly ClientRecord[]): {
  readonly history: readonly ZnodeHistoryOp[];
  /** Writes among them make the history unfit for checking. */
  readonly skipped: readonly string[];
} {
  const skipped = new Set<string>();
  const history = records.flatMap((record): ZnodeHistoryOp[] => {
    const f = NAMES[record.kind];
    if (f === undefined) {
      if (!UNMODELLED_READS.has(record.kind)) skipped.add(record.kind);
      return [];
    }
    const { client, invokedAt, path, outcome } = record;
    const error = outcome.startsWith('error:') ? outcome.slice('error:'.length) : undefined;
    const known = outcome !== 'unknown' && !(error !== undefined && INDEFINITE.has(error));
    const writes = f === 'create' || f === 'set';
    const op: ZnodeOp = {
      f,
      path,
      value: writes ? (record.value ?? '') : '',
      version: f === 'set' || f === 'delete' ? (record.expected ?? -1) : -1,
      owner: f === 'create' && record.ephemeral ? client : '',
    };
    const { version, zxid } = record;
    const value = f === 'get' ? record.value : undefined;
    const result = known ? { error, value, version, zxid } : undefined;
    const completedAt = known ? record.completedAt : undefined;
    const answered = known && completedAt !== undefined;
    const one: ZnodeHistoryOp = {
      client,
      invokedAt,
      completedAt,
      op,
      result: answered ? result : undefined,
      outcome: answered ? 'ok' : 'unknown',
      line: 0,
    };
    return withExpiry(one);
  });
  return { history, skipped: [...skipped] };
}

/** An ephemeral znode that was, or may have been, created may vanish. */
function withExpiry(one: ZnodeHistoryOp): ZnodeHistoryOp[] {
  const { op, invokedAt, result } = one;
  if (op.f !== 'create' || op.owner === '' || result?.error !== undefined) return [one];
  const expiry: ZnodeHistoryOp = {
    client: `the expiry of ${op.owner}`,
    invokedAt,
    completedAt: undefined,
    op: { f: 'expire', path: op.path, value: '', version: -1, owner: op.owner },
    result: undefined,
    outcome: 'unknown',
    line: one.line,
  };
  return [one, expiry];
}

export function decodeZnode(ops: RawHistory): ZnodeHistoryOp[] {
  return ops.flatMap((raw): ZnodeHistoryOp[] => {
    const { f: name, fields } = raw.op;
    const f = NAMES[name];
    if (f === undefined) {
      if (UNMODELLED_READS.has(name)) return [];
      return wrong(raw, `one of ${Object.keys(NAMES).join(', ')}`);
    }
    const path = fields['path'] ?? raw.op.key;
    if (typeof path !== 'string' || !path.startsWith('/')) return wrong(raw, 'a "path" from /');
    const value = textOf(fields['value'] ?? fields['data']);
    const writes = f === 'create' || f === 'set';
    if (writes && value === undefined) return wrong(raw, 'a text as "value"');
    const owner = fields['owner'] ?? (fields['ephemeral'] === true ? raw.client : '');
    const op: ZnodeOp = {
      f,
      path,
      value: writes ? (value ?? '') : '',
      version: f === 'set' || f === 'delete' ? (numberOf(fields['version']) ?? -1) : -1,
      owner: f === 'create' && typeof owner === 'string' ? owner : '',
    };
    return withExpiry(answered(raw, op));
  });
}

function answered(raw: RawHistoryOp, op: ZnodeOp): ZnodeHistoryOp {
  const told = raw.result;
  if (told === undefined) return untold(raw, op);
  const { fields } = told;
  const error = textOf(fields['error']);
  if (error !== undefined && INDEFINITE.has(error)) {
    return { ...untold(raw, op), outcome: 'unknown' };
  }
  const value =
    op.f === 'get' ? textOf(fields['value'] ?? fields['data'] ?? told.value) : undefined;
  const version = numberOf(fields['version']);
  const zxid = zxidOf(fields);
  if (error === undefined && op.f === 'exists' && told.value === false) {
    return typed(raw, op, { error: 'NONODE', value, version, zxid });
  }
  return typed(raw, op, { error, value, version, zxid });
}

function textOf(value: Json | undefined): string | undefined {
  if (value === undefined || value === null) return undefined;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function numberOf(value: Json | undefined): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

/** A number, or the hexadecimal text that ZooKeeper prints. */
function zxidOf(fields: Fields): number | undefined {
  const { zxid } = fields;
  if (typeof zxid === 'string' && /^0x[0-9a-f]{1,13}$/i.test(zxid)) return Number(zxid);
  return numberOf(zxid);
}
