// The faults that the swarm draws. The first comes at a time and stirs the cluster up; most of the
// others are set off by what the servers do then, because bugs live at the borders between phases,
// and faults spread evenly over time mostly strike a cluster that does nothing.
import type { RandomStream } from '../../base/random.js';
import type { FaultKind, FaultShape, FaultSpec, RecordPattern, Trigger } from '../faults/kind.js';
import { FAULT_KINDS, faultKind } from '../faults/registry.js';
import type { Cluster } from '../scenario/scenario.js';
import type { RecordKind } from '../trace/record.js';

type Border = readonly [record: RecordKind, text?: string];

/** What servers do when roles and epochs change: after a start, or after a fault. */
const UPHEAVAL: readonly Border[] = [
  ['role', 'looking/election'],
  ['role', 'leading/discovery'],
  ['role', 'leading/synchronization'],
  ['role', 'leading/broadcast'],
  ['role', 'following/discovery'],
  ['role', 'following/synchronization'],
  ['role', 'following/broadcast'],
  ['elected'],
  ['epochProposed'],
  ['epochFile', 'accepted'],
  ['epochFile', 'current'],
  ['promised'],
  ['established'],
  ['syncChosen'],
  ['syncing'],
  ['newLeaderAcked'],
  ['activated'],
  ['serving'],
  ['stepBegun'],
  ['stepBegun'],
  ['stepDone'],
  ['stepDone'],
  ['truncated'],
  ['snapshot'],
  ['fastForwarded'],
  ['left'],
  ['lookingAgain'],
  ['boot'],
  ['crash'],
];

/** What servers do for every write. */
const ROUTINE: readonly Border[] = [
  ['proposed'],
  ['appended'],
  ['flushed'],
  ['ackSent'],
  ['ackReceived'],
  ['committed'],
  ['committed'],
  ['learned'],
  ['replied'],
  ['snapshot'],
];

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

/** How many faults: mostly few. */
const COUNTS = [1, 2, 2, 3, 3, 4, 4, 5, 6, 8, 10];
const SECOND = 1_000_000;

export interface Frame {
  readonly cluster: Cluster;
  readonly clients: number;
  readonly durationUs: number;
  /** Names of the kinds to draw from; undefined: all that have a weight. */
  readonly kinds: readonly string[] | undefined;
}

function wholeMs(us: number): number {
  return 1000 * Math.floor(us / 1000);
}

/** What the faults of one run have in common. */
interface Mood {
  readonly durationUs: number;
  /** When the first fault strikes. */
  readonly openedUs: number;
  /** How many of the triggers are about writes, not about roles. */
  readonly routine: number;
}

function drawMood(random: RandomStream, durationUs: number): Mood {
  const early = random.chance(0.3);
  return {
    durationUs,
    openedUs: early ? 1000 * random.between(100, 2000) : drawTime(random, durationUs),
    routine: random.pick([0.1, 0.3, 0.8]),
  };
}

function drawPattern(random: RandomStream, mood: Mood): RecordPattern {
  const { openedUs, durationUs } = mood;
  const routine = random.chance(mood.routine);
  const [record, text] = random.pick(routine ? ROUTINE : UPHEAVAL);
  const sinceUs = random.pick([0, openedUs, openedUs, wholeMs(durationUs * random.unit() * 0.7)]);
  return {
    record,
    text,
    actor: undefined,
    peer: undefined,
    zxid: undefined,
    epoch: undefined,
    nth: random.pick(routine ? [1, 2, 4, 8, 16, 32] : [1, 1, 1, 2, 2, 3, 4, 6]),
    afterUs: sinceUs,
  };
}

function drawTime(random: RandomStream, durationUs: number): number {
  return wholeMs(durationUs * (0.02 + 0.8 * random.unit()));
}

/** Below, around and beyond the patience of a server; restarts are quick. */
function drawLength(random: RandomStream, kind: FaultKind, syncUs: number): number | undefined {
  if (kind.lasts === 'moment' || kind.patient === true) return undefined;
  const down = [
    [1000, 50_000],
    [50_000, SECOND],
    [SECOND, 3 * SECOND],
  ] as const;
  const lasting = [
    [5000, 300_000],
    [300_000, syncUs],
    [syncUs, 2 * syncUs],
  ] as const;
  const [a, b] = random.pick<readonly [number, number]>(kind.lasts === 'down' ? down : lasting);
  return wholeMs(random.between(Math.min(a, b), Math.max(a, b))) + 1000;
}

/** Most kinds are switched off, so that the few that are left can go far. */
function drawKinds(random: RandomStream, names: Frame['kinds']): readonly FaultKind[] {
  const candidates = names?.map(faultKind) ?? FAULT_KINDS.filter(({ weight }) => weight > 0);
  const share = random.pick([0.15, 0.3, 0.6, 1]);
  const enabled = candidates.filter(() => random.chance(share));
  const stirring = candidates.filter(({ name }) => STIRRING.has(name));
  const calm = !enabled.some(({ name }) => STIRRING.has(name));
  if (calm && stirring.length > 0 && random.chance(STIRRED)) enabled.push(random.pick(stirring));
  return enabled.length > 0 ? enabled : [random.pick(candidates)];
}

/** The opening stirs, if the draw has anything that does. */
function openers(kinds: readonly FaultKind[]): readonly FaultKind[] {
  const stirring = kinds.filter(({ name }) => STIRRING.has(name));
  return stirring.length > 0 ? stirring : kinds;
}

function pickKind(random: RandomStream, kinds: readonly FaultKind[]): FaultKind {
  const weightOf = ({ weight }: FaultKind): number => Math.max(1, weight);
  let rest = random.int(kinds.reduce((sum, kind) => sum + weightOf(kind), 0));
  for (const kind of kinds) {
    rest -= weightOf(kind);
    if (rest < 0) return kind;
  }
  return random.pick(kinds);
}

export function drawFaults(random: RandomStream, frame: Frame): FaultSpec[] {
  const { cluster, clients, durationUs } = frame;
  const { voters, observers, timing } = cluster;
  const kinds = drawKinds(random, frame.kinds);
  const tickUs = timing.tickMs * 1000;
  const syncUs = tickUs * timing.syncLimit;
  const mood = drawMood(random, durationUs);
  return Array.from({ length: random.pick(COUNTS) }, (_, index) => {
    const kind = pickKind(random, index === 0 ? openers(kinds) : kinds);
    const triggered = index > 0 && random.chance(0.7);
    const atUs = index === 0 ? mood.openedUs : drawTime(random, durationUs);
    const trigger: Trigger = triggered
      ? { kind: 'when', when: drawPattern(random, mood) }
      : { kind: 'at', atUs };
    const shape: FaultShape = { voters, observers, clients, tickUs, syncUs, triggered };
    const params = kind.draw(random, shape);
    return { fault: kind.name, trigger, forUs: drawLength(random, kind, syncUs), params };
  });
}
