// The surroundings that the swarm draws for a cluster: how slow its network, disks and stages are,
// and timeouts that suit them. A cluster whose patience is shorter than its disks need never gets
// anything done, with or without faults; that is a mistake of its operator and would hide
// everything else.
import { unreachable } from '../../base/assert.js';
import type { Timing } from '../../protocol/config.js';
import { timingFor } from '../scenario/scenario.js';
import type { Latency } from '../world/setup.js';
import type { Draw } from './draw.js';

export interface Surroundings {
  readonly latency: Latency;
  readonly fsync: Latency;
  readonly bulk: Latency;
  readonly stage: Latency;
}

function uniform(fromUs: number, toUs: number): Latency {
  return { kind: 'uniform', fromUs, toUs };
}

const LINK_LATENCIES: readonly Latency[] = [
  { kind: 'constant', us: 1000 },
  uniform(200, 2000),
  uniform(1000, 10_000),
  uniform(1000, 40_000),
  { kind: 'exponential', minUs: 500, meanUs: 3000 },
  { kind: 'heavyTailed', fromUs: 500, toUs: 3000, oneIn: 50, factor: 60 },
];
const FSYNC_LATENCIES: readonly Latency[] = [
  uniform(200, 1000),
  uniform(1000, 10_000),
  uniform(5000, 50_000),
  uniform(20_000, 60_000),
  { kind: 'heavyTailed', fromUs: 1000, toUs: 5000, oneIn: 20, factor: 40 },
];
const BULK_LATENCIES: readonly Latency[] = [uniform(1000, 10_000), uniform(10_000, 200_000)];
const STAGE_LATENCIES: readonly Latency[] = [uniform(5, 50), uniform(5, 50), uniform(100, 3000)];

export function drawSurroundings(draw: Draw): Surroundings {
  return {
    latency: draw.pick(LINK_LATENCIES),
    fsync: draw.pick(FSYNC_LATENCIES),
    bulk: draw.pick(BULK_LATENCIES),
    stage: draw.pick(STAGE_LATENCIES),
  };
}

/** Longer than most draws. */
function usuallyBelowUs(latency: Latency): number {
  switch (latency.kind) {
    case 'constant':
      return latency.us;
    case 'uniform':
      return latency.toUs;
    case 'exponential':
      return latency.minUs + 4 * latency.meanUs;
    case 'heavyTailed':
      return latency.toUs * Math.ceil(latency.factor / 10);
    default:
      return unreachable(latency);
  }
}

/** What one step of discovery or synchronization takes: messages, epoch files, a snapshot. */
function stepUs({ latency, fsync, bulk, stage }: Surroundings): number {
  return (
    4 * usuallyBelowUs(latency) +
    3 * usuallyBelowUs(fsync) +
    usuallyBelowUs(bulk) +
    20 * usuallyBelowUs(stage)
  );
}

/** Timeouts as short as the surroundings allow, or longer. */
export function drawTiming(draw: Draw, surroundings: Surroundings): Timing {
  const tickMs = draw.pick([200, 200, 500, 500, 1000, 2000]);
  const stepTicks = stepUs(surroundings) / (tickMs * 1000);
  const leastSync = Math.max(2, Math.ceil(2 * stepTicks));
  const leastInit = Math.max(3, Math.ceil(3 * stepTicks));
  const usual = timingFor(tickMs);
  return {
    ...usual,
    initLimit: draw.between(leastInit, leastInit + 7),
    syncLimit: draw.between(leastSync, leastSync + 3),
    maxNotificationMs: draw.pick([1000, 3000, 60_000]),
    maxSessionTimeoutMs: 100 * tickMs,
  };
}

/** A session that outlasts its client's walk around all servers. */
export function shortestSessionMs(
  servers: number,
  { minSessionTimeoutMs }: Timing,
  surroundings: Surroundings,
): number {
  const connectMs = Math.ceil((2 * stepUs(surroundings)) / 1000);
  return Math.max(minSessionTimeoutMs, servers * connectMs);
}

/** That, or longer. */
export function drawSessionTimeoutMs(
  draw: Draw,
  servers: number,
  timing: Timing,
  surroundings: Surroundings,
): number {
  const leastMs = shortestSessionMs(servers, timing, surroundings);
  return Math.min(timing.maxSessionTimeoutMs, leastMs + timing.tickMs * draw.between(0, 15));
}
