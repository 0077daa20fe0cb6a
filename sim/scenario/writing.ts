// The way back: a scenario as a file that a person can read and edit, with nothing in it that is
// the default anyway. Reading what was written gives the same scenario again. A failing fuzz run is
// saved like this, and a trace carries its scenario in this form.
import { RECIPE_DEFAULTS } from '../../protocol/recipes/setting.js';
import type { RecipeSetting } from '../../protocol/recipes/setting.js';
import { Document, isMap, isSeq, visit } from 'yaml';
import { z } from 'zod';
import type { Limits, Timing } from '../../protocol/config.js';
import { DEFAULT_LIMITS } from '../../protocol/config.js';
import type { FaultSpec, RecordPattern } from '../faults/kind.js';
import { faultKind } from '../faults/registry.js';
import type { ClientSetup, Latency } from '../world/setup.js';
import { writeOperations } from './operations.js';
import type { Cluster, Scenario, ServerClock, Workload } from './scenario.js';
import { DEFAULT_EXPECTATION, DEFAULTS, timingFor } from './scenario.js';
import type { FaultDocument, PatternDocument, ScenarioDocument } from './schema.js';
import { lastingKey, scenarioSchema } from './schema.js';
import { writeService } from './service.js';

type Part<K extends keyof ScenarioDocument> = NonNullable<ScenarioDocument[K]>;

/** Plain data, compared by content. */
function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** Undefined when there is nothing to say, so that the key is left out. */
function unlessEmpty<T extends object>(part: T): T | undefined {
  return Object.values(part).some((value) => value !== undefined) ? part : undefined;
}

function unless<T>(value: T, usual: T): T | undefined {
  return same(value, usual) ? undefined : value;
}

/** A count when the ids run on from `last`. */
function writeIds(ids: readonly number[], last: number): number | readonly number[] {
  return ids.every((id, index) => id === last + 1 + index) ? ids.length : ids;
}

function writeTiming(timing: Timing): NonNullable<Part<'cluster'>['timing']> | undefined {
  const usual = timingFor(timing.tickMs);
  return unlessEmpty({
    tick: unless(timing.tickMs, timingFor(2000).tickMs),
    'init-limit': unless(timing.initLimit, usual.initLimit),
    'sync-limit': unless(timing.syncLimit, usual.syncLimit),
    'min-notification': unless(timing.minNotificationMs, usual.minNotificationMs),
    'max-notification': unless(timing.maxNotificationMs, usual.maxNotificationMs),
    'finalize-wait': unless(timing.finalizeWaitMs, usual.finalizeWaitMs),
    'connect-tries': unless(timing.connectTries, usual.connectTries),
    'connect-retry': unless(timing.connectRetryMs, usual.connectRetryMs),
    'election-dial-timeout': unless(timing.electionDialTimeoutMs, usual.electionDialTimeoutMs),
    'min-session-timeout': unless(timing.minSessionTimeoutMs, usual.minSessionTimeoutMs),
    'max-session-timeout': unless(timing.maxSessionTimeoutMs, usual.maxSessionTimeoutMs),
  });
}

function writeLimits(limits: Limits): NonNullable<Part<'cluster'>['limits']> | undefined {
  const usual = DEFAULT_LIMITS;
  return unlessEmpty({
    'commit-log-count': unless(limits.commitLogCount, usual.commitLogCount),
    'snap-count': unless(limits.snapCount, usual.snapCount),
    'max-batch-size': unless(limits.maxBatchSize, usual.maxBatchSize),
    'snapshot-size-factor': unless(limits.snapshotSizeFactor, usual.snapshotSizeFactor),
    'counter-max': unless(limits.counterMax, usual.counterMax),
  });
}

function writeCluster(cluster: Cluster): Part<'cluster'> | undefined {
  const { voters, observers, weights, groups } = cluster;
  return unlessEmpty({
    voters: writeIds(unless(voters, DEFAULTS.voters) ?? [], 0) || undefined,
    observers: observers.length === 0 ? undefined : writeIds(observers, Math.max(0, ...voters)),
    weights:
      weights === undefined
        ? undefined
        : Object.fromEntries(weights.map(({ sid, weight }) => [sid, weight])),
    groups,
    timing: writeTiming(cluster.timing),
    limits: writeLimits(cluster.limits),
  });
}

function writeClocks(clocks: readonly ServerClock[]): Part<'clocks'> | undefined {
  if (clocks.length === 0) return undefined;
  return Object.fromEntries(
    clocks.map(({ sid, offsetMs, driftPpm }) => [
      sid,
      {
        offset: unless(offsetMs * 1000, 0),
        drift: unless(driftPpm, 0),
      },
    ]),
  );
}

function writeClients(clients: readonly ClientSetup[]): Part<'clients'> | undefined {
  const list = clients.map(({ sessionTimeoutMs, servers, chroot }) => ({
    'session-timeout': unless(sessionTimeoutMs, DEFAULTS.sessionTimeoutMs),
    servers,
    chroot,
  }));
  if (list.some((client) => unlessEmpty(client) !== undefined)) return list;
  return unless(list.length, DEFAULTS.clients);
}

