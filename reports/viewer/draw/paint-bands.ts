// What servers are, as bands: colour and label are the epoch's, the pattern says how far the server
// has come. A leader's band is strong, a follower's is light; slanted lines mean that it does not
// serve yet; a server that is down has no band but a line. Under the band, what faults do to it.
import type { Affliction, Band } from '../model/bands.js';
import type { Lane } from '../model/lanes.js';
import type { Canvas } from '../model/marks.js';
import { spanOf, xOf } from '../model/marks.js';
import type { Picture } from './picture.js';
import type { Box, Surface } from './surface.js';
import type { Theme } from './theme.js';
import { epochColor } from './theme.js';

const BAND_TOP = 6;

export function bandHeight(lane: Lane): number {
  return Math.min(20, lane.height - 32);
}

function bandWords({ state, phase, epoch, leader }: Band): string {
  const where = epoch > 0 ? ` · epoch ${epoch}` : '';
  const joining = phase !== '' && phase !== 'broadcast' && phase !== 'election';
  const how = joining ? ` (${phase})` : '';
  if (state === 'following' || state === 'observing') {
    return `${state} s${leader}${how}${where}`;
  }
  return `${state}${how}${where}`;
}

/** The visible part of an interval, or nothing. */
function boxOf(
  canvas: Canvas,
  { fromUs, toUs }: { readonly fromUs: number; readonly toUs: number },
  y: number,
  height: number,
): Box | undefined {
  const window = spanOf(canvas);
  if (toUs < window.fromUs || fromUs > window.toUs) return undefined;
  const x = Math.max(canvas.left, xOf(canvas, fromUs));
  const end = Math.min(canvas.left + canvas.width, xOf(canvas, toUs));
  return end - x < 0.4 ? undefined : { x, y, width: end - x, height };
}

function paintBand(to: Surface, theme: Theme, band: Band, box: Box): void {
  const color = epochColor(theme, band.epoch);
  const { x, y, width, height } = box;
  const middle = y + height / 2;
  switch (band.state) {
    case 'down':
      to.line(
        [
          { x, y: middle },
          { x: x + width, y: middle },
        ],
        { color: theme.bad, width: 1.5 },
      );
      break;
    case 'leading':
      to.rect(box, { color, alpha: band.phase === 'broadcast' ? 0.85 : 0.4 });
      break;
    case 'following':
    case 'observing':
      to.rect(box, { color, alpha: band.phase === 'broadcast' ? 0.28 : 0.14 });
      to.rect({ x, y: y + height - 2, width, height: 2 }, { color, alpha: 0.9 });
      break;
    case 'looking':
      to.rect(box, { color: theme.none, alpha: 0.32 });
      break;
    case 'starting':
    case 'leaving':
      to.rect(box, { color: theme.none, alpha: 0.18 });
  }
  const serves = band.phase === 'broadcast' || band.state === 'down';
  if (!serves && width > 3) to.hatch(box, { color: theme.soft, width: 1, alpha: 0.3 }, 6);
  if (width > 2.5) {
    to.line(
      [
        { x: x + 0.5, y },
        { x: x + 0.5, y: y + height },
      ],
      { color: theme.paper, width: 1.5 },
    );
  }
}

function paintBandLabel(to: Surface, theme: Theme, band: Band, box: Box): void {
  if (box.width < 26) return;
  const { x, y, width, height } = box;
  const isDown = band.state === 'down';
  const strong = band.state === 'leading' && band.phase === 'broadcast';
  to.text({ x: x + 7, y: y + height / 2 + 0.5 }, bandWords(band), {
    ...{ color: isDown ? theme.bad : strong ? theme.paper : theme.ink, size: 11, bold: strong },
    ...{ maxWidth: width - 12 },
    ...(isDown ? { halo: theme.paper } : {}),
  });
}

