// What each client asked for, as intervals from the request to the moment its outcome was known.
import type { TraceView } from './trace-view.js';
import { codeOf, lowerBound } from './trace-view.js';

export interface ClientOperations {
  /** Records: asked, and known; the latter -1 while it is not. Ascending by the former. */
  readonly invoked: Int32Array;
  readonly completed: Int32Array;
  readonly fromUs: Float64Array;
  readonly toUs: Float64Array;
  /** The longest of them that ended, for looking backwards. */
  readonly longestUs: number;
}

const WRITES: ReadonlySet<string> = new Set(['create', 'delete', 'setData', 'multi']);

export function isWrite(trace: TraceView, invoked: number): boolean {
  return WRITES.has(trace.textOf(invoked));
}

export function readOperations(trace: TraceView): Map<number, ClientOperations> {
  const open = new Map<string, { readonly who: number; readonly nth: number }>();
  const lists = new Map<number, { invoked: number[]; completed: number[] }>();
  const { actor, kind, value, digest } = trace.columns;
  const invoked = codeOf('invoked');
  for (const at of trace.ofKinds(['invoked', 'completed'])) {
    const who = actor[at] as number;
    const key = `${who}/${value[at] as number}/${digest[at] as number}`;
    const list = lists.get(who) ?? { invoked: [], completed: [] };
    lists.set(who, list);
    if (kind[at] === invoked) {
      open.set(key, { who, nth: list.invoked.length });
      list.invoked.push(at);
      list.completed.push(-1);
    } else {
      const begun = open.get(key);
      if (begun !== undefined) list.completed[begun.nth] = at;
      open.delete(key);
    }
  }
  return new Map([...lists].map(([who, list]) => [who, columnsOf(trace, list)]));
}

function columnsOf(
  trace: TraceView,
  list: { readonly invoked: readonly number[]; readonly completed: readonly number[] },
): ClientOperations {
  const fromUs = Float64Array.from(list.invoked, (at) => trace.atUs(at));
  const toUs = Float64Array.from(list.completed, (at) => (at < 0 ? trace.endUs : trace.atUs(at)));
  let longestUs = 0;
  for (let at = 0; at < toUs.length; at++) {
    longestUs = Math.max(longestUs, (toUs[at] as number) - (fromUs[at] as number));
  }
  return {
    invoked: Int32Array.from(list.invoked),
    completed: Int32Array.from(list.completed),
    ...{ fromUs, toUs, longestUs },
  };
}

/**
 * Positions of the operations that touch a window; where many begin within `stepUs`, one of them.
 */
export function operationsWithin(
  operations: ClientOperations,
  { fromUs, toUs }: { readonly fromUs: number; readonly toUs: number },
  stepUs: number,
): number[] {
  const first = lowerBound(operations.fromUs, fromUs - operations.longestUs);
  const last = lowerBound(operations.fromUs, toUs + 1);
  const found: number[] = [];
  const isDense = (last - first) * stepUs > toUs - fromUs;
  let at = first;
  while (at < last) {
    if ((operations.toUs[at] as number) >= fromUs) found.push(at);
    const next = isDense
      ? lowerBound(operations.fromUs, (operations.fromUs[at] as number) + stepUs)
      : at + 1;
    at = Math.max(at + 1, next);
  }
  return found;
}