function writeRecipe(recipe: RecipeSetting | undefined): Part<'recipe'> | undefined {
  if (recipe === undefined) return undefined;
  const { kind, path, rounds, holdMs, size, mistake } = recipe;
  const { rounds: usual, holdMs: usualHoldMs, size: usualSize } = RECIPE_DEFAULTS;
  return {
    kind,
    path: unless(path, `/${kind}`),
    rounds: unless(rounds, usual),
    hold: unless(holdMs, usualHoldMs),
    size: unless(size, usualSize),
    mistake,
  };
}

function writeWorkload(workload: Workload): Part<'workload'> | undefined {
  const { mix, keys, pace, ops, operations } = workload;
  if (operations !== undefined) return { operations: writeOperations(operations) };
  return unlessEmpty({
    ops,
    keys: unless(keys, DEFAULTS.keys),
    think: pace.kind === 'closed' ? unless<Latency>(pace.think, DEFAULTS.think) : undefined,
    rate: pace.kind === 'open' ? pace.perSecond : undefined,
    mix: same(mix, DEFAULTS.mix)
      ? undefined
      : {
          ...{ create: unless(mix.create, 0), ephemeral: unless(mix.ephemeral, 0) },
          ...{ set: unless(mix.set, 0), delete: unless(mix.delete, 0) },
          ...{ get: unless(mix.get, 0), exists: unless(mix.exists, 0) },
          ...{ children: unless(mix.children, 0), sync: unless(mix.sync, 0) },
          ...{ sequential: unless(mix.sequential, 0), container: unless(mix.container, 0) },
          ...{ multi: unless(mix.multi, 0), watch: unless(mix.watch, 0) },
          ...{ ttl: unless(mix.ttl, 0), auth: unless(mix.auth, 0) },
          ...{ acl: unless(mix.acl, 0), quota: unless(mix.quota, 0) },
        },
  });
}

function writePattern(when: RecordPattern): PatternDocument {
  const { record, actor, peer, text, zxid, epoch, nth, afterUs } = when;
  return {
    ...{ record, actor, peer, text, zxid, epoch },
    nth: unless(nth, 1),
    after: unless(afterUs, 0),
  };
}

function writeFault({ fault, trigger, forUs, params }: FaultSpec): FaultDocument {
  const key = lastingKey(faultKind(fault));
  return {
    fault,
    ...params,
    at: trigger.kind === 'at' ? trigger.atUs : undefined,
    when: trigger.kind === 'when' ? writePattern(trigger.when) : undefined,
    ...(key === undefined ? {} : { [key]: forUs }),
  };
}

function writeScenario(scenario: Scenario): ScenarioDocument {
  const { network, disk, expect, story, lookFor, variants } = scenario;
  return {
    name: scenario.name,
    story: story === '' ? undefined : story,
    'look-for': lookFor.length === 0 ? undefined : lookFor,
    profile: unless<string>(scenario.profile, DEFAULTS.profile),
    variants: variants.length === 0 ? undefined : variants,
    seed: scenario.seed,
    cluster: writeCluster(scenario.cluster),
    service: writeService(scenario.service),
    network: unlessEmpty({ latency: unless<Latency>(network.latency, DEFAULTS.latency) }),
    disk: unlessEmpty({
      fsync: unless<Latency>(disk.fsync, DEFAULTS.fsync),
      bulk: unless<Latency>(disk.bulk, DEFAULTS.bulk),
    }),
    stage: unless<Latency>(scenario.stage, DEFAULTS.stage),
    clocks: writeClocks(scenario.clocks),
    recipe: writeRecipe(scenario.recipe),
    clients: writeClients(scenario.clients),
    workload: writeWorkload(scenario.workload),
    faults: scenario.faults.length === 0 ? undefined : scenario.faults.map(writeFault),
    duration: scenario.durationUs,
    expect: unlessEmpty({
      verdict: unless(expect.verdict, DEFAULT_EXPECTATION.verdict),
      violates: unless(expect.violates, DEFAULT_EXPECTATION.violates),
      marks: unless(expect.marks, DEFAULT_EXPECTATION.marks),
      happens: expect.happens.length === 0 ? undefined : expect.happens.map(writePattern),
      effects: unless(expect.effects, DEFAULT_EXPECTATION.effects),
    }),
  };
}

/** What a file would hold, as plain data without undefined: parseScenario reads its JSON, too. */
export function scenarioToDocument(scenario: Scenario): z.input<typeof scenarioSchema> {
  const document: unknown = z.encode(scenarioSchema, writeScenario(scenario));
  return JSON.parse(JSON.stringify(document)) as z.input<typeof scenarioSchema>;
}

/** Sections whose entries fit on a line each. */
const ON_ONE_LINE = new Set([
  'faults',
  'happens',
  'recipe',
  'clients',
  'clocks',
  'groups',
  'weights',
  'variants',
  'operations',
]);

/** A scenario file, laid out as people write them. */
export function scenarioToYaml(scenario: Scenario): string {
  const document = new Document(scenarioToDocument(scenario));
  visit(document, {
    Pair: (_, { key, value }) => {
      const name = String(key);
      if (name === 'voters' || name === 'observers' || name === 'weights') setFlow(value);
      else if (ON_ONE_LINE.has(name) && isSeq(value)) value.items.forEach(setFlow);
      else if (ON_ONE_LINE.has(name) && isMap(value))
        value.items.forEach((pair) => setFlow(pair.value));
    },
  });
  return document.toString({ lineWidth: 100 });
}

function setFlow(node: unknown): void {
  if (isMap(node) || isSeq(node)) node.flow = true;
}
