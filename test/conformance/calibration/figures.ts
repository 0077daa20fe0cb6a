// Figures of a real ensemble of three voters on loopback, one client writing every 4 ms, and how to
// measure the same in the simulator. docs/divergence.md has the table.
import type { Endpoint } from '../script/endpoint.js';
import type { Script } from '../script/script.js';
import { SimulatedEnsemble } from '../simulated/ensemble.js';
import { leaderGivesUp, leaderKilled, leaderStopped, oldLeaderBack, quorumBack } from './common.js';
import {
  expiry,
  followerDropped,
  followerHealed,
  followerIsolated,
  leaderDisk,
  leaderHealed,
  leaderIsolated,
  pingPeriod,
  restarted,
  staleReads,
} from './simulated.js';

export interface Figure {
  readonly what: string;
  readonly tickMs: number;
  /** Least and most of what was measured of real servers, milliseconds. */
  readonly real: readonly [number, number];
  /** How far off the simulator may be, and why it is. */
  readonly why: Why;
  readonly measure: (ensemble: SimulatedEnsemble) => Promise<number>;
  /** Where a real ensemble can be measured as it is. */
  readonly measureReal: ((endpoint: Endpoint) => Promise<number>) | undefined;
}

interface Why {
  readonly slackMs: number;
  readonly text: string;
}

const JVM: Why = {
  slackMs: 250,
  text: 'threads and sockets take no time to start, and hardly any dial is refused and tried again',
};
const TICK: Why = {
  slackMs: 2000,
  text: 'the leader counts its followers once in a tick: it depends on when in the tick it begins',
};
const EXACT: Why = { slackMs: 10, text: '' };

type Measure = (endpoint: Endpoint) => Promise<number>;

/** Measured of both, from outside. */
function both(what: string, tickMs: number, real: Figure['real'], measure: Measure): Figure {
  return { what, tickMs, real, why: JVM, measure, measureReal: measure };
}

/** The real one was measured once, with relays and a library that delays fsync. */
function simulated(
  what: string,
  real: Figure['real'],
  measure: Figure['measure'],
  why: Why = JVM,
): Figure {
  return { what, tickMs: 2000, real, why, measure, measureReal: undefined };
}

const STOPPED = 'leader stopped: a client cannot write for';
const CONTINUED = 'and continued: it follows after';
const GIVES_UP = 'both followers stopped: the leader gives up after';

export const FIGURES: readonly Figure[] = [
  both('leader killed: a client cannot write for', 2000, [400, 612], leaderKilled),
  both(STOPPED, 2000, [10_372, 10_602], leaderStopped),
  both(STOPPED, 500, [2849, 3101], leaderStopped),
  both(CONTINUED, 2000, [1025, 2038], oldLeaderBack),
  both(CONTINUED, 500, [275, 553], oldLeaderBack),
  both(GIVES_UP, 2000, [10_073, 11_996], leaderGivesUp),
  both(GIVES_UP, 500, [2458, 2905], leaderGivesUp),
  both('and continued: a client can write after', 2000, [255, 480], quorumBack),
  simulated('one follower stopped: dropped after', [10_003, 10_010], followerDropped('stopped')),
  simulated(
    'leader isolated, in silence: a client of the others cannot write for',
    [10_310, 10_380],
    leaderIsolated('silent'),
  ),
  simulated('its own clients can read for', [11_450, 11_500], staleReads('silent'), TICK),
  simulated('healed after 25 s: it follows after', [190, 300], leaderHealed('silent', 25_000)),
  simulated(
    'leader isolated, refused: a client of the others cannot write for',
    [300, 590],
    leaderIsolated('reset'),
  ),
  simulated('its own clients can read for', [1430, 1470], staleReads('reset'), TICK),
  simulated(
    'healed after 20 s: it follows after',
    [7140, 7160],
    leaderHealed('reset', 20_000),
    TICK,
  ),
  simulated(
    'follower isolated, in silence: serves for',
    [10_010, 10_020],
    followerIsolated('silent'),
  ),
  simulated('healed after 15 s: it follows after', [120, 320], followerHealed('silent', 15_000)),
  simulated('follower isolated, refused: serves for', [0, 10], followerIsolated('reset')),
  simulated(
    'healed after 15 s: it follows after',
    [10_800, 11_300],
    followerHealed('reset', 15_000),
    {
      slackMs: 500,
      text: 'it looks again after pauses that double, counted from when it is cut off',
    },
  ),
  simulated(
    'disk of a follower stalled: dropped after',
    [10_970, 10_980],
    followerDropped('disk'),
    TICK,
  ),
  simulated('disk of the leader stalled: a client cannot write for', [1, 10], leaderDisk, EXACT),
  simulated('follower restarted: its election takes', [37, 56], restarted('election')),
  simulated('and from then on until it serves', [50, 110], restarted('rest')),
  simulated('the leader pings every', [1000, 1000], pingPeriod, EXACT),
  {
    ...simulated('a silent session of 2000 ms ends after', [2000, 2500], expiry, EXACT),
    tickMs: 500,
  },
];

export function needsOf({ tickMs }: Figure): Pick<Script, 'server' | 'observers' | 'cfg'> {
  const cfg = [`tickTime=${tickMs}`, 'initLimit=10', 'syncLimit=5'];
  return { server: 'ensemble', observers: 0, cfg };
}

/** At another moment between two ticks for each seed, as a real one is hit at any moment. */
export async function simulate(figure: Figure, seed: number): Promise<number> {
  const ensemble = new SimulatedEnsemble(needsOf(figure), String(seed));
  await ensemble.sleep((seed * 0.37 * figure.tickMs) % figure.tickMs);
  return figure.measure(ensemble);
}

/** Milliseconds between what was measured and the nearest that a real one showed. */
export function distance({ real: [least, most] }: Figure, measuredMs: number): number {
  return Math.max(0, least - measuredMs, measuredMs - most);
}
