// A history together with the model it is held against, whatever their types: the file formats
// and the command line choose a model by name, and what follows is the same for all of them.
import type { History, HistoryOp, Json } from './history.js';
import {
  decodeKv,
  decodeListAppend,
  decodeLock,
  decodeMultiRegister,
  decodeQueue,
  decodeRegister,
  decodeSet,
} from './decode.js';
import type { NilReads } from './decode.js';
import { decodeZnode } from './decode-znode.js';
import type { KnownFormat, ParsedHistory } from './formats/parse.js';
import type { RawHistory } from './formats/raw.js';
import { MalformedHistory, quote } from './formats/raw.js';
import type { Model } from './model.js';
import { kvModel } from './models/kv.js';
import { listAppendModel } from './models/list-append.js';
import { lockModel } from './models/lock.js';
import { multiRegisterModel } from './models/multi-register.js';
import { queueModel } from './models/queue.js';
import { registerModel } from './models/register.js';
import { setModel } from './models/set.js';
import { znodeModelOf } from './models/znode.js';
import type { ZnodeOp, ZnodeResult } from './models/znode-op.js';
import type { Contradiction, RealTime } from './models/znode-versions.js';
import { contradiction } from './models/znode-versions.js';
import type { Need, SessionRules } from './session-rules.js';
import { sequentialRules } from './sessions.js';
import type { ZxidFinding } from './zxid-order.js';
import { examineZxids } from './zxid-order.js';

export const MODELS = [
  'register',
  'kv',
  'list-append-register',
  'znode',
  'queue',
  'lock',
  'owned-lock',
  'set',
  'multi-register',
] as const;
export type ModelName = (typeof MODELS)[number];

/** How much order a history must have: see sessions.ts for all but the first. */
export const CONSISTENCIES = ['linearizable', 'sequential', 'session', 'sync'] as const;
export type Consistency = (typeof CONSISTENCIES)[number];

export interface Subject<S, Op, Result> {
  readonly model: Model<S, Op, Result>;
  readonly history: History<Op, Result>;
  readonly rules: Readonly<Record<Exclude<Consistency, 'linearizable'>, SessionRules<Op, Result>>>;
  /** What speaks against the order that the answers themselves claim: see zxid-order.ts. */
  readonly objections: () => readonly Objection<Op, Result>[];
}

export interface Objection<Op, Result> {
  readonly ops: History<Op, Result>;
  readonly because: string;
}

/** Something to do with a subject of any types. */
export interface Visitor<T> {
  readonly visit: <S, Op, Result>(subject: Subject<S, Op, Result>) => T;
}

export type AnySubject = <T>(visitor: Visitor<T>) => T;

export interface Settings {
  /** Value of registers nobody has written yet; undefined for what the format says. */
  readonly initial: Json | undefined;
  readonly nilReads: NilReads | undefined;
}

/** Throws MalformedHistory for an operation that the model does not have. */
function subjectOf(
  name: ModelName,
  ops: RawHistory,
  format: KnownFormat,
  settings: Settings,
): AnySubject {
  const initial = settings.initial ?? initialOf(format);
  const nilReads = settings.nilReads ?? nilReadsOf(format);
  switch (name) {
    case 'register':
      return plain(registerModel(initial), decodeRegister(ops, nilReads));
    case 'multi-register':
      return plain(multiRegisterModel(initial), decodeMultiRegister(ops, nilReads));
    case 'kv':
      return plain(kvModel, decodeKv(ops));
    case 'list-append-register':
      return plain(listAppendModel, decodeListAppend(ops));
    case 'queue':
      return plain(queueModel, decodeQueue(ops));
    case 'lock':
    case 'owned-lock':
      return plain(lockModel, decodeLock(ops, name === 'owned-lock'));
    case 'set': {
      const history = decodeSet(ops);
      return plain(setModel(history.some(({ op }) => op.f === 'read')), history);
    }
    case 'znode':
      return znodeSubject(decodeZnode(ops));
  }
}

/** etcd's logs begin with an absent key; the registers of all other collections begin with 0. */
function initialOf(format: KnownFormat): Json {
  return format === 'jepsen-log' || format === 'zabsim' ? null : 0;
}

