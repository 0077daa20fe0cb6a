// An operation in a simpler form: by the first client, as soon as it can be asked for, on a znode
// that others use as well, without a version and not ephemeral.
import { OPEN_ACL } from '../../protocol/acl.js';
import type { MultiPart, Operation } from '../../protocol/operation.js';
import { createOperation, isCreate } from '../../protocol/operation.js';
import type { Scenario, ScriptedOperation } from '../scenario/scenario.js';
import { withOperations } from './removals.js';
import { rounderTimes } from './rounder.js';

/** One part alone, or all but one. */
function simplerMultis(parts: readonly MultiPart[]): Operation[] {
  const alone = parts.flatMap((part): Operation[] => (part.kind === 'check' ? [] : [part]));
  const less = parts.map((_, at): Operation => ({ kind: 'multi', parts: parts.toSpliced(at, 1) }));
  return parts.length === 0 ? [] : [...alone, ...(parts.length > 1 ? less : [])];
}

function simplerOps(op: Operation): Operation[] {
  const isPlain = op.kind === 'create' && op.flags === 0 && op.acl === OPEN_ACL;
  if (isCreate(op) && !isPlain) return [createOperation(op.path, op.data)];
  if (op.kind === 'multi') return simplerMultis(op.parts);
  if ('watch' in op && op.watch) return [{ ...op, watch: false }];
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
    operations.map(({ client, op, atUs }) => ({ client, op: renamed(op, rename), atUs })),
  );
}

function renamed(op: Operation, rename: (path: string) => string): Operation {
  if (op.kind === 'multi') {
    const parts = op.parts.map((part) => ({ ...part, path: rename(part.path) }));
    return { kind: 'multi', parts };
  }
  return 'path' in op && op.path !== null ? { ...op, path: rename(op.path) } : op;
}

function pathsOf(op: Operation): string[] {
  if (op.kind === 'multi') return op.parts.map(({ path }) => path);
  return 'path' in op && op.path !== null ? [op.path] : [];
}

/** Fewer znodes, with short names: all the same, else each of them renamed. */
export function simplerPaths(scenario: Scenario): Scenario[] {
  const { operations = [] } = scenario.workload;
  const all = operations.flatMap(({ op }) => pathsOf(op));
  const paths = [...new Set(all)].filter((path) => path !== '/');
  const short = (path: string): string => {
    const letter = LETTERS[paths.indexOf(path)];
    return letter === undefined ? path : `/${letter}`;
  };
  return [withPaths(scenario, (path) => (path === '/' ? path : '/a')), withPaths(scenario, short)];
}
