// Which records a short timeline shows. The rule: what changes who leads, who follows and what is
// chosen, is shown; what repeats without changing any of that is counted; the machinery in between
// (timers, disk completions, single acknowledgements) is left to the full timeline.
import type { Zxid } from '../protocol/ids.js';
import type { RecordKind, TraceRecord } from '../sim/trace/record.js';
import { isServer } from './format.js';
import { isEpochStart } from './packet-words.js';

type Weight = 'shown' | 'counted' | 'hidden';

const SHOWN: ReadonlySet<RecordKind> = new Set<RecordKind>([
  ...(['crash', 'fault', 'healed', 'quiet', 'halted'] as const),
  ...(['elected', 'left', 'rollover'] as const),
  ...(['epochProposed', 'promised', 'established'] as const),
  ...(['syncChosen', 'newLeaderAcked', 'activated', 'serving'] as const),
  'sessionExpired',
]);

const COUNTED: ReadonlySet<RecordKind> = new Set<RecordKind>(['committed', 'completed']);

/** Between a line of these and a later line no record moves: they are what the rest is about. */
export const TURNING_POINTS: ReadonlySet<RecordKind> = new Set<RecordKind>([
  ...(['crash', 'fault', 'healed', 'effect', 'quiet', 'halted', 'rollover'] as const),
  ...(['epochProposed', 'established', 'newLeaderAcked', 'activated'] as const),
]);

/**
 * Lost all the time, by design: only the newest notification is kept, and dials are tried again.
 */
const REPLACEABLE: ReadonlySet<string> = new Set(['notification', 'connect']);

const SOMETIMES: Partial<Record<RecordKind, (record: TraceRecord) => Weight>> = {
  received: ({ text }) => (text === 'newLeader' ? 'shown' : text === 'ping' ? 'counted' : 'hidden'),
  ackSent: ({ zxid }) => (isEpochStart(zxid as Zxid) ? 'shown' : 'hidden'),
  // A crash has a line of its own already.
  effect: ({ text }) => (text === 'crashed' ? 'hidden' : 'shown'),
  boot: ({ actor }) => (isServer(actor) ? 'shown' : 'hidden'),
  vote: ({ peer }) => (peer === 0 ? 'hidden' : 'shown'),
  refused: ({ peer }) => (peer === 0 ? 'hidden' : 'shown'),
  lost: ({ text }) => (REPLACEABLE.has(text) ? 'hidden' : 'counted'),
  clientState: ({ text }) => (text === 'expired' ? 'shown' : 'hidden'),
};

function weigh(record: TraceRecord): Weight {
  if (SHOWN.has(record.kind)) return 'shown';
  if (COUNTED.has(record.kind)) return 'counted';
  return SOMETIMES[record.kind]?.(record) ?? 'hidden';
}

const LOGS: ReadonlySet<RecordKind> = new Set(['appended', 'truncated', 'boot', 'crash']);

export class Notable {
  readonly #observers: ReadonlySet<number>;
  /** Learners whose ACK of NEWLEADER was shown; they send a second one after UPTODATE. */
  readonly #acked = new Set<number>();
  /** Where each log ends. */
  readonly #logged = new Map<number, number>();

  constructor(observers: readonly number[]) {
    this.#observers = new Set(observers);
  }

  weigh(record: TraceRecord): Weight {
    const { kind, actor } = record;
    if (LOGS.has(kind)) return this.#weighLog(record);
    // An observer has no say: its votes follow those of the voters.
    if (kind === 'vote' && this.#observers.has(actor)) return 'hidden';
    if (kind === 'promised') this.#acked.delete(actor);
    const weight = weigh(record);
    if (kind !== 'ackSent' || weight !== 'shown') return weight;
    if (this.#acked.has(actor)) return 'hidden';
    this.#acked.add(actor);
    return 'shown';
  }

  /** A log that is cut where it ends already is as it was. */
  #weighLog(record: TraceRecord): Weight {
    const { kind, actor, zxid, text } = record;
    const before = this.#logged.get(actor) ?? 0;
    this.#logged.set(actor, zxid);
    if (kind !== 'truncated') return weigh(record);
    return text === 'reset' || zxid < before ? 'shown' : 'hidden';
  }
}
