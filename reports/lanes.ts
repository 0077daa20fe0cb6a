// The gutter of the timeline: a narrow lane per server that shows what it is, with whoever acts in
// brackets and an arrow where something goes from one server to another. Read downwards, a lane is
// the life of a server.
import type { Sights } from './board.js';
import { serverName } from './format.js';
import type { Painter, Tone } from './painter.js';

/** With more servers than this the lanes would leave no room for words. */
const LANES_MAX = 12;

const UNSEEN: { readonly glyph: string; readonly tone: Tone } = { glyph: ' ', tone: 'dim' };

interface Cell {
  text: string;
  tone: Tone;
}

export interface Lanes {
  readonly servers: readonly number[];
  readonly laneWidth: number;
  /** In characters; 0 when there are too many servers. */
  readonly width: number;
}

export function makeLanes(servers: readonly number[]): Lanes {
  const laneWidth = Math.max(...servers.map((sid) => serverName(sid).length), 2) + 1;
  const shown = servers.length <= LANES_MAX ? servers : [];
  return { servers: shown, laneWidth, width: shown.length * laneWidth };
}

export function laneNames({ servers, laneWidth }: Lanes): string {
  return servers.map((sid) => ` ${serverName(sid)}`.padEnd(laneWidth)).join('');
}

/** Who acts, and on whom; one of the two lists has at most one member. */
export interface Act {
  readonly actors: readonly number[];
  readonly targets: readonly number[];
}

export function drawLanes(lanes: Lanes, sights: Sights, act: Act, paint: Painter): string {
  const cells: Cell[] = [];
  for (const sid of lanes.servers) {
    const { glyph, tone } = sights.get(sid) ?? UNSEEN;
    cells.push({ text: ' ', tone: 'dim' }, { text: glyph, tone });
    for (let pad = 2; pad < lanes.laneWidth; pad++) cells.push({ text: ' ', tone: 'dim' });
  }
  const targets = act.targets.map((sid) => lanes.servers.indexOf(sid)).filter((at) => at >= 0);
  for (const actor of act.actors) {
    const lane = lanes.servers.indexOf(actor);
    if (lane < 0) continue;
    if (targets.length === 0) bracket(cells, lane * lanes.laneWidth);
    for (const target of targets) drawArrow(cells, lanes, lane, target);
  }
  restore(cells, lanes, sights, act);
  return painted(cells, paint);
}

/** Neighbours of one tone are painted together. */
function painted(cells: readonly Cell[], paint: Painter): string {
  let line = '';
  for (let from = 0, to = 0; from < cells.length; from = to) {
    const { text = ' ', tone = 'dim' } = cells[from] ?? {};
    let run = text;
    for (to = from + 1; to < cells.length && cells[to]?.tone === tone; to++) {
      run += cells[to]?.text ?? '';
    }
    line += run.trim() === '' ? run : paint(tone, run);
  }
  return line;
}

function bracket(cells: Cell[], at: number): void {
  cells[at] = { text: '[', tone: 'strong' };
  cells[at + 2] = { text: ']', tone: 'strong' };
}

function drawArrow(cells: Cell[], { laneWidth }: Lanes, from: number, to: number): void {
  if (from === to) return;
  const source = from * laneWidth + 1;
  const target = to * laneWidth + 1;
  const step = target > source ? 1 : -1;
  for (let at = source + step; at !== target; at += step) cells[at] = { text: '─', tone: 'strong' };
}

/** Heads of arrows, and the glyphs of all who take part, over the shafts of longer arrows. */
function restore(cells: Cell[], lanes: Lanes, sights: Sights, act: Act): void {
  for (const sid of [...act.actors, ...act.targets]) {
    const lane = lanes.servers.indexOf(sid);
    if (lane < 0) continue;
    const { glyph, tone } = sights.get(sid) ?? UNSEEN;
    cells[lane * lanes.laneWidth + 1] = { text: glyph, tone };
  }
  for (const target of act.targets) {
    for (const actor of act.actors) drawHead(cells, lanes, actor, target);
  }
}

function drawHead(
  cells: Cell[],
  { servers, laneWidth }: Lanes,
  actor: number,
  target: number,
): void {
  const from = servers.indexOf(actor);
  const to = servers.indexOf(target);
  if (from < 0 || to < 0 || from === to) return;
  const head: Cell = { text: from < to ? '▶' : '◀', tone: 'strong' };
  cells[to * laneWidth + 1 + (from < to ? -1 : 1)] = head;
}
