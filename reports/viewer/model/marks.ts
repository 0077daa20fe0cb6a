// Where the records of a lane are drawn at the current magnification. Few of them: each has a mark,
// and the notes of one event stand behind it in a row, like a train. Many: columns say how much
// went on, and only what matters keeps a mark of its own. Drawing and pointing use the same places.
import type { Axis } from './axis.js';
import type { Lane } from './lanes.js';
import type { TraceView } from './trace-view.js';
import { lowerBound } from './trace-view.js';
import type { Viewport } from './viewport.js';

export interface Mark {
  readonly record: number;
  readonly x: number;
}

export interface LaneMarks {
  readonly marks: readonly Mark[];
  /** Per column of `step` pixels how many records; empty when each record has a mark. */
  readonly density: Uint16Array;
  readonly step: number;
  /** Room behind the last mark of each train, for words; parallel to `marks`, 0 inside of one. */
  readonly room: readonly number[];
}

export interface Canvas {
  readonly axis: Axis;
  readonly view: Viewport;
  /** Of the part that shows time, from x = `left`. */
  readonly width: number;
  readonly left: number;
}

export const STEP = 2;
const CROWDED = new Uint16Array(1);
const WAGON = 9;
/** A mark needs so many pixels, on the average. */
const MARK_ROOM = 7;

export function xOf(canvas: Canvas, us: number): number {
  const { axis, view, width, left } = canvas;
  return left + ((axis.placeOf(us) - view.from) / (view.to - view.from)) * width;
}

export function timeAtX(canvas: Canvas, x: number): number {
  return canvas.axis.timeAt(placeAtX(canvas, x));
}

export function placeAtX({ view, width, left }: Canvas, x: number): number {
  return view.from + ((x - left) / width) * (view.to - view.from);
}

export interface Span {
  readonly fromUs: number;
  readonly toUs: number;
}

export function spanOf({ axis, view }: Canvas): Span {
  return { fromUs: axis.timeAt(view.from), toUs: axis.timeAt(view.to) };
}

/** Indices into `lane.records` within the window. */
function rangeOf(trace: TraceView, lane: Lane, { fromUs, toUs }: Span): [number, number] {
  const first = lowerBound(lane.records, trace.firstAt(fromUs));
  const last = lowerBound(lane.records, trace.firstAt(toUs + 1));
  return [first, last];
}

/** `important`: ascending records that are marked at any magnification. */
export function marksOf(
  trace: TraceView,
  lane: Lane,
  canvas: Canvas,
  important: readonly number[],
): LaneMarks {
  const span = spanOf(canvas);
  const [first, last] = rangeOf(trace, lane, span);
  const few = (last - first) * MARK_ROOM <= canvas.width;
  if (few) {
    const indices = lane.records.subarray(first, last);
    return { ...trains(trace, indices, canvas), density: new Uint16Array(0), step: STEP };
  }
  return {
    marks: sparse(trace, lane, canvas, important),
    // What a client does is seen from its operations.
    density: lane.kind === 'client' ? CROWDED : densityOf(trace, lane, canvas),
    step: STEP,
    room: [],
  };
}

function trains(
  trace: TraceView,
  indices: Int32Array,
  canvas: Canvas,
): Pick<LaneMarks, 'marks' | 'room'> {
  const marks: Mark[] = [];
  const room: number[] = [];
  let atUs = -1;
  let x = -Infinity;
  for (const record of indices) {
    const us = trace.atUs(record);
    const due = xOf(canvas, us);
    const next = us === atUs ? x + WAGON : due;
    if (us !== atUs && marks.length > 0) room[marks.length - 1] = due - x;
    x = next;
    atUs = us;
    marks.push({ record, x });
    room.push(0);
  }
  if (marks.length > 0) room[marks.length - 1] = canvas.left + canvas.width - x;
  return { marks, room };
}

function sparse(
  trace: TraceView,
  lane: Lane,
  canvas: Canvas,
  important: readonly number[],
): Mark[] {
  const { fromUs, toUs } = spanOf(canvas);
  const first = lowerBound(important, trace.firstAt(fromUs));
  const last = lowerBound(important, trace.firstAt(toUs + 1));
  const marks: Mark[] = [];
  let x = -Infinity;
  for (let at = first; at < last; at++) {
    const record = important[at] as number;
    if (trace.columns.actor[record] !== lane.actor) continue;
    const next = xOf(canvas, trace.atUs(record));
    if (next - x < 6) continue;
    x = next;
    marks.push({ record, x });
  }
  return marks;
}

/** For each column's edge the first record at or after it; for all lanes of one picture. */
const edges = new WeakMap<Canvas, Int32Array>();

function edgesOf(trace: TraceView, canvas: Canvas): Int32Array {
  const known = edges.get(canvas);
  if (known !== undefined) return known;
  const columns = Math.ceil(canvas.width / STEP);
  const made = new Int32Array(columns + 1);
  for (let column = 0; column <= columns; column++) {
    made[column] = trace.firstAt(timeAtX(canvas, canvas.left + column * STEP));
  }
  edges.set(canvas, made);
  return made;
}

/** Counts by halving at each column's edge: the cost depends on the width, not on the trace. */
function densityOf(trace: TraceView, lane: Lane, canvas: Canvas): Uint16Array {
  const columns = edgesOf(trace, canvas);
  const density = new Uint16Array(columns.length - 1);
  const { records } = lane;
  let before = lowerBound(records, columns[0] as number);
  for (let column = 0; column < density.length; column++) {
    const edge = columns[column + 1] as number;
    const isEmpty = before >= records.length || (records[before] as number) >= edge;
    const after = isEmpty ? before : lowerBound(records, edge);
    density[column] = Math.min(65535, after - before);
    before = after;
  }
  return density;
}

/** The mark nearest to a place, if it is near enough. */
export function nearestMark(marks: readonly Mark[], x: number, reach: number): number | undefined {
  let best: Mark | undefined;
  for (const mark of marks) {
    const distance = Math.abs(mark.x - x);
    if (distance <= reach && (best === undefined || distance < Math.abs(best.x - x))) best = mark;
  }
  return best?.record;
}

/** The record of a lane nearest in time, for a click where everything is a column. */
export function nearestInTime(trace: TraceView, lane: Lane, us: number): number | undefined {
  const { records } = lane;
  const at = lowerBound(records, trace.firstAt(us));
  const [before, after] = [records[at - 1], records[at]];
  if (before === undefined) return after;
  if (after === undefined) return before;
  return us - trace.atUs(before) <= trace.atUs(after) - us ? before : after;
}
