// How large a scenario is, in what a reader has to hold in mind.
import { placesOf } from './hosts.js';
import { listOf } from '../faults/hosts.js';
import { scenarioToDocument } from '../scenario/writing.js';
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

const ACTION = 1000;
const HOST = 300;

/** What a reader has to take in: what is made to happen, to whom, and how long a text it is. */
export function weightOf(scenario: Scenario): number {
  const { faults, workload, clients } = scenario;
  const { servers, operations = 0 } = sizeOf(scenario);
  const struck = faults.flatMap(placesOf).flatMap(({ hosts }) => listOf(hosts)).length;
  const text = JSON.stringify(scenarioToDocument(scenario)).length;
  const actions = faults.length + (workload.operations === undefined ? 0 : operations);
  return ACTION * actions + HOST * (servers + clients.length + struck) + text;
}
