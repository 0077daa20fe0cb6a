// How large a scenario is, in what a reader has to hold in mind.
import type { Scenario } from '../scenario/scenario.js';

export interface Size {
  readonly servers: number;
  readonly clients: number;
  readonly faults: number;
  /** Undefined: drawn while it runs. */
  readonly operations: number | undefined;
  readonly durationUs: number;
}

export function sizeOf({ cluster, clients, faults, workload, durationUs }: Scenario): Size {
  return {
    servers: cluster.voters.length + cluster.observers.length,
    clients: clients.length,
    faults: faults.length,
    operations: workload.operations?.length,
    durationUs,
  };
}
