// Room for words on the picture: whoever comes first has it, and a word that would lie on another
// finds another place or is left out.
import type { Point, Surface, TextStyle } from './surface.js';

interface Taken {
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

const LINE = 11;

export class Labels {
  readonly #taken: Taken[] = [];

  /** `x` and `y`: the middle of the words. */
  isFree(x: number, y: number, width: number): boolean {
    return !this.#taken.some(
      (box) => Math.abs(box.y - y) < LINE && Math.abs(box.x - x) < (box.width + width) / 2 + 5,
    );
  }

  take(x: number, y: number, width: number): void {
    this.#taken.push({ x, y, width });
  }

  /** Writes to the right of a point, if there is room. */
  put(to: Surface, at: Point, text: string, style: TextStyle): void {
    const width = Math.min(to.measure(text, style), style.maxWidth ?? Infinity);
    const middle = at.x + width / 2;
    if (!this.isFree(middle, at.y, width)) return;
    this.take(middle, at.y, width);
    to.text(at, text, style);
  }
}
