// A fault in a simpler form: a tamer kind with the same victims, a parameter left out, a rounder
// number, a shorter time. What stands first is simplest.
import { z } from 'zod';
import type { FaultSpec } from '../faults/kind.js';
import { faultKind } from '../faults/registry.js';
import { rounderCounts, rounderLengths } from './rounder.js';
import { simplerTriggers } from './triggers.js';
import type { Failure } from './trial.js';

type Params = Readonly<Record<string, unknown>>;

/** Kinds that do less, or less strangely, to the same hosts; the tamest first. */
const TAMER: Readonly<Partial<Record<string, readonly string[]>>> = {
  wipe: ['crash'],
  'corrupt-record': ['crash'],
  'lose-snapshot': ['crash'],
  'disk-full': ['disk-error'],
  'slow-disk': ['disk-stall'],
  'slow-cpu': ['pause'],
  'client-move': ['client-disconnect'],
  'client-pause': ['client-disconnect'],
  'one-way': ['partition'],
  'cut-message': ['reset'],
};

function isValid(kind: string, params: object): boolean {
  return z.safeEncode(faultKind(kind).parameters, params as Record<string, unknown>).success;
}

/** What of the parameters the other kind has as well. */
function paramsFor(kind: string, params: Params): object {
  const known = Object.keys(faultKind(kind).parameters.shape);
  if (kind === 'partition' && 'from' in params && 'to' in params) {
    return { groups: [params['from'], params['to']] };
  }
  return Object.fromEntries(Object.entries(params).filter(([key]) => known.includes(key)));
}

function tamer(fault: FaultSpec): FaultSpec[] {
  return (TAMER[fault.fault] ?? []).flatMap((kind): FaultSpec[] => {
    const params = paramsFor(kind, fault.params as Params);
    if (!isValid(kind, params)) return [];
    const forUs = faultKind(kind).lasts === 'moment' ? undefined : fault.forUs;
    return [{ ...fault, fault: kind, forUs, params }];
  });
}

/** Hosts are no numbers to be rounded. */
const QUANTITIES: ReadonlySet<string> = new Set([
  ...['by', 'rate', 'factor', 'every', 'period', 'nth', 'back', 'chance'],
]);

function simplerValues(key: string, value: unknown): unknown[] {
  if (typeof value !== 'number' || !QUANTITIES.has(key)) return [];
  if (key === 'chance') return value === 1 ? [] : [1];
  if (key === 'nth') return value === 1 ? [] : [1];
  if (key === 'by' && value > 0) return rounderLengths(value);
  return rounderCounts(value);
}

function simplerParams(fault: FaultSpec): FaultSpec[] {
  const params = fault.params as Params;
  return Object.entries(params).flatMap(([key, value]) => {
    if (value === undefined) return [];
    const rest = Object.fromEntries(Object.entries(params).filter(([other]) => other !== key));
    const values = simplerValues(key, value).map((simpler) => ({ ...params, [key]: simpler }));
    return [rest, ...values]
      .filter((candidate) => isValid(fault.fault, candidate))
      .map((candidate) => ({ ...fault, params: candidate }));
  });
}

function simplerLengths(fault: FaultSpec): FaultSpec[] {
  const { forUs } = fault;
  if (forUs === undefined) return [];
  return [undefined, ...rounderLengths(forUs)].map((length) => ({ ...fault, forUs: length }));
}

/** One thing that may be simpler about a fault: what it is, how long it lasts, when it begins. */
export type Aspect = (fault: FaultSpec, index: number, trial: Failure) => readonly FaultSpec[];

const simplerBeginnings: Aspect = (fault, index, trial) =>
  simplerTriggers(fault, index, trial).map((trigger) => ({ ...fault, trigger }));

export const ASPECTS: readonly Aspect[] = [tamer, simplerParams, simplerLengths, simplerBeginnings];
