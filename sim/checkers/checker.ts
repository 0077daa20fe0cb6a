// A checker: a claim about every run, and a fold over the trace that finds where it is broken. It
// reads records and asks the oracle, which has seen the record already; it costs O(1) a record,
// and it judges a saved trace exactly as it judges a running one.
import type { RecordKind, TraceRecord } from '../trace/record.js';
import type { Oracle } from './oracle/oracle.js';
import type { Verdict } from './verdict.js';
import { Findings } from './verdict.js';

export interface CheckerRun {
  /** Undefined: in this run there is nothing for it to judge, and records need not be told. */
  readonly onRecord: ((record: TraceRecord) => void) | undefined;
  /** Is the claim broken already? */
  isBroken(): boolean;
  onEnd(end: TraceRecord): Verdict;
}

export interface About {
  /** Kebab case; the invariant's name. */
  readonly id: string;
  /** What its failure means: the protocol, a client's guarantee, or progress. */
  readonly kind: 'safety' | 'client' | 'liveness';
  /** One sentence. */
  readonly claim: string;
  /** Keys of docs/references.md, each with its place. */
  readonly cites: readonly string[];
  /** The records that it reads. */
  readonly kinds: readonly RecordKind[];
  /** What clients asked and were told is enough for it: anybody outside could judge by it. */
  readonly clientVisible?: true;
}

export interface Checker extends About {
  start(oracle: Oracle): CheckerRun;
}

/** What to do with records, by their kind. */
export type Handlers = ReadonlyMap<RecordKind, (record: TraceRecord) => void>;

export function byKind(handlers: Handlers): (record: TraceRecord) => void {
  return (record) => handlers.get(record.kind)?.(record);
}

/** A checker that is done as soon as it has seen the records. */
export function checker(
  about: About,
  start: (oracle: Oracle, found: Findings) => (record: TraceRecord) => void,
): Checker {
  return {
    ...about,
    start(oracle) {
      const found = new Findings(about.id);
      const isBroken = (): boolean => found.any;
      return { onRecord: start(oracle, found), isBroken, onEnd: () => found.verdict() };
    },
  };
}

/** A checker that judges the end state: it says whether there was enough of a run to do so. */
export function finalChecker(
  about: About,
  start: (oracle: Oracle, found: Findings) => Final,
): Checker {
  return {
    ...about,
    start(oracle) {
      const found = new Findings(about.id);
      const { onRecord, atEnd } = start(oracle, found);
      const isBroken = (): boolean => found.any;
      return { onRecord, isBroken, onEnd: (end) => found.verdict(atEnd(end)) };
    },
  };
}

export interface Final {
  readonly onRecord: (record: TraceRecord) => void;
  /** Returns false when the run ended too early to tell. */
  readonly atEnd: (end: TraceRecord) => boolean;
}
