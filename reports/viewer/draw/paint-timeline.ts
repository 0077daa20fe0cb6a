// The picture of a run, put together: ground, folds, rows, arrows, records, and above them what the
// reader has picked out and what is broken.
import { AXIS_HEIGHT, baseline } from '../model/lanes.js';
import { APART, FUTURE } from '../model/causality.js';
import type { LaneMarks } from '../model/marks.js';
import { xOf } from '../model/marks.js';
import { Labels } from './labels.js';
import type { Arrows } from './paint-arrows.js';
import { paintArrowLabels, paintArrows } from './paint-arrows.js';
import { paintAxis, paintFolds } from './paint-axis.js';
import { paintGround, paintLanes, paintNames, paintRecords } from './paint-lanes.js';
import type { Picture } from './picture.js';
import type { Surface } from './surface.js';

/** What was put where, for pointing at it. */
export interface Placed {
  readonly marks: ReadonlyMap<number, LaneMarks>;
  readonly arrows: Arrows;
}

/** On every row the past of a record is a beginning and its future an end; between is apart. */
function paintVeil(to: Surface, picture: Picture): void {
  const { model, theme, canvas, picked } = picture;
  const { cones } = picked;
  if (cones === undefined) return;
  const right = canvas.left + canvas.width;
  for (const lane of model.lanes.all) {
    if (lane.kind === 'faults') continue;
    let [pastUs, futureUs] = [-1, Infinity];
    const { records } = lane;
    let [low, high] = [0, records.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const cone = cones[records[middle] as number];
      if (cone === APART || cone === FUTURE) high = middle;
      else low = middle + 1;
    }
    if (low > 0) pastUs = model.trace.atUs(records[low - 1] as number);
    let first = low;
    while (first < records.length && cones[records[first] as number] === APART) first += 1;
    if (first < records.length) futureUs = model.trace.atUs(records[first] as number);
    const x = Math.max(canvas.left, xOf(canvas, Math.max(0, pastUs)) + 2);
    const end = futureUs === Infinity ? right : Math.min(right, xOf(canvas, futureUs) - 2);
    if (end <= x) continue;
    const box = { x, y: lane.top, width: end - x, height: lane.height };
    to.rect(box, { color: theme.paper, alpha: 0.72 });
  }
}

/** A line from top to bottom where a claim is broken. */
function paintViolations(
  to: Surface,
  picture: Picture,
  marks: ReadonlyMap<number, LaneMarks>,
): void {
  const { model, theme, canvas, height } = picture;
  const right = canvas.left + canvas.width;
  let lastX = -Infinity;
  for (const record of model.story.violations) {
    const lane = model.lanes.byActor.get(model.trace.columns.actor[record] as number);
    const mark = marks.get(lane?.actor ?? -1)?.marks.find((one) => one.record === record);
    const x = Math.round(mark?.x ?? xOf(canvas, model.trace.atUs(record))) + 0.5;
    if (x < canvas.left || x > right || x - lastX < 3) continue;
    lastX = x;
    to.line(
      [
        { x, y: AXIS_HEIGHT - 6 },
        { x, y: height },
      ],
      {
        ...{ color: theme.bad, width: 1, dash: [3, 3], alpha: 0.75 },
      },
    );
    to.shape(
      [
        { x: x - 5, y: AXIS_HEIGHT - 9 },
        { x: x + 5, y: AXIS_HEIGHT - 9 },
        { x, y: AXIS_HEIGHT },
      ],
      { color: theme.bad },
    );
    if (lane === undefined) continue;
    to.circle({ x, y: baseline(lane) }, 8.5, { stroke: { color: theme.bad, width: 2.2 } });
  }
}

function paintQuiet(to: Surface, { model, theme, canvas, height }: Picture): void {
  if (model.bands.quiet < 0) return;
  const x = Math.round(xOf(canvas, model.trace.atUs(model.bands.quiet))) + 0.5;
  if (x < canvas.left || x > canvas.left + canvas.width) return;
  to.line(
    [
      { x, y: AXIS_HEIGHT - 4 },
      { x, y: height },
    ],
    { color: theme.soft, dash: [1, 3] },
  );
  const faults = model.lanes.all.find(({ kind }) => kind === 'faults');
  const y = faults === undefined ? 0 : faults.top + faults.height + 7;
  const words = 'all faults healed';
  const style = { color: theme.soft, size: 10.5, halo: theme.paper } as const;
  const fits = x + 10 + to.measure(words, style) < canvas.left + canvas.width;
  to.text({ x: fits ? x + 5 : x - 5, y }, words, { ...style, align: fits ? 'left' : 'right' });
}

/** `us`: the moment whose roles stand beside the names. */
export function paintTimeline(to: Surface, picture: Picture, us: number): Placed {
  const { canvas, height, theme } = picture;
  let placed: Placed = { marks: new Map(), arrows: { arrows: [], total: 0, placed: [] } };
  paintGround(to, picture);
  to.clipped({ x: canvas.left, y: 0, width: canvas.width, height }, () => {
    paintAxis(to, picture);
    paintFolds(to, picture);
    paintQuiet(to, picture);
    const arrows = paintArrows(to, picture);
    // Bands lie on top of arrows, which pass behind them, and leave their words legible.
    const marks = paintLanes(to, picture);
    paintVeil(to, picture);
    const labels = new Labels();
    paintRecords(to, picture, marks, labels);
    paintArrowLabels(to, picture, arrows, labels);
    paintViolations(to, picture, marks);
    placed = { marks, arrows };
  });
  paintNames(to, picture, us);
  const { arrows, total } = placed.arrows;
  if (arrows.length < total) {
    const text = `${arrows.length} of ${total} messages drawn; zoom in for the rest`;
    const at = { x: canvas.left + canvas.width - 6, y: height - 7 };
    to.text(at, text, { color: theme.soft, size: 10, align: 'right', halo: theme.paper });
  }
  return placed;
}

/** The record that is selected, and the one under the pointer. */
export function paintSelection(
  to: Surface,
  picture: Picture,
  placed: Placed,
  { record, strong }: { readonly record: number; readonly strong: boolean },
): void {
  const { model, theme, canvas, height } = picture;
  const lane = model.lanes.byActor.get(model.trace.columns.actor[record] as number);
  const mark = placed.marks.get(lane?.actor ?? -1)?.marks.find((one) => one.record === record);
  const x = mark?.x ?? xOf(canvas, model.trace.atUs(record));
  if (x < canvas.left - 1 || x > canvas.left + canvas.width + 1) return;
  if (strong) {
    to.line(
      [
        { x, y: AXIS_HEIGHT - 4 },
        { x, y: height },
      ],
      { color: theme.accent, width: 1.2, alpha: 0.8 },
    );
  }
  if (lane === undefined) return;
  const y = lane.kind === 'faults' ? lane.top + 12 : baseline(lane);
  const breaks = model.story.violations.includes(record);
  to.circle({ x, y }, strong ? (breaks ? 12 : 8) : 6, {
    stroke: { color: theme.accent, width: strong ? 2.4 : 1.6 },
  });
}
