// Operations that are written down instead of drawn: one line each, `{ create: /a }` or
// `{ client: 2, set: /a, at: 3s }`. What is not said is filled in: the first client, any version,
// and a value that occurs nowhere else in the run.
import { z } from 'zod';
import { InvariantError } from '../../base/assert.js';
import type { Acl } from '../../protocol/acl.js';
import type { CreateMode, MultiPart, Operation } from '../../protocol/operation.js';
import { containerOperation, createOperation, ttlOperation } from '../../protocol/operation.js';
import type { AclWord } from './access-lists.js';
import { ACL_WORDS, aclOf, aclWord } from './access-lists.js';
import type { ScriptedOperation } from './scenario.js';
import { duration, integerFrom, milliseconds } from './units.js';

const path = z
  .string({ error: 'a path like /a' })
  .regex(/^\/([^/\s]+(\/[^/\s]+)*)?$/, { error: 'an absolute path like /a or /a/b' });

const VERBS = [
  ...(['create', 'ephemeral', 'sequential', 'ephemeral-sequential', 'container', 'ttl'] as const),
  ...(['set', 'delete', 'check', 'get', 'exists', 'children', 'sync', 'multi'] as const),
  ...(['auth', 'set-acl', 'get-acl'] as const),
];
type Verb = (typeof VERBS)[number];
/** Verbs of a multi's parts. */
const PART_VERBS: readonly Verb[] = [
  ...(['create', 'ephemeral', 'sequential', 'ephemeral-sequential'] as const),
  ...(['set', 'delete', 'check'] as const),
];
const CREATES: Readonly<Partial<Record<Verb, CreateMode>>> = {
  create: 'persistent',
  ephemeral: 'ephemeral',
  sequential: 'persistentSequential',
  'ephemeral-sequential': 'ephemeralSequential',
  container: 'container',
  ttl: 'ttl',
};

/** Creates that may come with an access list of their own. */
const GUARDED: readonly Verb[] = ['create', 'ephemeral', 'sequential', 'ephemeral-sequential'];

const part = z.strictObject({
  ...{ create: path.optional(), ephemeral: path.optional(), sequential: path.optional() },
  ...{ 'ephemeral-sequential': path.optional() },
  ...{ set: path.optional(), delete: path.optional(), check: path.optional() },
  data: z.string().optional(),
  version: integerFrom(0, 2 ** 31 - 1).optional(),
});
type PartDocument = z.output<typeof part>;

export const operation = z
  .strictObject({
    client: integerFrom(1, 1000).optional(),
    at: duration.optional(),
    ...part.shape,
    ...{ container: path.optional(), get: path.optional(), exists: path.optional() },
    ...{ children: path.optional(), sync: path.optional() },
    ...{ ttl: path.optional(), lives: milliseconds.optional() },
    auth: z
      .string()
      .regex(/^[^:]+:/, { error: 'user:password' })
      .optional(),
    ...{ 'set-acl': path.optional(), 'get-acl': path.optional() },
    acl: z.enum(ACL_WORDS, { error: `one of ${ACL_WORDS.join(', ')}` }).optional(),
    multi: z.array(part).readonly().optional(),
    watch: z.boolean().optional(),
  })
  .meta({ id: 'operation', description: 'What a client asks for, and when' });
export type OperationDocument = z.output<typeof operation>;

/** The value of a client's n-th operation, from 0: no other write of a run has the same. */
export function valueOf(client: number, nth: number): string {
  return `c${client + 1}.${nth}`;
}

function verbsOf(written: OperationDocument | PartDocument): Verb[] {
  return VERBS.filter((verb) => (written as OperationDocument)[verb] !== undefined);
}

function readPart(written: PartDocument, value: string, acl: AclWord = 'open'): MultiPart {
  const [verb = 'set'] = verbsOf(written);
  const { data = value, version = -1 } = written;
  const to = written[verb as keyof PartDocument] as string;
  const mode = CREATES[verb];
  if (mode !== undefined) return createOperation(to, data, mode, aclOf(acl));
  if (verb === 'delete' || verb === 'check') return { kind: verb, path: to, version };
  return { kind: 'setData', path: to, data, version };
}

/** How long a znode with a TTL lives, if nothing is said. */
const USUAL_LIFE_MS = 1000;

