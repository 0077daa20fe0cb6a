// The whole run in a strip: how much went on, where leaders changed, which faults were on, where a
// claim is broken; and a window on the part that is looked at.
import type { RunModel } from '../model/run-model.js';
import type { Axis } from '../model/axis.js';
import { wholeOf } from '../model/viewport.js';
import type { Viewport } from '../model/viewport.js';
import { lowerBound } from '../model/trace-view.js';
import type { Box, Surface } from './surface.js';
import type { Theme } from './theme.js';
import { epochColor } from './theme.js';

export const MINIMAP_HEIGHT = 46;
const TRACK = 24;

export interface Minimap {
  readonly model: RunModel;
  readonly axis: Axis;
  readonly theme: Theme;
  readonly width: number;
}

function minimapX({ axis, width }: Minimap, us: number): number {
  const whole = wholeOf(axis.length);
  return ((axis.placeOf(us) - whole.from) / (whole.to - whole.from)) * width;
}

export function minimapPlace({ axis, width }: Minimap, x: number): number {
  const whole = wholeOf(axis.length);
  return whole.from + (x / width) * (whole.to - whole.from);
}

function paintActivity(to: Surface, map: Minimap): void {
  const { model, axis, theme, width } = map;
  const columns = Math.floor(width / 2);
  const counts: number[] = [];
  let most = 1;
  let before = 0;
  for (let column = 0; column < columns; column++) {
    const after = model.trace.firstAt(axis.timeAt(minimapPlace(map, (column + 1) * 2)));
    counts.push(after - before);
    most = Math.max(most, after - before);
    before = after;
  }
  counts.forEach((count, column) => {
    if (count === 0) return;
    const height = Math.max(1, Math.sqrt(count / most) * (TRACK - 10));
    const box = { x: column * 2, y: TRACK - height, width: 1.5, height };
    to.rect(box, { color: theme.faint, alpha: 0.8 });
  });
}

/** Who led when, in one line. */
function paintLeaders(to: Surface, map: Minimap): void {
  const { model, theme, width } = map;
  to.rect({ x: 0, y: TRACK + 3, width, height: 6 }, { color: theme.none, alpha: 0.25 });
  for (const bands of model.bands.byServer.values()) {
    for (const { state, phase, epoch, fromUs, toUs } of bands) {
      if (state !== 'leading' || phase !== 'broadcast') continue;
      const x = minimapX(map, fromUs);
      const box = { x, y: TRACK + 3, width: Math.max(1, minimapX(map, toUs) - x), height: 6 };
      to.rect(box, { color: epochColor(theme, epoch) });
    }
  }
}

function paintFaultSpans(to: Surface, map: Minimap): void {
  const { model, theme } = map;
  for (const { fromUs, toUs, effects } of model.bands.faults) {
    const x = minimapX(map, fromUs);
    const box = { x, y: TRACK + 13, width: Math.max(2, minimapX(map, toUs) - x), height: 4 };
    to.rect(box, { color: theme.fault, alpha: effects > 0 ? 0.8 : 0.3 });
  }
}

/** Everything but the window: drawn once. */
export function paintMinimap(to: Surface, map: Minimap): void {
  const { model, theme, width, axis } = map;
  to.rect({ x: 0, y: 0, width, height: MINIMAP_HEIGHT }, { color: theme.panel });
  for (const { folded, fromUs, toUs } of axis.stretches) {
    if (!folded) continue;
    const x = minimapX(map, fromUs);
    const box = { x, y: 0, width: minimapX(map, toUs) - x, height: MINIMAP_HEIGHT };
    to.hatch(box, { color: theme.line, width: 1 }, 5);
  }
  paintActivity(to, map);
  paintLeaders(to, map);
  paintFaultSpans(to, map);
  for (const record of model.story.leaders) {
    if (model.trace.kindOf(record) !== 'activated') continue;
    const x = minimapX(map, model.trace.atUs(record));
    const y = TRACK + 6;
    const points = [
      { x, y: y - 6 },
      { x: x + 6, y },
      { x, y: y + 6 },
      { x: x - 6, y },
    ];
    to.shape(points, { color: theme.ink });
  }
  for (const record of model.story.violations) {
    const x = minimapX(map, model.trace.atUs(record));
    to.line(
      [
        { x, y: 0 },
        { x, y: MINIMAP_HEIGHT },
      ],
      { color: theme.bad, width: 1.5 },
    );
    to.shape(
      [
        { x: x - 5, y: 0 },
        { x: x + 5, y: 0 },
        { x, y: 8 },
      ],
      { color: theme.bad },
    );
  }
}

export function paintHits(to: Surface, map: Minimap, hits: readonly number[]): void {
  const { model, theme, axis, width } = map;
  const bars: Box[] = [];
  let next = 0;
  while (next < hits.length) {
    const x = Math.round(minimapX(map, model.trace.atUs(hits[next] as number)));
    bars.push({ x, y: MINIMAP_HEIGHT - 4, width: 1.5, height: 4 });
    if (x >= width) break;
    // One mark a pixel: on to the first hit behind this one.
    const us = axis.timeAt(minimapPlace(map, x + 0.5));
    next = Math.max(next + 1, lowerBound(hits, model.trace.firstAt(us)));
  }
  to.bars(bars, { color: theme.accent });
}

export function paintWindow(to: Surface, map: Minimap, view: Viewport): void {
  const { axis, theme, width } = map;
  const whole = wholeOf(axis.length);
  const scale = width / (whole.to - whole.from);
  const x = (view.from - whole.from) * scale;
  const size = Math.max(4, (view.to - view.from) * scale);
  to.rect({ x: 0, y: 0, width: x, height: MINIMAP_HEIGHT }, { color: theme.paper, alpha: 0.5 });
  const rest = { x: x + size, y: 0, width: Math.max(0, width - x - size), height: MINIMAP_HEIGHT };
  to.rect(rest, { color: theme.paper, alpha: 0.5 });
  const frame = { x: x + 0.75, y: 0.75, width: size - 1.5, height: MINIMAP_HEIGHT - 1.5 };
  to.frame(frame, { color: theme.accent, width: 1.5 }, 3);
}
