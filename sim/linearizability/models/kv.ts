// A store of texts by key: get, put, append, delete. A key that was never written holds the empty
// text, and so does one that was deleted.
import type { History, HistoryOp } from '../history.js';
import type { Lookahead, Model, MonitorVerdict } from '../model.js';
import { refuse } from '../model.js';
import { inTurn, lookaheadByToken } from '../lookahead.js';
import { lookaheadByText } from '../text-lookahead.js';
import { judgeByForcedOrder } from '../monitors/forced-order.js';
import { judgeByZones } from '../monitors/register-zones.js';

export interface KvOp {
  readonly f: 'get' | 'put' | 'append' | 'delete';
  readonly key: string;
  /** Empty for get and delete. */
  readonly value: string;
}

export const kvModel: Model<string, KvOp, string> = {
  name: 'kv',
  initial: '',
  step: (state, op, result) => {
    switch (op.f) {
      case 'get':
        if (result === undefined || result === state) return state;
        return refuse(() => `it returned ${show(result)}, but the key holds ${show(state)}`);
      case 'put':
        return op.value;
      case 'append':
        return state + op.value;
      case 'delete':
        return '';
    }
  },
  key: (op) => op.key,
  isPure: (op) => op.f === 'get',
  classKey: (op, result) => {
    if (op.f === 'get') return result === undefined ? '?' : `=${result}`;
    return `${op.f} ${op.value}`;
  },
  describeOp: (op, result) => {
    if (op.f === 'get') return `get ${op.key} = ${result === undefined ? '?' : show(result)}`;
    return op.f === 'delete' ? `delete ${op.key}` : `${op.f} ${op.key} ${show(op.value)}`;
  },
  describeState: show,
  lookahead: lookaheadForTexts,
  monitor: judgeTexts,
};

/** The end of a long text tells more than its beginning: that is where it was appended to. */
function show(text: string): string {
  return text.length <= 40 ? JSON.stringify(text) : `"…${JSON.stringify(text.slice(-36)).slice(1)}`;
}

function lookaheadForTexts(ops: History<KvOp, string>): Lookahead<string> {
  const byText = lookaheadByText<KvOp, string>(ops, {
    reads: (op, result) => (op.f === 'get' ? result : undefined),
    resets: (op) => (op.f === 'put' ? op.value : op.f === 'delete' ? '' : undefined),
  });
  // What an append leaves behind depends on what it meets, so values tell something without only.
  if (ops.some(({ op }) => op.f === 'append')) return byText;
  const byToken = lookaheadByToken<string, KvOp, string>(ops, {
    tokenOf: (state) => state,
    demands: (op, result) => (op.f === 'get' ? result : undefined),
    produces: (op) => (op.f === 'get' ? undefined : op.value),
  });
  return inTurn(byToken, byText);
}

function judgeTexts(ops: History<KvOp, string>): MonitorVerdict<KvOp, string> | undefined {
  if (ops.some(({ op }) => op.f === 'delete')) return undefined;
  const appends = ops.filter(({ op }) => op.f === 'append');
  if (appends.length === 0) {
    return judgeByZones(ops, '', ({ op, result }: HistoryOp<KvOp, string>) => {
      if (op.f === 'put') return { writes: true, token: op.value };
      return result === undefined ? undefined : { writes: false, token: result };
    });
  }
  if (ops.some(({ op }) => op.f === 'put')) return undefined;
  const known = new Set(appends.map(({ op }) => op.value));
  const lengths = [...new Set([...known].map((text) => text.length))].sort((a, b) => a - b);
  return judgeByForcedOrder(ops, true, ({ op, result }: HistoryOp<KvOp, string>) => {
    if (op.f === 'append') return { grows: true, element: op.value };
    if (result === undefined) return undefined;
    const elements = split(result, known, lengths);
    return elements === undefined ? undefined : { grows: false, elements };
  });
}

/** The appended texts that `text` is made of; undefined unless there is one way to read it. */
function split(
  text: string,
  known: ReadonlySet<string>,
  lengths: readonly number[],
): readonly string[] | undefined {
  const parts: string[] = [];
  for (let at = 0; at < text.length;) {
    const fitting = lengths.filter(
      (length) => at + length <= text.length && known.has(text.slice(at, at + length)),
    );
    const length = fitting[0];
    if (length === undefined || length === 0 || fitting.length > 1) return undefined;
    parts.push(text.slice(at, at + length));
    at += length;
  }
  return parts;
}
