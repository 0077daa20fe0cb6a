// Every kind of fault, in the order in which they are listed and drawn.
import { assert } from '../../base/assert.js';
import { CLIENT_FAULTS } from './client.js';
import { CLOCK_FAULTS } from './clock.js';
import { CLUSTER_FAULTS } from './cluster.js';
import { DISK_FAULTS } from './disk.js';
import type { FaultKind } from './kind.js';
import { NETWORK_CUTS } from './network-cuts.js';
import { NETWORK_QUALITY } from './network-quality.js';
import { PROCESS_FAULTS } from './process.js';

export const FAULT_KINDS: readonly FaultKind[] = [
  ...NETWORK_CUTS,
  ...NETWORK_QUALITY,
  ...PROCESS_FAULTS,
  ...DISK_FAULTS,
  ...CLOCK_FAULTS,
  ...CLIENT_FAULTS,
  ...CLUSTER_FAULTS,
];

const BY_NAME = new Map(FAULT_KINDS.map((kind) => [kind.name, kind]));

/** The kind of a fault that passed the scenario's schema. */
export function faultKind(name: string): FaultKind {
  const kind = BY_NAME.get(name);
  assert(kind !== undefined, 'a fault of an unknown kind');
  return kind;
}
