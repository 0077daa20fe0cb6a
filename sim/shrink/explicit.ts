// What was left to chance, written down as it came about: the operations that clients asked for,
// with their times; whom a fault struck; which record set it off, by what it says instead of the
// how many-th of its kind it was. The run is the same, and from now on something can be taken out
// of it without moving the draws of everything else.
import type { Operation } from '../../protocol/operation.js';
import { actorName } from '../faults/casting.js';
import type { Host, Subject } from '../faults/hosts.js';
import type { FaultSpec, RecordPattern } from '../faults/kind.js';
import { faultKind } from '../faults/registry.js';
import type { FaultReport } from '../faults/plan.js';
import type { Scenario, ScriptedOperation } from '../scenario/scenario.js';
import type { Recorder } from '../trace/recorder.js';
import type { TraceRecord } from '../trace/record.js';
import { FIRST_CLIENT, WORLD } from '../trace/record.js';
import { asHosts, placesOf, withPlace } from './hosts.js';
import type { Failure } from './trial.js';

/** Does a client's program ask for an operation? It may also be made to drop its connection. */
function isRequest({ kind, detail }: TraceRecord): boolean {
  return kind === 'invoke' && detail !== undefined;
}

/** The clients do what they did, at the times at which they did it. */
export function withWrittenOperations({ scenario, outcome }: Failure): Scenario {
  const operations: ScriptedOperation[] = [];
  for (const record of outcome.recorder.records()) {
    if (!isRequest(record)) continue;
    const client = record.actor - FIRST_CLIENT;
    operations.push({ client, op: record.detail as Operation, atUs: record.atUs });
  }
  return { ...scenario, workload: { ...scenario.workload, operations } };
}

export function hostOf(actor: number): Host {
  return actor < FIRST_CLIENT ? actor : (actorName(actor) as Host);
}

/** The fault with the hosts that it struck in place of the words that meant them. */
function withCast(fault: FaultSpec, { cast }: FaultReport): FaultSpec {
  const sets = faultKind(fault.fault).hosts(fault.params);
  let next = 0;
  let result = fault;
  for (const place of placesOf(fault)) {
    const at = sets.indexOf(place.hosts, next);
    if (at < 0) continue;
    next = at + 1;
    const hosts = asHosts((cast[at] ?? []).map(hostOf));
    result = withPlace(result, place, hosts) ?? result;
  }
  return result;
}

function agree(pattern: RecordPattern, record: TraceRecord): boolean {
  const { actor, peer, text, zxid, epoch } = pattern;
  return (
    record.kind === pattern.record &&
    record.atUs >= pattern.afterUs &&
    (actor === undefined || actor === hostOf(record.actor)) &&
    (peer === undefined || peer === hostOf(record.peer)) &&
    (text === undefined || text === record.text) &&
    (zxid === undefined || zxid === record.zxid) &&
    (epoch === undefined || epoch === record.epoch)
  );
}

/** The pattern, counting to this record. */
export function counted(
  pattern: RecordPattern,
  record: TraceRecord,
  recorder: Recorder,
): RecordPattern {
  let nth = 0;
  for (let index = 0; index <= record.index; index++) {
    if (agree(pattern, recorder.at(index))) nth += 1;
  }
  return { ...pattern, nth };
}

/** Who, what, and about which transaction: where a record stands in the story. */
export function patternOf(record: TraceRecord, recorder: Recorder): RecordPattern {
  const pattern: RecordPattern = {
    record: record.kind,
    actor: record.actor === WORLD ? undefined : (hostOf(record.actor) as Subject),
    peer: undefined,
    text: record.text === '' ? undefined : record.text,
    zxid: record.zxid > 0 ? record.zxid : undefined,
    epoch: undefined,
    nth: 1,
    afterUs: 0,
  };
  return counted(pattern, record, recorder);
}

/** A fault that waits for its record is what it does then, and the record sets it off. */
function awaited(fault: FaultSpec): FaultSpec {
  if (fault.fault !== 'torn-tail') return fault;
  return { ...fault, fault: 'crash', params: { ...fault.params, how: 'power' } };
}

/** The fault with its cast, set off by the very record, or at the very time. */
export function pinnedFault(fault: FaultSpec, report: FaultReport, trial: Failure): FaultSpec {
  const { recorder } = trial.outcome;
  const { atUs = 0, record } = report;
  const cast = awaited(withCast(fault, report));
  const trigger = record < 0 ? undefined : recorder.at(record);
  if (trigger?.atUs !== atUs) return { ...cast, trigger: { kind: 'at', atUs } };
  return { ...cast, trigger: { kind: 'when', when: patternOf(trigger, recorder) } };
}

/** The same at the time at which it began. */
export function timedFault(fault: FaultSpec, report: FaultReport): FaultSpec {
  return { ...fault, trigger: { kind: 'at', atUs: report.atUs ?? 0 } };
}

function lastsBeyond({ forUs }: FaultSpec, { atUs = 0 }: FaultReport, endUs: number): boolean {
  return forUs !== undefined && atUs + forUs > endUs;
}

/**
 * Without what came after the failure: faults that never began, ends that were not reached,
 * operations that nobody asked for, the rest of the time.
 */
export function trimmed({ scenario, outcome, atUs }: Failure): Scenario {
  const faults = scenario.faults.flatMap((fault, index): FaultSpec[] => {
    const report = outcome.faults[index];
    if (report?.atUs === undefined) return [];
    return [lastsBeyond(fault, report, atUs) ? { ...fault, forUs: undefined } : fault];
  });
  const issued = new Map<number, number>();
  for (const record of outcome.recorder.records()) {
    if (isRequest(record)) issued.set(record.actor, (issued.get(record.actor) ?? 0) + 1);
  }
  const { operations } = scenario.workload;
  const asked = operations?.filter(({ client }) => {
    const left = issued.get(client + FIRST_CLIENT) ?? 0;
    issued.set(client + FIRST_CLIENT, left - 1);
    return left > 0;
  });
  const workload = { ...scenario.workload, operations: asked };
  return { ...scenario, faults, workload, durationUs: durationFor(scenario, atUs) };
}

const SECOND = 1_000_000;

/** In whole seconds, and never longer than it was. */
function durationFor({ durationUs }: Scenario, atUs: number): number {
  if (atUs >= durationUs) return durationUs;
  return Math.min(durationUs, (Math.floor(atUs / SECOND) + 1) * SECOND);
}
