// Replays a recording: the same choices in the same order give the same trace, to the last hash
// digit, without the seed that they were drawn from.
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

export function replayRecording<P, C>(
  setup: WorldSetup,
  recording: Recording,
  recorder: Recorder,
  options: WorldOptions<P, C>,
): Replayed<P, C> {
  const { origin, choices } = recording;
  const { reducers, rulesOf } = options;
  const world = new VirtualWorld(setup, origin.seed, recorder, { reducers, rulesOf, origin });
  let made = 0;
  while (made < choices.length) {
    const choice = choices[made] as Choice;
    let end = made + 1;
    if (choice.kind !== 'intervene') while (isWithin(choices[end])) end += 1;
    const meanwhile = end === made + 1 ? NOTHING : choices.slice(made + 1, end);
    const divergence = world.apply(choice, meanwhile);
    if (divergence !== undefined) return { world, made, divergence };
    made = end;
  }
  return { world, made, divergence: undefined };
}
