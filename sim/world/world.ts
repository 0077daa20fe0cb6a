// The world with the real reducers: what scenarios, tools and tests run.
import { initialClient, stepClient } from '../../protocol/client/client.js';
import type { ClientState } from '../../protocol/client/state.js';
import { stepPeer, UNBORN } from '../../protocol/peer.js';
import type { PeerState } from '../../protocol/state.js';
import type { Recorder } from '../trace/recorder.js';
import type { Recording } from './choices.js';
import type { RulesOf } from './population.js';
import type { Reducers } from './reducers.js';
import type { Replay, Replayed } from './replay.js';
import { beginReplay, replayRecording } from './replay.js';
import type { WorldSetup } from './setup.js';
import { VirtualWorld } from './virtual-world.js';

const REDUCERS: Reducers<PeerState, ClientState> = {
  initialPeer: () => UNBORN,
  stepPeer,
  initialClient,
  stepClient,
};

export interface RunOptions {
  /** Rules of one server, where they differ from `setup.rules`. */
  readonly rulesOf?: RulesOf | undefined;
  /** Keep a list of all choices, for `recording()`. */
  readonly recordChoices?: boolean | undefined;
}

export class World extends VirtualWorld<PeerState, ClientState> {
  constructor(setup: WorldSetup, seed: string, recorder: Recorder, options: RunOptions = {}) {
    const { rulesOf, recordChoices } = options;
    super(setup, seed, recorder, { reducers: REDUCERS, rulesOf, recordChoices });
  }
}

/** A replay with the real reducers, before its first choice. */
export function replayFrom(
  setup: WorldSetup,
  recording: Recording,
  recorder: Recorder,
): Replay<PeerState, ClientState> {
  return beginReplay(setup, recording, recorder, { reducers: REDUCERS });
}

/** Runs a recording again: the same trace, without a seed. */
export function replayWorld(
  setup: WorldSetup,
  recording: Recording,
  recorder: Recorder,
  options: { readonly rulesOf?: RulesOf | undefined } = {},
): Replayed<PeerState, ClientState> {
  return replayRecording(setup, recording, recorder, {
    reducers: REDUCERS,
    rulesOf: options.rulesOf,
  });
}
