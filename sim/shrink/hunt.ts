// The smallest failing scenario so far, and the way to a smaller one: a candidate is run, and takes
// its place if the same invariant fails. No candidate is run twice, and nothing is run any more
// once the budget is spent.
import type { Scenario } from '../scenario/scenario.js';
import type { Failure, Oracle, Trial } from './trial.js';

export interface Budget {
  /** How many candidates may be run. */
  readonly runs: number;
  /** How many events they may have in all. */
  readonly events: number;
  /** Asked before each run: is it enough? */
  readonly enough: () => boolean;
}

export interface Effort {
  readonly runs: number;
  readonly events: number;
  /** Candidates that failed as well and took the place of the one before. */
  readonly steps: number;
}

export type Listener = (effort: Effort, best: Scenario) => void;

export class Hunt {
  readonly #oracle: Oracle;
  readonly #budget: Budget;
  readonly #listener: Listener | undefined;
  /** Candidates that do not fail. */
  readonly #known = new Set<string>();
  #best: Failure;
  #runs = 0;
  #events = 0;
  #steps = 0;
  #cutShort = false;

  constructor(first: Failure, oracle: Oracle, budget: Budget, listener?: Listener) {
    this.#best = first;
    this.#oracle = oracle;
    this.#budget = budget;
    this.#listener = listener;
  }

  /** The smallest one so far, and what was seen in its run. */
  get best(): Failure {
    return this.#best;
  }

  get scenario(): Scenario {
    return this.#best.scenario;
  }

  get effort(): Effort {
    return { runs: this.#runs, events: this.#events, steps: this.#steps };
  }

  /** Was a candidate left out because the budget was spent? */
  get cutShort(): boolean {
    return this.#cutShort;
  }

  get #isSpent(): boolean {
    const { runs, events, enough } = this.#budget;
    return this.#runs >= runs || this.#events >= events || enough();
  }

  /** Runs a scenario, whatever is known about it; undefined when the budget is spent. */
  run(scenario: Scenario): Trial | undefined {
    if (this.#isSpent) {
      this.#cutShort = true;
      return undefined;
    }
    const trial = this.#oracle(scenario);
    this.#runs += 1;
    this.#events += trial.events;
    return trial;
  }

  /** The first of the candidates that fails takes the place of the best; true if one did. */
  attempt(candidates: readonly Scenario[]): boolean {
    const current = JSON.stringify(this.scenario);
    for (const candidate of candidates) {
      const text = JSON.stringify(candidate);
      if (text === current || this.#known.has(text)) continue;
      const trial = this.run(candidate);
      if (trial === undefined) return false;
      if (trial.failed) {
        this.adopt(trial);
        return true;
      }
      this.#known.add(text);
    }
    return false;
  }

  /** Begins anew; what is known and what was spent stays. */
  restart(first: Failure): void {
    this.#best = first;
  }

  adopt(trial: Failure): void {
    this.#best = trial;
    this.#steps += 1;
    this.#listener?.(this.effort, trial.scenario);
  }
}
