// Faults that do one thing again and again, or by chance, as the single things that they did. Each
// of those is a fault that can be taken out by itself.
import type { FaultSpec } from '../faults/kind.js';
import type { FaultReport } from '../faults/plan.js';
import type { TraceRecord } from '../trace/record.js';
import { hostOf } from './explicit.js';
import { asHosts } from './hosts.js';
import type { Failure } from './trial.js';

/** More than this is no story any more. */
const PARTS_MAX = 8;

function at(fault: string, atUs: number, forUs: number | undefined, params: object): FaultSpec {
  return { fault, trigger: { kind: 'at', atUs }, forUs, params };
}

function halfOf(fault: FaultSpec, key: 'every' | 'period'): number {
  const { [key]: wholeUs = 2 } = fault.params as Partial<Record<string, number>>;
  return Math.max(1, Math.floor(wholeUs / 2));
}

/** Until when it did something. */
function endOf({ forUs }: FaultSpec, beginUs: number, trial: Failure): number {
  return Math.min(trial.atUs, forUs === undefined ? Infinity : beginUs + forUs);
}

function restarts(fault: FaultSpec, report: FaultReport, trial: Failure): FaultSpec[] {
  const beginUs = report.atUs ?? 0;
  const halfUs = halfOf(fault, 'every');
  const endUs = endOf(fault, beginUs, trial);
  const [servers = []] = report.cast;
  return servers.flatMap((server, index) => {
    const downUs = beginUs + 2 * index * halfUs;
    return downUs < endUs ? [at('crash', downUs, halfUs, { servers: server })] : [];
  });
}

function cuts(fault: FaultSpec, report: FaultReport, trial: Failure): FaultSpec[] {
  const beginUs = report.atUs ?? 0;
  const halfUs = halfOf(fault, 'period');
  const endUs = endOf(fault, beginUs, trial);
  const { how } = fault.params as { readonly how?: string };
  const params = {
    groups: report.cast.map((set) => asHosts(set.map(hostOf))),
    ...(how ? { how } : {}),
  };
  const result: FaultSpec[] = [];
  for (let downUs = beginUs; downUs < endUs; downUs += 2 * halfUs) {
    if (result.length > PARTS_MAX) return [];
    result.push(at('partition', downUs, halfUs, params));
  }
  return result;
}

/** The first of the resets; the trace names no other. */
function resets(fault: FaultSpec, report: FaultReport, trial: Failure): FaultSpec[] {
  const isFirst = (record: TraceRecord): boolean =>
    record.kind === 'effect' && record.value === report.index;
  for (const record of trial.outcome.recorder.records()) {
    if (!isFirst(record)) continue;
    const links = Object.entries(fault.params).filter(([key]) => key !== 'chance');
    return [at('reset', record.atUs, undefined, Object.fromEntries(links))];
  }
  return [];
}

/** Undefined: there is nothing to unfold. */
function partsOf(fault: FaultSpec, report: FaultReport, trial: Failure): FaultSpec[] | undefined {
  if (fault.fault === 'rolling-restart') return restarts(fault, report, trial);
  if (fault.fault === 'flap') return cuts(fault, report, trial);
  return fault.fault === 'flaky-link' ? resets(fault, report, trial) : undefined;
}

/** The faults with one of them unfolded; undefined if it has no parts. */
export function unfolded(trial: Failure, index: number): readonly FaultSpec[] | undefined {
  const { faults } = trial.scenario;
  const fault = faults[index];
  const report = trial.outcome.faults[index];
  if (fault === undefined || report === undefined) return undefined;
  const parts = partsOf(fault, report, trial);
  if (parts === undefined || parts.length === 0 || parts.length > PARTS_MAX) return undefined;
  return faults.toSpliced(index, 1, ...parts);
}
