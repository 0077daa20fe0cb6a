// Drawing on a canvas, in CSS pixels whatever the screen's are.
import type { Box, Fill, Point, Stroke, Surface, TextStyle } from './surface.js';
import { fitted, hatchLines, MONO, SANS } from './surface.js';

function fontOf({ size = 11, bold = false, mono = false }: Partial<TextStyle>): string {
  return `${bold ? '600 ' : ''}${size}px ${mono ? MONO : SANS}`;
}

export class CanvasSurface implements Surface {
  readonly #to: CanvasRenderingContext2D;
  readonly #widths = new Map<string, number>();
  #isDashed = false;

  constructor(to: CanvasRenderingContext2D) {
    this.#to = to;
  }

  #fill({ color, alpha = 1 }: Fill): void {
    this.#to.fillStyle = color;
    this.#to.globalAlpha = alpha;
  }

  #stroke({ color, width = 1, dash = [], alpha = 1 }: Stroke): void {
    this.#to.strokeStyle = color;
    this.#to.lineWidth = width;
    this.#to.globalAlpha = alpha;
    if (dash.length === 0 && !this.#isDashed) return;
    this.#to.setLineDash([...dash]);
    this.#isDashed = dash.length > 0;
  }

  rect({ x, y, width, height }: Box, fill: Fill): void {
    this.#fill(fill);
    if ((fill.radius ?? 0) === 0) {
      this.#to.fillRect(x, y, width, height);
    } else {
      this.#to.beginPath();
      this.#to.roundRect(x, y, width, height, fill.radius);
      this.#to.fill();
    }
    this.#to.globalAlpha = 1;
  }

  bars(boxes: readonly Box[], fill: Fill): void {
    this.#fill(fill);
    for (const { x, y, width, height } of boxes) this.#to.fillRect(x, y, width, height);
    this.#to.globalAlpha = 1;
  }

  frame({ x, y, width, height }: Box, stroke: Stroke, radius = 0): void {
    this.#stroke(stroke);
    this.#to.beginPath();
    this.#to.roundRect(x, y, width, height, radius);
    this.#to.stroke();
    this.#done();
  }

  line(points: readonly Point[], stroke: Stroke): void {
    this.#stroke(stroke);
    this.#to.beginPath();
    points.forEach(({ x, y }, at) => (at === 0 ? this.#to.moveTo(x, y) : this.#to.lineTo(x, y)));
    this.#to.stroke();
    this.#done();
  }

  shape(points: readonly Point[], fill: Fill): void {
    this.#fill(fill);
    this.#to.beginPath();
    points.forEach(({ x, y }, at) => (at === 0 ? this.#to.moveTo(x, y) : this.#to.lineTo(x, y)));
    this.#to.closePath();
    this.#to.fill();
    this.#done();
  }

  circle({ x, y }: Point, radius: number, style: { fill?: Fill; stroke?: Stroke }): void {
    this.#to.beginPath();
    this.#to.arc(x, y, radius, 0, Math.PI * 2);
    if (style.fill !== undefined) {
      this.#fill(style.fill);
      this.#to.fill();
    }
    if (style.stroke !== undefined) {
      this.#stroke(style.stroke);
      this.#to.stroke();
    }
    this.#done();
  }

  hatch(box: Box, stroke: Stroke, step: number): void {
    this.#stroke(stroke);
    this.#to.beginPath();
    for (const [from, to] of hatchLines(box, step)) {
      this.#to.moveTo(from.x, from.y);
      this.#to.lineTo(to.x, to.y);
    }
    this.#to.stroke();
    this.#done();
  }

  text({ x, y }: Point, text: string, style: TextStyle): void {
    const shown = fitted(text, style.maxWidth, (part) => this.measure(part, style));
    if (shown === '') return;
    this.#to.font = fontOf(style);
    this.#to.textAlign = style.align ?? 'left';
    this.#to.textBaseline = 'middle';
    this.#to.globalAlpha = style.alpha ?? 1;
    if (style.halo !== undefined) {
      this.#to.strokeStyle = style.halo;
      this.#to.lineWidth = 3.5;
      this.#to.lineJoin = 'round';
      this.#to.strokeText(shown, x, y);
    }
    this.#to.fillStyle = style.color;
    this.#to.fillText(shown, x, y);
    this.#done();
  }

  measure(text: string, style: Pick<TextStyle, 'size' | 'bold' | 'mono'>): number {
    const font = fontOf(style);
    const key = `${font}|${text}`;
    const known = this.#widths.get(key);
    if (known !== undefined) return known;
    this.#to.font = font;
    const { width } = this.#to.measureText(text);
    if (this.#widths.size > 5000) this.#widths.clear();
    this.#widths.set(key, width);
    return width;
  }

  clipped({ x, y, width, height }: Box, draw: () => void): void {
    this.#to.save();
    this.#to.beginPath();
    this.#to.rect(x, y, width, height);
    this.#to.clip();
    draw();
    this.#to.restore();
    this.#to.setLineDash([]);
    this.#isDashed = false;
  }

  #done(): void {
    this.#to.globalAlpha = 1;
  }
}
