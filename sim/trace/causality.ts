// Happens-before in a stored trace: a record comes after its cause, and after everything that its
// own server or client did before. The world is no process: that it does things one after the
// other orders nothing. A cause always has a smaller index, so one scan backwards finds a whole
// past.
import type { TraceRecord } from './record.js';
import { WORLD } from './record.js';

/** Whatever gives out records by their index: a Recorder, or an array behind a function. */
export interface Stored {
  at(index: number): TraceRecord;
}

/** The chain of causes that leads to a record, the record itself last. */
export function causeChain(trace: Stored, index: number): number[] {
  const chain: number[] = [];
  for (let at = index; at >= 0; at = trace.at(at).cause) chain.push(at);
  return chain.reverse();
}

/**
 * Indices of everything that happened before a record, itself included, ascending; back to
 * `from`. What is missing in the answer can not have had any influence on it.
 */
export function causalPast(trace: Stored, index: number, from = 0): number[] {
  /** By actor: its newest record known to be in the past. The world's are marked one by one. */
  const newest = new Map<number, number>();
  const ofTheWorld = new Set<number>();
  const mark = (at: number): void => {
    const { actor } = trace.at(at);
    if (actor === WORLD) ofTheWorld.add(at);
    else if ((newest.get(actor) ?? -1) < at) newest.set(actor, at);
  };
  mark(index);
  const past: number[] = [];
  for (let at = index; at >= from; at--) {
    const { actor, cause } = trace.at(at);
    if (actor === WORLD ? !ofTheWorld.has(at) : (newest.get(actor) ?? -1) < at) continue;
    past.push(at);
    if (cause >= from) mark(cause);
  }
  return past.reverse();
}

/** Can `before` have influenced `after`? */
export function happensBefore(trace: Stored, before: number, after: number): boolean {
  if (before >= after) return false;
  return causalPast(trace, after, before)[0] === before;
}
