// Messages from lane to lane. Ordinary ones are quiet lines; one that carries a transaction has the
// colour of its epoch; a late one is broken into dashes, and a lost one ends in a cross on its way.
// Where there are too many, the telling ones are drawn, and the picture says how many are not.
import { epochOf } from '../../../protocol/ids.js';
import type { Zxid } from '../../../protocol/ids.js';
import { packetWords } from '../../packet-words.js';
import { baseline } from '../model/lanes.js';
import { spanOf, xOf } from '../model/marks.js';
import {
  CHATTER, IGNORED, LOST, messagesWithin, SLOW, WEIGHTY,
} from '../model/messages.js'; // prettier-ignore
import type { Shown } from '../model/messages.js';
import { APART } from '../model/causality.js';
import { lowerBound } from '../model/trace-view.js';
import type { Labels } from './labels.js';
import { bandHeight } from './paint-bands.js';
import type { Picture } from './picture.js';
import type { Point, Stroke, Surface } from './surface.js';
import { epochColor } from './theme.js';

const ROOM = 900;
/** While the picture moves. */
const ROOM_MOVING = 260;
/** A message shorter than this on the page is an upright hair that tells nothing. */
const VISIBLE_PX = 1.6;
/** In a fold, each message needs so much room. */
const FOLD_ROOM = 7;
/** An arrow that is steeper than this has no name: there would be many of them. */
const SLANT_PX = 5;
/** Beyond this each arrow is but a hair. */
const DENSE = 220;
const LABELLED = 46;
const CARRIES: ReadonlySet<string> = new Set(['proposal', 'commit', 'inform', 'ack']);

export interface Arrow {
  readonly message: number;
  readonly from: Point;
  readonly to: Point;
}

export interface Arrows extends Shown {
  readonly placed: readonly Arrow[];
}

function isPickedMessage({ picked, model }: Picture, message: number): boolean {
  const { cones, isHit } = picked;
  const ended = model.messages.ended[message] as number;
  const sent = model.messages.sent[message] as number;
  if (isHit !== undefined) return isHit[ended] === 1;
  return cones === undefined || (cones[sent] !== APART && cones[ended] !== APART);
}

/** Folds in which there is no room for arrows, as moments: one begins, it ends, the next begins. */
function crowdedFolds({ model, canvas }: Picture): Float64Array {
  const { endUs } = model.messages;
  const crowded = canvas.axis.stretches.filter(({ folded, fromUs, toUs }) => {
    if (!folded) return false;
    const width = xOf(canvas, toUs) - xOf(canvas, fromUs);
    return (lowerBound(endUs, toUs) - lowerBound(endUs, fromUs)) * FOLD_ROOM > width;
  });
  return Float64Array.from(crowded.flatMap(({ fromUs, toUs }) => [fromUs, toUs]));
}

function isCrowded(crowds: Float64Array, fromUs: number, toUs: number): boolean {
  for (let at = 0; at < crowds.length; at += 2) {
    if (fromUs >= (crowds[at] as number) && toUs <= (crowds[at + 1] as number)) return true;
  }
  return false;
}

const TELLING = LOST | SLOW | IGNORED | WEIGHTY;

/** Which messages are worth a line at this magnification. Asked of very many of them. */
function isWorthwhile(picture: Picture): (message: number) => boolean {
  const { model, canvas } = picture;
  const { sentUs, endUs, flags, source, target, ended } = model.messages;
  const { isHit, chain, cones } = picture.picked;
  const leastUs = (VISIBLE_PX * (canvas.view.to - canvas.view.from)) / canvas.width;
  const crowds = crowdedFolds(picture);
  const { pivotal, lanes } = model;
  return (at) => {
    const record = ended[at] as number;
    if (pivotal.has(record) || chain?.has(record) === true) return true;
    if (isHit !== undefined) return isHit[record] === 1;
    if (cones !== undefined && !isPickedMessage(picture, at)) return false;
    const flag = flags[at] as number;
    const [from, to] = [sentUs[at] as number, endUs[at] as number];
    const telling = (flag & TELLING) !== 0 && (flag & CHATTER) === 0;
    if (!telling && to - from < leastUs) return false;
    if (isCrowded(crowds, from, to)) return false;
    return lanes.byActor.has(source[at] as number) && lanes.byActor.has(target[at] as number);
  };
}