function paintAffliction(to: Surface, theme: Theme, one: Affliction, box: Box): void {
  const { x, y, width, height } = box;
  const middle = y + height / 2;
  const color = theme.fault;
  switch (one.trouble) {
    case 'process':
      to.rect(box, { color, alpha: 0.55 });
      break;
    case 'disk':
      to.hatch(box, { color, width: 1.6, alpha: 0.9 }, 4);
      break;
    case 'network':
      to.line(
        [
          { x, y: middle },
          { x: x + width, y: middle },
        ],
        { color, width: 2, dash: [5, 3] },
      );
      break;
    case 'clock':
      to.line(
        [
          { x, y: middle },
          { x: x + width, y: middle },
        ],
        { color, width: 2, dash: [1, 3] },
      );
  }
}

function afflictionWords({ what, trouble }: Affliction): string {
  return trouble === 'process' ? what : `${trouble}: ${what}`;
}

export function paintServerBands(to: Surface, picture: Picture, lane: Lane): void {
  const { model, theme, canvas } = picture;
  const bands = model.bands.byServer.get(lane.actor) ?? [];
  const shown: [Band, Box][] = [];
  for (const band of bands) {
    const box = boxOf(canvas, band, lane.top + BAND_TOP, bandHeight(lane));
    if (box !== undefined) shown.push([band, box]);
  }
  for (const [band, box] of shown) {
    if (band.state !== 'down') to.rect(box, { color: theme.paper });
    paintBand(to, theme, band, box);
  }
  for (const [band, box] of shown) paintBandLabel(to, theme, band, box);
  let labelled = -Infinity;
  for (const one of model.bands.afflictions.get(lane.actor) ?? []) {
    const row = one.trouble === 'network' ? 1 : 0;
    const box = boxOf(canvas, one, lane.top + BAND_TOP + bandHeight(lane) + 1 + row * 6, 6);
    if (box === undefined || box.width <= 1.5) continue;
    const words = box.x > labelled + 8 ? afflictionWords(one) : '';
    const width = to.measure(words, { size: 9.5 });
    const fits = words !== '' && width < box.width - 8;
    if (fits) labelled = box.x + width;
    paintAffliction(to, theme, one, box);
    if (!fits) continue;
    to.text({ x: box.x + 4, y: box.y + 3 }, words, {
      ...{ color: theme.ink, size: 9.5, halo: theme.paper },
    });
  }
}

/** Faults as they were injected, in rows; one that did nothing is pale. */
export function paintFaults(to: Surface, picture: Picture, lane: Lane): void {
  const { model, theme, canvas } = picture;
  const { faults } = model.bands;
  const right = canvas.left + canvas.width;
  const nextX = faults.map((_, at) => {
    const row = model.faultRows[at];
    const later = faults.findIndex((_span, other) => other > at && model.faultRows[other] === row);
    return later < 0 ? right : Math.min(right, xOf(canvas, faults[later]?.fromUs ?? 0));
  });
  faults.forEach((span, at) => {
    const x = xOf(canvas, span.fromUs);
    const end = xOf(canvas, span.toUs);
    if (end < canvas.left - 2 || x > right) return;
    const y = lane.top + 4 + (model.faultRows[at] ?? 0) * 18;
    const from = Math.max(canvas.left, x);
    const width = Math.max(3, Math.min(right, end) - from);
    const bites = span.effects > 0;
    const box = { x: from, y: y + 1, width, height: 14 };
    to.rect(box, { color: theme.fault, alpha: bites ? 0.26 : 0.1, radius: 2 });
    to.rect(
      { x: from, y: y + 1, width: 3, height: 14 },
      { color: theme.fault, alpha: bites ? 1 : 0.4 },
    );
    const room = (nextX[at] ?? right) - from - 12;
    if (room < 24) return;
    const text = bites ? span.text : `${span.text} (no effect)`;
    to.text({ x: from + 7, y: y + 8 }, `${span.fault + 1}  ${text}`, {
      ...{
        color: theme.ink,
        size: 10.5,
        maxWidth: room,
        alpha: bites ? 1 : 0.65,
        halo: theme.paper,
      },
    });
  });
}
