// What pictures are drawn on: a canvas on the screen, or an SVG file. A picture asks for shapes in
// pixels and knows no difference.
export interface Fill {
  readonly color: string;
  readonly alpha?: number;
  readonly radius?: number;
}

export interface Stroke {
  readonly color: string;
  readonly width?: number;
  readonly dash?: readonly number[];
  readonly alpha?: number;
}

export interface TextStyle {
  readonly color: string;
  readonly size?: number;
  readonly bold?: boolean;
  readonly mono?: boolean;
  readonly align?: 'left' | 'center' | 'right';
  readonly alpha?: number;
  /** Longer text is cut, with three dots; nothing is drawn where not even a few letters fit. */
  readonly maxWidth?: number;
  /** A rim in this colour, to be legible on top of lines. */
  readonly halo?: string;
}

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Surface {
  rect(box: Box, fill: Fill): void;
  /** Many rectangles of one colour. */
  bars(boxes: readonly Box[], fill: Fill): void;
  frame(box: Box, stroke: Stroke, radius?: number): void;
  line(points: readonly Point[], stroke: Stroke): void;
  shape(points: readonly Point[], fill: Fill): void;
  circle(center: Point, radius: number, style: { fill?: Fill; stroke?: Stroke }): void;
  /** Slanted lines. */
  hatch(box: Box, stroke: Stroke, step: number): void;
  /** `at` is the left, centre or right of the line's middle. */
  text(at: Point, text: string, style: TextStyle): void;
  measure(text: string, style: Pick<TextStyle, 'size' | 'bold' | 'mono'>): number;
  clipped(box: Box, draw: () => void): void;
}

export const SANS = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif';
export const MONO = 'ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace';

/** The beginning of a text that is not wider than allowed; empty when that says nothing. */
export function fitted(
  text: string,
  maxWidth: number | undefined,
  measure: (text: string) => number,
): string {
  if (maxWidth === undefined || measure(text) <= maxWidth) return text;
  let low = 0;
  let high = text.length;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (measure(`${text.slice(0, middle)}…`) <= maxWidth) low = middle;
    else high = middle - 1;
  }
  return low < 3 ? '' : `${text.slice(0, low).trimEnd()}…`;
}

/** Where slanted lines meet a box. */
export function hatchLines({ x, y, width, height }: Box, step: number): [Point, Point][] {
  const lines: [Point, Point][] = [];
  for (let at = -height; at < width; at += step) {
    const from = Math.max(0, -at);
    const to = Math.min(height, width - at);
    if (to <= from) continue;
    lines.push([
      { x: x + at + from, y: y + height - from },
      { x: x + at + to, y: y + height - to },
    ]);
  }
  return lines;
}
