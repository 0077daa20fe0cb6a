// Op-scripts: what some clients do to a ZooKeeper, as JSON. golden/README.md gives the format; this
// is its schema. What may be absent stays absent, because the description of a step in its answer
// names only what the script names.
import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** A string (UTF-8), nothing (length -1), bytes, or a string repeated. */
const text = z.union([
  z.string(),
  z.null(),
  z.strictObject({ hex: z.string() }),
  z.strictObject({ repeat: z.string(), n: z.int().nonnegative() }),
]);
export type ScriptText = z.infer<typeof text>;

/** `open`, `read`, `creator`, null, or entries `perms:scheme:id`. */
const acl = z.union([
  z.enum(['open', 'read', 'creator']),
  z.null(),
  z.array(z.string().regex(/^[^:]*:[^:]*:/, 'perms:scheme:id')),
]);
export type ScriptAcl = z.infer<typeof acl>;

/** A zxid, or one relative to that of the first session. */
const zxid = z.union([z.int(), z.strictObject({ rel: z.int() })]);

const s = z.string().optional();
const replyMs = z.int().positive().optional();
const WATCHERS = ['any', 'data', 'children'] as const;
const WATCHES = ['persistent', 'persistent_recursive'] as const;
const path = text.optional();
const version = z.int().optional();
const watch = z.boolean().nullish();
const paths = z.array(text).optional();
const server = z.union([z.int().positive(), z.string()]).nullish();
/** A server by number, by role, or as noted in an earlier step (`$name`). */
const which = z.union([z.int().positive(), z.string()]);

const CREATE = {
  path,
  data: text.optional(),
  acl: acl.optional(),
  mode: z
    .union([
      z.enum([
        ...(['persistent', 'ephemeral', 'persistent_sequential'] as const),
        ...(['ephemeral_sequential', 'container', 'ttl', 'ttl_sequential'] as const),
      ]),
      z.int(),
    ])
    .optional(),
  ttl: z.int().optional(),
  opcode: z.int().optional(),
};

function request<const N extends string, const T extends z.ZodRawShape>(op: N, fields: T) {
  return z.object({ op: z.literal(op), s, replyMs, ...fields });
}

const plain = z.discriminatedUnion('op', [
  request('create', CREATE),
  request('create2', CREATE),
  request('delete', { path, version }),
  request('deleteContainer', { path }),
  request('exists', { path, watch }),
  request('getData', { path, watch }),
  request('setData', { path, data: text.optional(), version }),
  request('getACL', { path }),
  request('setACL', { path, acl: acl.optional(), version }),
  request('getChildren', { path, watch }),
  request('getChildren2', { path, watch }),
  request('sync', { path }),
  request('check', { path, version }),
  request('reconfig', {
    joining: text.optional(),
    leaving: text.optional(),
    members: text.optional(),
    from: zxid.optional(),
  }),
  request('checkWatches', { path, type: z.union([z.enum(WATCHERS), z.int()]).optional() }),
  request('removeWatches', { path, type: z.union([z.enum(WATCHERS), z.int()]).optional() }),
  request('addWatch', { path, mode: z.union([z.enum(WATCHES), z.int()]).optional() }),
  request('setWatches', { relativeZxid: zxid.optional(), data: paths, exist: paths, child: paths }),
  request('setWatches2', {
    relativeZxid: zxid.optional(),
    data: paths,
    exist: paths,
    child: paths,
    persistent: paths,
    recursive: paths,
  }),
  request('getEphemerals', { path }),
  request('getAllChildrenNumber', { path }),
  request('whoAmI', {}),
  request('auth', { scheme: text.optional(), auth: text.optional() }),
  request('close', {}),
  request('ping', {}),
  request('raw', { opcode: z.int(), hex: z.string().optional() }),
]);

type PlainStep = z.infer<typeof plain>;

interface ManyStep {
  op: 'multi' | 'multiRead';
  s?: string | undefined;
  replyMs?: number | undefined;
  ops: RequestStep[];
}

/** A step that is one request; as a part of a multi or a pipeline it has no `s`. */
export type RequestStep = PlainStep | ManyStep;

