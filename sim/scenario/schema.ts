// The one schema of scenario files. It says what may be written; what it means together (a weight
// for a server that exists) is checked in checks.ts. Strict throughout: a misspelt key is an error
// and not a setting that silently has its default.
import { MISTAKES, RECIPE_KINDS } from '../../protocol/recipes/setting.js';
import { z } from 'zod';
import { COUNTER_MAX, SERVER_MAX } from '../../protocol/ids.js';
import { isLegalPath, ROOT } from '../../protocol/tree/path.js';
import { subject } from '../faults/hosts.js';
import type { FaultKind } from '../faults/kind.js';
import { FAULT_KINDS } from '../faults/registry.js';
import { RECORD_KINDS } from '../trace/record.js';
import { latency } from './latency.js';
import { operation } from './operations.js';
import { service } from './service.js';
import {
  duration,
  positiveDuration,
  runLength,
  integerFrom,
  milliseconds,
  partsPerMillion,
} from './units.js';
import { perSecond, shift } from './units.js';
import { zxid } from './zxid.js';

const sid = integerFrom(1, SERVER_MAX);
const sids = z.array(sid).readonly();
const perServer = <T extends z.ZodType>(value: T): z.ZodRecord<z.ZodString, T> =>
  z.record(z.string().regex(/^\d+$/, { error: 'a server id' }), value);

const timing = z.strictObject({
  tick: milliseconds.optional(),
  'init-limit': integerFrom(1, 10_000).optional(),
  'sync-limit': integerFrom(1, 10_000).optional(),
  'min-notification': milliseconds.optional(),
  'max-notification': milliseconds.optional(),
  'finalize-wait': milliseconds.optional(),
  'connect-tries': integerFrom(1, 10_000).optional(),
  'connect-retry': milliseconds.optional(),
  'election-dial-timeout': milliseconds.optional(),
  'min-session-timeout': milliseconds.optional(),
  'max-session-timeout': milliseconds.optional(),
});

const limits = z.strictObject({
  'commit-log-count': integerFrom(1, 1_000_000).optional(),
  'snap-count': integerFrom(2, 1_000_000_000).optional(),
  'max-batch-size': integerFrom(1, 1_000_000).optional(),
  'snapshot-size-factor': z.number().optional(),
  'counter-max': integerFrom(1, COUNTER_MAX).optional(),
});

const cluster = z.strictObject({
  voters: z
    .union([integerFrom(1, SERVER_MAX), sids], { error: 'how many, or a list of ids' })
    .optional(),
  observers: z
    .union([integerFrom(0, SERVER_MAX - 1), sids], { error: 'how many, or a list of ids' })
    .optional(),
  weights: perServer(integerFrom(0, 1_000_000)).optional(),
  groups: z.array(z.array(sid).min(1).readonly()).min(1).readonly().optional(),
  timing: timing.optional(),
  limits: limits.optional(),
});

/** The root itself is no chroot. */
function isChroot(path: string): boolean {
  return path !== ROOT && isLegalPath(path);
}

const client = z.strictObject({
  'session-timeout': milliseconds.optional(),
  servers: sids.optional(),
  chroot: z.string().refine(isChroot, { error: 'a path below the root, like /app' }).optional(),
});

const recipe = z.strictObject({
  kind: z.enum(RECIPE_KINDS, { error: 'a recipe' }),
  path: z.string().refine(isChroot, { error: 'a path below the root, like /lock' }).optional(),
  rounds: integerFrom(1, 1_000_000).optional(),
  hold: milliseconds.optional(),
  size: integerFrom(1, 1000).optional(),
  mistake: z.enum(MISTAKES, { error: 'a mistake of this recipe' }).optional(),
});

