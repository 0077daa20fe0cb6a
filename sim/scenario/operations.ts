// Operations that are written down instead of drawn: one line each, `{ create: /a }` or
// `{ client: 2, set: /a, at: 3s }`. What is not said is filled in: the first client, any version,
// and a value that occurs nowhere else in the run.
import { z } from 'zod';
import type { Operation } from '../../protocol/operation.js';
import type { ScriptedOperation } from './scenario.js';
import { duration, integerFrom } from './units.js';

const path = z
  .string({ error: 'a path like /a' })
  .regex(/^\/([^/\s]+(\/[^/\s]+)*)?$/, { error: 'an absolute path like /a or /a/b' });

const VERBS = [
  ...(['create', 'ephemeral', 'set', 'delete'] as const),
  ...(['get', 'exists', 'children', 'sync'] as const),
];
type Verb = (typeof VERBS)[number];

export const operation = z
  .strictObject({
    client: integerFrom(1, 1000).optional(),
    at: duration.optional(),
    ...{ create: path.optional(), ephemeral: path.optional() },
    ...{ set: path.optional(), delete: path.optional() },
    ...{ get: path.optional(), exists: path.optional() },
    ...{ children: path.optional(), sync: path.optional() },
    data: z.string().optional(),
    version: integerFrom(0, 2 ** 31 - 1).optional(),
  })
  .meta({ id: 'operation', description: 'What a client asks for, and when' });
export type OperationDocument = z.output<typeof operation>;

/** The value of a client's n-th operation, from 0: no other write of a run has the same. */
export function valueOf(client: number, nth: number): string {
  return `c${client + 1}.${nth}`;
}

function verbsOf(written: OperationDocument): Verb[] {
  return VERBS.filter((verb) => written[verb] !== undefined);
}

function readOne(verb: Verb, written: OperationDocument, value: string): Operation {
  const { data = value, version = -1 } = written;
  const to = written[verb] ?? '/';
  switch (verb) {
    case 'create':
    case 'ephemeral':
      return { kind: 'create', path: to, data, ephemeral: verb === 'ephemeral' };
    case 'set':
      return { kind: 'setData', path: to, data, version };
    case 'delete':
      return { kind: 'delete', path: to, version };
    case 'get':
      return { kind: 'getData', path: to };
    case 'children':
      return { kind: 'getChildren', path: to };
    case 'exists':
    case 'sync':
      return { kind: verb, path: to };
  }
}

export function readOperations(list: readonly OperationDocument[]): ScriptedOperation[] {
  const issued = new Map<number, number>();
  return list.map((written) => {
    const client = (written.client ?? 1) - 1;
    const nth = issued.get(client) ?? 0;
    issued.set(client, nth + 1);
    const op = readOne(verbsOf(written)[0] ?? 'sync', written, valueOf(client, nth));
    return { client, op, atUs: written.at };
  });
}

function writeOne(op: Operation, value: string): OperationDocument {
  const data = 'data' in op && op.data !== value ? op.data : undefined;
  const version = 'version' in op && op.version !== -1 ? op.version : undefined;
  switch (op.kind) {
    case 'create':
      return op.ephemeral ? { ephemeral: op.path, data } : { create: op.path, data };
    case 'setData':
      return { set: op.path, data, version };
    case 'delete':
      return { delete: op.path, version };
    case 'getData':
      return { get: op.path };
    case 'exists':
      return { exists: op.path };
    case 'getChildren':
      return { children: op.path };
    case 'sync':
      return { sync: op.path };
  }
}

export function writeOperations(list: readonly ScriptedOperation[]): OperationDocument[] {
  const issued = new Map<number, number>();
  return list.map(({ client, op, atUs }) => {
    const nth = issued.get(client) ?? 0;
    issued.set(client, nth + 1);
    const whose = client === 0 ? undefined : client + 1;
    return { client: whose, ...writeOne(op, valueOf(client, nth)), at: atUs };
  });
}

/** What is wrong with one of them: found and expected. */
export function operationProblem(
  written: OperationDocument,
  clients: number,
): readonly [found: string, expected: string] | undefined {
  const verbs = verbsOf(written);
  const { client = 1, data, version } = written;
  if (verbs.length !== 1) {
    const found = verbs.length === 0 ? 'no operation' : verbs.join(' and ');
    return [found, `one of ${VERBS.join(', ')}`];
  }
  if (client > clients) return [`client ${client}`, `one of ${clients} clients`];
  const [verb = 'sync'] = verbs;
  if (data !== undefined && verb !== 'create' && verb !== 'ephemeral' && verb !== 'set') {
    return [`data for ${verb}`, 'data for create, ephemeral or set'];
  }
  if (version !== undefined && verb !== 'set' && verb !== 'delete') {
    return [`a version for ${verb}`, 'a version for set or delete'];
  }
  return undefined;
}
