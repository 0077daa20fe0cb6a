// Two runs beside each other: where the first record differs, what led each of them there, and from
// then on what only one of them has. Before that point they are one run.
import type { RecordKind, TraceRecord } from '../../../sim/trace/record.js';
import { describe } from '../../words.js';
import type { Story } from './story.js';
import type { TraceView } from './trace-view.js';

const COLUMNS = ['actor', 'cause', 'peer', 'atUs', 'zxid', 'epoch', 'value', 'digest'] as const;

/** The number of records that both have in common from the beginning. */
function commonPrefix(a: TraceView, b: TraceView): number {
  const shorter = Math.min(a.length, b.length);
  for (let at = 0; at < shorter; at++) {
    if (a.columns.kind[at] !== b.columns.kind[at]) return at;
    // The first record names the seed; whether another one changes anything is the question.
    if (a.textOf(at) !== b.textOf(at) && a.kindOf(at) !== 'start') return at;
    for (const column of COLUMNS) if (a.columns[column][at] !== b.columns[column][at]) return at;
    const [left, right] = [a.columns.details.get(at), b.columns.details.get(at)];
    if (left !== right && JSON.stringify(left) !== JSON.stringify(right)) return at;
  }
  return shorter;
}

export interface Divergence {
  /** First record that differs; the length of both if they are the same. */
  readonly at: number;
  readonly a: TraceRecord | undefined;
  readonly b: TraceRecord | undefined;
  readonly identical: boolean;
}

export function divergenceOf(a: TraceView, b: TraceView): Divergence {
  const at = commonPrefix(a, b);
  return {
    at,
    a: at < a.length ? a.at(at) : undefined,
    b: at < b.length ? b.at(at) : undefined,
    identical: at === a.length && at === b.length,
  };
}

export interface Pair {
  readonly a: number | undefined;
  readonly b: number | undefined;
}

/** Kinds that tell the story of a run whatever its latencies are. */
const TOLD: ReadonlySet<RecordKind> = new Set<RecordKind>([
  ...([
    'crash',
    'fault',
    'healed',
    'effect',
    'quiet',
    'halted',
    'boot',
    'elected',
    'left',
  ] as const),
  ...(['epochProposed', 'promised', 'established', 'syncChosen', 'newLeaderAcked'] as const),
  ...(['activated', 'serving', 'rollover', 'truncated', 'sessionExpired'] as const),
]);

function wordsAt(trace: TraceView, index: number): string {
  return describe(trace.at(index));
}

/** What is told, whichever transaction it is about. */
function gistAt(trace: TraceView, index: number): string {
  return wordsAt(trace, index).replace(/\d+:\d+|\d+ packets?/g, '');
}

/**
 * The stories side by side: what both tell stands in one row, in the order in which both tell it
 * (the longest such order there is); the rest stands alone.
 */
export function pairStories(
  [a, storyA]: readonly [TraceView, Story],
  [b, storyB]: readonly [TraceView, Story],
  rowsMax = 600,
): Pair[] {
  const keep = (trace: TraceView, story: Story): number[] =>
    story.records
      .filter((at) => TOLD.has(trace.kindOf(at)) || story.evidence.has(at))
      .slice(0, rowsMax);
  const left = keep(a, storyA);
  const right = keep(b, storyB);
  const words = [left.map((at) => gistAt(a, at)), right.map((at) => gistAt(b, at))] as const;
  const table = commonLengths(words[0], words[1]);
  const pairs: Pair[] = [];
  let i = 0;
  let j = 0;
  while (i < left.length || j < right.length) {
    if (i < left.length && j < right.length && words[0][i] === words[1][j]) {
      pairs.push({ a: left[i++], b: right[j++] });
    } else if (
      j >= right.length ||
      (i < left.length && at(table, i + 1, j) >= at(table, i, j + 1))
    ) {
      pairs.push({ a: left[i++], b: undefined });
    } else {
      pairs.push({ a: undefined, b: right[j++] });
    }
  }
  return pairs;
}

interface Table {
  readonly width: number;
  readonly cells: Uint16Array;
}

function at({ width, cells }: Table, i: number, j: number): number {
  return cells[i * width + j] ?? 0;
}

/** Of all ends of the two lists, how much they have in common in order. */
function commonLengths(a: readonly string[], b: readonly string[]): Table {
  const width = b.length + 1;
  const cells = new Uint16Array((a.length + 1) * width);
  const table = { width, cells };
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      cells[i * width + j] =
        a[i] === b[j]
          ? at(table, i + 1, j + 1) + 1
          : Math.max(at(table, i + 1, j), at(table, i, j + 1));
    }
  }
  return table;
}
