// The rows: their names, what goes on in them, and the records themselves.
import { actorName } from '../../format.js';
import { sentence } from '../../phrase.js';
import { phraseOf } from '../../words.js';
import { bandAt } from '../model/bands.js';
import type { Lane } from '../model/lanes.js';
import { baseline } from '../model/lanes.js';
import type { LaneMarks, Mark } from '../model/marks.js';
import { marksOf, spanOf, STEP, xOf } from '../model/marks.js';
import { isWrite, operationsWithin } from '../model/operations.js';
import { operationWords } from '../../operation-words.js';
import { drawGlyph } from './glyphs.js';
import { bandHeight, paintFaults, paintServerBands } from './paint-bands.js';
import type { Labels } from './labels.js';
import type { Picture } from './picture.js';
import { isPicking, strengthOf } from './picture.js';
import type { Box, Surface } from './surface.js';

/** Lines under the rows, and the ground of the column of names. */
export function paintGround(to: Surface, { model, theme, canvas, height }: Picture): void {
  const right = canvas.left + canvas.width;
  to.rect({ x: 0, y: 0, width: right, height }, { color: theme.paper });
  for (const lane of model.lanes.all) {
    if (lane.kind === 'faults') continue;
    const y = Math.round(baseline(lane)) + 0.5;
    to.line(
      [
        { x: canvas.left, y },
        { x: right, y },
      ],
      { color: theme.line },
    );
  }
}

function roleText(picture: Picture, lane: Lane, us: number): string {
  const band = bandAt(picture.model.bands.byServer.get(lane.actor), us);
  if (band === undefined) return lane.observer ? 'observer' : '';
  return band.epoch > 0 ? `${band.state} · e${band.epoch}` : band.state;
}

/** Names of the rows, with what each server is at the moment that is looked at. */
export function paintNames(to: Surface, picture: Picture, us: number): void {
  const { model, theme, canvas } = picture;
  const narrow = canvas.left < 80;
  for (const lane of model.lanes.all) {
    const y = lane.kind === 'server' ? lane.top + 6 + bandHeight(lane) / 2 : baseline(lane);
    const bold = lane.kind === 'server';
    const name = narrow && lane.kind === 'client' ? lane.name.replace('client-', 'c') : lane.name;
    const color = lane.kind === 'server' ? theme.ink : theme.soft;
    if (lane.height < 12) continue;
    to.text({ x: 12, y: lane.kind === 'faults' ? lane.top + 12 : y }, name, {
      ...{ color, size: bold ? 13 : 11, bold, maxWidth: canvas.left - 14 },
    });
    if (lane.kind !== 'server' || narrow) continue;
    to.text({ x: 12, y: y + 17 }, roleText(picture, lane, us), {
      ...{ color: theme.soft, size: 10, maxWidth: canvas.left - 16 },
    });
  }
}

function paintDensity(to: Surface, picture: Picture, lane: Lane, marks: LaneMarks): void {
  const { theme, canvas } = picture;
  const y = Math.round(baseline(lane)) + 0.5;
  const tallest = lane.kind === 'server' ? 12 : Math.min(9, lane.height / 2 - 2);
  const alpha = isPicking(picture.picked) ? 0.25 : 0.6;
  const bars: Box[] = [];
  marks.density.forEach((count, column) => {
    if (count === 0) return;
    // A hundred records are twice as high as ten.
    let tall = 2;
    for (let rest = count; rest > 1; rest /= 3) tall += 1.7;
    const height = Math.min(tallest, tall);
    const x = canvas.left + column * STEP;
    bars.push({ x, y: y - height / 2, width: STEP - 0.5, height });
  });
  to.bars(bars, { color: theme.faint, alpha });
}

function paintMarks(to: Surface, picture: Picture, lane: Lane, marks: readonly Mark[]): void {
  const { theme, model, picked } = picture;
  const y = baseline(lane);
  for (const { record, x } of marks) {
    const alpha = strengthOf(picked, record);
    drawGlyph(to, theme, model.trace, { record, center: { x, y }, alpha });
    if (!model.story.evidence.has(record)) continue;
    to.circle({ x, y }, 7, { stroke: { color: theme.bad, width: 1.5, alpha } });
  }
}

const MACHINERY: ReadonlySet<string> = new Set([
  'timer',
  'disk',
  'received',
  'stepBegun',
  'stepDone',
]);

/** What the lane's owner does, without saying again who that is. */
function markWords(picture: Picture, record: number): string {
  const { trace } = picture.model;
  const phrase = phraseOf(trace.at(record));
  if (phrase.form === 'sends') return phrase.message;
  const words = sentence(phrase);
  const who = phrase.form === 'does' ? `${actorName(phrase.actor)} ` : '';
  return words.startsWith(who) ? words.slice(who.length) : words;
}

/** Behind a train with room: what mattered most in it. */
function paintMarkLabels(
  to: Surface,
  picture: Picture,
  { lane, placed: laneMarks }: { readonly lane: Lane; readonly placed: LaneMarks },
  labels: Labels,
): void {
  const { theme, model, picked } = picture;
  const y = baseline(lane) + 9;
  const { marks, room } = laneMarks;
  let telling: number | undefined;
  marks.forEach(({ record, x }, at) => {
    const kind = model.trace.kindOf(record);
    const isTold = !MACHINERY.has(kind);
    if (isTold && (telling === undefined || model.story.evidence.has(record))) telling = record;
    const behind = room[at] ?? 0;
    if (behind === 0) return;
    const said = telling;
    telling = undefined;
    if (said === undefined || behind < 58) return;
    labels.put(to, { x: x + 2, y }, markWords(picture, said), {
      ...{ color: theme.soft, size: 10, maxWidth: behind - 10, halo: theme.paper },
      alpha: strengthOf(picked, said),
    });
  });
}

