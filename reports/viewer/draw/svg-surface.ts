// The same picture as the text of an SVG file. Every text is escaped; widths of letters are
// estimated, as there is nothing here to measure them with.
import type { Box, Fill, Point, Stroke, Surface, TextStyle } from './surface.js';
import { fitted, hatchLines, MONO, SANS } from './surface.js';

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

function escaped(text: string): string {
  // Control characters are no XML, however they are written.
  return text.replace(/[&<>"]/g, (char) => ESCAPES[char] ?? '').replace(/[\u0000-\u001f]/g, '·');
}

function round(value: number): string {
  return String(Math.round(value * 100) / 100);
}

function pointsText(points: readonly Point[]): string {
  return points.map(({ x, y }) => `${round(x)},${round(y)}`).join(' ');
}

export class SvgSurface implements Surface {
  readonly #parts: string[] = [];
  #clips = 0;

  #fillText({ color, alpha = 1 }: Fill): string {
    return `fill="${color}"${alpha === 1 ? '' : ` fill-opacity="${round(alpha)}"`}`;
  }

  #strokeText({ color, width = 1, dash, alpha = 1 }: Stroke): string {
    const dashes = dash === undefined ? '' : ` stroke-dasharray="${dash.join(' ')}"`;
    const opacity = alpha === 1 ? '' : ` stroke-opacity="${round(alpha)}"`;
    return `stroke="${color}" stroke-width="${width}"${dashes}${opacity}`;
  }

  #boxText({ x, y, width, height }: Box): string {
    const size = `width="${round(Math.max(0, width))}" height="${round(Math.max(0, height))}"`;
    return `x="${round(x)}" y="${round(y)}" ${size}`;
  }

  rect(box: Box, fill: Fill): void {
    const radius = fill.radius === undefined ? '' : ` rx="${fill.radius}"`;
    this.#parts.push(`<rect ${this.#boxText(box)}${radius} ${this.#fillText(fill)}/>`);
  }

  bars(boxes: readonly Box[], fill: Fill): void {
    for (const box of boxes) this.rect(box, fill);
  }

  frame(box: Box, stroke: Stroke, radius = 0): void {
    const rim = radius === 0 ? '' : ` rx="${radius}"`;
    const style = `fill="none" ${this.#strokeText(stroke)}`;
    this.#parts.push(`<rect ${this.#boxText(box)}${rim} ${style}/>`);
  }

  line(points: readonly Point[], stroke: Stroke): void {
    const style = `fill="none" ${this.#strokeText(stroke)}`;
    this.#parts.push(`<polyline points="${pointsText(points)}" ${style}/>`);
  }

  shape(points: readonly Point[], fill: Fill): void {
    this.#parts.push(`<polygon points="${pointsText(points)}" ${this.#fillText(fill)}/>`);
  }

  circle({ x, y }: Point, radius: number, style: { fill?: Fill; stroke?: Stroke }): void {
    const fill = style.fill === undefined ? 'fill="none"' : this.#fillText(style.fill);
    const stroke = style.stroke === undefined ? '' : ` ${this.#strokeText(style.stroke)}`;
    const place = `cx="${round(x)}" cy="${round(y)}" r="${round(radius)}"`;
    this.#parts.push(`<circle ${place} ${fill}${stroke}/>`);
  }

  hatch(box: Box, stroke: Stroke, step: number): void {
    const path = hatchLines(box, step)
      .map(([from, to]) => `M${round(from.x)} ${round(from.y)}L${round(to.x)} ${round(to.y)}`)
      .join('');
    if (path !== '') this.#parts.push(`<path d="${path}" ${this.#strokeText(stroke)}/>`);
  }

  text({ x, y }: Point, text: string, style: TextStyle): void {
    const { color, size = 11, bold = false, mono = false, align = 'left', alpha = 1 } = style;
    const shown = fitted(text, style.maxWidth, (part) => this.measure(part, style));
    if (shown === '') return;
    const anchor = align === 'left' ? 'start' : align === 'center' ? 'middle' : 'end';
    const family = escaped(mono ? MONO : SANS);
    const weight = bold ? ' font-weight="600"' : '';
    const opacity = alpha === 1 ? '' : ` fill-opacity="${round(alpha)}"`;
    const halo =
      style.halo === undefined
        ? ''
        : ` stroke="${style.halo}" stroke-width="3.5" stroke-linejoin="round" paint-order="stroke"`;
    const font = `font-family="${family}" font-size="${size}"${weight} text-anchor="${anchor}"`;
    const place = `x="${round(x)}" y="${round(y)}" dominant-baseline="central"`;
    this.#parts.push(
      `<text ${place} ${font} fill="${color}"${opacity}${halo}>${escaped(shown)}</text>`,
    );
  }

  measure(text: string, { size = 11, mono = false }: Partial<TextStyle>): number {
    return text.length * size * (mono ? 0.61 : 0.55);
  }

  clipped(box: Box, draw: () => void): void {
    this.#clips += 1;
    const id = `clip${this.#clips}`;
    this.#parts.push(`<clipPath id="${id}"><rect ${this.#boxText(box)}/></clipPath>`);
    this.#parts.push(`<g clip-path="url(#${id})">`);
    draw();
    this.#parts.push('</g>');
  }

  document(width: number, height: number, title: string): string {
    return [
      `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" ` +
        `viewBox="0 0 ${width} ${height}">`,
      `<title>${escaped(title)}</title>`,
      ...this.#parts,
      '</svg>\n',
    ].join('\n');
  }
}
