// Runs the checkers over a trace, while it is written or afterwards: one table from kind of
// record to the functions that want it, the oracle first.
import { assert } from '../../base/assert.js';
import type { TraceRecord, RecordKind } from '../trace/record.js';
import { RECORD_KINDS } from '../trace/record.js';
import type { Recorder } from '../trace/recorder.js';
import type { Checker, CheckerRun } from './checker.js';
import { Oracle } from './oracle/oracle.js';
import { CHECKERS } from './registry.js';
import type { CheckerSetup } from './setup.js';
import type { Status, Violation } from './verdict.js';

export interface CheckerResult {
  readonly id: string;
  readonly status: Status;
  readonly seen: number;
}

export interface Judgement {
  /** `inconclusive` when no checker failed and none passed. */
  readonly verdict: Status;
  readonly checkers: readonly CheckerResult[];
  /** In the order of the records that broke the claims. */
  readonly violations: readonly Violation[];
}

type Listener = (record: TraceRecord) => void;
type ByKind = ReadonlyMap<RecordKind, readonly number[]>;

/** Of each list of checkers: the places of those that read a kind, worked out once. */
const READERS = new WeakMap<readonly Checker[], ByKind>();

function readersOf(checkers: readonly Checker[]): ByKind {
  const known = READERS.get(checkers);
  if (known !== undefined) return known;
  const readers = new Map<RecordKind, number[]>(RECORD_KINDS.map((kind) => [kind, []]));
  checkers.forEach(({ kinds }, place) => {
    for (const kind of new Set(kinds)) readers.get(kind)?.push(place);
  });
  READERS.set(checkers, readers);
  return readers;
}

export class Judge {
  readonly #checkers: readonly Checker[];
  readonly #runs: readonly CheckerRun[];
  readonly #listeners: ReadonlyMap<RecordKind, Listener>;
  #finished = false;

  constructor(setup: CheckerSetup, checkers: readonly Checker[] = CHECKERS) {
    const oracle = new Oracle(setup);
    this.#checkers = checkers;
    this.#runs = checkers.map((checker) => checker.start(oracle));
    const onRecord = this.#runs.map((run) => run.onRecord);
    const listeners = new Map<RecordKind, Listener>();
    for (const [kind, places] of readersOf(checkers)) {
      const first = checkers.length > 0 ? oracle.handlerOf(kind) : undefined;
      const readers = first === undefined ? [] : [first];
      for (const place of places) {
        const reader = onRecord[place];
        if (reader !== undefined) readers.push(reader);
      }
      const listener = inTurn(readers);
      if (listener !== undefined) listeners.set(kind, listener);
    }
    this.#listeners = listeners;
  }

  /** Listens to a trace that is being written. */
  attach(recorder: Recorder): void {
    for (const [kind, listener] of this.#listeners) recorder.subscribe([kind], listener);
  }

  /** Reads one record of a trace that was written before. */
  read(record: TraceRecord): void {
    this.#listeners.get(record.kind)?.(record);
  }

  /** Is any claim broken already? */
  get broken(): boolean {
    return this.#runs.some((run) => run.isBroken());
  }

  /** The judgement, once `end`, the last record, has been written or read. */
  finish(end: TraceRecord): Judgement {
    assert(!this.#finished, 'a judge finishes once');
    this.#finished = true;
    const checkers: CheckerResult[] = [];
    const violations: Violation[] = [];
    this.#runs.forEach((run, index) => {
      const { status, seen, violations: broken } = run.onEnd(end);
      checkers.push({ id: this.#checkers[index]?.id ?? '', status, seen });
      violations.push(...broken);
    });
    violations.sort((a, b) => a.record - b.record);
    const statuses = new Set(checkers.map(({ status }) => status));
    const verdict = statuses.has('fail') ? 'fail' : statuses.has('pass') ? 'pass' : 'inconclusive';
    return { verdict, checkers, violations };
  }
}

function inTurn(readers: readonly Listener[]): Listener | undefined {
  if (readers.length <= 1) return readers[0];
  return (record) => {
    for (const reader of readers) reader(record);
  };
}

/** Judges a stored trace: the same judgement as a judge that listened to it. */
export function judge(
  records: Iterable<TraceRecord>,
  setup: CheckerSetup,
  checkers: readonly Checker[] = CHECKERS,
): Judgement {
  const court = new Judge(setup, checkers);
  let last: TraceRecord | undefined;
  for (const record of records) {
    court.read(record);
    last = record;
  }
  assert(last !== undefined, 'an empty trace cannot be judged');
  return court.finish(last);
}

/** The checkers of those ids; undefined for one that does not exist. */
export function checkersNamed(ids: readonly string[]): readonly Checker[] | undefined {
  const named = ids.map((id) => CHECKERS.find((checker) => checker.id === id));
  return named.includes(undefined) ? undefined : named.filter((checker) => checker !== undefined);
}
