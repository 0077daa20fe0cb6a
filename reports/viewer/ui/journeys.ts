// The runs made once more in the page, for the state of servers. It takes a moment, so it is done
// after the page is there; a long run waits until somebody asks. The trace hash says whether the
// re-run is the run of the report; if it is not, its states would be lies and are not shown.
import type { Scene, Scenario } from '../../../sim/time-travel.js';
import { TimeTravel } from '../../../sim/time-travel.js';
import type { RunModel } from '../model/run-model.js';

export type JourneyStatus = 'unavailable' | 'waiting' | 'working' | 'ready' | 'differs';

interface Journey {
  status: JourneyStatus;
  travel: TimeTravel | undefined;
  /** The hash that the re-run came to. */
  hash: string;
}

/** Beyond so many records nothing is done unasked: the page would stand still for a second. */
const UNASKED_MAX = 100_000;
const CHOICES_AT_ONCE = 2500;

export class Journeys {
  readonly #journeys = new Map<RunModel, Journey>();
  readonly #onProgress: () => void;

  constructor(models: readonly RunModel[], onProgress: () => void) {
    this.#onProgress = onProgress;
    for (const model of models) {
      const status = model.about.scenario === undefined ? 'unavailable' : 'waiting';
      this.#journeys.set(model, { status, travel: undefined, hash: '' });
    }
  }

  statusOf(model: RunModel): JourneyStatus {
    return this.#journeys.get(model)?.status ?? 'unavailable';
  }

  hashOf(model: RunModel): string {
    return this.#journeys.get(model)?.hash ?? '';
  }

  /** Makes short runs again when the page has nothing else to do. */
  startUnasked(): void {
    let delayMs = 150;
    for (const model of this.#journeys.keys()) {
      if (model.trace.length > UNASKED_MAX) continue;
      setTimeout(() => this.start(model), delayMs);
      delayMs += 400;
    }
  }

  start(model: RunModel): void {
    const journey = this.#journeys.get(model);
    if (journey?.status !== 'waiting') return;
    journey.status = 'working';
    this.#onProgress();
    // The page gets to say so before the work begins.
    setTimeout(() => this.#begin(model, journey), 30);
  }

  #begin(model: RunModel, journey: Journey): void {
    const { scenario, untilUs, report } = model.about;
    try {
      const plan = { scenario: scenario as Scenario, seed: report.seed, untilUs };
      const travel = new TimeTravel(plan);
      journey.hash = travel.traceHash;
      if (travel.traceHash === report.traceHash) journey.travel = travel;
      else journey.status = 'differs';
    } catch {
      // A scenario of another version may ask for what this simulator does not know.
      journey.status = 'differs';
    }
    if (journey.travel !== undefined) this.#goOn(journey, journey.travel);
    else this.#onProgress();
  }

  #goOn(journey: Journey, travel: TimeTravel): void {
    if (travel.prepare(CHOICES_AT_ONCE)) {
      setTimeout(() => this.#goOn(journey, travel), 4);
      return;
    }
    journey.status = 'ready';
    this.#onProgress();
  }

  sceneAt(model: RunModel, record: number): Scene | undefined {
    const journey = this.#journeys.get(model);
    return journey?.status === 'ready' ? journey.travel?.at(record) : undefined;
  }
}
