// From a parsed history to a judgement that can be printed, stored or drawn: plain data, the same
// for all models. Whoever calls this has read the file and owns the clock.
import { checkLinearizable } from './check.js';
import type { Attempt, Explanation } from './explain.js';
import { explainFailure } from './explain.js';
import type { HistoryOp } from './history.js';
import { isPending } from './history.js';
import type { Limits } from './limits.js';
import { DEFAULT_LIMITS } from './limits.js';
import { describeOp } from './model.js';
import { narrow } from './narrow.js';
import { checkSessions } from './sessions.js';
import type { AnySubject, Consistency, Objection, Subject } from './subject.js';
import type { Verdict } from './verdict.js';

/** An operation as it is shown. */
export interface OpView {
  readonly client: string;
  readonly invokedAt: number;
  /** Null while it is open. */
  readonly completedAt: number | null;
  readonly text: string;
  /** Line of the file; 0 if it came from none. */
  readonly line: number;
  /** `core`: one of those that contradict each other; `free`: may or may not have happened. */
  readonly role: 'core' | 'free' | 'other';
}

export interface PartView {
  readonly key: string;
  readonly verdict: Verdict;
  readonly method: string;
  readonly reason: string | null;
  readonly operations: number;
  readonly steps: number;
}

export interface AttemptView {
  /** The end of the order; `before` operations stand before it. */
  readonly order: readonly OpView[];
  readonly before: number;
  readonly state: string;
  readonly stuck: readonly { readonly op: OpView; readonly reason: string }[];
}

export interface FailureView {
  readonly key: string;
  /** Operations of the part, and how many completed in the longest prefix that can be explained. */
  readonly operations: number;
  readonly prefix: number;
  /** False if time was too short to tell whether even shorter prefixes fail. */
  readonly prefixExact: boolean;
  readonly offending: OpView;
  /**
   * The smallest sub-history that still fails; `minimal` is false if time was too short to tell.
   */
  readonly core: readonly OpView[];
  readonly minimal: boolean;
  /** In one sentence, where that is known; else empty. */
  readonly because: string;
  readonly attempts: readonly AttemptView[];
  /** What happened around it, the core included. */
  readonly around: readonly OpView[];
}

export interface ObjectionView {
  readonly ops: readonly OpView[];
  readonly because: string;
}

export interface Judgement {
  readonly model: string;
  readonly consistency: Consistency;
  readonly verdict: Verdict;
  readonly reason: string | null;
  readonly operations: number;
  readonly clients: number;
  /** Operations whose outcome nobody knows. */
  readonly pending: number;
  readonly steps: number;
  readonly configurations: number;
  readonly parts: readonly PartView[];
  /** What speaks against the order that the answers claim by their zxids; usually nothing. */
  readonly objections: readonly ObjectionView[];
  /** The first part that fails; null unless one does. */
  readonly failure: FailureView | null;
}

export interface JudgeOptions {
  readonly consistency: Consistency;
  readonly limits: Limits;
  /** Explaining takes longer than judging; its own limits, or undefined to do without. */
  readonly explaining: Limits | undefined;
}

const STEPS_PER_QUESTION = 400_000;
/** How many operations around a failure are shown. */
const AROUND_MAX = 400;
const ORDER_MAX = 60;

export function judge(subject: AnySubject, options: JudgeOptions): Judgement {
  return subject({
    visit: (known) =>
      options.consistency === 'linearizable'
        ? judgeLinearizable(known, options)
        : judgeSessions(known, options.consistency, options),
  });
}

export const JUDGE_DEFAULTS: JudgeOptions = {
  consistency: 'linearizable',
  limits: DEFAULT_LIMITS,
  explaining: DEFAULT_LIMITS,
};

function judgeLinearizable<S, Op, Result>(
  { model, history, objections }: Subject<S, Op, Result>,
  { limits, explaining }: JudgeOptions,
): Judgement {
  const found = checkLinearizable(model, history, limits);
  const bad = found.parts.find(({ verdict }) => verdict === 'not-linearizable');
  let failure: FailureView | null = null;
  if (bad !== undefined && explaining !== undefined) {
    const explanation = explainFailure(model, bad.ops, explaining);
    failure = viewFailure(model, bad.key, bad.ops, explanation);
  }
  return {
    model: model.name,
    consistency: 'linearizable',
    verdict: found.verdict,
    reason: found.reason ?? null,
    ...countsOf(history),
    steps: found.steps,
    configurations: found.configurations,
    parts: found.parts.map(({ key, verdict, method, reason, ops, steps }) => ({
      key,
      verdict,
      method,
      reason: reason ?? null,
      operations: ops.length,
      steps,
    })),
    objections: objections().map((one) => viewObjection(model, one)),
    failure,
  };
}

