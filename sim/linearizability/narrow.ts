// From a history that fails to the few operations that matter. Only steps that keep a history
// explainable if it was are taken, so what is left fails for a reason that the whole history has
// too:
//   cut     to a prefix: what completed later is open, what was invoked later is gone;
//   drop    an operation that changes no state;
//   free    any other operation: it may come at any time after its invocation, or never.
// Leaving out a write altogether is not among them: a read of its value would then fail for a
// reason of our own making.
import type { History, HistoryOp } from './history.js';
import { asPending, isPending } from './history.js';
import { byInvocation, rank } from './compile.js';

/** Does this history fail? Undefined when that is too much to find out. */
export type Fails<Op, Result> = (ops: History<Op, Result>) => boolean | undefined;

export interface Narrowed<Op, Result> {
  /** How many operations had completed in the longest prefix that does not fail. */
  readonly prefix: number;
  /** False when the budget left it open whether even shorter ones fail. */
  readonly prefixExact: boolean;
  /** The prefix one completion longer, which fails; what was not answered by then is pending. */
  readonly failing: History<Op, Result>;
  /** Whose completion is what cannot be explained. */
  readonly offending: HistoryOp<Op, Result>;
  /** The operations that still fail, by invocation: no more of them can be freed or dropped. */
  readonly core: History<Op, Result>;
  /** Those that were freed, or pending already. */
  readonly free: History<Op, Result>;
  /** False when the budget ended the search for less. */
  readonly minimal: boolean;
  /** Freed and unanswered operations are copies; this is what they are copies of. */
  readonly originalOf: (op: HistoryOp<Op, Result>) => HistoryOp<Op, Result>;
}

/** Weaker copies of operations, one of each kind for each, and what they are copies of. */
class Copies<Op, Result> {
  readonly #freed = new Map<HistoryOp<Op, Result>, HistoryOp<Op, Result>>();
  readonly #originals = new Map<HistoryOp<Op, Result>, HistoryOp<Op, Result>>();

  /** Optional from its invocation on; what it returned is still what it returned if it happened. */
  freed(op: HistoryOp<Op, Result>): HistoryOp<Op, Result> {
    const known = this.#freed.get(op);
    if (known !== undefined) return known;
    const { result, invokedAt, client, op: what, line } = op;
    const copy: HistoryOp<Op, Result> = {
      client,
      invokedAt,
      completedAt: undefined,
      op: what,
      result,
      outcome: 'unknown',
      line,
    };
    this.#freed.set(op, copy);
    this.#originals.set(copy, op);
    return copy;
  }

  /** As it was before its answer came. */
  open(op: HistoryOp<Op, Result>): HistoryOp<Op, Result> {
    const copy = asPending(op);
    this.#originals.set(copy, op);
    return copy;
  }

  originalOf(op: HistoryOp<Op, Result>): HistoryOp<Op, Result> {
    return this.#originals.get(op) ?? op;
  }
}

/** `history` fails and holds only operations that matter; `isPure` is the model's. */
export function narrow<Op, Result>(
  history: History<Op, Result>,
  isPure: (op: HistoryOp<Op, Result>) => boolean,
  fails: Fails<Op, Result>,
  /** Operations that a monitor named, to begin with. */
  suspects: History<Op, Result>,
): Narrowed<Op, Result> {
  const ops = byInvocation(history);
  const copies = new Copies<Op, Result>();
  const task = { fails, suspects, isPure, copies };
  const cut = shortestPrefix(ops, task);
  const { core, free, minimal } = shrink(cut.ops, task);
  const { prefix, offending, ops: failing } = cut;
  return {
    prefix,
    failing,
    offending,
    core,
    free,
    minimal,
    prefixExact: cut.exact,
    originalOf: (op) => copies.originalOf(op),
  };
}

interface Task<Op, Result> {
  readonly fails: Fails<Op, Result>;
  readonly suspects: History<Op, Result>;
  readonly isPure: (op: HistoryOp<Op, Result>) => boolean;
  readonly copies: Copies<Op, Result>;
}

interface Cut<Op, Result> {
  readonly ops: History<Op, Result>;
  readonly prefix: number;
  readonly offending: HistoryOp<Op, Result>;
  readonly exact: boolean;
}

/** Bisects over completions: a prefix of an explainable history is explainable. */
function shortestPrefix<Op, Result>(
  ops: History<Op, Result>,
  { fails, suspects, copies }: Task<Op, Result>,
): Cut<Op, Result> {
  const { callRank, returnRank, returns } = rank(ops);
  const upTo = (count: number): HistoryOp<Op, Result>[] => {
    const last = returnRank[returns[count - 1] ?? -1] ?? 0;
    const known: HistoryOp<Op, Result>[] = [];
    ops.forEach((op, index) => {
      if ((callRank[index] as number) > last) return;
      if ((returnRank[index] as number) <= last) known.push(op);
      else if (isPending(op)) known.push(op);
      else known.push(copies.open(op));
    });
    return known;
  };
  let low = 0;
  let high = suspectedEnd(ops, returns, suspects);
  if (high < returns.length && fails(upTo(high)) !== true) high = returns.length;
  let exact = true;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    const bad = fails(upTo(middle));
    exact &&= bad !== undefined;
    if (bad === true) high = middle;
    else low = middle;
  }
  const offending = ops[returns[high - 1] ?? -1] as HistoryOp<Op, Result>;
  return { ops: upTo(high), prefix: high - 1, offending, exact };
}

/** How many returns there are up to the last of the suspects'. */
function suspectedEnd<Op, Result>(
  ops: History<Op, Result>,
  returns: Int32Array,
  suspects: History<Op, Result>,
): number {
  if (suspects.length === 0) return returns.length;
  const named = new Set(suspects);
  let end = 0;
  returns.forEach((op, index) => {
    if (named.has(ops[op] as HistoryOp<Op, Result>)) end = index + 1;
  });
  return end === 0 ? returns.length : end;
}

interface Shrunk<Op, Result> {
  readonly core: History<Op, Result>;
  readonly free: History<Op, Result>;
  readonly minimal: boolean;
}

/** Frees or drops ever smaller groups of operations, as long as the rest fails. */
function shrink<Op, Result>(
  ops: History<Op, Result>,
  { fails, suspects, isPure, copies }: Task<Op, Result>,
): Shrunk<Op, Result> {
  /** The history in which only these keep their answers. */
  const keeping = (kept: ReadonlySet<HistoryOp<Op, Result>>): HistoryOp<Op, Result>[] =>
    ops.flatMap((op) => {
      if (kept.has(op) || isPending(op)) return [op];
      return isPure(op) ? [] : [copies.freed(op)];
    });
  let kept = ops.filter((op) => !isPending(op));
  const named = kept.filter((op) => suspects.includes(op));
  if (named.length > 0 && fails(keeping(new Set(named))) === true) kept = named;

  let minimal = true;
  for (let size = kept.length >> 1; size >= 1;) {
    let freedSome = false;
    for (let from = 0; from < kept.length;) {
      const rest = [...kept.slice(0, from), ...kept.slice(from + size)];
      const bad = fails(keeping(new Set(rest)));
      if (bad === true) {
        kept = rest;
        freedSome = true;
      } else {
        minimal &&= bad !== undefined;
        from += size;
      }
    }
    // At single operations another round may free more, because fewer are left to explain.
    if (size > 1) size >>= 1;
    else if (!freedSome) break;
  }
  const core = new Set(kept);
  const free = keeping(core).filter((op) => !core.has(op));
  return { core: kept, free, minimal };
}