const weight = integerFrom(0, 1_000_000).optional();
const workload = z.strictObject({
  ops: integerFrom(0, 1_000_000_000).optional(),
  keys: integerFrom(1, 1_000_000).optional(),
  think: latency.optional(),
  rate: perSecond.optional(),
  mix: z
    .strictObject({
      ...{ create: weight, ephemeral: weight, set: weight, delete: weight },
      ...{ get: weight, exists: weight, children: weight, sync: weight },
      ...{ sequential: weight, container: weight, multi: weight, watch: weight },
      ...{ ttl: weight, auth: weight, acl: weight, quota: weight },
    })
    .optional(),
  operations: z.array(operation).readonly().optional(),
});

const pattern = z
  .strictObject({
    record: z.enum(RECORD_KINDS, { error: 'a kind of trace record' }),
    actor: subject.optional(),
    peer: subject.optional(),
    text: z.string().optional(),
    zxid: zxid.optional(),
    epoch: integerFrom(0, 2 ** 21 - 1).optional(),
    nth: integerFrom(1, 1_000_000_000).optional(),
    after: duration.optional(),
  })
  .meta({ id: 'record-pattern', description: 'The trace record that sets the fault off' });
export type PatternDocument = z.output<typeof pattern>;

/** How long a kind lasts is written as `for`, or as `restart-after` where servers go down. */
export function lastingKey(kind: FaultKind): 'for' | 'restart-after' | undefined {
  if (kind.lasts === 'moment') return undefined;
  return kind.lasts === 'down' ? 'restart-after' : 'for';
}

/** A fault as it is written: its kind, when, how long, and the kind's own parameters. */
export interface FaultDocument {
  readonly fault: string;
  readonly at?: number | undefined;
  readonly when?: PatternDocument | undefined;
  readonly for?: number | undefined;
  readonly 'restart-after'?: number | undefined;
  readonly [parameter: string]: unknown;
}

function faultSchema(kind: FaultKind): z.ZodObject {
  const key = lastingKey(kind);
  return z
    .strictObject({
      fault: z.literal(kind.name),
      ...kind.parameters.shape,
      at: duration.optional(),
      when: pattern.optional(),
      ...(key === undefined ? {} : { [key]: positiveDuration.optional() }),
    })
    .describe(kind.claim);
}

const [firstKind, ...otherKinds] = FAULT_KINDS.map(faultSchema);
const fault: z.ZodType<FaultDocument, FaultDocument> = z.discriminatedUnion('fault', [
  firstKind ?? z.strictObject({ fault: z.literal('none') }),
  ...otherKinds,
]) as unknown as z.ZodType<FaultDocument, FaultDocument>;

const expectation = z.strictObject({
  verdict: z.enum(['pass', 'fail', 'inconclusive']).optional(),
  violates: z.array(z.string()).readonly().optional(),
  marks: z.array(z.string()).readonly().optional(),
  happens: z.array(pattern).readonly().optional(),
  effects: z.enum(['every', 'some', 'any']).optional(),
});

export const scenarioSchema = z
  .strictObject({
    name: z.string().min(1),
    story: z.string().optional(),
    'look-for': z.array(z.string()).readonly().optional(),
    profile: z.string().optional(),
    variants: z.array(z.string()).readonly().optional(),
    seed: z.union([z.number(), z.string()], { error: 'a seed' }).optional(),
    cluster: cluster.optional(),
    service: service.optional(),
    network: z.strictObject({ latency: latency.optional() }).optional(),
    disk: z.strictObject({ fsync: latency.optional(), bulk: latency.optional() }).optional(),
    stage: latency.optional(),
    clocks: perServer(
      z.strictObject({ offset: shift.optional(), drift: partsPerMillion.optional() }),
    ).optional(),
    recipe: recipe.optional(),
    clients: z.union([integerFrom(0, 1000), z.array(client).max(1000).readonly()]).optional(),
    workload: workload.optional(),
    faults: z.array(fault).readonly().optional(),
    duration: runLength.optional(),
    expect: expectation.optional(),
  })
  .describe('A scenario of zabsim');

export type ScenarioDocument = z.output<typeof scenarioSchema>;
