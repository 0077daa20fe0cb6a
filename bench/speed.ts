// Events per second of a busy ensemble, by what listens to it, against the bare scheduler in the
// same process; and how much faster than real time virtual time runs, which depends on nothing so
// much as on how much happens in it.
import { assert } from '../base/assert.js';
import { bareLoop } from './bare-loop.js';
import type { Sample } from './cpu.js';
import { collectGarbage, inTurn, median, medianPerSecond, perSecond, ratio, timed } from './cpu.js';
import type { Load } from './load.js';
import { BUSY, LoadedWorld } from './load.js';

const ROUNDS = 7;
const BARE_EVENTS = 2_000_000;
const EVENTS = 300_000;
/** What a compiler needs to see before it has made up its mind. */
const WARM_UP_EVENTS = 1_000_000;

export interface Speed {
  readonly perSecond: number;
  readonly ratioToBare: number;
}

export interface Speeds {
  readonly bare: Speed;
  readonly hash: Speed;
  readonly full: Speed;
  readonly checked: Speed;
  /** How many times as long the checkers make a run. */
  readonly checkersCost: number;
}

function busy(level: Load['level'], checked: boolean): Sample {
  const loaded = new LoadedWorld({ ...BUSY, level, checked }).warmUp();
  collectGarbage();
  return timed(() => loaded.run(EVENTS));
}

export function measureSpeed(): Speeds {
  // Alive until the end, so that what was compiled for them stays.
  const veterans = [false, true].map((checked) => {
    const loaded = new LoadedWorld({ ...BUSY, checked });
    loaded.run(WARM_UP_EVENTS);
    return loaded;
  });
  const samples = inTurn(ROUNDS, {
    bare: () => bareLoop(BARE_EVENTS),
    hash: () => busy('hash', false),
    full: () => busy('full', false),
    checked: () => busy('hash', true),
  });
  for (const veteran of veterans) {
    assert(veteran.finish()?.verdict !== 'fail', 'a healthy run under load fails no checker');
  }
  const speedOf = (own: readonly Sample[]): Speed => ({
    perSecond: medianPerSecond(own),
    ratioToBare: ratio(own, samples.bare),
  });
  return {
    bare: speedOf(samples.bare),
    hash: speedOf(samples.hash),
    full: speedOf(samples.full),
    checked: speedOf(samples.checked),
    checkersCost: ratio(samples.hash, samples.checked),
  };
}

export interface Pace {
  readonly clients: number;
  readonly thinkMs: number;
  readonly operationsPerVirtualSecond: number;
  readonly virtualToReal: number;
}

const PACES = [
  { clients: 1, thinkMs: 1000 },
  { clients: 1, thinkMs: 100 },
  { clients: 20, thinkMs: 100 },
  { clients: 20, thinkMs: 0 },
] as const;
/** The load of a scenario that says nothing about its clients. */
export const USUAL_PACE = 1;
const PACE_ROUNDS = 3;

function virtualTime(clients: number, thinkMs: number): Pace {
  const loaded = new LoadedWorld({ ...BUSY, clients, thinkUs: thinkMs * 1000 }).warmUp();
  const { world, settled } = loaded;
  const fromUs = world.nowUs;
  collectGarbage();
  const sample = timed(() => loaded.run(EVENTS));
  const virtualUs = world.nowUs - fromUs;
  return {
    clients,
    thinkMs,
    operationsPerVirtualSecond: ((loaded.settled - settled) * 1_000_000) / virtualUs,
    virtualToReal: virtualUs / sample.cpuUs,
  };
}

/** Five servers, hash on, nobody else listening. */
export function measurePaces(): Pace[] {
  return PACES.map(({ clients, thinkMs }) => {
    const taken = Array.from({ length: PACE_ROUNDS }, () => virtualTime(clients, thinkMs));
    return {
      clients,
      thinkMs,
      operationsPerVirtualSecond: median(taken.map((pace) => pace.operationsPerVirtualSecond)),
      virtualToReal: median(taken.map((pace) => pace.virtualToReal)),
    };
  });
}

/** Microseconds of CPU for one event of this load, as a median. */
export function microsPerEvent(load: Load, events: number, rounds: number): number {
  const taken = Array.from({ length: rounds }, () => {
    const loaded = new LoadedWorld(load).warmUp();
    collectGarbage();
    return 1_000_000 / perSecond(timed(() => loaded.run(events)));
  });
  return median(taken);
}