const parts: z.ZodType<RequestStep[]> = z.lazy(() => z.array(z.union([plain, many])));
const many: z.ZodType<ManyStep> = z.object({
  op: z.enum(['multi', 'multiRead']),
  s,
  replyMs,
  ops: parts,
});

const other = z.discriminatedUnion('op', [
  z.object({ op: z.literal('pipeline'), s: z.string(), ops: parts }),
  z.object({
    op: z.literal('connect'),
    s: z.string(),
    timeout: z.int().optional(),
    readOnly: z.boolean().optional(),
    withReadOnly: z.boolean().optional(),
    resume: z.string().optional(),
    badPassword: z.boolean().optional(),
    sid: z.number().optional(),
    lastZxid: z.union([z.int(), z.enum(['saved', 'future'])]).optional(),
    server,
  }),
  z.object({ op: z.literal('disconnect'), s: z.string() }),
  z.object({ op: z.literal('wait'), ms: z.number(), silent: z.array(z.string()).optional() }),
  z.object({
    op: z.literal('waitFor'),
    s: z.string(),
    path: text,
    present: z.boolean().optional(),
    ms: z.number().optional(),
  }),
  z.object({
    op: z.literal('ctl'),
    what: z.enum(['kill', 'term', 'start', 'stop', 'cont']),
    n: which,
    as: z.string().optional(),
  }),
  z.object({
    op: z.literal('waitUp'),
    count: z.int().optional(),
    modes: z.array(z.string()).optional(),
  }),
  z.object({ op: z.literal('4lw'), cmd: z.string(), server }),
]);
const OTHER_OPS: ReadonlySet<string> = new Set<OtherStep['op']>([
  ...(['pipeline', 'connect', 'disconnect', 'wait'] as const),
  ...(['waitFor', 'ctl', 'waitUp', '4lw'] as const),
]);
type OtherStep = z.infer<typeof other>;
export type Step = RequestStep | OtherStep;

/** Is it one request and its reply? */
export function isRequest(step: Step): step is RequestStep {
  return !OTHER_OPS.has(step.op);
}

export type StepOf<K extends Step['op']> = Extract<Step, { op: K }>;

function isAboutOp({ path: at }: { readonly path: readonly PropertyKey[] }): boolean {
  return at.length === 1 && at[0] === 'op';
}

/** Chosen by its name first: a message about every kind there is would help nobody. */
const step: z.ZodType<Step> = z.unknown().transform((value, context): Step => {
  const kinds = [plain, many, other];
  const op = (value as { op?: unknown } | null)?.op;
  const found = kinds.map((kind) => kind.safeParse(value));
  const good = found.find(({ success }) => success);
  if (good?.success === true) return good.data;
  const known = found.filter(({ error }) => !(error?.issues.some(isAboutOp) ?? true));
  const issues = known.flatMap(({ error }) => error?.issues ?? []);
  if (issues.length === 0) context.addIssue(`no such step: ${String(op)}`);
  for (const { path: at, message } of issues)
    context.addIssue({ code: 'custom', path: at, message });
  return z.NEVER;
});

const script = z.object({
  name: z.string(),
  doc: z.string().optional(),
  /** One server alone, or three voters and an observer. */
  server: z.enum(['standalone', 'ensemble']).optional(),
  /** How it is made sure after every step that no event is under way any more. */
  barrier: z.enum(['ping', 'sync', 'none']).optional(),
  observers: z.int().nonnegative().optional(),
  /** Lines of zoo.cfg. */
  cfg: z.array(z.string()).optional(),
  /** System properties, without `zookeeper.` where they are ZooKeeper's. */
  props: z.array(z.string()).optional(),
  steps: z.array(step),
});
export type Script = z.infer<typeof script>;

/** Fails with one message that says where, what was found and what was expected. */
export function parseScript(source: string, where: string): Script {
  let json: unknown;
  try {
    json = JSON.parse(source);
  } catch (error) {
    throw new Error(`${where}: not JSON: ${(error as Error).message}`, { cause: error });
  }
  const read = script.safeParse(json);
  if (read.success) return read.data;
  throw new Error(`${where}: not an op-script:\n${z.prettifyError(read.error)}`);
}

export function readScript(file: string): Script {
  return parseScript(readFileSync(file, 'utf8'), file);
}
