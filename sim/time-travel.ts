// The state of everybody at any record of a run. A trace holds what was said, not what was thought;
// but the same scenario and seed give the same run, so the run is made once more, its choices are
// recorded, and a replay of them is kept in copies at regular distances. A copy costs next to
// nothing; from the nearest one it is at most a few thousand steps to any record.
import { assert } from '../base/assert.js';
import type { ClientState } from '../protocol/client/state.js';
import type { Message } from '../protocol/message.js';
import type { ServerId } from '../protocol/ids.js';
import type { PeerState } from '../protocol/state.js';
import type { DiskImage } from '../protocol/storage/durable.js';
import { runScenario } from './run.js';
import type { Scenario } from './scenario/scenario.js';
import { toSetup } from './scenario/setup.js';
import type { ActorId } from './trace/record.js';
import { FIRST_CLIENT } from './trace/record.js';
import { Recorder } from './trace/recorder.js';
import type { Replay } from './world/replay.js';
import { replayFrom } from './world/world.js';

export type { Scenario } from './scenario/scenario.js';

export interface Journey {
  readonly scenario: Scenario;
  readonly seed: string;
  /** When the run was ended early. */
  readonly untilUs: number | undefined;
}

/** Everybody, at a point between two choices. */
export interface Moment {
  readonly nowUs: number;
  isUp(server: number): boolean;
  peer(server: number): PeerState;
  disk(server: number): DiskImage;
  client(client: number): ClientState;
}

/** Around one record: the choice that led to it, and everybody before and after that. */
export interface Scene {
  readonly before: Moment;
  readonly after: Moment;
  /** The message that was handled, where it was one. */
  readonly message: Message | undefined;
}

type WorldReplay = Replay<PeerState, ClientState>;

/** Choices between two copies. */
const DISTANCE = 2048;

function momentOf({ world }: WorldReplay): Moment {
  return {
    nowUs: world.nowUs,
    isUp: (server) => world.isUp(server as ActorId),
    peer: (server) => world.peer(server as ServerId),
    disk: (server) => world.disk(server as ServerId),
    client: (client) => world.client((client + FIRST_CLIENT) as ActorId),
  };
}

/** The message that the next choice lets arrive. */
function messageOf({ world, next }: WorldReplay): Message | undefined {
  if (next?.kind !== 'run') return undefined;
  const pending = world.pending().find(({ seq }) => seq === next.seq);
  return pending?.kind === 'message' || pending?.kind === 'copy'
    ? (pending.body as Message)
    : undefined;
}

export class TimeTravel {
  /** Of the run that was made again: the trace it explains must have the same. */
  readonly traceHash: string;
  readonly #replay: WorldReplay;
  readonly #copies: { readonly records: number; readonly replay: WorldReplay }[] = [];
  #steps = 0;

  constructor({ scenario, seed, untilUs }: Journey) {
    const outcome = runScenario(scenario, {
      ...{ seed, level: 'hash', checkers: 'none', recordChoices: true },
      ...(untilUs === undefined ? {} : { untilUs }),
    });
    this.traceHash = outcome.traceHash;
    assert(outcome.recording !== undefined, 'the choices were asked for');
    const recorder = new Recorder({ level: 'hash' });
    this.#replay = replayFrom(toSetup(scenario), outcome.recording, recorder);
    this.#keep();
  }

  #keep(): void {
    const replay = this.#replay.copy();
    this.#copies.push({ records: replay.world.recorder.count, replay });
  }

  /** Prepares some more of the run; false once all of it is. */
  prepare(choices: number): boolean {
    for (let n = 0; n < choices; n++) {
      if (!this.#replay.advance()) return false;
      this.#steps += 1;
      if (this.#steps % DISTANCE === 0) this.#keep();
    }
    return true;
  }

  /** What led to a record, and how things stood before and after it. */
  at(record: number): Scene {
    while (this.#replay.world.recorder.count <= record && this.prepare(DISTANCE));
    const copy = this.#copies.findLast(({ records }) => records <= record);
    // The first record is made by the world's own beginning.
    const near = (copy ?? this.#copies[0])?.replay;
    assert(near !== undefined, 'a copy is kept from the beginning');
    const after = near.copy();
    let made = near.made;
    while (after.world.recorder.count <= record) {
      made = after.made;
      if (!after.advance()) break;
    }
    const before = near.copy();
    while (before.made < made) before.advance();
    return { before: momentOf(before), after: momentOf(after), message: messageOf(before) };
  }
}
