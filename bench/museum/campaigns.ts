// How long a bug stays hidden: campaigns of the swarm, each over seeds of its own, until somebody
// notices; once with all checkers, once with those alone that an outsider could run. How many seeds
// that takes is the same everywhere; the seconds are those of the machine.
import type { Variant } from '../../protocol/variants/variant.js';
import { CHECKERS } from '../../sim/checkers/registry.js';
import type { RunOptions } from '../../sim/run.js';
import { runScenario } from '../../sim/run.js';
import { firstFailure } from '../../sim/shrink/trial.js';
import { drawScenario } from '../../sim/swarm.js';
import { cpuUs } from '../cpu.js';

export type Watch = 'all' | 'clients';

export interface Search {
  /** Seeds up to the one that shows it, that one included; undefined: not within the budget. */
  readonly seeds: number | undefined;
  /** What noticed first. */
  readonly by: string | undefined;
  readonly cpuUs: number;
}

/** More than any campaign has: no two campaigns share a seed. */
const APART = 1_000_000;

const OPTIONS: Readonly<Record<Watch, RunOptions>> = {
  all: { level: 'hash', checkers: 'all', stopAt: 'violation' },
  clients: {
    level: 'hash',
    checkers: CHECKERS.filter(({ clientVisible }) => clientVisible === true).map(({ id }) => id),
    stopAt: 'violation',
  },
};

/** What noticed in the run of one seed; a process that ends is seen by those inside. */
function noticedIn(id: string, seed: number, watch: Watch): string | undefined {
  const scenario = drawScenario(`${seed}`, { variants: [id] });
  const outcome = runScenario(scenario, OPTIONS[watch]);
  return firstFailure(watch === 'all' ? outcome : { ...outcome, deaths: [] });
}

/** The `number`-th campaign against a bug, counted from 1; `most` seeds at most. */
export function campaign(id: Variant['id'], number: number, watch: Watch, most: number): Search {
  const startUs = cpuUs();
  for (let seeds = 1; seeds <= most; seeds++) {
    const by = noticedIn(id, number * APART + seeds, watch);
    if (by !== undefined) return { seeds, by, cpuUs: cpuUs() - startUs };
  }
  return { seeds: undefined, by: undefined, cpuUs: cpuUs() - startUs };
}

/** The first runs of a process are slow, whatever they look for. */
export function warmUp(): void {
  const seeds = 60;
  for (let seed = 1; seed <= seeds; seed++) {
    runScenario(drawScenario(`${seed}`), OPTIONS.all);
    runScenario(drawScenario(`${seed}`), OPTIONS.clients);
  }
}
