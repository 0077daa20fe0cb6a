// All options of a run, expanded, printed before anything can go wrong or hang: whoever finds only
// the beginning of a log can still repeat the run.
import { DEFAULT_LIMITS } from '../protocol/config.js';
import { hostsText } from '../sim/faults/kind.js';
import type { FaultSpec } from '../sim/faults/kind.js';
import { listOf } from '../sim/faults/hosts.js';
import { faultKind } from '../sim/faults/registry.js';
import type { Cluster, Scenario, Workload } from '../sim/scenario/scenario.js';
import { formatDuration } from '../sim/scenario/units.js';
import type { Latency } from '../sim/world/setup.js';
import { counted, wrapped } from '../reports/format.js';
import type { Painter } from '../reports/painter.js';

const LABEL_WIDTH = 10;

function latencyText(latency: Latency): string {
  switch (latency.kind) {
    case 'constant':
      return formatDuration(latency.us);
    case 'uniform':
      return `${formatDuration(latency.fromUs)}..${formatDuration(latency.toUs)}`;
    case 'exponential':
      return `${formatDuration(latency.minUs)} plus a mean ${formatDuration(latency.meanUs)}`;
    case 'heavyTailed': {
      const usual = `${formatDuration(latency.fromUs)}..${formatDuration(latency.toUs)}`;
      return `${usual}, one in ${latency.oneIn} ${latency.factor} times longer`;
    }
  }
}

function clusterLines({ voters, observers, weights, groups, timing, limits }: Cluster): string[][] {
  const quorum = weights !== undefined ? 'weighted' : groups !== undefined ? 'groups' : 'majority';
  const watchers = observers.length === 0 ? '' : `; observers ${observers.join(' ')}`;
  const weighing = (weights ?? []).map(({ sid, weight }) => `${sid}:${weight}`).join(' ');
  const grouping = (groups ?? []).map((group) => `{${group.join(' ')}}`).join(' ');
  const changed = Object.entries(limits).filter(
    ([name, value]) => DEFAULT_LIMITS[name as keyof typeof DEFAULT_LIMITS] !== value,
  );
  const ms = (value: number): string => formatDuration(value * 1000);
  return [
    ['servers', `voters ${voters.join(' ')}${watchers}; ${quorum} ${weighing}${grouping}`.trim()],
    [
      'timing',
      `tick ${ms(timing.tickMs)}, initLimit ${timing.initLimit}, syncLimit ${timing.syncLimit}, ` +
        `notifications ${ms(timing.minNotificationMs)}..${ms(timing.maxNotificationMs)}, ` +
        `finalizeWait ${ms(timing.finalizeWaitMs)}`,
    ],
    ...changed.map(([name, value]) => ['limit', `${name} ${value}`]),
  ];
}

function workloadText({ mix, keys, pace, ops, operations }: Workload): string {
  if (operations !== undefined) return `${counted(operations.length, 'operation')}, written down`;
  const speed =
    pace.kind === 'closed' ? `think ${latencyText(pace.think)}` : `${pace.perSecond}/s, open loop`;
  const mixed = Object.entries(mix).filter(([, weight]) => weight > 0);
  const limit = ops === undefined ? '' : `, ${counted(ops, 'operation')} each`;
  const shares = mixed.map(([operation, weight]) => `${operation} ${weight}`).join(', ');
  return `${speed}${limit}, ${counted(keys, 'key')}; ${shares}`;
}

function ordinal(value: number): string {
  const teen = value % 100 > 10 && value % 100 < 14;
  return `${value}${(teen ? undefined : ['th', 'st', 'nd', 'rd'][value % 10]) ?? 'th'}`;
}

function faultText({ fault, trigger, forUs, params }: FaultSpec): string {
  const kind = faultKind(fault);
  const hosts = kind.hosts(params);
  const what = kind.describe(params, (set) => hostsText(hosts[set] ?? 'rest'));
  const lasting = forUs === undefined ? '' : `, for ${formatDuration(forUs)}`;
  if (trigger.kind === 'at') return `at ${formatDuration(trigger.atUs)}: ${what}${lasting}`;
  const { record, actor, peer, text, nth } = trigger.when;
  const who = actor === undefined ? '' : ` by ${listOf(actor).join(' ')}`;
  const whom = peer === undefined ? '' : ` with ${listOf(peer).join(' ')}`;
  const named = text === undefined ? '' : ` ${text}`;
  const count = nth === 1 ? 'first' : ordinal(nth);
  return `at the ${count} ${record}${named}${who}${whom}: ${what}${lasting}`;
}

function rows(scenario: Scenario): string[][] {
  const { network, disk, stage, clients, workload, faults, clocks } = scenario;
  const timeouts = [...new Set(clients.map((client) => client.sessionTimeoutMs))];
  const sessions = timeouts.map((ms) => formatDuration(ms * 1000)).join(', ');
  const wrong = clocks.map(({ sid, offsetMs, driftPpm }) => `${sid}: ${offsetMs}ms ${driftPpm}ppm`);
  return [
    ...clusterLines(scenario.cluster),
    ['latency', `network ${latencyText(network.latency)}, threads ${latencyText(stage)}`],
    ['disk', `fsync ${latencyText(disk.fsync)}, snapshots ${latencyText(disk.bulk)}`],
    ...(wrong.length === 0 ? [] : [['clocks', wrong.join('; ')]]),
    ['clients', clients.length === 0 ? 'none' : `${clients.length}, session timeout ${sessions}`],
    ...(clients.length === 0 ? [] : [['workload', workloadText(workload)]]),
    ...faults.map((fault, index) => [`fault ${index + 1}`, faultText(fault)]),
    ['duration', `${formatDuration(scenario.durationUs)}, then healed until quiet`],
  ];
}

export interface HeaderOptions {
  readonly scenario: Scenario;
  readonly seed: string;
  /** As the user would name it. */
  readonly name: string;
  readonly paint: Painter;
  readonly width: number;
}

export function headerLines({ scenario, seed, name, paint, width }: HeaderOptions): string[] {
  const rules = [scenario.profile, ...scenario.variants].join(' + ');
  const labelled = [
    ['seed', seed],
    ['scenario', name],
    ['rules', rules],
    ...rows(scenario),
    ...(scenario.story === '' ? [] : [['story', scenario.story.trim().replace(/\s+/g, ' ')]]),
    ...scenario.lookFor.map((text, index) => [index === 0 ? 'look for' : '', text]),
  ];
  return labelled.flatMap(([label = '', text = '']) =>
    wrapped(text, width - LABEL_WIDTH).map((line, row) => {
      const margin = (row === 0 ? label : '').padEnd(LABEL_WIDTH);
      return `${row === 0 && label !== '' ? paint('dim', margin) : margin}${line}`;
    }),
  );
}
