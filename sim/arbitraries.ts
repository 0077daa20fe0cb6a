// Scenarios of the swarm for fast-check, for properties of your own: the public entry
// `zabsim/arbitraries`. What fast-check finds it makes smaller: fewer faults and clients first,
// then plainer choices (swarm/recorded-draw.ts), each candidate a scenario as the swarm might have
// drawn it.
import fc from 'fast-check';
import type { Scenario } from './scenario/scenario.js';
import { scenarioToYaml } from './scenario/writing.js';
import type { SwarmOptions } from './swarm.js';
import { describeScenario } from './swarm.js';
import type { Tape } from './swarm/recorded-draw.js';
import { isSimpler, RecordedDraw, simplerScripts } from './swarm/recorded-draw.js';

export type { Scenario } from './scenario/scenario.js';
export type { SwarmOptions } from './swarm.js';
export type { RunOptions, RunOutcome } from './run.js';
export { runScenario } from './run.js';

/** What fast-check keeps for a value, to shrink it. */
interface Drawn {
  /** Of the run: it has nothing that could be simpler. */
  readonly seed: number;
  readonly tape: Tape;
  /** Where shrinking goes on. */
  readonly at: number;
}

function isDrawn(context: unknown): context is Drawn {
  return typeof context === 'object' && context !== null && 'tape' in context;
}

class ScenarioArbitrary extends fc.Arbitrary<Scenario> {
  readonly #options: SwarmOptions;

  constructor(options: SwarmOptions) {
    super();
    this.#options = options;
  }

  #draw(seed: number, draw: RecordedDraw, at: number): fc.Value<Scenario> {
    const scenario = describeScenario(draw, String(seed), this.#options);
    // fast-check prints a counterexample as the file that `zabsim replay` takes.
    Object.defineProperty(scenario, fc.toStringMethod, { value: () => scenarioToYaml(scenario) });
    const drawn: Drawn = { seed, tape: draw.tape, at };
    return new fc.Value(scenario, drawn);
  }

  generate(mrng: fc.Random): fc.Value<Scenario> {
    const seed = mrng.nextInt(0, 0xffff_ffff);
    return this.#draw(seed, new RecordedDraw([], (bound) => mrng.nextInt(0, bound - 1)), 0);
  }

  /** How a scenario was drawn is known by its context only: without it there is no way back. */
  canShrinkWithoutContext(value: unknown): value is Scenario {
    return isDrawn(value);
  }

  shrink(_value: Scenario, context?: unknown): fc.Stream<fc.Value<Scenario>> {
    return isDrawn(context) ? fc.stream(this.#simpler(context)) : fc.Stream.nil();
  }

  *#simpler({ seed, tape, at: from }: Drawn): Generator<fc.Value<Scenario>, void> {
    for (const { at, script } of simplerScripts(tape, from)) {
      const draw = new RecordedDraw(script, () => 0);
      const candidate = this.#draw(seed, draw, at);
      if (isSimpler(draw.tape, tape)) yield candidate;
    }
  }
}

/** Scenarios of the swarm, each with a seed of its own for the run. */
export function scenarios(options: SwarmOptions = {}): fc.Arbitrary<Scenario> {
  return new ScenarioArbitrary(options);
}
