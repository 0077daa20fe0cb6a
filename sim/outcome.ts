// What came of a run: the judgement, what the faults did, and what makes a pass worthless (a fault
// without effect, no acknowledged write, nothing that a checker could have rejected). One number
// sums it up for scripts. Plain data; the wording is for reports.
import type { Mark } from '../protocol/marks.js';
import { CHECKERS } from './checkers/registry.js';
import type { CheckerResult } from './checkers/judge.js';
import type { Status, Violation } from './checkers/verdict.js';
import type { FaultReport } from './faults/plan.js';
import type { Expectation } from './scenario/scenario.js';
import type { Recorder } from './trace/recorder.js';
import type { OperationCounts } from './workload/ledger.js';
import type { Recording } from './world/choices.js';

/** A server process that ended by itself, and no fault explains it. */
export interface Death {
  readonly server: number;
  readonly atUs: number;
  readonly reason: string;
}

export interface RunOutcome {
  /** Name of the scenario. */
  readonly scenario: string;
  readonly seed: string;
  readonly verdict: Status;
  readonly exitCode: number;
  readonly traceHash: string;
  /** Steps of a reducer. */
  readonly events: number;
  readonly virtualSeconds: number;
  readonly violations: readonly Violation[];
  readonly checkers: readonly CheckerResult[];
  readonly faults: readonly FaultReport[];
  /** Why the run proves less than it seems. */
  readonly vacuous: readonly string[];
  readonly deaths: readonly Death[];
  readonly operations: OperationCounts;
  /** Rare paths that were taken, in the order of the first time, with how often. */
  readonly marks: ReadonlyMap<Mark, number>;
  /** When all live servers held the same history and every client was done; undefined if never. */
  readonly convergedAtUs: number | undefined;
  /** Is this what the scenario expects? */
  readonly asExpected: boolean;
  readonly recorder: Recorder;
  /** Every choice of the run, when asked for. */
  readonly recording: Recording | undefined;
}

const KINDS = new Map(CHECKERS.map(({ id, kind }) => [id, kind]));

/**
 * 0 pass, 1 safety, 2 inconclusive, 3 liveness, 4 a process died; 5 belongs to whoever runs twice.
 */
export function exitCodeOf(
  outcome: Pick<RunOutcome, 'verdict' | 'violations' | 'deaths'>,
): 0 | 1 | 2 | 3 | 4 {
  const { verdict, violations, deaths } = outcome;
  if (violations.some(({ checker }) => KINDS.get(checker) !== 'liveness')) return 1;
  if (deaths.length > 0) return 4;
  if (violations.length > 0) return 3;
  return verdict === 'pass' ? 0 : 2;
}

type IdleFacts = Pick<FaultReport, 'index' | 'text' | 'atUs' | 'effects'>;

/** What the reasons for vacuity are read from. */
export interface Evidence {
  readonly expect: Expectation;
  readonly checkers: readonly CheckerResult[];
  readonly faults: readonly IdleFacts[];
  readonly marks: Pick<ReadonlyMap<string, number>, 'has'>;
  /** Expected records that did not occur, as text. */
  readonly missing: readonly string[];
  /** Of whom a write is expected. */
  readonly clients: number;
  readonly acknowledgedWrites: number;
  /** Was the run ended before its end? */
  readonly cutShort: boolean;
  readonly converged: boolean;
}

export function vacuityOf(evidence: Evidence): string[] {
  const { expect, checkers, marks, missing } = evidence;
  const reasons = idleFaults(evidence.faults, expect.effects);
  if (evidence.cutShort) reasons.push('the run was ended early: nothing was healed');
  else if (!evidence.converged) reasons.push('the servers did not converge in time');
  if (checkers.every(({ seen }) => seen === 0)) {
    reasons.push('no checker saw anything that it could have rejected');
  }
  if (evidence.clients > 0 && evidence.acknowledgedWrites === 0) {
    reasons.push('no write was acknowledged');
  }
  for (const mark of expect.marks) {
    if (!marks.has(mark)) reasons.push(`the path ${mark} was not taken`);
  }
  for (const text of missing) reasons.push(`there was no record ${text}`);
  return reasons;
}

function idleFaults(faults: readonly IdleFacts[], wanted: Expectation['effects']): string[] {
  const idle = faults.filter(({ effects }) => effects === 0);
  if (wanted === 'any' || idle.length === 0) return [];
  if (wanted === 'some') return idle.length < faults.length ? [] : ['no fault had any effect'];
  return idle.map(({ index, text, atUs }) => {
    const what = atUs === undefined ? 'never began' : 'had no effect';
    return `fault ${index} (${text}) ${what}`;
  });
}

/** Does the verdict agree with the scenario, and did the expected checkers fire? */
export function isAsExpected(
  expect: Expectation,
  verdict: Status,
  violations: readonly Violation[],
): boolean {
  const violated = new Set(violations.map(({ checker }) => checker));
  return verdict === expect.verdict && expect.violates.every((id) => violated.has(id));
}
