// One server: its host, its process and what the process cannot see of itself (its disk, its
// clock, how fast it runs). Changed in place by the world; everything it refers to that is large is
// immutable, so a copy costs references only.
import type { RandomStreams } from '../../base/random.js';
import type { PeerConfig } from '../../protocol/peer-config.js';
import type { ClockCondition, DiskCondition, ProcessCondition } from './conditions.js';
import { GOOD_DISK } from './conditions.js';
import type { ServerClock } from './clock.js';
import type { Contributions } from './contributions.js';
import { Disk } from './disk.js';
import type { Host } from './hosts.js';
import { LatencySource } from './latency.js';
import type { Pending } from './pending.js';
import { Timers } from './timers.js';

export class Server<P> implements Host {
  readonly actor: number;
  readonly config: PeerConfig;
  state: P;
  /** Which incarnation of the process this is: goes up when one ends. */
  life = 0;
  powered = true;
  up = false;
  listening = false;
  paused = false;
  /** Seq of the boot that is pending, or 0. */
  bootSeq = 0;
  slowFactor = 1;
  readonly clock: ServerClock;
  readonly timers: Timers;
  readonly disk: Disk;
  diskCondition: DiskCondition = GOOD_DISK;
  diskFaults: Contributions<DiskCondition> = [];
  processFaults: Contributions<ProcessCondition> = [];
  clockFaults: Contributions<ClockCondition> = [];
  /** What reached the kernel while the process was paused, in order. */
  inbox: Pending[] = [];
  /** Completions that a stalled disk owes, in order. */
  stalled: Pending[] = [];
  /** Faults waiting for the next boot. */
  corruptions: readonly { readonly fault: number; readonly back: number }[] = [];
  snapshotLosses: readonly number[] = [];
  readonly #names: ServerStreams;
  readonly stageLatency: LatencySource;
  readonly diskLatency: LatencySource;
  readonly #streams: RandomStreams;

  constructor(parts: ServerParts<P>, streams: RandomStreams, names?: ServerStreams) {
    this.actor = parts.config.sid;
    this.config = parts.config;
    this.state = parts.state;
    this.clock = parts.clock;
    this.timers = parts.timers ?? new Timers(this.actor);
    this.disk = parts.disk ?? new Disk();
    this.#streams = streams;
    this.#names = names ?? streamNames(this.actor);
    this.stageLatency = new LatencySource(streams, this.#names.stage);
    this.diskLatency = new LatencySource(streams, this.#names.disk);
  }

  /** Draws about the disk's faults, and about what a crash leaves. */
  diskChances(): ReturnType<RandomStreams['stream']> {
    return this.#streams.stream(this.#names.diskFaults);
  }

  crashChances(): ReturnType<RandomStreams['stream']> {
    return this.#streams.stream(this.#names.crash);
  }

  copy(streams: RandomStreams): Server<P> {
    const parts = {
      config: this.config,
      state: this.state,
      clock: this.clock.copy(),
      timers: this.timers.copy(),
      disk: this.disk.copy(),
    };
    const twin = new Server(parts, streams, this.#names);
    twin.life = this.life;
    twin.powered = this.powered;
    twin.up = this.up;
    twin.listening = this.listening;
    twin.paused = this.paused;
    twin.bootSeq = this.bootSeq;
    twin.slowFactor = this.slowFactor;
    twin.diskCondition = this.diskCondition;
    twin.diskFaults = this.diskFaults;
    twin.processFaults = this.processFaults;
    twin.clockFaults = this.clockFaults;
    twin.inbox = this.inbox.slice();
    twin.stalled = this.stalled.slice();
    twin.corruptions = this.corruptions;
    twin.snapshotLosses = this.snapshotLosses;
    return twin;
  }
}

export interface ServerParts<P> {
  readonly config: PeerConfig;
  readonly state: P;
  readonly clock: ServerClock;
  readonly timers?: Timers;
  readonly disk?: Disk;
}

interface ServerStreams {
  readonly stage: string;
  readonly disk: string;
  readonly diskFaults: string;
  readonly crash: string;
}

function streamNames(actor: number): ServerStreams {
  const id = String(actor);
  return {
    stage: `stage/${id}`,
    disk: `disk/${id}`,
    diskFaults: `disk/${id}/faults`,
    crash: `crash/${id}`,
  };
}
