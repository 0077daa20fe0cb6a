// The settings of a scenario, each with the simpler values that it could have: the one that is in
// nobody's file first. A latency is simplest when it is the same for all, even if that has to be
// written down, because then nothing is left to chance.
import { unreachable } from '../../base/assert.js';
import type { Limits, Timing } from '../../protocol/config.js';
import { DEFAULT_LIMITS } from '../../protocol/config.js';
import { PROFILES } from '../profiles.js';
import type { Cluster, Scenario } from '../scenario/scenario.js';
import { DEFAULTS, timingFor } from '../scenario/scenario.js';
import { rounderTimes } from './rounder.js';
import type { Latency } from '../world/setup.js';

export interface Setting {
  readonly what: string;
  /** Simpler scenarios, the simplest first; some may be as it is already. */
  readonly simpler: readonly Scenario[];
}

function setting(what: string, simpler: readonly Scenario[]): Setting {
  return { what, simpler };
}

function withCluster(scenario: Scenario, part: Partial<Cluster>): Scenario {
  return { ...scenario, cluster: { ...scenario.cluster, ...part } };
}

/** Each field of `now` that is not as in `usual`, as it is there. */
function fields<T extends object>(now: T, usual: T): { readonly key: keyof T; readonly part: T }[] {
  const keys = Object.keys(usual) as (keyof T)[];
  return keys
    .filter((key) => now[key] !== usual[key])
    .map((key) => ({ key, part: { ...now, [key]: usual[key] } }));
}

function timingSettings(scenario: Scenario): Setting[] {
  const { timing } = scenario.cluster;
  const usual = timingFor(timing.tickMs);
  const set = (next: Timing): Scenario => withCluster(scenario, { timing: next });
  const tick = [2000, 1000].map((tickMs) => ({ ...timing, ...sessionsOf(timing, tickMs), tickMs }));
  return [
    setting('timing', [set(timingFor(2000)), set(usual)]),
    setting('timing.tick', timing.tickMs === 2000 ? [] : tick.map(set)),
    ...fields(timing, usual).map(({ key, part }) => setting(`timing.${key}`, [set(part)])),
  ];
}

/** Limits of sessions go with the tick, unless they are set by themselves. */
function sessionsOf(timing: Timing, tickMs: number): Partial<Timing> {
  const [now, next] = [timingFor(timing.tickMs), timingFor(tickMs)];
  const { minSessionTimeoutMs, maxSessionTimeoutMs } = timing;
  return {
    ...(minSessionTimeoutMs === now.minSessionTimeoutMs
      ? { minSessionTimeoutMs: next.minSessionTimeoutMs }
      : {}),
    ...(maxSessionTimeoutMs === now.maxSessionTimeoutMs
      ? { maxSessionTimeoutMs: next.maxSessionTimeoutMs }
      : {}),
  };
}

function limitSettings(scenario: Scenario): Setting[] {
  const { limits } = scenario.cluster;
  const set = (next: Limits): Scenario => withCluster(scenario, { limits: next });
  return [
    setting('limits', [set(DEFAULT_LIMITS)]),
    ...fields(limits, DEFAULT_LIMITS).map(({ key, part }) => setting(`limits.${key}`, [set(part)])),
  ];
}

const USUAL_US = [1000, 5000, 10_000, 50_000, 100_000];
const STAGES_US = [10, 100, 1000];

/** In whole milliseconds, if that is anything. */
function middleOf(fromUs: number, toUs: number): number {
  const us = (fromUs + toUs) >> 1;
  return us < 1000 ? us : 1000 * Math.round(us / 1000);
}

/** What a draw may come to. */
function rangeOf(latency: Latency): readonly number[] {
  switch (latency.kind) {
    case 'constant':
      return [];
    case 'uniform':
      return [latency.fromUs, middleOf(latency.fromUs, latency.toUs), latency.toUs];
    case 'exponential':
      return [latency.minUs, latency.minUs + latency.meanUs, latency.minUs + 3 * latency.meanUs];
    case 'heavyTailed':
      return [latency.fromUs, latency.toUs, latency.toUs * latency.factor];
    default:
      return unreachable(latency);
  }
}

