// Is a history linearizable? It is split by key, because a history is linearizable if and only if
// each object's part is [HerlihyWing90], and each part goes to the model's monitor if that
// applies, or else to the search. Parts that search cannot settle quickly wait until all others
// had their turn: one bad key is enough, and it is rarely the hardest one.
import { compile, relevant } from './compile.js';
import type { History, HistoryOp } from './history.js';
import type { Limits } from './limits.js';
import { BUDGET_SPENT, DEFAULT_LIMITS } from './limits.js';
import type { Model } from './model.js';
import { Search } from './search.js';
import type { Verdict } from './verdict.js';

export interface PartVerdict<Op, Result> {
  readonly key: string;
  readonly verdict: Verdict;
  /** `search`, the name of the monitor that decided, or `none` if a bad part ended the check. */
  readonly method: string;
  /** Why the verdict is unknown. */
  readonly reason: string | undefined;
  readonly steps: number;
  readonly configurations: number;
  /** Operations that matter to the verdict. */
  readonly ops: History<Op, Result>;
}

export interface HistoryVerdict<Op, Result> {
  readonly verdict: Verdict;
  readonly reason: string | undefined;
  readonly steps: number;
  readonly configurations: number;
  /** By first appearance in the history. */
  readonly parts: readonly PartVerdict<Op, Result>[];
}

/** Steps of the first round, and by how much each later round is longer. */
const FIRST_ROUND = 20_000;
const ROUND_GROWTH = 8;

export function checkLinearizable<S, Op, Result>(
  model: Model<S, Op, Result>,
  history: History<Op, Result>,
  limits: Limits = DEFAULT_LIMITS,
): HistoryVerdict<Op, Result> {
  const parts: PartVerdict<Op, Result>[] = [];
  for (const [key, ops] of partition(model, history)) parts.push(untried(key, ops));
  let left = limits.maxSteps;
  for (let round = FIRST_ROUND; ; round *= ROUND_GROWTH) {
    let tried = 0;
    for (const [index, part] of parts.entries()) {
      const hopeless = part.verdict !== 'unknown' || part.reason === BUDGET_SPENT.memory;
      if (hopeless || left <= 0 || limits.expired()) continue;
      tried += 1;
      const judged = judgePart(model, part, { ...limits, maxSteps: Math.min(round, left) });
      parts[index] = judged;
      left -= judged.steps;
    }
    if (tried === 0 || parts.some(({ verdict }) => verdict === 'not-linearizable')) break;
  }
  return summary(parts, limits);
}

/** The parts of a history by key, without operations that cannot matter. */
export function partition<S, Op, Result>(
  model: Model<S, Op, Result>,
  history: History<Op, Result>,
): Map<string, HistoryOp<Op, Result>[]> {
  const parts = new Map<string, HistoryOp<Op, Result>[]>();
  for (const op of relevant(model, history)) {
    const key = model.key?.(op.op) ?? '';
    const part = parts.get(key);
    if (part === undefined) parts.set(key, [op]);
    else part.push(op);
  }
  return parts;
}

function untried<Op, Result>(key: string, ops: History<Op, Result>): PartVerdict<Op, Result> {
  const method = 'none';
  const reason = 'not examined';
  return { key, verdict: 'unknown', method, reason, steps: 0, configurations: 0, ops };
}

function judgePart<S, Op, Result>(
  model: Model<S, Op, Result>,
  { key, ops }: PartVerdict<Op, Result>,
  limits: Limits,
): PartVerdict<Op, Result> {
  const monitored = model.monitor?.(ops);
  if (monitored !== undefined) {
    const { method, linearizable } = monitored;
    const verdict = linearizable ? 'linearizable' : 'not-linearizable';
    return { key, verdict, method, reason: undefined, steps: 0, configurations: 0, ops };
  }
  const method = 'search';
  const part = compile(model, ops, limits.expired);
  if (part === undefined) {
    const reason = BUDGET_SPENT.time;
    return { key, verdict: 'unknown', method, reason, steps: 0, configurations: 0, ops };
  }
  const found = new Search(model, part, limits).run();
  const { verdict, reason, steps, configurations } = found;
  return { key, verdict, method, reason, steps, configurations, ops };
}

/** The verdict on one part alone. */
export function checkPart<S, Op, Result>(
  model: Model<S, Op, Result>,
  ops: History<Op, Result>,
  limits: Limits,
): PartVerdict<Op, Result> {
  return judgePart(model, untried('', relevant(model, ops)), limits);
}

function summary<Op, Result>(
  parts: readonly PartVerdict<Op, Result>[],
  limits: Limits,
): HistoryVerdict<Op, Result> {
  const undecided = parts.find(({ verdict }) => verdict === 'unknown');
  const bad = parts.some(({ verdict }) => verdict === 'not-linearizable');
  const reason = limits.expired() ? BUDGET_SPENT.time : undecided?.reason;
  return {
    verdict: bad ? 'not-linearizable' : undecided === undefined ? 'linearizable' : 'unknown',
    reason: bad || undecided === undefined ? undefined : reason,
    steps: parts.reduce((sum, { steps }) => sum + steps, 0),
    configurations: parts.reduce((sum, { configurations }) => sum + configurations, 0),
    parts,
  };
}
