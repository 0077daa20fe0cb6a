// What a fuzzing run does all day: short scenarios of the swarm with its usual faults and every
// checker, each from the drawing of the scenario to the verdict.
import { runScenario } from '../sim/run.js';
import { drawScenario } from '../sim/swarm.js';
import { median, perSecond, timed } from './cpu.js';

export interface SwarmSpeed {
  /** On one core. */
  readonly seedsPerSecond: number;
  /** Means of one run. */
  readonly virtualSeconds: number;
  readonly events: number;
  readonly runs: number;
  /**
   * Runs by verdict: the bench judges nobody, but a slow pass and a fast failure do not compare.
   */
  readonly verdicts: Readonly<Record<string, number>>;
}

const WARM_UP = 500;
const BATCH = 200;
const BATCHES = 7;
const SHAPE = { voters: [5, 5], observers: [0, 0] } as const;

interface Tally {
  runs: number;
  events: number;
  virtualSeconds: number;
  verdicts: Record<string, number>;
}

function runSeeds(from: number, count: number, tally: Tally): number {
  for (let index = from; index < from + count; index += 1) {
    const scenario = drawScenario(`bench-${index}`, SHAPE);
    const { events, virtualSeconds, verdict } = runScenario(scenario, { level: 'hash' });
    tally.runs += 1;
    tally.events += events;
    tally.virtualSeconds += virtualSeconds;
    tally.verdicts[verdict] = (tally.verdicts[verdict] ?? 0) + 1;
  }
  return count;
}

export function measureSwarm(): SwarmSpeed {
  const emptyTally = (): Tally => ({ runs: 0, events: 0, virtualSeconds: 0, verdicts: {} });
  runSeeds(0, WARM_UP, emptyTally());
  const tally = emptyTally();
  const speeds: number[] = [];
  for (let batch = 0; batch < BATCHES; batch += 1) {
    // No collection in between: it would also throw away the compiled code of whatever is not
    // alive.
    const from = WARM_UP + batch * BATCH;
    speeds.push(perSecond(timed(() => runSeeds(from, BATCH, tally))));
  }
  return {
    seedsPerSecond: median(speeds),
    virtualSeconds: tally.virtualSeconds / tally.runs,
    events: tally.events / tally.runs,
    runs: tally.runs,
    verdicts: tally.verdicts,
  };
}