/** The arrows to draw and to point at. */
function placeArrows(picture: Picture): Arrows {
  const { model, canvas } = picture;
  const { messages, lanes } = model;
  const scale = canvas.width / (canvas.view.to - canvas.view.from);
  const { isHit, chain } = picture.picked;
  const shown = messagesWithin(messages, {
    ...spanOf(canvas),
    room: picture.moving ? ROOM_MOVING : ROOM,
    wanted: isWorthwhile(picture),
    tellingOnly:
      isHit === undefined && chain === undefined && messages.usualMaxUs * scale < VISIBLE_PX,
  });
  const placed = shown.arrows.map((message) => {
    const source = lanes.byActor.get(messages.source[message] as number);
    const target = lanes.byActor.get(messages.target[message] as number);
    return {
      message,
      from: {
        x: xOf(canvas, messages.sentUs[message] as number),
        y: source ? baseline(source) : 0,
      },
      to: { x: xOf(canvas, messages.endUs[message] as number), y: target ? baseline(target) : 0 },
    };
  });
  return { ...shown, placed };
}

function along({ from, to }: Arrow, share: number): Point {
  return { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share };
}

function styleOf(picture: Picture, message: number, density: number): Stroke {
  const { model, theme } = picture;
  const { flags, ended } = model.messages;
  const flag = flags[message] as number;
  const { trace } = model;
  const record = ended[message] as number;
  const dense = density > DENSE ? 0.35 : 0.85;
  if (picture.picked.chain?.has(record) === true) return { color: theme.accent, width: 2.2 };
  const chatter = (flag & CHATTER) !== 0 ? 0.4 : 1;
  if (model.pivotal.has(record)) {
    const lost = (flag & LOST) !== 0;
    return { color: lost ? theme.bad : theme.late, width: 2.8, dash: lost ? [5, 3] : [8, 3] };
  }
  if ((flag & LOST) !== 0) {
    return { color: theme.bad, width: 1.3, dash: [4, 3], alpha: dense * Math.max(0.5, chatter) };
  }
  if ((flag & (SLOW | IGNORED)) !== 0) {
    return { color: theme.late, width: 1.5, dash: [7, 3], alpha: dense * Math.max(0.5, chatter) };
  }
  const zxid = trace.columns.zxid[record] as number;
  const carries = CARRIES.has(trace.textOf(record)) && zxid > 0;
  const color = carries ? epochColor(theme, epochOf(zxid as Zxid)) : theme.soft;
  const weighty = (flag & WEIGHTY) !== 0;
  const strength = weighty ? 1 : carries ? 0.8 : 0.5;
  return {
    color: weighty ? theme.ink : color,
    width: weighty ? 1.4 : 1,
    alpha: dense * strength * chatter,
  };
}

function drawHead(to: Surface, arrow: Arrow, stroke: Stroke): void {
  const { from, to: end } = arrow;
  const length = Math.hypot(end.x - from.x, end.y - from.y);
  if (length < 14) return;
  const [dx, dy] = [(end.x - from.x) / length, (end.y - from.y) / length];
  // The tip stops at the rim of the dot that stands for the arrival.
  const tip = { x: end.x - dx * 3.5, y: end.y - dy * 3.5 };
  to.shape(
    [
      tip,
      { x: tip.x - dx * 7 - dy * 2.8, y: tip.y - dy * 7 + dx * 2.8 },
      { x: tip.x - dx * 7 + dy * 2.8, y: tip.y - dy * 7 - dx * 2.8 },
    ],
    { color: stroke.color, alpha: Math.min(1, (stroke.alpha ?? 1) + 0.1) },
  );
}

function drawCross(to: Surface, at: Point, stroke: Stroke): void {
  const thick = { color: stroke.color, width: 2, alpha: Math.max(0.7, stroke.alpha ?? 1) };
  to.line(
    [
      { x: at.x - 3.5, y: at.y - 3.5 },
      { x: at.x + 3.5, y: at.y + 3.5 },
    ],
    thick,
  );
  to.line(
    [
      { x: at.x - 3.5, y: at.y + 3.5 },
      { x: at.x + 3.5, y: at.y - 3.5 },
    ],
    thick,
  );
}

