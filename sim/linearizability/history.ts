// What clients saw, and nothing else: who asked for what, when, and what they were told. Every
// checker of this folder reads this one shape, for any model (model.ts).
//
// On disk our own format is one JSON object a line, after an optional first line that names it:
//   {"zabsim":"history","version":1,"model":"znode"}
//   {"client":"c1","invoked":10,"completed":25,"op":{"f":"set","path":"/a","value":"x"},
//    "result":{"version":3},"outcome":"ok"}
// Times are numbers on one common axis. Intervals are closed: an operation that completes at 20
// and one invoked at 20 are concurrent. A `completed` that is null or missing means that no answer
// came. docs/checking-histories.md describes the fields for each model.

/**
 * What the client knows: `ok`, it took effect and the result is as recorded; `fail`, it certainly
 * never took effect; `unknown`, it may take effect at any time after its invocation, or never.
 * A refusal that tells something about the state (a failed compare-and-set) is `ok` with a result
 * that says so.
 */
export type Outcome = 'ok' | 'fail' | 'unknown';

export interface HistoryOp<Op, Result> {
  readonly client: string;
  readonly invokedAt: number;
  /** Undefined when no answer came. */
  readonly completedAt: number | undefined;
  readonly op: Op;
  /** Undefined when the client does not know it. */
  readonly result: Result | undefined;
  readonly outcome: Outcome;
  /** Line of the file that it came from; 0 when it came from none. */
  readonly line: number;
}

export type History<Op, Result> = readonly HistoryOp<Op, Result>[];

/** Data as JSON holds it: what values of operations and results are made of. */
export type Json =
  null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** May this operation still take effect after the end of the history? */
export function isPending(op: HistoryOp<unknown, unknown>): boolean {
  return op.outcome === 'unknown' || (op.outcome === 'ok' && op.completedAt === undefined);
}

/** The same operation with nothing known but its invocation: weaker than the original. */
export function asPending<Op, Result>(op: HistoryOp<Op, Result>): HistoryOp<Op, Result> {
  return {
    client: op.client,
    invokedAt: op.invokedAt,
    completedAt: undefined,
    op: op.op,
    result: undefined,
    outcome: 'unknown',
    line: op.line,
  };
}

/** Equality of plain data. */
export function sameValue(a: Json, b: Json): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  return valueKey(a) === valueKey(b);
}

/** A text that is equal for equal data, whatever the order in which fields were written. */
export function valueKey(value: Json): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (isList(value)) return `[${value.map(valueKey).join(',')}]`;
  const fields = Object.keys(value)
    .sort((a, b) => (a < b ? -1 : 1))
    .map((name) => `${JSON.stringify(name)}:${valueKey(value[name] ?? null)}`);
  return `{${fields.join(',')}}`;
}

export function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
