// Experiments made in the page, one after the other while it has nothing else to do: without which
// fault would the claim have held? Only for short runs that the page could repeat exactly.
import type { Explanation } from '../model/explanation.js';
import type { RunModel } from '../model/run-model.js';
import { tryOut } from '../model/trials.js';
import type { Trial, TrialOutcome } from '../model/trials.js';
import type { Scenario } from '../../../sim/time-travel.js';

/** Beyond so many records nothing is tried. */
const RECORDS_MAX = 30_000;
/** The likeliest faults. */
const FAULTS_MAX = 6;
const PAUSE_MS = 25;

export interface Tried {
  readonly done: boolean;
  /** By index of the fault. */
  readonly faults: ReadonlyMap<number, TrialOutcome>;
  /** Without all of them. */
  readonly none: TrialOutcome | undefined;
  readonly safeRules: TrialOutcome | undefined;
}

interface Draft {
  done: boolean;
  faults: Map<number, TrialOutcome>;
  none: TrialOutcome | undefined;
  safeRules: TrialOutcome | undefined;
}

export class Trials {
  readonly #tried = new Map<Explanation, Draft>();
  readonly #onProgress: () => void;

  constructor(onProgress: () => void) {
    this.#onProgress = onProgress;
  }

  of(explanation: Explanation): Tried | undefined {
    return this.#tried.get(explanation);
  }

  static isSmall({ trace }: RunModel): boolean {
    return trace.length <= RECORDS_MAX;
  }

  /** Once for each violation that is looked at. */
  start(model: RunModel, explanation: Explanation): void {
    const scenario = model.about.scenario as Scenario | undefined;
    if (scenario === undefined || this.#tried.has(explanation) || !Trials.isSmall(model)) return;
    const draft: Draft = { done: false, faults: new Map(), none: undefined, safeRules: undefined };
    this.#tried.set(explanation, draft);
    const trials: Trial[] = explanation.faults
      .slice(0, FAULTS_MAX)
      .map(({ span }) => ({ without: 'fault', fault: span.fault }));
    if (explanation.faults.length > 1) trials.push({ without: 'faults' });
    if (scenario.profile !== 'safe' || scenario.variants.length > 0) {
      trials.push({ without: 'variants' });
    }
    this.#next(model, explanation, draft, trials);
  }

  #next(model: RunModel, explanation: Explanation, draft: Draft, trials: readonly Trial[]): void {
    const [trial, ...rest] = trials;
    if (trial === undefined) {
      draft.done = true;
      this.#onProgress();
      return;
    }
    setTimeout(() => {
      const { scenario, report, untilUs } = model.about;
      const { checker } = explanation.violation;
      const input = { scenario: scenario as Scenario, seed: report.seed, untilUs, checker };
      const outcome = tryOut(input, trial);
      if (trial.without === 'fault') draft.faults.set(trial.fault, outcome);
      else if (trial.without === 'faults') draft.none = outcome;
      else draft.safeRules = outcome;
      this.#next(model, explanation, draft, rest);
    }, PAUSE_MS);
  }
}