/** The same for all, and rounder than it is. */
function latencies(now: Latency, usual: readonly number[]): Latency[] {
  const place = now.kind === 'constant' ? usual.indexOf(now.us) : -1;
  const rounder = place < 0 ? usual : usual.slice(0, place);
  const range = now.kind === 'constant' && place < 0 ? rounderTimes(now.us) : rangeOf(now);
  const own = range.filter((us) => us > 0 && !usual.includes(us));
  return [...rounder, ...own].map((us) => ({ kind: 'constant', us }));
}

function latencySettings(scenario: Scenario): Setting[] {
  const { network, disk, stage } = scenario;
  const link = (latency: Latency): Scenario => ({ ...scenario, network: { latency } });
  const fsync = (latency: Latency): Scenario => ({
    ...scenario,
    disk: { ...disk, fsync: latency },
  });
  const bulk = (latency: Latency): Scenario => ({ ...scenario, disk: { ...disk, bulk: latency } });
  const pace = (latency: Latency): Scenario => ({ ...scenario, stage: latency });
  const links = [...latencies(network.latency, USUAL_US), DEFAULTS.latency];
  const fsyncs = [...latencies(disk.fsync, USUAL_US), DEFAULTS.fsync];
  const bulks = [...latencies(disk.bulk, USUAL_US), DEFAULTS.bulk];
  const paces = [...latencies(stage, STAGES_US), DEFAULTS.stage];
  return [
    setting('network.latency', simpler(network.latency, links).map(link)),
    setting('disk.fsync', simpler(disk.fsync, fsyncs).map(fsync)),
    setting('disk.bulk', simpler(disk.bulk, bulks).map(bulk)),
    setting('stage', simpler(stage, paces).map(pace)),
  ];
}

/** A drawn latency, the usual one included, is no simpler than one that is the same for all. */
function simpler(now: Latency, values: readonly Latency[]): readonly Latency[] {
  return values.filter(({ kind }) => now.kind !== 'constant' || kind === 'constant');
}

function clientSettings(scenario: Scenario): Setting[] {
  const { clients } = scenario;
  return clients.flatMap((client, index) => {
    const set = (part: object): Scenario => ({
      ...scenario,
      clients: clients.with(index, { ...client, ...part }),
    });
    const timeout = set({ sessionTimeoutMs: DEFAULTS.sessionTimeoutMs });
    return [
      setting(`session timeout of client ${index + 1}`, [timeout]),
      setting(`servers of client ${index + 1}`, [set({ servers: undefined })]),
    ];
  });
}

/** A profile is the variants that it stands for, and each of them may be one too many. */
function ruleSettings(scenario: Scenario): Setting[] {
  const { profile, variants } = scenario;
  const named = PROFILES.find(({ name }) => name === profile);
  const all = [...new Set([...(named?.variants ?? []), ...variants])];
  const unfolded = { ...scenario, profile: DEFAULTS.profile, variants: all };
  if (profile !== DEFAULTS.profile) return [setting('profile', [unfolded])];
  return variants.map((id) =>
    setting(`variant ${id}`, [
      ...(variants.length > 1 ? [{ ...scenario, variants: [id] }] : []),
      { ...scenario, variants: variants.filter((other) => other !== id) },
    ]),
  );
}

export function settingsOf(scenario: Scenario): Setting[] {
  const { cluster, clocks, seed } = scenario;
  const { weights, groups } = cluster;
  const plain = withCluster(scenario, {
    ...{ weights: undefined, groups: undefined, timing: timingFor(2000), limits: DEFAULT_LIMITS },
  });
  return [
    ...ruleSettings(scenario),
    setting('cluster', [plain]),
    setting('weights', weights ? [withCluster(scenario, { weights: undefined })] : []),
    setting('groups', groups ? [withCluster(scenario, { groups: undefined })] : []),
    setting('clocks', clocks.length > 0 ? [{ ...scenario, clocks: [] }] : []),
    ...clocks.map(({ sid }, index) =>
      setting(`clock of server ${sid}`, [
        { ...scenario, clocks: clocks.filter((_, at) => at !== index) },
      ]),
    ),
    ...timingSettings(scenario),
    ...limitSettings(scenario),
    ...latencySettings(scenario),
    ...clientSettings(scenario),
    setting('seed', seed === '1' ? [] : [{ ...scenario, seed: '1' }]),
  ];
}
