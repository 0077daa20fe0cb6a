// Recognising dead ends early, by what is still to come. A completed operation may demand that the
// state shows some token (a read demands the value that it returned). Leaving a state whose token
// is still demanded is a dead end once no operation is left that could bring the token back. And a
// state whose token nobody will ever ask about is as good as any other such state.
//
// Values need not be unique for this to be sound: every operation that may produce a token counts,
// pending ones included.
import type { History } from './history.js';
import { isPending } from './history.js';
import type { Lookahead } from './model.js';
import { DOOMED } from './model.js';

export type Token = string | number | boolean | null;

export interface TokenRules<S, Op, Result> {
  readonly tokenOf: (state: S) => Token;
  /** What a completed operation needs to see. */
  readonly demands: (op: Op, result: Result | undefined) => Token | undefined;
  /** What any operation, completed or pending, may leave behind. */
  readonly produces: (op: Op, result: Result | undefined) => Token | undefined;
}

export function lookaheadByToken<S, Op, Result>(
  ops: History<Op, Result>,
  rules: TokenRules<S, Op, Result>,
): Lookahead<S> {
  const demanding = new Map<Token, number[]>();
  const producing = new Map<Token, number[]>();
  ops.forEach((op, index) => {
    const demand = isPending(op) ? undefined : rules.demands(op.op, op.result);
    if (demand !== undefined) addTo(demanding, demand, index);
    const product = rules.produces(op.op, op.result);
    if (product !== undefined) addTo(producing, product, index);
  });
  return (from, to, done) => {
    const token = rules.tokenOf(from);
    if (token === rules.tokenOf(to)) return to;
    const left = demanding.get(token);
    if (left === undefined || !someLeft(left, done)) return to;
    return someLeft(producing.get(token) ?? [], done) ? to : DOOMED;
  };
}

/**
 * Takes every state that no operation still to come asks about for the state `unseen`. `asks` names
 * the token that an operation, completed or pending, tells from all others.
 */
export function forgetUnseen<S, Op, Result>(
  ops: History<Op, Result>,
  tokenOf: (state: S) => Token,
  asks: (op: Op, result: Result | undefined) => Token | undefined,
  unseen: S,
): Lookahead<S> {
  const asking = new Map<Token, number[]>();
  ops.forEach(({ op, result }, index) => {
    const token = asks(op, result);
    if (token !== undefined) addTo(asking, token, index);
  });
  return (_from, to, done) => {
    const left = asking.get(tokenOf(to));
    return left !== undefined && someLeft(left, done) ? to : unseen;
  };
}

function addTo<K>(lists: Map<K, number[]>, token: K, index: number): void {
  const list = lists.get(token);
  if (list === undefined) lists.set(token, [index]);
  else list.push(index);
}

/** Is any of these not done? Backwards, because what was invoked last is linearized last. */
export function someLeft(list: readonly number[], done: Uint8Array): boolean {
  for (let at = list.length - 1; at >= 0; at -= 1) {
    if (done[list[at] as number] === 0) return true;
  }
  return false;
}

/** One after the other, until one says no. */
export function inTurn<S>(first: Lookahead<S>, second: Lookahead<S>): Lookahead<S> {
  return (from, to, done) => {
    const kept = first(from, to, done);
    return kept === DOOMED ? DOOMED : second(from, kept, done);
  };
}
