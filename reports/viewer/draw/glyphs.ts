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

export interface GlyphStyle {
  readonly alpha: number;
  readonly scale?: number;
}

/** The colour of the epoch that a record is about. */
export function colorOf(trace: TraceView, theme: Theme, record: number): string {
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

export function drawGlyph(
  to: Surface,
  theme: Theme,
  trace: TraceView,
  { record, at, style }: { record: number; at: Point; style: GlyphStyle },
): void {
  const color = colorOf(trace, theme, record);
  const { alpha, scale = 1 } = style;
  const { x, y } = at;
  const sign = SIGNS[trace.kindOf(record)] ?? 'small';
  const size = 4 * scale;
  switch (sign) {
    case 'cross': {
      const stroke = { color, width: 2.2, alpha };
      to.line([{ x: x - size, y: y - size }, { x: x + size, y: y + size }], stroke);
      return to.line([{ x: x - size, y: y + size }, { x: x + size, y: y - size }], stroke);
    }
    case 'start':
      return to.circle(at, 3.4 * scale, {
        fill: { color: theme.paper, alpha },
        stroke: { color: theme.ink, width: 1.5, alpha },
      });
    case 'fault':
    case 'effect': {
      const half = sign === 'fault' ? 5 * scale : 3.6 * scale;
      const points = [{ x: x - half, y: y - half }, { x: x + half, y: y - half }, { x, y: y + half }];
      return to.shape(points, { color, alpha });
    }
    case 'healed':
      return to.circle(at, 3.2 * scale, { stroke: { color, width: 1.6, alpha } });
    case 'crown':
      to.shape(diamond(at, 6 * scale), { color, alpha });
      return to.line(closed(diamond(at, 6 * scale)), { color: theme.ink, width: 1.3, alpha });
    case 'diamond':
      return to.shape(diamond(at, 5 * scale), { color, alpha });
    case 'hollow':
      to.shape(diamond(at, 4 * scale), { color: theme.paper, alpha });
      return to.line(closed(diamond(at, 4 * scale)), { color, width: 1.5, alpha });
    case 'dot':
      return to.circle(at, 2.7 * scale, { fill: { color: theme.soft, alpha } });
    case 'tick':
      return to.line([{ x, y: y - 3 }, { x, y: y + 3 }], { color: theme.faint, width: 1.4, alpha });
    case 'square':
      return to.rect({ x: x - 3, y: y - 3, width: 6, height: 6 }, { color, alpha });
    case 'box':
      return to.frame({ x: x - 2.5, y: y - 2.5, width: 5, height: 5 }, { color, width: 1.4, alpha });
    case 'commit':
      return to.circle(at, 3.6 * scale, { fill: { color, alpha } });
    case 'ack':
      return to.circle(at, 3 * scale, { stroke: { color, width: 1.5, alpha } });
    case 'cut':
      return to.shape(
        [{ x: x - size, y: y - size }, { x: x + size, y }, { x: x - size, y: y + size }],
        { color, alpha },
      );
    case 'small':
      return to.circle(at, 1.9 * scale, { fill: { color, alpha } });
  }
}
