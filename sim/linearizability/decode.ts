// From what a format says to what a model understands: names of operations, shapes of values.
// Whatever does not fit is the file's mistake and is reported with its line.
import type { HistoryOp, Json } from './history.js';
import { isList, valueKey } from './history.js';
import type { RawHistory, RawHistoryOp } from './formats/raw.js';
import { MalformedHistory, quote } from './formats/raw.js';
import type { KvOp } from './models/kv.js';
import type { ListOp } from './models/list-append.js';
import type { LockOp } from './models/lock.js';
import type { Access, TransactionOp } from './models/multi-register.js';
import type { QueueOp } from './models/queue.js';
import type { RegisterOp } from './models/register.js';
import type { SetOp, SetResult } from './models/set.js';

/** What a read that returned nil says: the value nil, or nothing at all, as Knossos has it. */
export type NilReads = 'any' | 'value';

/** The same operation in the words of a model. */
export function typed<Op, Result>(
  raw: RawHistoryOp,
  op: Op,
  result: Result | undefined,
): HistoryOp<Op, Result> {
  const { client, invokedAt, completedAt, outcome, line } = raw;
  return { client, invokedAt, completedAt, op, result, outcome, line };
}

/** One whose answer tells nothing. */
export function untold<Op>(raw: RawHistoryOp, op: Op): HistoryOp<Op, never> {
  return typed<Op, never>(raw, op, undefined);
}

export function wrong(raw: RawHistoryOp, expected: string): never {
  const { f, key, value } = raw.op;
  const found = [f, key, value].filter((part) => part !== undefined).map(shown);
  throw new MalformedHistory(raw.line, quote(found.join(' ')), expected);
}

function shown(value: Json): string {
  return typeof value === 'string' ? value : valueKey(value);
}

function keyOf({ op }: RawHistoryOp): string | undefined {
  return op.key === undefined || op.key === null ? undefined : shown(op.key);
}

export function decodeRegister(ops: RawHistory, nilReads: NilReads): HistoryOp<RegisterOp, Json>[] {
  return ops.map((raw): HistoryOp<RegisterOp, Json> => {
    const key = keyOf(raw);
    const { f, value, fields } = raw.op;
    switch (f) {
      case 'read':
      case 'get': {
        const read = raw.result?.value;
        return typed(
          raw,
          { f: 'read', key },
          read === null && nilReads === 'any' ? undefined : read,
        );
      }
      case 'write':
      case 'put':
        if (value === undefined) wrong(raw, 'the value that is written');
        return untold(raw, { f: 'write', key, value });
      case 'cas': {
        const [from, to] =
          value !== undefined && isList(value) ? value : [fields['from'], fields['to']];
        if (from === undefined || to === undefined) wrong(raw, 'two values, [from to]');
        const took = raw.result === undefined ? undefined : !raw.result.refused;
        return typed(raw, { f: 'cas', key, from, to }, took);
      }
      default:
        return wrong(raw, 'read, write or cas');
    }
  });
}

export function decodeKv(ops: RawHistory): HistoryOp<KvOp, string>[] {
  return ops.map((raw): HistoryOp<KvOp, string> => {
    const key = keyOf(raw);
    if (key === undefined) return wrong(raw, 'a key');
    const { f, value } = raw.op;
    switch (f) {
      case 'get':
      case 'read': {
        const read = raw.result === undefined ? undefined : (raw.result.value ?? '');
        return typed(
          raw,
          { f: 'get', key, value: '' },
          read === undefined ? undefined : shown(read),
        );
      }
      case 'put':
      case 'write':
      case 'append':
        if (value === undefined || value === null) return wrong(raw, 'a text');
        return untold(raw, { f: f === 'append' ? f : 'put', key, value: shown(value) });
      case 'delete':
        return untold(raw, { f, key, value: '' });
      default:
        return wrong(raw, 'get, put, append or delete');
    }
  });
}

