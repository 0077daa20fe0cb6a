// Everything measured, as one object for machines and as tables for people.
import { table } from '../reports/table.js';
import type { ForkCost } from './forking.js';
import type { TxnCost } from './scale.js';
import type { Pace, Speed, Speeds } from './speed.js';
import { USUAL_PACE } from './speed.js';
import type { SwarmSpeed } from './swarm-seeds.js';
import type { ZnodeCost } from './znodes.js';

export interface Findings {
  readonly speeds: Speeds;
  readonly paces: readonly Pace[];
  readonly swarm: SwarmSpeed;
  readonly fork: ForkCost;
  readonly servers: ReadonlyMap<number, number>;
  /** Peak of the process, before the run of many transactions and after it. */
  readonly megabytesBefore: number;
  readonly txns: readonly TxnCost[];
  readonly megabytes: number;
  readonly znodes: readonly ZnodeCost[];
}

const TARGETS = {
  eventsPerSecond: 1_000_000,
  checkedEventsPerSecond: 400_000,
  checkersCost: 1.5,
  virtualToReal: 5000,
  seedsPerSecond: 300,
  forkMicros: 50,
} as const;

function usualPace({ paces }: Findings): number {
  return paces[USUAL_PACE]?.virtualToReal ?? NaN;
}

export function asJson(findings: Findings): Record<string, unknown> {
  const { speeds, swarm, fork, servers, txns } = findings;
  return {
    eventsPerSecond: Math.round(speeds.hash.perSecond),
    checkedEventsPerSecond: Math.round(speeds.checked.perSecond),
    storedEventsPerSecond: Math.round(speeds.full.perSecond),
    bareEventsPerSecond: Math.round(speeds.bare.perSecond),
    ratioToBare: {
      hash: speeds.hash.ratioToBare,
      stored: speeds.full.ratioToBare,
      checked: speeds.checked.ratioToBare,
    },
    checkersCost: speeds.checkersCost,
    virtualToReal: usualPace(findings),
    virtualToRealByLoad: findings.paces,
    seedsPerSecond: swarm.seedsPerSecond,
    swarm,
    forkMicros: fork.forkMicros,
    forkAndUseMicros: fork.forkAndUseMicros,
    forkPending: fork.pending,
    perEventByServers: Object.fromEntries(servers),
    perTxnByCount: Object.fromEntries(txns.map(({ txns: count, micros }) => [count, micros])),
    perOperationByZnodes: findings.znodes,
    swarmPeakMegabytes: Math.round(findings.megabytesBefore),
    peakMegabytes: Math.round(findings.megabytes),
    targets: TARGETS,
  };
}

function count(value: number): string {
  if (value >= 1_000_000) return `${(value / 1_000_000).toFixed(2)} M`;
  if (value >= 10_000) return `${(value / 1000).toFixed(0)} k`;
  return value.toFixed(value >= 100 ? 0 : 1);
}

function atLeast(value: number, target: number): string {
  return `${value >= target ? 'met' : 'MISSED'}, >= ${count(target)}`;
}

function atMost(value: number, target: number): string {
  return `${value <= target ? 'met' : 'MISSED'}, <= ${target}`;
}

function speedRow(name: string, { perSecond, ratioToBare }: Speed, target: string): string[] {
  return [name, ratioToBare.toFixed(3), `${count(perSecond)}/s`, target];
}

function speedLines({ bare, hash, full, checked, checkersCost }: Speeds): string[] {
  const rows = [
    ['', 'ratio', 'events', 'target'],
    speedRow('bare scheduler: pop, push, 100 pending', bare, ''),
    speedRow('trace hash', hash, atLeast(hash.perSecond, TARGETS.eventsPerSecond)),
    speedRow('trace hash, every record stored', full, ''),
    speedRow(
      'trace hash, all checkers',
      checked,
      atLeast(checked.perSecond, TARGETS.checkedEventsPerSecond),
    ),
    [
      'all checkers against hash alone',
      `${checkersCost.toFixed(2)} x`,
      '',
      atMost(checkersCost, TARGETS.checkersCost),
    ],
  ];
  return ['Events: 5 servers, 20 clients that never rest', ...table(rows, { right: [1, 2] })];
}

