// Logs side by side: filled cells are applied, half-filled ones on disk, hollow ones still in a
// buffer; a crossed cell holds another transaction than most logs have there.
import { epochOf, formatZxid } from '../../../protocol/ids.js';
import type { Zxid } from '../../../protocol/ids.js';
import { serverName } from '../../format.js';
import type { Cell, Strip } from '../model/logs.js';
import type { Box, Surface } from './surface.js';
import type { Theme } from './theme.js';
import { epochColor } from './theme.js';

const ROW = 20;
const HEAD = 20;
const FOOT = 22;
const LEFT = 34;
const RIGHT = 44;
const CELL = 11;

export function stripHeight(rows: number): number {
  return HEAD + rows * ROW + FOOT;
}

/** How many columns fit. */
export function stripRoom(width: number): number {
  return Math.max(4, Math.floor((width - LEFT - RIGHT) / CELL));
}

export interface StripLook {
  readonly theme: Theme;
  readonly width: number;
  /** A zxid to point out. */
  readonly focus: number | undefined;
}

function paintCell(
  to: Surface,
  theme: Theme,
  cell: Cell,
  { box, zxid }: { box: Box; zxid: number },
): void {
  const color = epochColor(theme, epochOf(zxid as Zxid));
  const { x, y, width, height } = box;
  const frame = { x: x + 0.5, y: y + 0.5, width: width - 1, height: height - 1 };
  switch (cell) {
    case 'absent':
      return;
    case 'behind':
      return to.rect({ x, y: y + height / 2 - 1, width, height: 2 }, { color: theme.none });
    case 'buffered':
      return to.frame(frame, { color, width: 1, dash: [2, 2] });
    case 'removed': {
      to.frame(frame, { color: theme.bad, width: 1 });
      const slash = [
        { x: x + 1, y: y + height - 1 },
        { x: x + width - 1, y: y + 1 },
      ];
      return to.line(slash, { color: theme.bad, width: 1.4 });
    }
    case 'durable':
      to.rect(box, { color, alpha: 0.3 });
      return to.frame(frame, { color, width: 1 });
    case 'applied':
      return to.rect(box, { color, alpha: 0.9 });
    case 'other': {
      to.rect(box, { color: theme.bad });
      const stroke = { color: theme.paper, width: 1.4 };
      to.line(
        [
          { x: x + 2, y: y + 2 },
          { x: x + width - 2, y: y + height - 2 },
        ],
        stroke,
      );
      return to.line(
        [
          { x: x + 2, y: y + height - 2 },
          { x: x + width - 2, y: y + 2 },
        ],
        stroke,
      );
    }
  }
}

function paintLegend(to: Surface, theme: Theme, y: number): void {
  const samples: [Cell, string][] = [
    ['buffered', 'buffer'],
    ['durable', 'disk'],
    ['applied', 'applied'],
    ['removed', 'removed'],
    ['other', 'differs'],
  ];
  let x = LEFT;
  for (const [cell, words] of samples) {
    paintCell(to, theme, cell, {
      box: { x, y: y - 5, width: CELL - 1, height: 10 },
      zxid: 2 ** 32,
    });
    to.text({ x: x + CELL + 3, y }, words, { color: theme.soft, size: 10 });
    x += CELL + 10 + to.measure(words, { size: 10 });
  }
}

export function paintStrip(to: Surface, strip: Strip, { theme, width, focus }: StripLook): void {
  const { zxids, rows, diverges } = strip;
  const height = stripHeight(rows.length);
  const xOf = (at: number): number => LEFT + at * CELL;
  zxids.forEach((zxid, at) => {
    const x = xOf(at);
    if (zxid === diverges) {
      const box = { x: x - 1, y: HEAD - 6, width: CELL + 1, height: rows.length * ROW + 6 };
      to.rect(box, { color: theme.bad, alpha: 0.14 });
    }
    if (zxid === focus) {
      const points = [
        { x: x + 1, y: HEAD - 7 },
        { x: x + CELL - 2, y: HEAD - 7 },
        { x: x + CELL / 2 - 0.5, y: HEAD - 2 },
      ];
      to.shape(points, { color: theme.accent });
    }
  });
  const [first, last] = [zxids[0], zxids.at(-1)];
  if (first !== undefined && last !== undefined) {
    to.text({ x: LEFT, y: 7 }, formatZxid(first as Zxid), { color: theme.soft, size: 10 });
    if (last !== first)
      to.text({ x: Math.max(LEFT + 60, xOf(zxids.length)), y: 7 }, formatZxid(last as Zxid), {
        ...{ color: theme.soft, size: 10, align: 'right' },
      });
  }
  rows.forEach(({ log, cells }, row) => {
    const y = HEAD + row * ROW;
    to.text({ x: 2, y: y + ROW / 2 }, serverName(log.server), {
      ...{ color: log.up ? theme.ink : theme.bad, size: 11.5, bold: true },
    });
    to.line(
      [
        { x: LEFT, y: y + ROW - 1.5 },
        { x: width - RIGHT, y: y + ROW - 1.5 },
      ],
      { color: theme.line },
    );
    cells.forEach((cell, at) => {
      const box = { x: xOf(at), y: y + 4, width: CELL - 1, height: ROW - 9 };
      paintCell(to, theme, cell, { box, zxid: zxids[at] ?? 0 });
    });
    const end = log.entries.at(-1)?.zxid ?? log.base;
    const words = end === 0 ? 'empty' : formatZxid(end as Zxid);
    to.text({ x: width - 2, y: y + ROW / 2 }, log.up ? words : 'down', {
      ...{ color: log.up ? theme.soft : theme.bad, size: 10, align: 'right' },
    });
  });
  if (zxids.length === 0) {
    to.text({ x: LEFT, y: HEAD - 10 }, 'every log is empty', { color: theme.soft, size: 10.5 });
  }
  paintLegend(to, theme, height - 9);
}
