// Why something happened: the chain of causes that leads to a record, and which faults lie in its
// past at all. What is not in the past of a record cannot have had any influence on it, however
// close in time it was. [Lamport78]
import type { Stored } from '../sim/trace/causality.js';
import { causalPast, causeChain } from '../sim/trace/causality.js';
import type { TraceRecord } from '../sim/trace/record.js';

export interface Why {
  /** The records that led to it, step by step, itself last; ascending. */
  readonly chain: readonly number[];
  /** Everything that happened before it, however remotely. */
  readonly pastSize: number;
  /** `fault` records: those that can have mattered, and those that cannot. */
  readonly faults: readonly number[];
  readonly others: readonly number[];
}

/** What a step is told by, besides the event that began it. */
const TELLING: ReadonlySet<string> = new Set([
  ...[
    'proposed',
    'appended',
    'flushed',
    'committed',
    'learned',
    'applied',
    'ackSent',
    'ackReceived',
  ],
  ...['epochFile', 'promised', 'elected', 'established', 'newLeaderAcked', 'activated', 'serving'],
  ...[
    'syncChosen',
    'syncing',
    'truncated',
    'installed',
    'snapshot',
    'fastForwarded',
    'left',
    'vote',
  ],
  ...[
    'invoked',
    'completed',
    'replied',
    'read',
    'sessionExpired',
    'sessionClosed',
    'halted',
    'mark',
  ],
]);

/** Stages hand work on inside one server: that says nothing. */
const PLUMBING: ReadonlySet<string> = new Set(['timer', 'disk', 'dialed', 'accepted']);

/** The notes of the step `event`, as far as they come before `until`. */
function* notesOf(trace: Stored, event: number, until: number): Generator<TraceRecord> {
  for (let index = event + 1; index <= until; index++) {
    const record = trace.at(index);
    if (record.cause !== event || record.actor !== trace.at(event).actor) return;
    yield record;
  }
}

/** The chain to one record: each step by the event that began it and what it did that tells. */
function chainTo(trace: Stored, index: number): number[] {
  const chain = causeChain(trace, index);
  return chain.flatMap((event, place) => {
    const until = chain[place + 1] ?? index;
    const shown = PLUMBING.has(trace.at(event).kind) && event !== index ? [] : [event];
    if (place === chain.length - 1) return shown;
    for (const note of notesOf(trace, event, until)) {
      if (TELLING.has(note.kind) && note.index < until) shown.push(note.index);
    }
    return shown;
  });
}

/** By actor: until when it is in the past of what is asked about. */
function newestOf(trace: Stored, past: ReadonlySet<number>): ReadonlyMap<number, number> {
  const newest = new Map<number, number>();
  for (const index of past) {
    const { actor, atUs } = trace.at(index);
    if ((newest.get(actor) ?? -1) < atUs) newest.set(actor, atUs);
  }
  return newest;
}

/** Why the records of `evidence` came to be; `ofFaults`: the `fault` and `effect` records. */
export function whyOf(
  trace: Stored,
  evidence: readonly number[],
  ofFaults: readonly TraceRecord[],
): Why {
  const chain = new Set<number>();
  const past = new Set<number>();
  for (const index of evidence) {
    for (const link of chainTo(trace, index)) chain.add(link);
    for (const before of causalPast(trace, index)) past.add(before);
  }
  const newest = newestOf(trace, past);
  // A fault works by what does not happen, or too late; whoever felt it and did something in this
  // past afterwards may have acted otherwise without it.
  const felt = ofFaults.filter(
    ({ kind, peer, atUs, index }) =>
      past.has(index) || (kind === 'effect' && atUs <= (newest.get(peer) ?? -1)),
  );
  const mattered = new Set(felt.map(({ value }) => value));
  const begun = ofFaults.filter(({ kind }) => kind === 'fault');
  const indices = (wanted: boolean): number[] =>
    begun.filter(({ value }) => mattered.has(value) === wanted).map(({ index }) => index);
  return {
    chain: [...chain].sort((a, b) => a - b),
    pastSize: past.size,
    faults: indices(true),
    others: indices(false),
  };
}