function judgeSessions<S, Op, Result>(
  { model, history, rules, objections }: Subject<S, Op, Result>,
  consistency: Exclude<Consistency, 'linearizable'>,
  { limits, explaining }: JudgeOptions,
): Judgement {
  const rule = rules[consistency];
  const found = checkSessions(model, history, rule, limits);
  const key = found.key ?? '';
  let failure: FailureView | null = null;
  if (found.verdict === 'not-linearizable' && explaining !== undefined) {
    const short = { ...explaining, maxSteps: STEPS_PER_QUESTION };
    const fails = (ops: readonly HistoryOp<Op, Result>[]): boolean | undefined => {
      if (explaining.expired()) return undefined;
      const { verdict } = checkSessions(model, ops, rule, short);
      return verdict === 'unknown' ? undefined : verdict === 'not-linearizable';
    };
    const isPure = ({ op, result }: HistoryOp<Op, Result>): boolean =>
      model.isPure?.(op, result) ?? false;
    const suspects = rule.contradiction?.(found.ops)?.ops ?? [];
    const narrowed = narrow(found.ops, isPure, fails, suspects);
    // Without shortcuts it goes on until the model itself refuses.
    const plain = { ...model, lookahead: undefined };
    const plainRule = { needOf: rule.needOf, hintOf: rule.hintOf };
    const whole = [...narrowed.core, ...narrowed.free];
    const stuck =
      checkSessions(plain, whole, plainRule, short).stuck ??
      checkSessions(plain, narrowed.core, plainRule, short).stuck;
    const attempts: Attempt<Op, Result>[] = [];
    if (stuck !== undefined) {
      const { order, before, heads } = stuck;
      attempts.push({ order, before, state: '', stuck: heads });
    }
    const because = rule.contradiction?.([...narrowed.core, ...narrowed.free])?.because;
    failure = viewFailure(model, key, found.ops, { ...narrowed, because, attempts });
  }
  const { verdict, steps, configurations } = found;
  const reason = found.reason ?? null;
  const operations = found.ops.length;
  return {
    model: model.name,
    consistency,
    verdict,
    reason,
    ...countsOf(history),
    steps,
    configurations,
    parts: [{ key, verdict, method: 'sessions', reason, operations, steps }],
    objections: objections().map((one) => viewObjection(model, one)),
    failure,
  };
}

function viewObjection<S, Op, Result>(
  model: Subject<S, Op, Result>['model'],
  { ops, because }: Objection<Op, Result>,
): ObjectionView {
  return { ops: ops.map((op) => viewOp(model, op, 'other')), because };
}

function viewOp<S, Op, Result>(
  model: Subject<S, Op, Result>['model'],
  op: HistoryOp<Op, Result>,
  role: OpView['role'],
): OpView {
  const { client, invokedAt, line } = op;
  const completedAt = isPending(op) ? null : (op.completedAt ?? null);
  return { client, invokedAt, completedAt, text: describeOp(model, op), line, role };
}

function countsOf(
  history: readonly HistoryOp<unknown, unknown>[],
): Pick<Judgement, 'operations' | 'clients' | 'pending'> {
  const known = history.filter(({ outcome }) => outcome !== 'fail');
  return {
    operations: known.length,
    clients: new Set(known.map(({ client }) => client)).size,
    pending: known.filter(isPending).length,
  };
}

function viewFailure<S, Op, Result>(
  model: Subject<S, Op, Result>['model'],
  key: string,
  ops: readonly HistoryOp<Op, Result>[],
  explanation: Explanation<Op, Result>,
): FailureView {
  const { core, free, offending, prefix, minimal, attempts, originalOf } = explanation;
  const inCore = new Set(core);
  const isFree = new Set(free.map(originalOf));
  const view = (copy: HistoryOp<Op, Result>): OpView => {
    const op = originalOf(copy);
    const role = inCore.has(op) ? 'core' : isFree.has(op) ? 'free' : 'other';
    return viewOp(model, op, role);
  };
  return {
    key,
    operations: ops.length,
    prefix,
    prefixExact: explanation.prefixExact,
    offending: view(offending),
    core: core.map(view),
    minimal,
    because: explanation.because ?? '',
    attempts: attempts.map(({ order, before, state, stuck }) => ({
      order: order.slice(-ORDER_MAX).map(view),
      before: before + Math.max(0, order.length - ORDER_MAX),
      state,
      stuck: stuck.map(({ op, reason }) => ({ op: view(op), reason })),
    })),
    around: around(ops, core).map(view),
  };
}

/** The operations open at some time of the core; of too many, those closest to its end. */
function around<Op, Result>(
  ops: readonly HistoryOp<Op, Result>[],
  core: readonly HistoryOp<Op, Result>[],
): HistoryOp<Op, Result>[] {
  const from = Math.min(...core.map(({ invokedAt }) => invokedAt));
  const to = Math.max(...core.map(({ completedAt, invokedAt }) => completedAt ?? invokedAt));
  const names = new Set(core);
  const near = ops.filter(
    (op) => !names.has(op) && op.invokedAt <= to && (op.completedAt ?? Infinity) >= from,
  );
  const room = Math.max(0, AROUND_MAX - core.length);
  const shown = new Set(near.slice(-room));
  return ops.filter((op) => names.has(op) || shown.has(op));
}
