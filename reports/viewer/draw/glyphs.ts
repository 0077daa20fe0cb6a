// One sign for each kind of record, told apart by shape first and by colour second: diamonds for
// leadership, squares for the disk, dots for messages, crosses for ends, triangles for faults.
import { epochOf } from '../../../protocol/ids.js';
import type { Zxid } from '../../../protocol/ids.js';
import type { RecordKind } from '../../../sim/trace/record.js';
import type { TraceView } from '../model/trace-view.js';
import type { Point, Surface } from './surface.js';
import type { Theme } from './theme.js';
import { epochColor } from './theme.js';

type Sign =
  | 'cross' | 'start' | 'fault' | 'effect' | 'healed' | 'diamond' | 'crown' | 'hollow' | 'dot'
  | 'tick' | 'square' | 'box' | 'commit' | 'ack' | 'cut' | 'small'; // prettier-ignore

const SIGNS: Partial<Record<RecordKind, Sign>> = {
  ...{ crash: 'cross', halted: 'cross', boot: 'start' },
  ...{ fault: 'fault', effect: 'effect', healed: 'healed', quiet: 'healed' },
  ...{ elected: 'hollow', vote: 'small', established: 'diamond', activated: 'crown' },
  ...{ newLeaderAcked: 'diamond', epochProposed: 'hollow', promised: 'hollow', serving: 'hollow' },
  ...{ syncChosen: 'hollow', left: 'hollow', lookingAgain: 'hollow', refused: 'cut' },
  ...{ received: 'dot', timer: 'tick', disk: 'tick', dialed: 'tick', accepted: 'tick' },
  ...{ dialFailed: 'tick', closed: 'tick', stepBegun: 'tick', stepDone: 'tick' },
  ...{ appended: 'box', flushed: 'square', snapshot: 'square', epochFile: 'square' },
  ...{ installed: 'square', loaded: 'box', truncated: 'cut' },
  ...{ proposed: 'commit', committed: 'commit', ackSent: 'ack', ackReceived: 'ack' },
};

/** The colour of the epoch that a record is about. */
function colorOf(trace: TraceView, theme: Theme, record: number): string {
  const kind = trace.kindOf(record);
  const { zxid, epoch } = trace.columns;
  if (kind === 'crash' || kind === 'halted') return theme.bad;
  if (kind === 'fault' || kind === 'effect' || kind === 'healed') return theme.fault;
  if (kind === 'truncated' || kind === 'refused') return theme.late;
  if (kind === 'timer' || kind === 'disk') return theme.faint;
  const own = kind === 'applied' || kind === 'boot' ? 0 : (epoch[record] as number);
  const of = own > 0 ? own : epochOf(Math.max(0, zxid[record] as number) as Zxid);
  return of > 0 ? epochColor(theme, of) : theme.soft;
}

function diamond({ x, y }: Point, size: number): Point[] {
  return [
    { x, y: y - size },
    { x: x + size, y },
    { x, y: y + size },
    { x: x - size, y },
  ];
}

function closed(points: Point[]): Point[] {
  return [...points, points[0] as Point];
}

interface Pen {
  readonly to: Surface;
  readonly theme: Theme;
  readonly color: string;
  readonly alpha: number;
  readonly scale: number;
}

function cross({ to, color, alpha, scale }: Pen, { x, y }: Point): void {
  const size = 4 * scale;
  const stroke = { color, width: 2.2, alpha };
  to.line([at(x - size, y - size), at(x + size, y + size)], stroke);
  to.line([at(x - size, y + size), at(x + size, y - size)], stroke);
}

function at(x: number, y: number): Point {
  return { x, y };
}

function ring({ to, color, alpha, scale }: Pen, center: Point, radius: number): void {
  to.circle(center, radius * scale, { stroke: { color, width: 1.5, alpha } });
}

function disc({ to, color, alpha, scale }: Pen, center: Point, radius: number): void {
  to.circle(center, radius * scale, { fill: { color, alpha } });
}

function pointer({ to, color, alpha, scale }: Pen, { x, y }: Point, size: number): void {
  const half = size * scale;
  to.shape([at(x - half, y - half), at(x + half, y - half), at(x, y + half)], { color, alpha });
}

type Draw = (pen: Pen, center: Point) => void;

const DRAWINGS: Readonly<Record<Sign, Draw>> = {
  cross,
  start: ({ to, theme, alpha, scale }, center) =>
    to.circle(center, 3.4 * scale, {
      fill: { color: theme.paper, alpha },
      stroke: { color: theme.ink, width: 1.5, alpha },
    }),
  fault: (pen, center) => pointer(pen, center, 5),
  effect: (pen, center) => pointer(pen, center, 3.6),
  healed: (pen, center) => ring(pen, center, 3.2),
  crown: ({ to, theme, color, alpha, scale }, center) => {
    to.shape(diamond(center, 6 * scale), { color, alpha });
    to.line(closed(diamond(center, 6 * scale)), { color: theme.ink, width: 1.3, alpha });
  },
  diamond: ({ to, color, alpha, scale }, center) =>
    to.shape(diamond(center, 5 * scale), { color, alpha }),
  hollow: ({ to, theme, color, alpha, scale }, center) => {
    to.shape(diamond(center, 4 * scale), { color: theme.paper, alpha });
    to.line(closed(diamond(center, 4 * scale)), { color, width: 1.5, alpha });
  },
  dot: (pen, center) => disc({ ...pen, color: pen.theme.soft }, center, 2.7),
  tick: ({ to, theme, alpha }, { x, y }) =>
    to.line([at(x, y - 3), at(x, y + 3)], { color: theme.faint, width: 1.4, alpha }),
  square: ({ to, color, alpha }, { x, y }) =>
    to.rect({ x: x - 3, y: y - 3, width: 6, height: 6 }, { color, alpha }),
  box: ({ to, color, alpha }, { x, y }) =>
    to.frame({ x: x - 2.5, y: y - 2.5, width: 5, height: 5 }, { color, width: 1.4, alpha }),
  commit: (pen, center) => disc(pen, center, 3.6),
  ack: (pen, center) => ring(pen, center, 3),
  cut: ({ to, color, alpha, scale }, { x, y }) => {
    const size = 4 * scale;
    to.shape([at(x - size, y - size), at(x + size, y), at(x - size, y + size)], { color, alpha });
  },
  small: (pen, center) => disc(pen, center, 1.9),
};

export interface Glyph {
  readonly record: number;
  readonly center: Point;
  readonly alpha: number;
}

export function drawGlyph(to: Surface, theme: Theme, trace: TraceView, glyph: Glyph): void {
  const { record, center, alpha } = glyph;
  const color = colorOf(trace, theme, record);
  const sign = SIGNS[trace.kindOf(record)] ?? 'small';
  DRAWINGS[sign]({ to, theme, color, alpha, scale: 1 }, center);
}
