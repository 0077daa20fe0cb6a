// A set: add, remove, contains, and read for all elements. Where nobody reads the whole set each
// element is an object of its own, which makes a part of a history so small that search is nothing.
import type { History, HistoryOp, Json } from '../history.js';
import { valueKey } from '../history.js';
import type { Model, MonitorVerdict, Refusal } from '../model.js';
import { refuse } from '../model.js';
import { judgeByForcedOrder } from '../monitors/forced-order.js';

export interface SetOp {
  readonly f: 'add' | 'remove' | 'contains' | 'read';
  readonly key: string | undefined;
  /** Null for a read. */
  readonly element: Json;
}

/**
 * Of add and remove, whether they changed the set; of contains, the answer; of read, the
 * elements.
 */
export type SetResult = boolean | readonly Json[];

/** Elements' keys, sorted. */
type Elements = readonly string[];

export function setModel(readAsWhole: boolean): Model<Elements, SetOp, SetResult> {
  return {
    name: 'set',
    initial: [],
    step: (state, op, result) => {
      if (op.f === 'read') return stepRead(state, result);
      const key = valueKey(op.element);
      const present = state.includes(key);
      const expected = op.f === 'add' ? !present : present;
      if (typeof result === 'boolean' && result !== expected) {
        return refuse(
          () => `it returned ${result}, but ${key} is ${present ? '' : 'not '}in the set`,
        );
      }
      if (op.f === 'contains' || !expected) return state;
      if (op.f === 'remove') return state.filter((element) => element !== key);
      return [...state, key].sort((a, b) => (a < b ? -1 : 1));
    },
    key: (op) => (readAsWhole ? (op.key ?? '') : `${op.key ?? ''} ${valueKey(op.element)}`),
    isPure: (op, result) => op.f === 'contains' || op.f === 'read' || result === false,
    describeOp: describe,
    describeState: show,
    monitor: judgeGrowing,
  };
}

function stepRead(state: Elements, result: SetResult | undefined): Elements | Refusal {
  if (result === undefined || typeof result === 'boolean') return state;
  const read = [...new Set(result.map(valueKey))].sort((a, b) => (a < b ? -1 : 1));
  const equal = read.length === state.length && read.every((key, at) => key === state[at]);
  return equal ? state : refuse(() => `it returned ${show(read)}, but the set is ${show(state)}`);
}

function show(elements: Elements): string {
  const some = elements.slice(0, 8).join(' ');
  return elements.length > 8 ? `{${some} …} (${elements.length} elements)` : `{${some}}`;
}

function describe(op: SetOp, result: SetResult | undefined): string {
  if (op.f === 'read') {
    return `read ${typeof result === 'object' ? show(result.map(valueKey)) : '?'}`;
  }
  const answer = result === undefined ? '' : ` = ${JSON.stringify(result)}`;
  return `${op.f} ${valueKey(op.element)}${answer}`;
}

function judgeGrowing(
  ops: History<SetOp, SetResult>,
): MonitorVerdict<SetOp, SetResult> | undefined {
  return judgeByForcedOrder(ops, false, ({ op, result }: HistoryOp<SetOp, SetResult>) => {
    if (op.f === 'add' && result !== false) return { grows: true, element: valueKey(op.element) };
    if (op.f !== 'read' || typeof result !== 'object') return undefined;
    return { grows: false, elements: [...new Set(result.map(valueKey))] };
  });
}