function paintOperations(to: Surface, picture: Picture, lane: Lane): void {
  const { model, canvas, picked } = picture;
  const operations = model.operations.get(lane.actor);
  if (operations === undefined) return;
  const span = spanOf(canvas);
  const pixelUs = (span.toUs - span.fromUs) / canvas.width;
  const found = operationsWithin(operations, span, pixelUs * 1.5);
  const height = Math.min(14, lane.height - 8);
  const y = baseline(lane) - height / 2;
  const right = canvas.left + canvas.width;
  let lastEnd = -Infinity;
  for (const at of found) {
    const x = Math.max(canvas.left, xOf(canvas, operations.fromUs[at] as number));
    const end = Math.min(right, xOf(canvas, operations.toUs[at] as number));
    const width = Math.max(1.5, end - x);
    // Where several share a pixel, one stands for them.
    if (x + width < lastEnd + 0.7) continue;
    lastEnd = x + width;
    paintOperation(to, picture, {
      ...{ box: { x, y, width, height }, invoked: operations.invoked[at] as number },
      completed: operations.completed[at] as number,
      alpha: strengthOf(picked, operations.invoked[at] as number),
    });
  }
}

const ENDINGS: Readonly<Partial<Record<string, string>>> = { ok: '', error: ' · refused' };

interface OperationBox {
  readonly box: Box;
  readonly invoked: number;
  readonly completed: number;
  readonly alpha: number;
}

function paintOperation(to: Surface, picture: Picture, operation: OperationBox): void {
  const { theme, model } = picture;
  const { box, invoked, completed, alpha } = operation;
  const outcome = completed < 0 ? 'unknown' : model.trace.textOf(completed);
  const write = isWrite(model.trace, invoked);
  const radius = box.width > 6 ? 2 : 0;
  if (box.width > 4) to.rect(box, { color: theme.paper, radius });
  if (outcome === 'unknown') {
    to.rect(box, { color: theme.late, alpha: 0.18 * alpha, radius });
    if (box.width > 4) to.hatch(box, { color: theme.late, width: 1, alpha: 0.8 * alpha }, 5);
    else to.rect(box, { color: theme.late, alpha });
  } else if (outcome === 'error') {
    if (box.width > 4) to.frame(box, { color: theme.soft, alpha }, radius);
    else to.rect(box, { color: theme.faint, alpha: 0.7 * alpha });
  } else {
    to.rect(box, { color: theme.accent, alpha: (write ? 0.5 : 0.22) * alpha, radius });
  }
  if (box.width < 44) return;
  const words = operationWords(model.trace.columns.details.get(invoked));
  const ending = ENDINGS[outcome] ?? ' · outcome unknown';
  to.text({ x: box.x + 5, y: box.y + box.height / 2 + 0.5 }, `${words}${ending}`, {
    ...{ color: theme.ink, size: 10, maxWidth: box.width - 8, alpha },
  });
}

/** Returns the marks of each row, for pointing. */
export function paintLanes(to: Surface, picture: Picture): Map<number, LaneMarks> {
  const { model, canvas, picked } = picture;
  const marks = new Map<number, LaneMarks>();
  const important = picked.hits ?? model.story.records;
  for (const lane of model.lanes.all) {
    const placed = marksOf(model.trace, lane, canvas, important);
    marks.set(lane.actor, placed);
    if (lane.kind === 'faults') paintFaults(to, picture, lane);
    else if (lane.kind === 'server') paintServerBands(to, picture, lane);
    else paintOperations(to, picture, lane);
    if (lane.kind === 'server' && placed.density.length > 0) {
      paintDensity(to, picture, lane, placed);
    }
  }
  return marks;
}

/** Bars tell of operations; of the rest, from afar, only what becomes of the session. */
function clientMarks({ model, canvas, picked }: Picture, marks: readonly Mark[]): readonly Mark[] {
  const isNear = marks.length * 40 < canvas.width;
  if (isNear || picked.hits !== undefined) return marks;
  return marks.filter(({ record }) => {
    const kind = model.trace.kindOf(record);
    return kind === 'clientState' && model.trace.textOf(record) === 'expired';
  });
}

/** On top of the arrows. */
export function paintRecords(
  to: Surface,
  picture: Picture,
  marks: ReadonlyMap<number, LaneMarks>,
  labels: Labels,
): void {
  for (const lane of picture.model.lanes.all) {
    const placed = marks.get(lane.actor);
    if (placed === undefined || lane.kind === 'faults') continue;
    if (lane.kind !== 'client') paintMarks(to, picture, lane, placed.marks);
    else if (placed.density.length === 0) {
      paintMarks(to, picture, lane, clientMarks(picture, placed.marks));
    }
    if (lane.kind === 'server') paintMarkLabels(to, picture, { lane, placed }, labels);
  }
}
