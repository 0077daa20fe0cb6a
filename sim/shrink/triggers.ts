// When a fault begins, said more simply. A round time is simplest; then a record that speaks for
// itself (server 2 acknowledges 1:3); a time to the millisecond says nothing to anybody. Of a
// record, everything is left out that is not needed to know it from the others.
import type { FaultSpec, RecordPattern, Trigger } from '../faults/kind.js';
import type { RecordKind } from '../trace/record.js';
import { counted, patternOf } from './explicit.js';
import { rounderTimes } from './rounder.js';
import type { Failure } from './trial.js';

const ROUND_US = 100_000;
const FAIR_US = 10_000;
/** A reader counts no further. */
const NTH_MAX = 3;
/** How far back to look for a record that a time could stand for, and how many of them to try. */
const RECORDS_BACK = 200;
const NEAR_MAX = 6;

/** Records that speak for themselves. */
const TELLING: ReadonlySet<RecordKind> = new Set<RecordKind>([
  ...(['elected', 'role', 'epochProposed', 'epochFile', 'promised', 'established'] as const),
  ...(['syncChosen', 'syncing', 'newLeaderAcked', 'activated', 'serving'] as const),
  ...(['stepBegun', 'stepDone', 'appended', 'flushed', 'truncated', 'snapshot'] as const),
  ...(['proposed', 'ackSent', 'ackReceived', 'committed', 'learned', 'replied'] as const),
  ...(['left', 'lookingAgain', 'boot', 'crash'] as const),
]);

function at(atUs: number): Trigger {
  return { kind: 'at', atUs };
}

function whenever(when: RecordPattern): Trigger {
  return { kind: 'when', when };
}

const FIELDS = ['epoch', 'zxid', 'text', 'peer', 'actor'] as const;

/** The pattern with a field less, for each that can be spared. */
function sparer(when: RecordPattern, record: number, trial: Failure): RecordPattern[] {
  const { recorder } = trial.outcome;
  const fewer = FIELDS.flatMap((field): RecordPattern[] => {
    if (when[field] === undefined) return [];
    const less = { ...when, [field]: undefined, afterUs: 0 };
    if (record < 0) return [less];
    const pattern = counted(less, recorder.at(record), recorder);
    return pattern.nth <= Math.max(NTH_MAX, when.nth) ? [pattern] : [];
  });
  const plain = when.afterUs > 0 ? [{ ...when, afterUs: 0 }] : [];
  const first = when.nth > 1 ? [{ ...when, nth: 1 }] : [];
  return [...plain, ...first, ...fewer];
}

function isRound(us: number): boolean {
  return us % ROUND_US === 0;
}

/** What servers did just before a time. */
function recordsBefore(atUs: number, trial: Failure): Trigger[] {
  const { recorder } = trial.outcome;
  const result: Trigger[] = [];
  let index = recorder.count - 1;
  while (index >= 0 && recorder.at(index).atUs > atUs) index -= 1;
  const last = Math.max(0, index - RECORDS_BACK);
  for (; index >= last && result.length < NEAR_MAX; index--) {
    const record = recorder.at(index);
    if (!TELLING.has(record.kind)) continue;
    const when = patternOf(record, recorder);
    if (when.nth <= NTH_MAX) result.push(whenever(when));
  }
  return result;
}

/** Simpler triggers for a fault of a scenario, the simplest first. */
export function simplerTriggers({ trigger }: FaultSpec, index: number, trial: Failure): Trigger[] {
  const report = trial.outcome.faults[index];
  if (trigger.kind === 'at') {
    const { atUs } = trigger;
    const times = rounderTimes(atUs).filter((us) => us < trial.scenario.durationUs);
    const fair = times.filter((us) => us % FAIR_US === 0);
    const near = atUs % FAIR_US === 0 ? [] : recordsBefore(atUs, trial);
    return [...fair.map(at), ...near, ...times.filter((us) => us % FAIR_US !== 0).map(at)];
  }
  const { when } = trigger;
  const times = rounderTimes(report?.atUs ?? 0).filter((us) => us > 0 && isRound(us));
  const spared = sparer(when, report?.record ?? -1, trial).map(whenever);
  return [...times.filter((us) => us < trial.scenario.durationUs).map(at), ...spared];
}
