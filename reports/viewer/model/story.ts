// The records worth telling, in order: the same choice as in the text timeline, plus what a
// violation rests on. The list beside the picture shows them, keys step through them, and where
// there are none for a while the picture is folded.
import type { Violation } from '../../../sim/checkers/verdict.js';
import { Notable } from '../../notable.js';
import { Tally } from '../../tally.js';
import type { TraceView } from './trace-view.js';
import { lowerBound } from './trace-view.js';

export interface Story {
  /** Ascending. */
  readonly records: readonly number[];
  /** Of them: a fault begins, takes effect, ends; a server ends. */
  readonly faults: readonly number[];
  /** Of them: a leader is established, serves, or leaves. */
  readonly leaders: readonly number[];
  /** The records that break a claim, each once. */
  readonly violations: readonly number[];
  /** Everything that a violation cites. */
  readonly evidence: ReadonlySet<number>;
  /** What is counted rather than told. */
  readonly counted: readonly number[];
}

const FAULTS: ReadonlySet<string> = new Set(['fault', 'effect', 'healed', 'crash', 'halted']);
const LEADERS: ReadonlySet<string> = new Set(['established', 'activated']);

export interface StoryInput {
  readonly observers: readonly number[];
  readonly violations: readonly Violation[];
}

export function tellStory(trace: TraceView, { observers, violations }: StoryInput): Story {
  const notable = new Notable(observers);
  const breaking = new Set(violations.map(({ record }) => record));
  const evidence = new Set(violations.flatMap((violation) => [...violation.evidence]));
  const [records, faults, leaders, counted]: number[][] = [[], [], [], []];
  for (let index = 0; index < trace.length; index++) {
    const record = trace.at(index);
    const weight = notable.weigh(record);
    if (weight === 'counted') counted?.push(index);
    const isFault = FAULTS.has(record.kind);
    if (weight !== 'shown' && !evidence.has(index) && !breaking.has(index)) continue;
    records?.push(index);
    if (isFault) faults?.push(index);
    const isLeader = LEADERS.has(record.kind);
    const leaves = record.kind === 'left' && record.peer === record.actor;
    if (isLeader || leaves) leaders?.push(index);
  }
  return {
    records: records ?? [],
    faults: faults ?? [],
    leaders: leaders ?? [],
    violations: [...breaking].sort((a, b) => a - b),
    evidence,
    counted: counted ?? [],
  };
}

/** What went on in a stretch that is folded: `6.0 s: commits 1:1 to 1:62, 44 pings`. */
export function foldWords(
  trace: TraceView,
  story: Story,
  { fromUs, toUs }: { readonly fromUs: number; readonly toUs: number },
): string {
  const tally = new Tally();
  const { counted } = story;
  const first = lowerBound(counted, trace.firstAt(fromUs));
  const last = lowerBound(counted, trace.firstAt(toUs));
  for (let at = first; at < last; at++) tally.count(trace.at(counted[at] as number));
  return tally.sentence(Math.round(toUs - fromUs));
}

/** The entry of an ascending list after (or before) an index. */
export function neighbour(
  list: readonly number[],
  index: number,
  step: 1 | -1,
): number | undefined {
  if (step === 1) return list[lowerBound(list, index + 1)];
  return list[lowerBound(list, index) - 1];
}
