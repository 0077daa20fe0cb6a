// Replays a recording: the same choices in the same order give the same trace, to the last hash
// digit, without the seed that they were drawn from. At any point between two choices the replay
// can be copied, and the copy goes on from there.
import type { Recorder } from '../trace/recorder.js';
import type { Choice, Divergence, Recording } from './choices.js';
import type { WorldSetup } from './setup.js';
import type { WorldOptions } from './virtual-world.js';
import { VirtualWorld } from './virtual-world.js';

export interface Replayed<P, C> {
  readonly world: VirtualWorld<P, C>;
  /** How many choices were made. */
  readonly made: number;
  /** Why it stopped before the end, if it did. */
  readonly divergence: Divergence | undefined;
}

const NOTHING: readonly Choice[] = [];

function isWithin(choice: Choice | undefined): boolean {
  return choice?.kind === 'intervene' && choice.within > 0;
}

export class Replay<P, C> implements Replayed<P, C> {
  readonly world: VirtualWorld<P, C>;
  readonly #choices: readonly Choice[];
  #made = 0;
  #divergence: Divergence | undefined;

  constructor(world: VirtualWorld<P, C>, choices: readonly Choice[], made = 0) {
    this.world = world;
    this.#choices = choices;
    this.#made = made;
  }

  get made(): number {
    return this.#made;
  }

  get divergence(): Divergence | undefined {
    return this.#divergence;
  }

  /** What is chosen next; undefined at the end. */
  get next(): Choice | undefined {
    return this.#choices[this.#made];
  }

  /** Makes the next choice, and what interferes with it; false when none is left, or it failed. */
  advance(): boolean {
    const choices = this.#choices;
    const choice = choices[this.#made];
    if (choice === undefined || this.#divergence !== undefined) return false;
    let end = this.#made + 1;
    if (choice.kind !== 'intervene') while (isWithin(choices[end])) end += 1;
    const meanwhile = end === this.#made + 1 ? NOTHING : choices.slice(this.#made + 1, end);
    this.#divergence = this.world.apply(choice, meanwhile);
    if (this.#divergence !== undefined) return false;
    this.#made = end;
    return true;
  }

  /** Where this replay is now, to go on independently. */
  copy(): Replay<P, C> {
    return new Replay(this.world.fork(), this.#choices, this.#made);
  }
}

export function beginReplay<P, C>(
  setup: WorldSetup,
  { origin, choices }: Recording,
  recorder: Recorder,
  { reducers, rulesOf }: WorldOptions<P, C>,
): Replay<P, C> {
  const options = { reducers, rulesOf, origin };
  return new Replay(new VirtualWorld(setup, origin.seed, recorder, options), choices);
}

export function replayRecording<P, C>(
  setup: WorldSetup,
  recording: Recording,
  recorder: Recorder,
  options: WorldOptions<P, C>,
): Replayed<P, C> {
  const replay = beginReplay(setup, recording, recorder, options);
  while (replay.advance());
  return replay;
}
