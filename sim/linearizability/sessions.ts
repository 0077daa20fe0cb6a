// Consistency of whole sessions, weaker than linearizability: there is one order of all
// operations that explains every answer and keeps the order of each session. How much of real
// time it keeps as well is decided for each operation (its need):
//   sequential consistency  none                                                  [Lamport79]
//   what ZooKeeper promises writes follow all that completed before they were invoked; reads
//                           follow their session only, so they may be stale [ZK-Guarantees]
//   ... and with sync       a sync follows all writes that completed before it was invoked
// Unlike linearizability this cannot be decided key by key. But what one key alone refutes is
// refuted, and cheaply: so where all keys together are not explained at once, each is tried
// alone.
//
// Here too an operation that changes no state is taken as soon as its session and its need allow.
// An operation without an answer leaves its session: it may come at any later time, or never.
import { partition } from './check.js';
import { byInvocation, relevant } from './compile.js';
import type { History, HistoryOp } from './history.js';
import type { Limits } from './limits.js';
import { DEFAULT_LIMITS } from './limits.js';
import type { Model } from './model.js';
import type { SessionContradiction, SessionRules } from './session-rules.js';
import type { Stuck } from './session-search.js';
import { SessionSearch } from './session-search.js';
import type { Verdict } from './verdict.js';

/** A history is explained at once if that takes so many steps per operation, and some. */
const EASY_STEPS = 4;
const EASY_STEPS_MIN = 10_000;

export function sequentialRules<Op, Result>(): SessionRules<Op, Result> {
  return { needOf: () => 'session', hintOf: () => undefined };
}

export interface SessionVerdict<Op, Result> {
  readonly verdict: Verdict;
  readonly reason: string | undefined;
  readonly steps: number;
  readonly configurations: number;
  /** The operations that contradict each other: one key's, or all. */
  readonly ops: History<Op, Result>;
  readonly key: string | undefined;
  /** Where the search could go no further; undefined unless it failed. */
  readonly stuck: Stuck<Op, Result> | undefined;
}

export function checkSessions<S, Op, Result>(
  model: Model<S, Op, Result>,
  history: History<Op, Result>,
  rules: SessionRules<Op, Result>,
  limits: Limits = DEFAULT_LIMITS,
): SessionVerdict<Op, Result> {
  const ops = byInvocation(relevant(model, history));
  const seen = rules.contradiction?.(ops);
  if (seen !== undefined) return contradicted(model, ops, seen);
  const shortly = Math.min(limits.maxSteps, EASY_STEPS * ops.length + EASY_STEPS_MIN);
  const first = search(model, ops, rules, { ...limits, maxSteps: shortly });
  if (first.verdict === 'linearizable') return first;
  let { steps } = first;
  for (const [key, part] of partition(model, ops)) {
    if (part.length === ops.length) break;
    const left = Math.max(0, limits.maxSteps - steps);
    const judged = search(model, part, rules, { ...limits, maxSteps: left });
    steps += judged.steps;
    if (judged.verdict === 'not-linearizable') return { ...judged, steps, key };
  }
  if (first.verdict === 'not-linearizable') return { ...first, steps };
  const left = Math.max(0, limits.maxSteps - steps);
  const judged = search(model, ops, rules, { ...limits, maxSteps: left });
  return { ...judged, steps: steps + judged.steps };
}

/** What contradicts is of one key, so the others may be left out of its explanation. */
function contradicted<S, Op, Result>(
  model: Model<S, Op, Result>,
  ops: History<Op, Result>,
  { ops: culprits }: SessionContradiction<Op, Result>,
): SessionVerdict<Op, Result> {
  const keyOf = (op: HistoryOp<Op, Result>): string => model.key?.(op.op) ?? '';
  const keys = new Set(culprits.map(keyOf));
  return {
    verdict: 'not-linearizable',
    reason: undefined,
    steps: 0,
    configurations: 0,
    ops: ops.filter((op) => keys.has(keyOf(op))),
    key: [...keys].join(', '),
    stuck: undefined,
  };
}

function search<S, Op, Result>(
  model: Model<S, Op, Result>,
  ops: History<Op, Result>,
  rules: SessionRules<Op, Result>,
  limits: Limits,
): SessionVerdict<Op, Result> {
  const found = new SessionSearch(model, ops, rules, limits).run();
  return { ...found, ops, key: undefined };
}
