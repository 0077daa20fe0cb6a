// The visible part of the picture as a file: the same drawing on another surface.
import { SvgSurface } from '../draw/svg-surface.js';
import { paintTimeline } from '../draw/paint-timeline.js';
import { lastPicture } from './timeline-view.js';
import type { Store } from './store.js';

/** As text; undefined while there is no picture. */
function svgText(store: Store): string | undefined {
  const last = lastPicture(store.state.run);
  if (last === undefined) return undefined;
  const { picture, us } = last;
  const surface = new SvgSurface();
  paintTimeline(surface, { ...picture, moving: false }, us);
  const { label, report } = picture.model.about;
  const width = Math.round(picture.canvas.left + picture.canvas.width);
  return surface.document(width, picture.height, `${label}, seed ${report.seed}`);
}

function save(name: string, type: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

export function exportSvg(store: Store): void {
  const text = svgText(store);
  if (text !== undefined) save('timeline.svg', 'image/svg+xml', text);
}
