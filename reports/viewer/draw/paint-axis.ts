// The scale at the top, and folds: a fold is a strip with a torn edge that says how long it is.
import { duration } from '../../format.js';
import { roundStep, tickText } from '../model/axis.js';
import { xOf } from '../model/marks.js';
import { AXIS_HEIGHT } from '../model/lanes.js';
import type { Picture } from './picture.js';
import type { Surface } from './surface.js';

const TICK_ROOM = 96;

export function paintAxis(to: Surface, picture: Picture): void {
  const { canvas, theme, height } = picture;
  const { axis, view, width, left } = canvas;
  const wanted = Math.max(2, width / TICK_ROOM);
  const stepUs = roundStep((view.to - view.from) / wanted);
  for (const { place, us } of axis.ticks(view.from, view.to, wanted)) {
    const x = Math.round(left + ((place - view.from) / (view.to - view.from)) * width) + 0.5;
    to.line([{ x, y: AXIS_HEIGHT - 5 }, { x, y: height }], { color: theme.line, alpha: 0.75 });
    const text = tickText(us, stepUs);
    const half = to.measure(text, { size: 11 }) / 2;
    const middle = Math.min(left + width - half - 2, Math.max(left + half, x));
    to.text({ x: middle, y: 10 }, text, { color: theme.soft, size: 11, align: 'center' });
  }
}

export function paintFolds(to: Surface, picture: Picture): void {
  const { canvas, theme, height, model } = picture;
  const { axis, view } = canvas;
  for (const { fromUs, toUs, folded, from, to: end } of axis.stretches) {
    if (!folded || end < view.from || from > view.to) continue;
    const x = xOf(canvas, fromUs);
    const width = xOf(canvas, toUs) - x;
    if (width < 2) continue;
    const box = { x, y: AXIS_HEIGHT - 4, width, height: height - AXIS_HEIGHT + 4 };
    to.rect(box, { color: theme.panel, alpha: 0.9 });
    for (const edge of [x, x + width]) {
      to.line([{ x: edge, y: box.y }, { x: edge, y: height }], {
        ...{ color: theme.faint, dash: [2, 3], width: 1 },
      });
    }
    const words = model.foldWords(fromUs, toUs);
    const short = duration(Math.round(toUs - fromUs));
    const fits = to.measure(words, { size: 10.5 }) < width - 10;
    to.rect({ x: x + 1, y: 2, width: width - 2, height: 17 }, { color: theme.panel });
    to.text({ x: x + width / 2, y: 10 }, fits ? words : `⋯ ${short}`, {
      ...{ color: theme.soft, size: 10.5, align: 'center', maxWidth: width - 4 },
    });
  }
}
