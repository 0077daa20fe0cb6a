// Objects that only grow and are read as a whole: a list that is appended to, a set that is added
// to, in O(n log n). If every element is unique the reads alone force an order. They must form a
// chain, each contained in the next; an element stands right before the first read that shows it;
// elements that no read shows stand at the end. What is left to choose commutes, so it may follow
// the order of invocation, and one scan decides.
import type { History, HistoryOp } from '../history.js';
import { isPending } from '../history.js';
import type { MonitorVerdict } from '../model.js';
import { realTimeConflict, sortedByInvocation } from './real-time.js';

type Verdict<Op, Result> = MonitorVerdict<Op, Result>;

/** `grows`: the operation contributes this element; otherwise it read these elements. */
export type GrowingUse =
  | { readonly grows: true; readonly element: string }
  | { readonly grows: false; readonly elements: readonly string[] };

/** `ordered` for lists, where a read must be a prefix of the next one element by element. */
export function judgeByForcedOrder<Op, Result>(
  ops: History<Op, Result>,
  ordered: boolean,
  useOf: (op: HistoryOp<Op, Result>) => GrowingUse | undefined,
): Verdict<Op, Result> | undefined {
  const method = ordered ? 'list order' : 'set order';
  const additions = new Map<string, HistoryOp<Op, Result>>();
  const reads: { op: HistoryOp<Op, Result>; elements: readonly string[] }[] = [];
  for (const op of ops) {
    const use = useOf(op);
    if (use === undefined) return undefined;
    if (!use.grows) {
      if (!isPending(op)) reads.push({ op, elements: use.elements });
    } else if (additions.has(use.element)) {
      return undefined;
    } else {
      additions.set(use.element, op);
    }
  }
  reads.sort((a, b) => a.elements.length - b.elements.length || a.op.invokedAt - b.op.invokedAt);

  const violated = (culprits: History<Op, Result>, because: string): Verdict<Op, Result> => {
    return { method, linearizable: false, culprits, because };
  };
  const order: HistoryOp<Op, Result>[] = [];
  const shown = new Set<string>();
  let previous: (typeof reads)[number] | undefined;
  for (const read of reads) {
    if (previous !== undefined && !continues(previous.elements, read.elements, ordered)) {
      return violated([previous.op, read.op], 'neither of the two reads contains the other');
    }
    const fresh: HistoryOp<Op, Result>[] = [];
    for (const element of read.elements.slice(ordered ? shown.size : 0)) {
      if (!ordered && shown.has(element)) continue;
      const addition = additions.get(element);
      if (addition === undefined || shown.has(element)) {
        return violated([read.op], 'it shows an element that nobody added, or one twice');
      }
      shown.add(element);
      fresh.push(addition);
    }
    for (const op of ordered ? fresh : sortedByInvocation(fresh)) order.push(op);
    order.push(read.op);
    previous = read;
  }
  const unseen = [...additions].filter(([element, op]) => !shown.has(element) && !isPending(op));
  for (const op of sortedByInvocation(unseen.map(([, addition]) => addition))) order.push(op);
  const conflict = realTimeConflict(order);
  return conflict === undefined
    ? { method, linearizable: true, culprits: [], because: '' }
    : violated(conflict, 'what the reads show puts them the other way round');
}

function continues(
  shorter: readonly string[],
  longer: readonly string[],
  ordered: boolean,
): boolean {
  if (ordered) return shorter.every((element, index) => element === longer[index]);
  const all = new Set(longer);
  return shorter.every((element) => all.has(element));
}
