// A scenario as plain data: everything that decides a run except its seed, resolved and complete. A
// file is parsed into this, the swarm draws it, a run takes it, and a failure is written back from
// it.
import type { RecipeSetting } from '../../protocol/recipes/setting.js';
import type { Limits, Timing } from '../../protocol/config.js';
import { DEFAULT_TIMING } from '../../protocol/config.js';
import type { Operation } from '../../protocol/operation.js';
import type { ServiceSettings } from '../../protocol/service-settings.js';
import type { FaultSpec, RecordPattern } from '../faults/kind.js';
import type { ClientSetup, ClockSetup, DiskModel, Latency } from '../world/setup.js';

export interface ServerWeight {
  readonly sid: number;
  readonly weight: number;
}

export interface ServerClock extends ClockSetup {
  readonly sid: number;
}

export interface Cluster {
  /** Ascending, no observer among them. */
  readonly voters: readonly number[];
  readonly observers: readonly number[];
  /** Voters that are not listed weigh 1; undefined: heads are counted. */
  readonly weights: readonly ServerWeight[] | undefined;
  /** Each voter in exactly one. */
  readonly groups: readonly (readonly number[])[] | undefined;
  readonly timing: Timing;
  readonly limits: Limits;
}

/** How often each operation is chosen, relative to the others; 0 where it is not written. */
export interface Mix {
  readonly create: number;
  readonly ephemeral: number;
  readonly set: number;
  readonly delete: number;
  readonly get: number;
  readonly exists: number;
  readonly children: number;
  readonly sync: number;
  /** Creates with a number at the end of the name, every other one ephemeral. */
  readonly sequential: number;
  /** Containers, their children, and the end of those. */
  readonly container: number;
  /** Several writes at once, now and then one that fails. */
  readonly multi: number;
  /** Reads that leave a watch. */
  readonly watch: number;
  /** Znodes that go by themselves when nobody writes them. */
  readonly ttl: number;
  /** Clients show who they are: one of two users. */
  readonly auth: number;
  /** Znodes get an access list, from the beginning or later. */
  readonly acl: number;
  /** A subtree gets a quota, and znodes. */
  readonly quota: number;
}

export type Pace =
  /** The next operation begins so long after the outcome of the last is known. */
  | { readonly kind: 'closed'; readonly think: Latency }
  /** Operations begin at this rate, whatever becomes of them. */
  | { readonly kind: 'open'; readonly perSecond: number };

/** An operation that is written down instead of drawn. */
export interface ScriptedOperation {
  /** Index of the client. */
  readonly client: number;
  readonly op: Operation;
  /** Undefined: as soon as the outcome of the one before, of the same client, is known. */
  readonly atUs: number | undefined;
}

export interface Workload {
  readonly mix: Mix;
  readonly keys: number;
  readonly pace: Pace;
  /** Of each client; undefined: as many as fit in. */
  readonly ops: number | undefined;
  /** All that clients do, in the order of each; the rest of this then means nothing. */
  readonly operations: readonly ScriptedOperation[] | undefined;
}

export interface Expectation {
  readonly verdict: 'pass' | 'fail' | 'inconclusive';
  /** Checkers that must fail, when the verdict is `fail`. */
  readonly violates: readonly string[];
  /** Rare paths that the run must take (`mark` records), or it has not told its story. */
  readonly marks: readonly string[];
  /** Records that it must contain, likewise. */
  readonly happens: readonly RecordPattern[];
  /** How many of the faults must take effect: all, at least one, or it does not matter. */
  readonly effects: 'every' | 'some' | 'any';
}

export interface Scenario {
  readonly name: string;
  readonly story: string;
  readonly lookFor: readonly string[];
  readonly cluster: Cluster;
  readonly service: ServiceSettings;
  readonly network: { readonly latency: Latency };
  readonly disk: DiskModel;
  readonly stage: Latency;
  /** Servers whose clocks are wrong from the start. */
  readonly clocks: readonly ServerClock[];
  readonly clients: readonly ClientSetup[];
  /** What all clients do instead of the workload's operations. */
  readonly recipe: RecipeSetting | undefined;
  readonly workload: Workload;
  readonly faults: readonly FaultSpec[];
  /** When all faults are healed; the quiet suffix comes on top. */
  readonly durationUs: number;
  readonly expect: Expectation;
  readonly profile: string;
  readonly variants: readonly string[];
  readonly seed: string | undefined;
}

export const DEFAULTS = {
  voters: [1, 2, 3],
  latency: { kind: 'uniform', fromUs: 1000, toUs: 5000 },
  fsync: { kind: 'uniform', fromUs: 1000, toUs: 4000 },
  bulk: { kind: 'uniform', fromUs: 5000, toUs: 20_000 },
  stage: { kind: 'uniform', fromUs: 10, toUs: 100 },
  clients: 1,
  sessionTimeoutMs: 10_000,
  mix: {
    ...{ create: 2, ephemeral: 1, set: 6, delete: 1, get: 3, exists: 1, children: 1, sync: 1 },
    ...{ sequential: 0, container: 0, multi: 0, watch: 0 },
    ...{ ttl: 0, auth: 0, acl: 0, quota: 0 },
  },
  keys: 5,
  think: { kind: 'uniform', fromUs: 50_000, toUs: 150_000 },
  durationUs: 20_000_000,
  profile: 'safe',
} as const satisfies Record<string, unknown> & {
  readonly latency: Latency;
  readonly fsync: Latency;
  readonly bulk: Latency;
  readonly stage: Latency;
  readonly think: Latency;
  readonly mix: Mix;
};

export const DEFAULT_EXPECTATION: Expectation = {
  verdict: 'pass',
  violates: [],
  marks: [],
  happens: [],
  effects: 'every',
};

/** ZooKeeper's defaults for this tick: sessions last between 2 and 20 ticks. */
export function timingFor(tickMs: number): Timing {
  return {
    ...DEFAULT_TIMING,
    tickMs,
    minSessionTimeoutMs: 2 * tickMs,
    maxSessionTimeoutMs: 20 * tickMs,
  };
}