function paceLines(findings: Findings): string[] {
  const rows = findings.paces.map((pace, index) => [
    `${pace.clients} client${pace.clients === 1 ? '' : 's'}, ${pace.thinkMs} ms between operations`,
    `${count(pace.operationsPerVirtualSecond)} op/s`,
    `${count(pace.virtualToReal)} x`,
    index === USUAL_PACE ? atLeast(pace.virtualToReal, TARGETS.virtualToReal) : '',
  ]);
  return [
    'Virtual time against CPU time: 5 servers, trace hash',
    ...table(rows, { right: [1, 2] }),
  ];
}

function swarmLines({ swarm, fork, megabytesBefore }: Findings): string[] {
  const verdicts = Object.entries(swarm.verdicts).map(([verdict, runs]) => `${runs} ${verdict}`);
  const rows = [
    [
      'seeds on one core',
      `${swarm.seedsPerSecond.toFixed(0)}/s`,
      atLeast(swarm.seedsPerSecond, TARGETS.seedsPerSecond),
    ],
    ['a run, on average', `${swarm.events.toFixed(0)} events`, ''],
    ['', `${swarm.virtualSeconds.toFixed(1)} virtual s`, ''],
    ['peak memory so far', `${megabytesBefore.toFixed(0)} MB`, ''],
    [
      `fork, ${fork.pending} pending`,
      `${fork.forkMicros.toFixed(1)} us`,
      atMost(fork.forkMicros, TARGETS.forkMicros),
    ],
    [
      'fork and its first 100 events, beyond the events',
      `${fork.forkAndUseMicros.toFixed(1)} us`,
      '',
    ],
  ];
  return [
    `Swarm: 5 servers, usual faults, all checkers, ${swarm.runs} runs (${verdicts.join(', ')})`,
    ...table(rows, { right: [1] }),
  ];
}

function scaleLines({ servers, txns, megabytes }: Findings): string[] {
  const first = servers.get(5) ?? NaN;
  const byServers = [...servers].map(([size, micros]) => [
    `${size} servers`,
    `${micros.toFixed(2)} us`,
    `${(micros / first).toFixed(2)} x`,
  ]);
  // The first thousand pay for the election and have the least to be averaged over.
  const usual = txns[1]?.micros ?? NaN;
  const byTxns = txns.map(({ txns: size, micros, residentMegabytes }) => [
    `up to ${size} transactions`,
    `${micros.toFixed(1)} us`,
    `${(micros / usual).toFixed(2)} x`,
    `${residentMegabytes.toFixed(0)} MB`,
  ]);
  return [
    'One event under load, against 5 servers',
    ...table(byServers, { right: [1, 2] }),
    '',
    'One write: 3 servers, 50 clients, against the second row',
    ...table(byTxns, { right: [1, 2, 3] }),
    '',
    `Peak memory of all this: ${megabytes.toFixed(0)} MB`,
  ];
}

function znodeLines(costs: readonly ZnodeCost[]): string[] {
  const micros = (value: number): string => `${value.toFixed(2)} us`;
  const rows = costs.map(({ znodes, underOneParent, set, createAndDelete, get }) => [
    `${znodes} znodes`,
    `${underOneParent}`,
    ...[micros(set), micros(createAndDelete), micros(get)],
  ]);
  const head = ['', 'under one parent', 'setData', 'create and delete there', 'getData'];
  return [
    'One operation of the tree alone: decided and applied, or read',
    ...table([head, ...rows], { right: [1, 2, 3, 4] }),
  ];
}

export function asText(findings: Findings): string {
  const sections = [
    speedLines(findings.speeds),
    paceLines(findings),
    swarmLines(findings),
    scaleLines(findings),
    znodeLines(findings.znodes),
  ];
  return sections.map((lines) => lines.join('\n')).join('\n\n');
}
