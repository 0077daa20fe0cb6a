// From what is written to what is meant: defaults filled in, counts turned into ids, names with
// their units. Says nothing about sense or nonsense; that is checks.ts.
import { RECIPE_DEFAULTS } from '../../protocol/recipes/setting.js';
import type { RecipeSetting } from '../../protocol/recipes/setting.js';
import type { Limits, Timing } from '../../protocol/config.js';
import { DEFAULT_LIMITS } from '../../protocol/config.js';
import type { FaultSpec, RecordPattern, Trigger } from '../faults/kind.js';
import type { ClientSetup } from '../world/setup.js';
import { readOperations } from './operations.js';
import type { Cluster, Mix, Scenario, ServerClock, Workload } from './scenario.js';
import { DEFAULT_EXPECTATION, DEFAULTS, timingFor } from './scenario.js';
import { readService } from './service.js';
import type { FaultDocument, PatternDocument, ScenarioDocument } from './schema.js';

type Part<K extends keyof ScenarioDocument> = NonNullable<ScenarioDocument[K]>;

/** `count` ids after `last`, or the ids as listed, ascending. */
function idsFrom(written: number | readonly number[], last: number): readonly number[] {
  if (typeof written !== 'number') return written.toSorted((a, b) => a - b);
  return Array.from({ length: written }, (_, index) => last + 1 + index);
}

function readTiming(written: NonNullable<Part<'cluster'>['timing']>): Timing {
  const base = timingFor(written.tick ?? timingFor(2000).tickMs);
  return {
    tickMs: base.tickMs,
    initLimit: written['init-limit'] ?? base.initLimit,
    syncLimit: written['sync-limit'] ?? base.syncLimit,
    minNotificationMs: written['min-notification'] ?? base.minNotificationMs,
    maxNotificationMs: written['max-notification'] ?? base.maxNotificationMs,
    finalizeWaitMs: written['finalize-wait'] ?? base.finalizeWaitMs,
    connectTries: written['connect-tries'] ?? base.connectTries,
    connectRetryMs: written['connect-retry'] ?? base.connectRetryMs,
    electionDialTimeoutMs: written['election-dial-timeout'] ?? base.electionDialTimeoutMs,
    minSessionTimeoutMs: written['min-session-timeout'] ?? base.minSessionTimeoutMs,
    maxSessionTimeoutMs: written['max-session-timeout'] ?? base.maxSessionTimeoutMs,
  };
}

function readLimits(written: NonNullable<Part<'cluster'>['limits']>): Limits {
  return {
    commitLogCount: written['commit-log-count'] ?? DEFAULT_LIMITS.commitLogCount,
    snapCount: written['snap-count'] ?? DEFAULT_LIMITS.snapCount,
    maxBatchSize: written['max-batch-size'] ?? DEFAULT_LIMITS.maxBatchSize,
    snapshotSizeFactor: written['snapshot-size-factor'] ?? DEFAULT_LIMITS.snapshotSizeFactor,
    counterMax: written['counter-max'] ?? DEFAULT_LIMITS.counterMax,
  };
}

function readCluster(written: Part<'cluster'>): Cluster {
  const voters = idsFrom(written.voters ?? DEFAULTS.voters, 0);
  const weights = Object.entries(written.weights ?? {});
  return {
    voters,
    observers: idsFrom(written.observers ?? 0, Math.max(0, ...voters)),
    weights:
      weights.length === 0
        ? undefined
        : weights.map(([sid, weight]) => ({ sid: Number(sid), weight })),
    groups: written.groups,
    timing: readTiming(written.timing ?? {}),
    limits: readLimits(written.limits ?? {}),
  };
}

function readClocks(written: Part<'clocks'>): ServerClock[] {
  return Object.entries(written).map(([sid, { offset = 0, drift = 0 }]) => ({
    sid: Number(sid),
    offsetMs: Math.trunc(offset / 1000),
    driftPpm: drift,
  }));
}

function readClients(written: Part<'clients'>): ClientSetup[] {
  const list = typeof written === 'number' ? Array.from({ length: written }, () => ({})) : written;
  return list.map((client: Exclude<Part<'clients'>, number>[number]) => ({
    sessionTimeoutMs: client['session-timeout'] ?? DEFAULTS.sessionTimeoutMs,
    servers: client.servers,
    chroot: client.chroot,
  }));
}