/** Knossos, and what was made from its files, takes a read of nil for a read that tells nothing. */
function nilReadsOf(format: KnownFormat): NilReads {
  return format === 'jepsen-edn' || format === 'ndjson' ? 'any' : 'value';
}

function plain<S, Op, Result>(
  model: Model<S, Op, Result>,
  history: History<Op, Result>,
): AnySubject {
  const isPure = ({ op, result }: HistoryOp<Op, Result>): boolean =>
    model.isPure?.(op, result) ?? false;
  const session: SessionRules<Op, Result> = {
    needOf: (op) => (isPure(op) ? 'session' : 'everything'),
    hintOf: () => undefined,
  };
  const rules = { sequential: sequentialRules<Op, Result>(), session, sync: session };
  const objections = (): [] => [];
  return (visitor) => visitor.visit({ model, history, rules, objections });
}

/**
 * ZooKeeper's own rules: refused writes are ordered as writes are, and a sync may be held to its
 * word.
 */
export function znodeSubject(history: History<ZnodeOp, ZnodeResult>): AnySubject {
  const hintOf = ({ op, result }: HistoryOp<ZnodeOp, ZnodeResult>): number | undefined =>
    op.f === 'create' || op.f === 'set' || op.f === 'delete' ? result?.zxid : undefined;
  const needs =
    (sync: Need) =>
    ({ op }: HistoryOp<ZnodeOp, ZnodeResult>): Need => {
      if (op.f === 'sync') return sync;
      return op.f === 'get' || op.f === 'exists' ? 'session' : 'everything';
    };
  const seenBy =
    (realTime: RealTime) =>
    (ops: History<ZnodeOp, ZnodeResult>): Contradiction | undefined =>
      contradiction(ops, realTime);
  const rules = {
    sequential: { needOf: () => 'session' as const, hintOf, contradiction: seenBy('nobody') },
    session: { needOf: needs('session'), hintOf, contradiction: seenBy('writes') },
    sync: { needOf: needs('writes'), hintOf, contradiction: seenBy('writes') },
  };
  const model = znodeModelOf(history);
  const objections = (): ZxidFinding[] => examineZxids(history);
  return (visitor) => visitor.visit({ model, history, rules, objections });
}

export interface Chosen {
  readonly name: ModelName;
  readonly subject: AnySubject;
}

/**
 * The subject of a parsed history: by the model asked for, or that the file names, or whose
 * operations it has. Throws MalformedHistory when that cannot be.
 */
export function chooseSubject(
  parsed: ParsedHistory,
  asked: ModelName | undefined,
  settings: Settings,
): Chosen {
  const { ops, format } = parsed;
  const name = asked ?? namedModel(parsed) ?? guessModel(ops);
  if (name === undefined) {
    const names = [...new Set(ops.map(({ op }) => op.f))].sort((a, b) => (a < b ? -1 : 1));
    const found = quote(names.slice(0, 8).join(', '));
    throw new MalformedHistory(
      ops[0]?.line ?? 1,
      found,
      'the operations of one model (see --model)',
    );
  }
  return { name, subject: subjectOf(name, ops, format, settings) };
}

function namedModel({ model }: ParsedHistory): ModelName | undefined {
  if (model === undefined) return undefined;
  const known = MODELS.find((name) => name === model);
  if (known === undefined) {
    throw new MalformedHistory(1, `model ${quote(model)}`, `one of ${MODELS.join(', ')}`);
  }
  return known;
}

/** The model whose operations these are, or undefined if no model has them all. */
function guessModel(ops: RawHistory): ModelName | undefined {
  const names = new Set(ops.map(({ op }) => op.f));
  const only = (...known: readonly string[]): boolean =>
    [...names].every((name) => known.includes(name));
  if (ops.some(({ op }) => op.fields['path'] !== undefined)) return 'znode';
  const keyed = ops.some(({ op }) => op.key !== undefined);
  if (keyed && only('get', 'put', 'append', 'delete')) return 'kv';
  if (only('read', 'write', 'cas', 'get', 'put')) return 'register';
  if (only('append', 'read', 'get')) return 'list-append-register';
  if (only('enqueue', 'dequeue', 'poll')) return 'queue';
  if (only('acquire', 'release')) return 'lock';
  if (only('add', 'remove', 'contains', 'read')) return 'set';
  return only('txn') ? 'multi-register' : undefined;
}
