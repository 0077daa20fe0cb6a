// Why a part of a history is not linearizable, for a person: the operation whose answer cannot be
// explained, the few operations that contradict each other, how far they can be explained, and
// for each of the rest why it cannot come next.
import type { Part } from './compile.js';
import { byInvocation, compile, NEVER, relevant } from './compile.js';
import { checkPart } from './check.js';
import type { History, HistoryOp } from './history.js';
import { isPending } from './history.js';
import type { Limits } from './limits.js';
import type { Model } from './model.js';
import { describeOp, describeState, Refusal } from './model.js';
import type { Narrowed } from './narrow.js';
import { narrow } from './narrow.js';
import type { DeadEnd } from './search.js';
import { Search } from './search.js';

export interface StuckOp<Op, Result> {
  readonly op: HistoryOp<Op, Result>;
  readonly reason: string;
}

/** One way to explain as much as possible. */
export interface Attempt<Op, Result> {
  readonly order: History<Op, Result>;
  /** How many operations stand before those. */
  readonly before: number;
  readonly state: string;
  readonly stuck: readonly StuckOp<Op, Result>[];
}

export interface Explanation<Op, Result> extends Narrowed<Op, Result> {
  /** In one sentence, where a monitor knows; about the core. */
  readonly because: string | undefined;
  readonly attempts: readonly Attempt<Op, Result>[];
}

/** Steps for each question on the way; what cannot be told within them counts as needed. */
const STEPS_PER_QUESTION = 50_000;
const STEPS_IN_ALL = 20_000_000;
/** Steps to look for the furthest attempts; all of them are looked at if these suffice. */
const STEPS_PER_ATTEMPT = 200_000;
const ATTEMPTS_MAX = 4;
const HELPERS_MAX = 12;

/** `history` is one part, and known not to be linearizable. */
export function explainFailure<S, Op, Result>(
  model: Model<S, Op, Result>,
  history: History<Op, Result>,
  limits: Limits,
): Explanation<Op, Result> {
  let left = STEPS_IN_ALL;
  const fails = (ops: History<Op, Result>): boolean | undefined => {
    if (left <= 0 || limits.expired()) return undefined;
    const judged = checkPart(model, ops, { ...limits, maxSteps: STEPS_PER_QUESTION });
    left -= judged.steps + 1;
    return judged.verdict === 'unknown' ? undefined : judged.verdict === 'not-linearizable';
  };
  const ops = relevant(model, history);
  const isPure = ({ op, result }: HistoryOp<Op, Result>): boolean =>
    model.isPure?.(op, result) ?? false;
  const narrowed = narrow(ops, isPure, fails, model.monitor?.(ops)?.culprits ?? []);
  const whole = furthest(model, narrowed.failing, limits);
  const far = whole.exhaustive || whole.returns === narrowed.prefix;
  const attempts = far ? whole.attempts : attemptsAtCore(model, narrowed, limits);
  const because = model.monitor?.([...narrowed.core, ...narrowed.free])?.because;
  return { ...narrowed, because, attempts };
}

/** Where the whole is too much to explain: the core, with the free operations that help it on. */
function attemptsAtCore<S, Op, Result>(
  model: Model<S, Op, Result>,
  { core, free }: Narrowed<Op, Result>,
  limits: Limits,
): readonly Attempt<Op, Result>[] {
  const helpers = new Set<HistoryOp<Op, Result>>();
  for (;;) {
    const { attempts } = furthest(model, [...core, ...helpers], limits);
    const helper =
      helpers.size < HELPERS_MAX ? helperFor(model, attempts, free, helpers) : undefined;
    if (helper === undefined) return attempts;
    helpers.add(helper);
  }
}

/** A free operation after which one that is stuck could come. */
function helperFor<S, Op, Result>(
  model: Model<S, Op, Result>,
  attempts: readonly Attempt<Op, Result>[],
  free: History<Op, Result>,
  known: ReadonlySet<HistoryOp<Op, Result>>,
): HistoryOp<Op, Result> | undefined {
  for (const { order, stuck } of attempts) {
    const state = replay(model, order);
    for (const { op } of stuck) {
      const helper = free.find((one) => {
        if (known.has(one) || one.invokedAt > (op.completedAt ?? Infinity)) return false;
        const after = model.step(state, one.op, one.result);
        if (after instanceof Refusal) return false;
        return !(model.step(after, op.op, op.result) instanceof Refusal);
      });
      if (helper !== undefined && model.step(state, op.op, op.result) instanceof Refusal)
        return helper;
    }
  }
  return undefined;
}

function replay<S, Op, Result>(model: Model<S, Op, Result>, order: History<Op, Result>): S {
  let state = model.initial;
  for (const { op, result } of order) {
    const after = model.step(state, op, result);
    if (!(after instanceof Refusal)) state = after;
  }
  return state;
}

interface Furthest<Op, Result> {
  readonly attempts: readonly Attempt<Op, Result>[];
  /** How many answers they explain. */
  readonly returns: number;
  /** Was everything tried? */
  readonly exhaustive: boolean;
}

/** The dead ends that explain most answers, in different states. */
function furthest<S, Op, Result>(
  model: Model<S, Op, Result>,
  history: History<Op, Result>,
  limits: Limits,
): Furthest<Op, Result> {
  const part = compile(model, byInvocation(relevant(model, history)), limits.expired);
  if (part === undefined) return { attempts: [], returns: 0, exhaustive: false };
  let best: { readonly end: DeadEnd<S>; readonly order: readonly number[] }[] = [];
  const states = new Set<string>();
  const bounded = { ...limits, maxSteps: STEPS_PER_ATTEMPT };
  const search = new Search(model, part, bounded, (end) => {
    const returns = best[0]?.end.returns ?? -1;
    if (end.returns < returns) return;
    if (end.returns > returns) {
      best = [];
      states.clear();
    }
    const state = describeState(model, end.state);
    if (states.has(state) || best.length === ATTEMPTS_MAX) return;
    states.add(state);
    best.push({ end, order: end.order() });
  });
  const exhaustive = search.run().verdict === 'not-linearizable';
  const attempts = best.map(({ end, order }) => attemptAt(model, part, end, order));
  return { attempts, returns: best[0]?.end.returns ?? 0, exhaustive };
}

function attemptAt<S, Op, Result>(
  model: Model<S, Op, Result>,
  part: Part<Op, Result>,
  end: DeadEnd<S>,
  order: readonly number[],
): Attempt<Op, Result> {
  const done = new Set(order);
  const awaited = part.returns[end.returns] ?? -1;
  const horizon = part.returnRank[awaited] ?? NEVER;
  const stuck = part.ops.flatMap((op, index): StuckOp<Op, Result>[] => {
    if (done.has(index) || isPending(op)) return [];
    if ((part.callRank[index] as number) > horizon) {
      const first = part.ops[awaited];
      const name = first === undefined ? 'another one' : describeOp(model, first);
      return [{ op, reason: `it was invoked after ${name} had completed, which has no place yet` }];
    }
    const after = model.step(end.state, op.op, op.result);
    const possible = 'it may come next, but then nothing explains the others';
    return [{ op, reason: after instanceof Refusal ? after.reason : possible }];
  });
  return {
    order: order.map((index) => part.ops[index] as HistoryOp<Op, Result>),
    before: 0,
    state: describeState(model, end.state),
    stuck,
  };
}