function readRecipe(written: Part<'recipe'>): RecipeSetting {
  const { kind, path, rounds, hold, size, mistake } = written;
  const defaults = RECIPE_DEFAULTS;
  return {
    kind,
    path: path ?? `/${kind}`,
    rounds: rounds ?? defaults.rounds,
    holdMs: hold ?? defaults.holdMs,
    size: size ?? defaults.size,
    mistake,
  };
}

function readMix(written: Part<'workload'>['mix']): Mix {
  if (written === undefined) return DEFAULTS.mix;
  return {
    create: written.create ?? 0,
    ephemeral: written.ephemeral ?? 0,
    set: written.set ?? 0,
    delete: written.delete ?? 0,
    get: written.get ?? 0,
    exists: written.exists ?? 0,
    children: written.children ?? 0,
    sync: written.sync ?? 0,
    sequential: written.sequential ?? 0,
    container: written.container ?? 0,
    multi: written.multi ?? 0,
    watch: written.watch ?? 0,
    ttl: written.ttl ?? 0,
    auth: written.auth ?? 0,
    acl: written.acl ?? 0,
    quota: written.quota ?? 0,
  };
}

function readWorkload(written: Part<'workload'>): Workload {
  return {
    mix: readMix(written.mix),
    keys: written.keys ?? DEFAULTS.keys,
    pace:
      written.rate === undefined
        ? { kind: 'closed', think: written.think ?? DEFAULTS.think }
        : { kind: 'open', perSecond: written.rate },
    ops: written.ops,
    operations: written.operations && readOperations(written.operations),
  };
}

function readPattern(written: PatternDocument): RecordPattern {
  return {
    record: written.record,
    actor: written.actor,
    peer: written.peer,
    text: written.text,
    zxid: written.zxid,
    epoch: written.epoch,
    nth: written.nth ?? 1,
    afterUs: written.after ?? 0,
  };
}

function readTrigger({ at, when }: FaultDocument): Trigger {
  if (when !== undefined) return { kind: 'when', when: readPattern(when) };
  return { kind: 'at', atUs: at ?? 0 };
}

const COMMON = new Set(['fault', 'at', 'when', 'for', 'restart-after']);

function readFault(written: FaultDocument): FaultSpec {
  const params = Object.entries(written).filter(([key]) => !COMMON.has(key));
  return {
    fault: written.fault,
    trigger: readTrigger(written),
    forUs: written.for ?? written['restart-after'],
    params: Object.fromEntries(params),
  };
}

export function readScenario(written: ScenarioDocument): Scenario {
  const { network = {}, disk = {}, expect = {} } = written;
  return {
    name: written.name,
    story: written.story ?? '',
    lookFor: written['look-for'] ?? [],
    cluster: readCluster(written.cluster ?? {}),
    service: readService(written.service ?? {}),
    network: { latency: network.latency ?? DEFAULTS.latency },
    disk: { fsync: disk.fsync ?? DEFAULTS.fsync, bulk: disk.bulk ?? DEFAULTS.bulk },
    stage: written.stage ?? DEFAULTS.stage,
    clocks: readClocks(written.clocks ?? {}),
    recipe: written.recipe && readRecipe(written.recipe),
    clients: readClients(written.clients ?? DEFAULTS.clients),
    workload: readWorkload(written.workload ?? {}),
    faults: (written.faults ?? []).map(readFault),
    durationUs: written.duration ?? DEFAULTS.durationUs,
    expect: {
      verdict: expect.verdict ?? DEFAULT_EXPECTATION.verdict,
      violates: expect.violates ?? DEFAULT_EXPECTATION.violates,
      marks: expect.marks ?? DEFAULT_EXPECTATION.marks,
      happens: (expect.happens ?? []).map(readPattern),
      effects: expect.effects ?? DEFAULT_EXPECTATION.effects,
    },
    profile: written.profile ?? DEFAULTS.profile,
    variants: written.variants ?? [],
    seed: written.seed === undefined ? undefined : String(written.seed),
  };
}
