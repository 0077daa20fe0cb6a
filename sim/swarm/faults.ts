// The faults that the swarm draws. The first comes at a time and stirs the cluster up; most of the
// others are set off by what the servers do then (borders.ts), because faults spread evenly over
// time mostly strike a cluster that does nothing. Most kinds are switched off in a run and the rest
// weigh differently each time, so that a few can go far.
import type { FaultKind, FaultShape, FaultSpec, RecordPattern, Trigger } from '../faults/kind.js';
import { FAULT_KINDS, faultKind } from '../faults/registry.js';
import type { Cluster } from '../scenario/scenario.js';
import { BORDERS, suitedBorders } from './borders.js';
import type { Border } from './borders.js';
import type { Draw } from './draw.js';
import { drawMotif } from './motifs.js';

/**
 * swarm: some kinds, some more than others, where it hurts. uniform: all kinds alike, at times
 * spread evenly; what the swarm is compared with.
 */
export type Intensity = 'swarm' | 'uniform';

/**
 * Kinds that make roles change by themselves; without one of them the others find nothing to
 * strike.
 */
const STIRRING: ReadonlySet<string> = new Set([
  ...['crash', 'restart', 'torn-tail', 'rolling-restart', 'pause'],
  ...['isolate', 'partition', 'one-way', 'bridge', 'flap', 'reset'],
]);
/** A subset that holds none of them gets one this often. */
const STIRRED = 0.85;

/** How many occasions come after the first fault: mostly few. */
const COUNTS = [0, 1, 1, 1, 2, 2, 2, 3, 4, 5, 7];
/**
 * How many more faults one occasion has. Two at the same moment are what it often takes: a
 * connection that breaks while another server is slow.
 */
const TWINS = [0, 0, 1];
/** How many motifs (motifs.ts) a run has, and what comes beside one. */
const MOTIFS = [0, 1];
const OPENING_BESIDE = [0, 0, 1];
const COUNTS_BESIDE = [0, 0, 0, 1, 1, 2];
const COUNTS_UNIFORM = [1, 2, 2, 3, 3, 4, 4, 5, 6, 8, 10];
const SECOND = 1_000_000;

export interface Frame {
  readonly cluster: Cluster;
  readonly clients: number;
  readonly sessionUs: number;
  readonly durationUs: number;
  /** Names of the kinds to draw from; undefined: all that have a weight. */
  readonly kinds: readonly string[] | undefined;
  readonly intensity: Intensity;
}

function wholeMs(us: number): number {
  return 1000 * Math.floor(us / 1000);
}

/** What the faults of one run have in common. */
interface Mood {
  readonly durationUs: number;
  /** When the first fault strikes. */
  readonly openedUs: number;
  /** What sets off the others. */
  readonly theme: readonly Border[];
  /** How many of the triggers keep to the theme. */
  readonly strict: number;
}

function drawTime(draw: Draw, durationUs: number): number {
  return wholeMs(durationUs * (0.02 + 0.8 * draw.unit()));
}

function drawMood(draw: Draw, durationUs: number): Mood {
  const late = draw.chance(0.7);
  return {
    durationUs,
    openedUs: late ? drawTime(draw, durationUs) : 1000 * draw.between(100, 2000),
    theme: draw.pick(BORDERS),
    strict: draw.pick([1, 0.8, 0.5]),
  };
}

function drawPattern(draw: Draw, kind: FaultKind, mood: Mood): RecordPattern {
  const { openedUs, durationUs } = mood;
  const suited = suitedBorders(kind.name);
  const theme = draw.chance(mood.strict) ? mood.theme : draw.pick(BORDERS);
  const border = draw.pick(suited !== undefined && draw.chance(0.8) ? suited : theme);
  return {
    record: border.record,
    text: border.text,
    actor: undefined,
    peer: undefined,
    zxid: undefined,
    epoch: undefined,
    nth: draw.pick(border.often ? [1, 2, 4, 8, 16, 32] : [1, 1, 1, 2, 2, 3, 4, 6]),
    afterUs: draw.pick([0, openedUs, openedUs, wholeMs(durationUs * draw.unit() * 0.7)]),
  };
}

const DOWN = [
  [1000, 50_000],
  [50_000, SECOND],
  [SECOND, 3 * SECOND],
] as const;

/** Below, around and beyond the patience of a server; restarts are quick. */
function drawLength(draw: Draw, kind: FaultKind, syncUs: number): number | undefined {
  if (kind.lasts === 'moment' || kind.patient === true) return undefined;
  const lasting = [
    [5000, 300_000],
    [300_000, syncUs],
    [syncUs, 2 * syncUs],
  ] as const;
  const [a, b] = draw.pick<readonly [number, number]>(kind.lasts === 'down' ? DOWN : lasting);
  return wholeMs(draw.between(Math.min(a, b), Math.max(a, b))) + 1000;
}