function drawArrow(to: Surface, picture: Picture, arrow: Arrow, density: number): void {
  const stroke = styleOf(picture, arrow.message, density);
  const flag = picture.model.messages.flags[arrow.message] as number;
  if ((flag & LOST) !== 0) {
    const end = along(arrow, 0.72);
    to.line([arrow.from, end], stroke);
    if (density <= DENSE) drawCross(to, end, stroke);
    return;
  }
  to.line([arrow.from, arrow.to], stroke);
  if (density <= DENSE) drawHead(to, arrow, stroke);
}

function arrowWords(picture: Picture, message: number): string {
  const { trace, messages } = picture.model;
  const record = messages.ended[message] as number;
  return packetWords(trace.textOf(record), trace.columns.zxid[record] as number);
}

const SHARES = [0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74, 0.18, 0.82];

/** Between the rows: neither on a band nor on a line of records. */
function isOpen({ model }: Picture, y: number): boolean {
  const lane = model.lanes.all.find(({ top, height }) => y >= top && y < top + height);
  if (lane === undefined) return true;
  if (lane.kind !== 'server') return lane.kind === 'faults';
  const fromBand = y - (lane.top + 6 + bandHeight(lane));
  return Math.abs(y - baseline(lane)) > 9 && (fromBand > 5 || y < lane.top);
}

/** Names of messages, where there are few, and none over another. */
function paintLabels(
  to: Surface,
  picture: Picture,
  placed: readonly Arrow[],
  labels: Labels,
): void {
  for (const arrow of placed) {
    const flag = picture.model.messages.flags[arrow.message] as number;
    if ((flag & CHATTER) !== 0 && placed.length > 16) continue;
    const unusual = (flag & (LOST | SLOW | IGNORED)) !== 0;
    if (!unusual && Math.abs(arrow.to.x - arrow.from.x) < SLANT_PX) continue;
    const words = arrowWords(picture, arrow.message);
    const width = to.measure(words, { size: 10 });
    const { left } = picture.canvas;
    const right = left + picture.canvas.width;
    for (const share of SHARES) {
      const at = along(arrow, share);
      if (at.x - width / 2 < left || at.x + width / 2 > right) continue;
      if (!isOpen(picture, at.y) || !labels.isFree(at.x, at.y, width)) continue;
      labels.take(at.x, at.y, width);
      const late = (flag & (SLOW | IGNORED)) !== 0;
      const lost = (flag & LOST) !== 0;
      const text = lost ? `${words} lost` : late ? `${words} late` : words;
      to.text(at, text, {
        ...{ color: lost ? picture.theme.bad : late ? picture.theme.late : picture.theme.ink },
        ...{ size: 10, align: 'center', halo: picture.theme.paper },
      });
      break;
    }
  }
}

export function paintArrows(to: Surface, picture: Picture): Arrows {
  const arrows = placeArrows(picture);
  const { placed } = arrows;
  // The quiet ones first, so that the telling ones lie on top.
  for (const arrow of placed.toReversed()) drawArrow(to, picture, arrow, placed.length);
  return arrows;
}

export function paintArrowLabels(
  to: Surface,
  picture: Picture,
  { placed }: Arrows,
  labels: Labels,
): void {
  const { pivotal, messages } = picture.model;
  const isPivotal = (arrow: Arrow): boolean => pivotal.has(messages.ended[arrow.message] as number);
  paintLabels(to, picture, placed.filter(isPivotal), labels);
  if (placed.length > LABELLED) return;
  const others = placed.filter((arrow) => !isPivotal(arrow));
  paintLabels(to, picture, others, labels);
}

/** The arrow nearest to a place; for pointing. */
export function nearestArrow(
  placed: readonly Arrow[],
  at: Point,
  reach: number,
): number | undefined {
  let best: number | undefined;
  let bestDistance = reach;
  for (const { from, to, message } of placed) {
    const [dx, dy] = [to.x - from.x, to.y - from.y];
    const square = dx * dx + dy * dy;
    if (square === 0) continue;
    const share = Math.min(1, Math.max(0, ((at.x - from.x) * dx + (at.y - from.y) * dy) / square));
    const distance = Math.hypot(at.x - from.x - dx * share, at.y - from.y - dy * share);
    if (distance < bestDistance) {
      bestDistance = distance;
      best = message;
    }
  }
  return best;
}
