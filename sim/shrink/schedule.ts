// The schedule made explicit. Where a failure hangs on drawn latencies, one latency for all takes
// their place, and what was later than that is written down: one slow link, one slow disk, or else
// every single message that was late, known by its sender, its receiver, its kind and its number
// among those, not by its place in the run. Of these most do not matter, and are taken out again.
// [DEMi]
import { unreachable } from '../../base/assert.js';
import type { FaultSpec } from '../faults/kind.js';
import type { Cluster, Scenario } from '../scenario/scenario.js';
import type { TraceRecord } from '../trace/record.js';
import { WORLD } from '../trace/record.js';
import type { Latency } from '../world/setup.js';
import { hostOf } from './explicit.js';
import type { Failure } from './trial.js';

function always(fault: string, params: object): FaultSpec {
  return { fault, trigger: { kind: 'at', atUs: 0 }, forUs: undefined, params };
}

function constant(us: number): Latency {
  return { kind: 'constant', us };
}

/** Latencies that are the same for all, and how late the one that is late may be. */
const CALM = [
  { linkUs: 1000, fsyncUs: 1000, stageUs: 10 },
  { linkUs: 10_000, fsyncUs: 10_000, stageUs: 100 },
];
const DELAYS_US = [10_000, 100_000, 1_000_000];
const FACTORS = [5, 20, 100];

/** Does anything take a drawn time? */
function isDrawn({ network, disk, stage }: Scenario): boolean {
  return [network.latency, disk.fsync, disk.bulk, stage].some(({ kind }) => kind !== 'constant');
}

function slowThings({ voters, observers }: Cluster): FaultSpec[] {
  const servers = [...voters, ...observers];
  const links = servers.flatMap((from) =>
    servers
      .filter((to) => to !== from)
      .flatMap((to) => DELAYS_US.map((by) => always('delay', { by, from, to }))),
  );
  const slow = (fault: string): FaultSpec[] =>
    servers.flatMap((sid) => FACTORS.map((factor) => always(fault, { servers: sid, factor })));
  return [...links, ...slow('slow-disk'), ...slow('slow-cpu')];
}

/** The same latencies for all, except for one link, one disk or one processor that is slow. */
export function oneSlowThing(scenario: Scenario): Scenario[] {
  if (!isDrawn(scenario)) return [];
  return CALM.flatMap(({ linkUs, fsyncUs, stageUs }) => {
    const calm = {
      ...scenario,
      network: { latency: constant(linkUs) },
      disk: { fsync: constant(fsyncUs), bulk: constant(fsyncUs) },
      stage: constant(stageUs),
    };
    return slowThings(scenario.cluster).map((fault) => ({
      ...calm,
      faults: [...calm.faults, fault],
    }));
  });
}

interface Sent {
  readonly from: number;
  readonly to: number;
  readonly message: string;
  /** Index of the record of the event in which it was sent. */
  readonly cause: number;
  readonly tookUs: number;
}

/** What was sent, as far as it arrived or was lost, in the order in which it was sent. */
function messagesOf({ outcome }: Failure): Sent[] {
  const { recorder } = outcome;
  const sent: Sent[] = [];
  for (const record of recorder.records()) {
    if (record.kind !== 'received' && record.kind !== 'lost') continue;
    const { cause, text: message, atUs } = record;
    if (cause < 0) continue;
    const [from, to] = endsOf(record);
    sent.push({ from, to, message, cause, tookUs: atUs - recorder.at(cause).atUs });
  }
  return sent.sort((a, b) => a.cause - b.cause);
}

function endsOf({ kind, actor, peer }: TraceRecord): readonly [from: number, to: number] {
  return kind === 'received' ? [peer, actor] : [actor, peer];
}

function leastOf(latency: Latency): number {
  switch (latency.kind) {
    case 'constant':
      return latency.us;
    case 'uniform':
    case 'heavyTailed':
      return latency.fromUs;
    case 'exponential':
      return latency.minUs;
    default:
      return unreachable(latency);
  }
}

/** More single delays than this are no schedule but noise. */
const MESSAGES_MAX = 3000;

/** One latency for all, the least there was, and each message that took longer delayed. */
export function everyDelay(failure: Failure): Scenario | undefined {
  const { scenario } = failure;
  const { latency } = scenario.network;
  if (latency.kind === 'constant') return undefined;
  const leastUs = leastOf(latency);
  const counts = new Map<string, number>();
  const late: FaultSpec[] = [];
  for (const { from, to, message, tookUs } of messagesOf(failure)) {
    const key = `${from}>${to} ${message}`;
    const nth = (counts.get(key) ?? 0) + 1;
    counts.set(key, nth);
    const by = tookUs - leastUs;
    if (by <= 0 || from === WORLD || to === WORLD) continue;
    late.push(always('delay', { by, from: hostOf(from), to: hostOf(to), message, nth }));
  }
  if (late.length > MESSAGES_MAX) return undefined;
  return {
    ...scenario,
    network: { latency: constant(leastUs) },
    faults: [...scenario.faults, ...late],
  };
}
