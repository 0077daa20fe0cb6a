// A register, or one per key: read, write, compare-and-set. The result of a read is the value, that
// of a compare-and-set is whether it took place; `false` is a refusal, which says that the
// register held something else.
import type { History, HistoryOp, Json } from '../history.js';
import { valueKey } from '../history.js';
import type { Lookahead, Model, MonitorVerdict } from '../model.js';
import { refuse } from '../model.js';
import type { Token } from '../lookahead.js';
import { forgetUnseen, inTurn, lookaheadByToken } from '../lookahead.js';
import { judgeByZones } from '../monitors/register-zones.js';

export type RegisterOp =
  | { readonly f: 'read'; readonly key: string | undefined }
  | { readonly f: 'write'; readonly key: string | undefined; readonly value: Json }
  | {
      readonly f: 'cas';
      readonly key: string | undefined;
      readonly from: Json;
      readonly to: Json;
    };

type RegisterModel = Model<Json, RegisterOp, Json>;

/**
 * A primitive stands for itself; everything else for its text, marked so that no string is equal.
 */
function tokenOf(value: Json): Token {
  return typeof value === 'object' && value !== null ? `\u0000${valueKey(value)}` : value;
}

function stateKey(value: Json): string | number {
  return typeof value === 'number' || typeof value === 'string'
    ? value
    : `\u0000${valueKey(value)}`;
}

function classKey(op: RegisterOp, result: Json | undefined): string {
  switch (op.f) {
    case 'read':
      return result === undefined ? '?' : `=${valueKey(result)}`;
    case 'write':
      return `w${valueKey(op.value)}`;
    case 'cas':
      return [
        result === undefined ? '?' : valueKey(result),
        valueKey(op.from),
        valueKey(op.to),
      ].join(' ');
  }
}

function same(a: Json, b: Json): boolean {
  return tokenOf(a) === tokenOf(b);
}

function show(value: Json): string {
  return value === null ? 'nil' : valueKey(value);
}

export function registerModel(initial: Json): RegisterModel {
  return {
    name: 'register',
    initial,
    step: (state, op, result) => {
      switch (op.f) {
        case 'read':
          if (result === undefined || same(result, state)) return state;
          return refuse(() => `it returned ${show(result)}, but the register holds ${show(state)}`);
        case 'write':
          return op.value;
        case 'cas': {
          const holds = same(op.from, state);
          if (result === false && holds) {
            return refuse(() => `it was refused, but the register does hold ${show(state)}`);
          }
          if (result === true && !holds) {
            return refuse(() => `it needs ${show(op.from)}, but the register holds ${show(state)}`);
          }
          return holds ? op.to : state;
        }
      }
    },
    key: (op) => op.key ?? '',
    isPure: (op, result) => op.f === 'read' || (op.f === 'cas' && result === false),
    stateKey,
    classKey,
    describeOp: describe,
    describeState: show,
    lookahead: lookaheadForRegister,
    monitor: (ops) => judgeRegister(ops, initial),
  };
}

function describe(op: RegisterOp, result: Json | undefined): string {
  switch (op.f) {
    case 'read':
      return `read ${result === undefined ? '?' : show(result)}`;
    case 'write':
      return `write ${show(op.value)}`;
    case 'cas':
      return `cas ${show(op.from)} ${show(op.to)}${result === false ? ' refused' : ''}`;
  }
}

/** Stands for every value that nobody will read or compare with. */
const UNSEEN = '\u0000unseen';

function askedBy(op: RegisterOp, result: Json | undefined): Token | undefined {
  if (op.f === 'read') return result === undefined ? undefined : tokenOf(result);
  return op.f === 'cas' ? tokenOf(op.from) : undefined;
}

function lookaheadForRegister(ops: History<RegisterOp, Json>): Lookahead<Json> {
  const byToken = lookaheadByToken<Json, RegisterOp, Json>(ops, {
    tokenOf,
    demands: (op, result) => {
      if (op.f === 'read') return result === undefined ? undefined : tokenOf(result);
      return op.f === 'cas' && result === true ? tokenOf(op.from) : undefined;
    },
    produces: (op, result) => {
      if (op.f === 'write') return tokenOf(op.value);
      return op.f === 'cas' && result !== false ? tokenOf(op.to) : undefined;
    },
  });
  const unseen = forgetUnseen<Json, RegisterOp, Json>(ops, tokenOf, askedBy, UNSEEN);
  return inTurn(byToken, unseen);
}

function judgeRegister(
  ops: History<RegisterOp, Json>,
  initial: Json,
): MonitorVerdict<RegisterOp, Json> | undefined {
  return judgeByZones(ops, tokenOf(initial), ({ op, result }: HistoryOp<RegisterOp, Json>) => {
    if (op.f === 'write') return { writes: true, token: tokenOf(op.value) };
    if (op.f === 'read' && result !== undefined) return { writes: false, token: tokenOf(result) };
    return undefined;
  });
}