export function decodeListAppend(ops: RawHistory): HistoryOp<ListOp, readonly Json[]>[] {
  return ops.map((raw): HistoryOp<ListOp, readonly Json[]> => {
    const key = keyOf(raw);
    const { f, value } = raw.op;
    switch (f) {
      case 'append':
        return untold(raw, { f, key, element: value ?? null });
      case 'read':
      case 'get': {
        const read = raw.result?.value ?? undefined;
        if (read !== undefined && !isList(read)) return wrong(raw, 'a list as the result');
        return typed(raw, { f: 'read', key, element: null }, read);
      }
      default:
        return wrong(raw, 'append or read');
    }
  });
}

export function decodeQueue(ops: RawHistory): HistoryOp<QueueOp, Json>[] {
  return ops.map((raw): HistoryOp<QueueOp, Json> => {
    const key = keyOf(raw);
    const { f, value } = raw.op;
    switch (f) {
      case 'enqueue':
      case 'add':
        return untold(raw, { f: 'enqueue', key, value: value ?? null });
      case 'dequeue':
      case 'poll': {
        const took = raw.result === undefined ? undefined : (raw.result.value ?? null);
        // Jepsen names an empty queue with a keyword.
        const empty = took === ':empty' || took === ':exhausted';
        return typed(raw, { f: 'dequeue', key, value: null }, empty ? null : took);
      }
      default:
        return wrong(raw, 'enqueue or dequeue');
    }
  });
}

export function decodeLock(ops: RawHistory, owned: boolean): HistoryOp<LockOp, boolean>[] {
  return ops.map((raw) => {
    const { f } = raw.op;
    if (f !== 'acquire' && f !== 'release') return wrong(raw, 'acquire or release');
    const by = owned ? raw.client : '';
    const took = raw.result === undefined ? undefined : !raw.result.refused;
    return typed(raw, { f, key: keyOf(raw), by }, took);
  });
}

export function decodeSet(ops: RawHistory): HistoryOp<SetOp, SetResult>[] {
  return ops.map((raw): HistoryOp<SetOp, SetResult> => {
    const key = keyOf(raw);
    const { f, value } = raw.op;
    const told = raw.result?.value;
    switch (f) {
      case 'add':
      case 'remove':
        if (value === undefined) return wrong(raw, 'an element');
        return typed(raw, { f, key, element: value }, typeof told === 'boolean' ? told : undefined);
      case 'contains':
        if (value === undefined) return wrong(raw, 'an element');
        if (raw.result !== undefined && typeof told !== 'boolean')
          return wrong(raw, 'true or false');
        return typed(raw, { f, key, element: value }, typeof told === 'boolean' ? told : undefined);
      case 'read': {
        if (told !== undefined && told !== null && !isList(told))
          return wrong(raw, 'a set or list');
        return typed(raw, { f, key, element: null }, told ?? undefined);
      }
      default:
        return wrong(raw, 'add, remove, contains or read');
    }
  });
}

const MICRO_OPS: Readonly<Record<string, Access['f']>> = {
  ':read': 'read',
  ':r': 'read',
  read: 'read',
  r: 'read',
  ':write': 'write',
  ':w': 'write',
  write: 'write',
  w: 'write',
};

export function decodeMultiRegister(
  ops: RawHistory,
  nilReads: NilReads,
): HistoryOp<TransactionOp, true>[] {
  return ops.map((raw) => {
    if (raw.op.f !== 'txn') return wrong(raw, 'txn');
    // What was read stands in the completion.
    const list = raw.result?.value ?? raw.op.value;
    if (list === undefined || list === null || !isList(list)) {
      return wrong(raw, 'a list of [read or write, register, value]');
    }
    const accesses = list.map((access): Access => {
      const [name, register, value] = isList(access) ? access : [];
      const f = typeof name === 'string' ? MICRO_OPS[name] : undefined;
      if (f === undefined || register === undefined || register === null) {
        return wrong(raw, '[read or write, register, value]');
      }
      const unknown = f === 'read' && value === null && nilReads === 'any';
      return { f, register: shown(register), value: unknown ? undefined : value };
    });
    return typed(raw, { accesses }, raw.result === undefined ? undefined : true);
  });
}
