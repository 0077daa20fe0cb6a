// What a world is built from: concrete, resolved, free of chance except for the named
// distributions. The scenario parser and the swarm both produce this; nothing below reads YAML.
import type { Ensemble, Limits, Timing } from '../../protocol/config.js';
import type { RecipeSetting } from '../../protocol/recipes/setting.js';
import type { Rules } from '../../protocol/rules.js';
import type { ServiceSettings } from '../../protocol/service-settings.js';

/** Microseconds; every draw is rounded to an integer >= 0. */
export type Latency =
  | { readonly kind: 'constant'; readonly us: number }
  | { readonly kind: 'uniform'; readonly fromUs: number; readonly toUs: number }
  /** minUs plus an exponential of that mean. */
  | { readonly kind: 'exponential'; readonly minUs: number; readonly meanUs: number }
  /** Mostly like `uniform`; one draw in `oneIn` is `factor` times as long. */
  | {
      readonly kind: 'heavyTailed';
      readonly fromUs: number;
      readonly toUs: number;
      readonly oneIn: number;
      readonly factor: number;
    };

export interface DiskModel {
  readonly fsync: Latency;
  /** Reading or writing a snapshot, reading the log: per request. */
  readonly bulk: Latency;
}

export interface ClockSetup {
  readonly offsetMs: number;
  readonly driftPpm: number;
}

export interface ClientSetup {
  readonly sessionTimeoutMs: number;
  /** Undefined: a seeded shuffle of all servers. */
  readonly servers: readonly number[] | undefined;
  /** The path that it lives below; undefined: it sees the whole tree. */
  readonly chroot: string | undefined;
}

export interface WorldSetup {
  readonly ensemble: Ensemble;
  readonly timing: Timing;
  readonly limits: Limits;
  readonly service: ServiceSettings;
  readonly rules: Rules;
  readonly network: { readonly latency: Latency };
  readonly disk: DiskModel;
  /** Latency of a stage (a thread of the server picking up work), microseconds. */
  readonly stageUs: Latency;
  /** By server, in `ensemble.servers` order. */
  readonly clocks: readonly ClockSetup[];
  readonly clients: readonly ClientSetup[];
  /** What all clients do; undefined: operations drawn by the workload. */
  readonly recipe: RecipeSetting | undefined;
  /** Wall clock at virtual time 0, milliseconds since 1970. */
  readonly wallStartMs: number;
}
