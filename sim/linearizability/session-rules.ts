// What the order of a whole history has to respect beside the order of each session: see
// sessions.ts.
import type { History, HistoryOp } from './history.js';

/** Which operations that completed before its invocation must come before it. */
export type Need = 'session' | 'writes' | 'everything';

export interface SessionRules<Op, Result> {
  /** Operations that need everything are the writes that others may need. */
  readonly needOf: (op: HistoryOp<Op, Result>) => Need;
  /** Where to look first: operations with a smaller hint are tried before others. */
  readonly hintOf: (op: HistoryOp<Op, Result>) => number | undefined;
  /** Operations that contradict each other under these rules, if that is seen without a search. */
  readonly contradiction?: (
    ops: History<Op, Result>,
  ) => SessionContradiction<Op, Result> | undefined;
}

export interface SessionContradiction<Op, Result> {
  readonly ops: History<Op, Result>;
  readonly because: string;
}
