// A run as one JSON object, for scripts and dashboards. The first keys are always there and never
// change their meaning; what follows may grow.
import type { TraceRecord } from '../sim/trace/record.js';
import { actorName } from './format.js';
import type { Violation } from '../sim/checkers/verdict.js';
import type { FaultReport, RunReport } from './run-report.js';
import { violationWords } from './violation-words.js';
import { describe } from './words.js';

type JsonObject = Record<string, unknown>;

function violationJson(violation: Violation): JsonObject {
  return {
    checker: violation.checker,
    invariant: violation.invariant,
    words: violationWords(violation),
    atUs: violation.atUs,
    record: violation.record,
    actors: violation.actors.map(actorName),
    evidence: violation.evidence,
    facts: violation.facts,
  };
}

/** How many faults were injected, how many of them did something, and each of them. */
function faultsJson(faults: readonly FaultReport[]): JsonObject {
  return {
    injected: faults.length,
    effective: faults.filter((fault) => fault.effects > 0).length,
    each: faults.map(({ index, kind, text, atUs, effects }) => ({
      index,
      kind,
      text,
      atUs,
      effects,
    })),
  };
}

export function runJson(report: RunReport): JsonObject {
  return {
    seed: report.seed,
    verdict: report.verdict,
    traceHash: report.traceHash,
    events: report.events,
    virtualSeconds: report.virtualSeconds,
    violations: report.violations.map(violationJson),
    faults: faultsJson(report.faults),
    scenario: report.scenario,
    exitCode: report.exitCode,
    operations: report.operations,
    vacuous: report.vacuous,
    asExpected: report.asExpected,
    convergedAtUs: report.convergedAtUs,
    deaths: report.deaths,
    checkers: report.checkers.map(({ id, status, seen }) => ({ id, status, seen })),
  };
}

/** One record with its meaning, for `report --format json`. */
export function recordJson(record: TraceRecord): JsonObject {
  return {
    index: record.index,
    atUs: record.atUs,
    actor: actorName(record.actor),
    kind: record.kind,
    cause: record.cause,
    words: describe(record),
  };
}
