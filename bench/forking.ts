// What a fork of a world costs: itself, and what it leaves for later, since a fork restores a
// random stream only when it first draws from it.
import { collectGarbage, median, timed } from './cpu.js';
import { BUSY, LoadedWorld } from './load.js';

export interface ForkCost {
  readonly pending: number;
  readonly forkMicros: number;
  /** A fork and its first hundred events, less a hundred events without a fork. */
  readonly forkAndUseMicros: number;
}

const FORKS = 4000;
const USES = 1000;
const STEPS = 100;
const ROUNDS = 7;

export function measureFork(): ForkCost {
  const { world } = new LoadedWorld(BUSY).warmUp();
  const forkOnce = (): number => timedForks(FORKS, () => world.fork());
  const useOnce = (): number =>
    timedForks(USES, () => {
      const fork = world.fork();
      for (let step = 0; step < STEPS; step += 1) fork.step();
    });
  forkOnce();
  useOnce();
  const forks: number[] = [];
  const uses: number[] = [];
  const plain: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    forks.push(forkOnce());
    uses.push(useOnce());
    const twin = world.fork();
    plain.push(
      timedForks(USES, () => {
        for (let step = 0; step < STEPS; step += 1) twin.step();
      }),
    );
  }
  return {
    pending: world.pending().length,
    forkMicros: median(forks),
    forkAndUseMicros: median(uses) - median(plain),
  };
}

/** Microseconds each. */
function timedForks(count: number, act: () => void): number {
  collectGarbage();
  const { cpuUs } = timed(() => {
    for (let done = 0; done < count; done += 1) act();
    return count;
  });
  return cpuUs / count;
}
