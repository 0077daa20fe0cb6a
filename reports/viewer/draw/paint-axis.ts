// The scale at the top, and folds: a fold is a strip with a torn edge that says how long it is.
import { duration } from '../../format.js';
import { roundStep, tickText } from '../model/axis.js';
import { xOf } from '../model/marks.js';
import { AXIS_HEIGHT } from '../model/lanes.js';
import type { Picture } from './picture.js';
import type { Box, Surface } from './surface.js';

const TICK_ROOM = 96;

/** The strips of all folds in sight. */
function foldBoxes({ canvas, height }: Picture): (Box & { fromUs: number; toUs: number })[] {
  const { axis, view } = canvas;
  return axis.stretches.flatMap((stretch) => {
    const { fromUs, toUs, folded, from, to: end } = stretch;
    if (!folded || end < view.from || from > view.to) return [];
    if (axis.isInside(stretch, view.from, view.to)) return [];
    const x = xOf(canvas, fromUs);
    const width = xOf(canvas, toUs) - x;
    const y = AXIS_HEIGHT - 4;
    return width < 2 ? [] : [{ x, y, width, height: height - y, fromUs, toUs }];
  });
}

export function paintAxis(to: Surface, picture: Picture): void {
  const { canvas, theme, height } = picture;
  const { axis, view, width, left } = canvas;
  const wanted = Math.max(2, width / TICK_ROOM);
  // Open stretches between folds are short: finer steps, or many would have no tick at all.
  const folds = foldBoxes(picture);
  const finer = axis.isFolded ? 3 : 1;
  const stepUs = roundStep((view.to - view.from) / wanted / finer);
  for (const { place, us, stepUs: ownUs } of axis.ticks(view.from, view.to, { wanted, stepUs })) {
    const x = Math.round(left + ((place - view.from) / (view.to - view.from)) * width) + 0.5;
    to.line(
      [
        { x, y: AXIS_HEIGHT - 5 },
        { x, y: height },
      ],
      { color: theme.line, alpha: 0.75 },
    );
    const text = tickText(us, ownUs);
    const half = to.measure(text, { size: 11 }) / 2;
    const middle = Math.min(left + width - half - 2, Math.max(left + half, x));
    const [start, end] = [middle - half - 2, middle + half + 2];
    if (folds.some((fold) => end > fold.x && start < fold.x + fold.width)) continue;
    to.text({ x: middle, y: 10 }, text, { color: theme.soft, size: 11, align: 'center' });
  }
}

export function paintFolds(to: Surface, picture: Picture): void {
  const { theme, height, model } = picture;
  for (const box of foldBoxes(picture)) {
    const { x, y, width, fromUs, toUs } = box;
    to.rect(box, { color: theme.panel, alpha: 0.9 });
    for (const edge of [x, x + width]) {
      const points = [
        { x: edge, y },
        { x: edge, y: height },
      ];
      to.line(points, { color: theme.faint, dash: [2, 3], width: 1 });
    }
    const words = model.foldWords(fromUs, toUs);
    const short = duration(Math.round(toUs - fromUs));
    const fits = to.measure(words, { size: 10.5 }) < width - 10;
    to.rect({ x: x + 1, y: 2, width: width - 2, height: 17 }, { color: theme.panel });
    to.text({ x: x + width / 2, y: 10 }, fits ? words : short, {
      ...{ color: theme.soft, size: 10.5, align: 'center', maxWidth: width + 6 },
    });
  }
}
