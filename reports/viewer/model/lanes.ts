// The rows of the picture from top to bottom: faults, servers, clients; and of each the records
// that happened there. Heights depend on how many there are, never on how much happens.
import { FIRST_CLIENT } from '../../../sim/trace/record.js';
import { actorName } from '../../format.js';
import type { TraceView } from './trace-view.js';
import { kindSet } from './trace-view.js';

export interface Lane {
  readonly kind: 'faults' | 'server' | 'client';
  readonly actor: number;
  readonly name: string;
  readonly observer: boolean;
  /** Ascending records of this actor. */
  readonly records: Int32Array;
  readonly top: number;
  readonly height: number;
}

export interface Lanes {
  readonly all: readonly Lane[];
  readonly byActor: ReadonlyMap<number, Lane>;
  readonly height: number;
}

export const AXIS_HEIGHT = 26;
const GAP = 8;

export interface LaneInput {
  readonly servers: readonly number[];
  readonly observers: readonly number[];
  readonly clients: number;
  /** Rows that overlapping faults need. */
  readonly faultRows: number;
}

function heightOf(kind: Lane['kind'], input: LaneInput): number {
  if (kind === 'faults') return Math.max(1, input.faultRows) * 18 + 8;
  const { servers, clients } = input;
  if (kind === 'server') return servers.length <= 5 ? 64 : servers.length <= 9 ? 54 : 44;
  return clients <= 6 ? 30 : clients <= 16 ? 22 : 16;
}

function recordsByActor(trace: TraceView): Map<number, Int32Array> {
  const { actor } = trace.columns;
  const counts = new Map<number, number>();
  for (let at = 0; at < trace.length; at++) {
    const who = actor[at] as number;
    counts.set(who, (counts.get(who) ?? 0) + 1);
  }
  const lists = new Map<number, Int32Array>();
  const filled = new Map<number, number>();
  for (const [who, count] of counts) lists.set(who, new Int32Array(count));
  for (let at = 0; at < trace.length; at++) {
    const who = actor[at] as number;
    const next = filled.get(who) ?? 0;
    (lists.get(who) as Int32Array)[next] = at;
    filled.set(who, next + 1);
  }
  return lists;
}

/** What the world does to the run; messages that it drops are arrows, not records of a lane. */
const RUN_KINDS = kindSet(['fault', 'effect', 'healed', 'quiet', 'start', 'end']);

export function layLanes(trace: TraceView, input: LaneInput): Lanes {
  const byActor = recordsByActor(trace);
  const all: Lane[] = [];
  let top = AXIS_HEIGHT;
  const add = (kind: Lane['kind'], actor: number, name: string): void => {
    const height = heightOf(kind, input);
    const records = byActor.get(actor) ?? new Int32Array(0);
    const shown =
      kind === 'faults'
        ? records.filter((at) => RUN_KINDS[trace.columns.kind[at] as number] === 1)
        : records;
    const observer = input.observers.includes(actor);
    all.push({ kind, actor, name, observer, records: shown, top, height });
    top += height;
  };
  add('faults', 0, 'faults');
  top += GAP * 2;
  for (const sid of input.servers) add('server', sid, actorName(sid));
  if (input.clients > 0) top += GAP;
  for (let n = 0; n < input.clients; n++)
    add('client', FIRST_CLIENT + n, actorName(FIRST_CLIENT + n));
  return { all, byActor: new Map(all.map((lane) => [lane.actor, lane])), height: top + GAP };
}

/** Where the events of a lane sit, and where arrows begin and end. */
export function baseline(lane: Lane): number {
  if (lane.kind === 'server') return lane.top + lane.height - 16;
  return lane.top + lane.height / 2;
}

/** A row for each interval so that no two in a row overlap; at most `rows`. */
export function packRows(
  spans: readonly { readonly from: number; readonly to: number }[],
  rows: number,
): number[] {
  const ends: number[] = [];
  return spans.map(({ from, to }) => {
    let row = ends.findIndex((end) => end <= from);
    if (row < 0) row = ends.length < rows ? ends.length : ends.indexOf(Math.min(...ends));
    ends[row] = Math.max(to, ends[row] ?? 0);
    return row;
  });
}
