// Happens-before over columns: everything that can have led to a record, and everything that it can
// have led to, each in one scan over the trace. The same relation as sim/trace/causality.ts, which
// a test compares it with, but for a million records at once.
import { FIRST_CLIENT, WORLD } from '../../../sim/trace/record.js';
import type { TraceView } from './trace-view.js';

export const APART = 0;
export const PAST = 1;
export const FUTURE = 2;
const SELF = 3;

/** For each record where it stands to `index`. */
export function conesOf(trace: TraceView, index: number): Uint8Array {
  const cones = new Uint8Array(trace.length);
  markPast(trace, index, cones);
  markFuture(trace, index, cones);
  cones[index] = SELF;
  return cones;
}

function actorsIn(trace: TraceView): number {
  const { actor } = trace.columns;
  let largest = FIRST_CLIENT;
  for (let at = 0; at < trace.length; at++)
    if ((actor[at] as number) > largest) largest = actor[at] as number;
  return largest + 1;
}

function markPast(trace: TraceView, index: number, cones: Uint8Array): void {
  const { actor, cause } = trace.columns;
  /** By actor its newest record in the past; the world does nothing in order. */
  const newest = new Int32Array(actorsIn(trace)).fill(-1);
  const mark = (at: number): void => {
    const who = actor[at] as number;
    if (who === WORLD) cones[at] = PAST;
    else if ((newest[who] as number) < at) newest[who] = at;
  };
  mark(index);
  for (let at = index; at >= 0; at--) {
    const who = actor[at] as number;
    const before = who === WORLD ? cones[at] === PAST : (newest[who] as number) >= at;
    if (!before) continue;
    cones[at] = PAST;
    const why = cause[at] as number;
    if (why >= 0) mark(why);
  }
}

/** Everything that can have led to any of these records, themselves included. */
export function pastOf(trace: TraceView, records: readonly number[]): Uint8Array {
  const past = new Uint8Array(trace.length);
  for (const index of records) {
    const cones = new Uint8Array(trace.length);
    markPast(trace, index, cones);
    for (let at = index; at >= 0; at--) if (cones[at] === PAST) past[at] = PAST;
  }
  return past;
}

function markFuture(trace: TraceView, index: number, cones: Uint8Array): void {
  const { actor, cause } = trace.columns;
  const reached = new Uint8Array(actorsIn(trace));
  const self = actor[index] as number;
  if (self !== WORLD) reached[self] = 1;
  for (let at = index + 1; at < trace.length; at++) {
    const who = actor[at] as number;
    const why = cause[at] as number;
    const caused = why === index || (why > index && cones[why] === FUTURE);
    if (!caused && (who === WORLD || reached[who] === 0)) continue;
    cones[at] = FUTURE;
    if (who !== WORLD) reached[who] = 1;
  }
}
