// An operation in a simpler form: by the first client, as soon as it can be asked for, on a znode
// that others use as well, without a version and not ephemeral.
import type { Operation } from '../../protocol/operation.js';
import type { Scenario, ScriptedOperation } from '../scenario/scenario.js';
import { withOperations } from './removals.js';
import { rounderTimes } from './rounder.js';

function simplerOps(op: Operation): Operation[] {
  if (op.kind === 'create' && op.ephemeral) return [{ ...op, ephemeral: false }];
  const { kind } = op;
  if ((kind === 'setData' || kind === 'delete') && op.version !== -1) {
    return [{ ...op, version: -1 }];
  }
  return [];
}

function forms(operation: ScriptedOperation): ScriptedOperation[] {
  const { atUs, client, op } = operation;
  const times = atUs === undefined ? [] : [undefined, ...rounderTimes(atUs)];
  return [
    ...times.map((time) => ({ ...operation, atUs: time })),
    ...(client > 0 ? [{ ...operation, client: 0 }] : []),
    ...simplerOps(op).map((simpler) => ({ ...operation, op: simpler })),
  ];
}

/** Scenarios with the operation at `index` in a simpler form. */
export function simplerOperations(scenario: Scenario, index: number): Scenario[] {
  const { operations = [] } = scenario.workload;
  const operation = operations[index];
  if (operation === undefined) return [];
  return forms(operation).map((form) => withOperations(scenario, operations.with(index, form)));
}

/** None of them at a time of its own: each client asks for one after the other. */
export function withoutTimes(scenario: Scenario): Scenario {
  const { operations = [] } = scenario.workload;
  return withOperations(
    scenario,
    operations.map((operation) => ({ ...operation, atUs: undefined })),
  );
}

/**
 * All of them by the first client, one right behind the other without waiting for an outcome:
 * what takes many clients otherwise.
 */
export function asOneBurst(scenario: Scenario, atUs: number): Scenario {
  const { operations = [] } = scenario.workload;
  const burst = operations.map(({ op }) => ({ client: 0, op, atUs }));
  const clients = scenario.clients.slice(0, 1);
  return withOperations({ ...scenario, clients }, burst);
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';

function withPaths(scenario: Scenario, rename: (path: string) => string): Scenario {
  const { operations = [] } = scenario.workload;
  return withOperations(
    scenario,
    operations.map(({ client, op, atUs }) => {
      return { client, op: { ...op, path: rename(op.path) }, atUs };
    }),
  );
}

/** Fewer znodes, with short names: all the same, else each of them renamed. */
export function simplerPaths(scenario: Scenario): Scenario[] {
  const { operations = [] } = scenario.workload;
  const paths = [...new Set(operations.map(({ op }) => op.path))].filter((path) => path !== '/');
  const short = (path: string): string => {
    const letter = LETTERS[paths.indexOf(path)];
    return letter === undefined ? path : `/${letter}`;
  };
  return [withPaths(scenario, (path) => (path === '/' ? path : '/a')), withPaths(scenario, short)];
}
