// A register that holds a list: append one element, read them all. A state is a text, the elements'
// JSON one after the other with a mark after each, so that a prefix of the text at a mark is a
// prefix of the list and no state needs a copy of the one before.
import type { History, HistoryOp, Json } from '../history.js';
import { valueKey } from '../history.js';
import type { Model } from '../model.js';
import { refuse } from '../model.js';
import { lookaheadByText } from '../text-lookahead.js';
import { judgeByForcedOrder } from '../monitors/forced-order.js';

export interface ListOp {
  readonly f: 'append' | 'read';
  readonly key: string | undefined;
  /** Null for a read. */
  readonly element: Json;
}

/** Control characters are escaped in JSON, so no element contains it. */
const MARK = '\u0001';

type Elements = readonly Json[];

function textOf(elements: Elements): string {
  return elements.map((element) => valueKey(element) + MARK).join('');
}

function show(text: string): string {
  const elements = text.split(MARK).slice(0, -1);
  const tail = elements.slice(-8).join(' ');
  return elements.length > 8 ? `[… ${tail}] (${elements.length} elements)` : `[${tail}]`;
}

export const listAppendModel: Model<string, ListOp, Elements> = {
  name: 'list-append-register',
  initial: '',
  step: (state, op, result) => {
    if (op.f === 'append') return state + valueKey(op.element) + MARK;
    if (result === undefined) return state;
    const text = textOf(result);
    if (text === state) return state;
    return refuse(() => `it returned ${show(text)}, but the list is ${show(state)}`);
  },
  key: (op) => op.key ?? '',
  isPure: (op) => op.f === 'read',
  describeOp: (op, result) => {
    if (op.f === 'append') return `append ${valueKey(op.element)}`;
    return `read ${result === undefined ? '?' : show(textOf(result))}`;
  },
  describeState: show,
  lookahead: (ops: History<ListOp, Elements>) =>
    lookaheadByText(ops, {
      reads: (op, result) => (op.f === 'read' && result !== undefined ? textOf(result) : undefined),
      resets: () => undefined,
    }),
  monitor: (ops: History<ListOp, Elements>) =>
    judgeByForcedOrder(ops, true, ({ op, result }: HistoryOp<ListOp, Elements>) => {
      if (op.f === 'append') return { grows: true, element: valueKey(op.element) };
      if (result === undefined) return undefined;
      return { grows: false, elements: result.map(valueKey) };
    }),
};