function readOne(verb: Verb, written: OperationDocument, value: string): Operation {
  const { data = value, watch = false, acl = 'open' } = written;
  switch (verb) {
    case 'ttl':
      return ttlOperation(written.ttl ?? '/', data, written.lives ?? USUAL_LIFE_MS);
    case 'auth':
      return { kind: 'addAuth', scheme: 'digest', auth: written.auth ?? '' };
    case 'set-acl':
      return { kind: 'setACL', path: written['set-acl'] ?? '/', acl: aclOf(acl), version: -1 };
    case 'get-acl':
      return { kind: 'getACL', path: written['get-acl'] ?? '/' };
    case 'container':
      return containerOperation(written.container ?? '/', data);
    case 'get':
      return { kind: 'getData', path: written.get ?? '/', watch };
    case 'children':
      return { kind: 'getChildren2', path: written.children ?? '/', watch };
    case 'exists':
      return { kind: 'exists', path: written.exists ?? '/', watch };
    case 'sync':
      return { kind: 'sync', path: written.sync ?? '/' };
    case 'multi': {
      const parts = written.multi ?? [];
      return { kind: 'multi', parts: parts.map((one, at) => readPart(one, `${value}.${at}`)) };
    }
    case 'create':
    case 'ephemeral':
    case 'sequential':
    case 'ephemeral-sequential':
    case 'set':
    case 'delete':
    case 'check':
      return readPart(written, value, acl);
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

const VERB_OF_FLAGS: readonly (keyof PartDocument)[] = [
  ...(['create', 'ephemeral', 'sequential', 'ephemeral-sequential'] as const),
];

function writePart(op: MultiPart, value: string): PartDocument {
  const data = 'data' in op && op.data !== value ? (op.data ?? '') : undefined;
  const version = 'version' in op && op.version !== -1 ? op.version : undefined;
  if (op.kind === 'setData') return { set: op.path, data, version };
  if (op.kind === 'delete' || op.kind === 'check') return { [op.kind]: op.path, version };
  return { [VERB_OF_FLAGS[op.flags] ?? 'create']: op.path, data };
}

function writeOne(op: Operation, value: string): OperationDocument {
  switch (op.kind) {
    case 'create':
      return { ...writePart(op, value), acl: unlessOpen(op.acl) };
    case 'setData':
    case 'delete':
    case 'check':
      return writePart(op, value);
    case 'createContainer':
      return { container: op.path, data: op.data === value ? undefined : (op.data ?? '') };
    case 'getData':
      return { get: op.path, ...watched(op) };
    case 'exists':
      return { exists: op.path, ...watched(op) };
    case 'getChildren':
    case 'getChildren2':
      return { children: op.path, ...watched(op) };
    case 'sync':
      return { sync: op.path ?? '/' };
    case 'multi':
      return { multi: op.parts.map((one, at) => writePart(one, `${value}.${at}`)) };
    case 'createTTL':
      return {
        ttl: op.path,
        lives: op.ttlMs,
        data: op.data === value ? undefined : (op.data ?? ''),
      };
    case 'setACL':
      return { 'set-acl': op.path, acl: aclWord(op.acl) };
    case 'getACL':
      return { 'get-acl': op.path };
    case 'addAuth':
      return { auth: op.auth };
    case 'addWatch':
    case 'checkWatches':
    case 'create2':
    case 'deleteContainer':
    case 'getAllChildrenNumber':
    case 'getEphemerals':
    case 'malformedRead':
    case 'malformedWrite':
    case 'multiRead':
    case 'reconfig':
    case 'removeWatches':
    case 'setWatches':
    case 'setWatches2':
    case 'unknown':
    case 'whoAmI':
      throw new InvariantError(`no scenario says ${op.kind}`);
  }
}

function unlessOpen(acl: Acl | null): AclWord | undefined {
  const word = aclWord(acl);
  return word === 'open' ? undefined : word;
}

function watched({ watch }: { readonly watch: boolean }): { watch?: boolean } {
  return watch ? { watch } : {};
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
  const creates = CREATES[verb] !== undefined;
  if (data !== undefined && !creates && verb !== 'set') {
    return [`data for ${verb}`, 'data for a create or set'];
  }
  if (version !== undefined && !['set', 'delete', 'check'].includes(verb)) {
    return [`a version for ${verb}`, 'a version for set, delete or check'];
  }
  if (written.acl !== undefined && verb !== 'set-acl' && !GUARDED.includes(verb)) {
    return [`an access list for ${verb}`, 'an access list for a create or set-acl'];
  }
  if (written.lives !== undefined && verb !== 'ttl') {
    return [`a life for ${verb}`, 'a life for ttl'];
  }
  if (written.watch !== undefined && !['get', 'exists', 'children'].includes(verb)) {
    return [`a watch for ${verb}`, 'a watch for get, exists or children'];
  }
  const odd = written.multi?.map(verbsOf).find((found) => found.length !== 1);
  if (odd !== undefined) {
    const found = odd.length === 0 ? 'a part of a multi without an operation' : odd.join(' and ');
    return [found, `one of ${PART_VERBS.join(', ')}`];
  }
  return undefined;
}
