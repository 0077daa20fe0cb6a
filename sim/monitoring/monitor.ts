// Looks at every server of a world at given times. It listens to the trace for what states do not
// say, changes nothing, and costs nothing where nobody asks for it.
import type { ServerId } from '../../protocol/ids.js';
import type { PeerState } from '../../protocol/state.js';
import type { ActorId } from '../trace/record.js';
import type { Recorder } from '../trace/recorder.js';
import type { ServerValues } from './server-values.js';
import { serverValues } from './server-values.js';
import { TrafficCounter } from './traffic.js';

/** All servers at one moment. */
export interface Sample {
  readonly atUs: number;
  readonly servers: readonly ServerValues[];
}

export interface Monitoring {
  /** The first time, and how long until each next; undefined: once. */
  readonly fromUs: number;
  readonly everyUs: number | undefined;
  readonly onSample: (sample: Sample) => void;
}

/** What it needs of a world. */
interface Watched {
  readonly nowUs: number;
  isUp(server: ActorId): boolean;
  peer(sid: ServerId): PeerState;
}

export class Monitor {
  readonly #servers: readonly ActorId[];
  readonly #counter = new TrafficCounter();

  constructor(recorder: Recorder, servers: readonly ActorId[]) {
    this.#servers = servers;
    recorder.subscribe(this.#counter.kinds, (record) => this.#counter.onRecord(record));
  }

  sample(world: Watched): Sample {
    const atUs = world.nowUs;
    const servers = this.#servers.map((server) => {
      const sid = server as number as ServerId;
      const peer = world.peer(sid);
      const up = world.isUp(server) && peer.role.kind !== 'halted';
      return serverValues({ sid, up, atUs }, peer, this.#counter);
    });
    return { atUs, servers };
  }
}