interface Weighted {
  readonly kind: FaultKind;
  readonly weight: number;
}

function candidatesOf(names: Frame['kinds']): readonly FaultKind[] {
  return names?.map(faultKind) ?? FAULT_KINDS.filter(({ weight }) => weight > 0);
}

function isStirring({ kind }: Weighted): boolean {
  return STIRRING.has(kind.name);
}

/** Most kinds are switched off, and what is left has an intensity of its own. */
function drawKinds(draw: Draw, names: Frame['kinds']): readonly Weighted[] {
  const candidates = candidatesOf(names).map((kind) => ({
    kind,
    weight: Math.max(1, kind.weight) * draw.pick([2, 1, 4]),
  }));
  const share = draw.pick([0.15, 0.3, 0.6, 1]);
  const enabled = candidates.filter(() => draw.chance(share));
  const stirring = candidates.filter(isStirring);
  const calm = !enabled.some(isStirring);
  if (calm && stirring.length > 0 && draw.chance(STIRRED)) enabled.push(draw.pick(stirring));
  return enabled.length > 0 ? enabled : [draw.pick(candidates)];
}

/** The opening stirs, if the draw has anything that does. */
function openers(kinds: readonly Weighted[]): readonly Weighted[] {
  const stirring = kinds.filter(isStirring);
  return stirring.length > 0 ? stirring : kinds;
}

function pickKind(draw: Draw, kinds: readonly Weighted[]): FaultKind {
  let rest = draw.int(kinds.reduce((sum, { weight }) => sum + weight, 0));
  for (const { kind, weight } of kinds) {
    rest -= weight;
    if (rest < 0) return kind;
  }
  return draw.pick(kinds).kind;
}

function shapeFor({ cluster, clients }: Frame, triggered: boolean): FaultShape {
  const { voters, observers, timing } = cluster;
  const tickUs = timing.tickMs * 1000;
  return { voters, observers, clients, tickUs, syncUs: tickUs * timing.syncLimit, triggered };
}

function drawFault(draw: Draw, frame: Frame, kind: FaultKind, trigger: Trigger): FaultSpec {
  const shape = shapeFor(frame, trigger.kind === 'when');
  const params = kind.draw(draw, shape);
  return { fault: kind.name, trigger, forUs: drawLength(draw, kind, shape.syncUs), params };
}

function drawEvenly(draw: Draw, frame: Frame): FaultSpec[] {
  const candidates = candidatesOf(frame.kinds);
  return draw.many(COUNTS_UNIFORM, () => {
    const kind = draw.pick(candidates);
    return drawFault(draw, frame, kind, { kind: 'at', atUs: drawTime(draw, frame.durationUs) });
  });
}

/** A motif: what of it would come too late, or is of kinds that are not drawn from, is left out. */
function drawWhole(draw: Draw, frame: Frame, openedUs: number): FaultSpec[] {
  const { voters, observers, timing } = frame.cluster;
  const tickUs = timing.tickMs * 1000;
  const ground = {
    ...{ voters, servers: [...voters, ...observers], clients: frame.clients },
    ...{ tickUs, syncUs: tickUs * timing.syncLimit, sessionUs: frame.sessionUs, openedUs },
  };
  const names = candidatesOf(frame.kinds).map(({ name }) => name);
  return drawMotif(draw, ground).filter(
    ({ fault, trigger }) =>
      names.includes(fault) && (trigger.kind === 'when' || trigger.atUs < frame.durationUs),
  );
}

export function drawFaults(draw: Draw, frame: Frame): FaultSpec[] {
  if (frame.intensity === 'uniform') return drawEvenly(draw, frame);
  const kinds = drawKinds(draw, frame.kinds);
  const mood = drawMood(draw, frame.durationUs);
  const motifs = draw.many(MOTIFS, () => drawWhole(draw, frame, mood.openedUs)).flat();
  const first = draw.many(motifs.length > 0 ? OPENING_BESIDE : [1], () =>
    drawFault(draw, frame, pickKind(draw, openers(kinds)), { kind: 'at', atUs: mood.openedUs }),
  );
  const others = draw.many(motifs.length > 0 ? COUNTS_BESIDE : COUNTS, () => {
    const kind = pickKind(draw, kinds);
    const trigger: Trigger = draw.chance(0.7)
      ? { kind: 'when', when: drawPattern(draw, kind, mood) }
      : { kind: 'at', atUs: drawTime(draw, frame.durationUs) };
    const fault = draw.many([1], () => drawFault(draw, frame, kind, trigger));
    const twins = draw.many(TWINS, () => drawFault(draw, frame, pickKind(draw, kinds), trigger));
    return [...fault, ...twins];
  });
  return [...motifs, ...first, ...others.flat()];
}
