// Recognising dead ends early. A completed operation may demand that the state shows some token (a
// read demands the value that it returned). Leaving a state whose token is still demanded is a dead
// end once no operation is left that could bring the token back. Values need not be unique for
// this to be sound: every operation that may produce a token counts, pending ones included.
import type { History } from './history.js';
import { isPending } from './history.js';
import type { Lookahead } from './model.js';

export type Token = string | number | boolean | null;

/** Produces a token that cannot be told from the operation. */
export const ANY_TOKEN = Symbol('any token');

export interface TokenRules<S, Op, Result> {
  readonly tokenOf: (state: S) => Token | undefined;
  /** What a completed operation needs to see. */
  readonly demands: (op: Op, result: Result | undefined) => Token | undefined;
  /** What any operation, completed or pending, may leave behind. */
  readonly produces: (op: Op, result: Result | undefined) => Token | typeof ANY_TOKEN | undefined;
}

export function lookaheadByToken<S, Op, Result>(
  ops: History<Op, Result>,
  rules: TokenRules<S, Op, Result>,
): Lookahead<S> {
  const demanding = new Map<Token, number[]>();
  const producing = new Map<Token, number[]>();
  const wild: number[] = [];
  ops.forEach((op, index) => {
    const demand = isPending(op) ? undefined : rules.demands(op.op, op.result);
    if (demand !== undefined) addTo(demanding, demand, index);
    const product = rules.produces(op.op, op.result);
    if (product === ANY_TOKEN) wild.push(index);
    else if (product !== undefined) addTo(producing, product, index);
  });
  return (from, to, done) => {
    const token = rules.tokenOf(from);
    if (token === undefined || token === rules.tokenOf(to)) return true;
    const left = demanding.get(token);
    if (left === undefined || !someLeft(left, done)) return true;
    return someLeft(producing.get(token) ?? [], done) || someLeft(wild, done);
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

/** A move is allowed when all agree. */
export function both<S>(one: Lookahead<S>, other: Lookahead<S>): Lookahead<S> {
  return (from, to, done) => one(from, to, done) && other(from, to, done);
}

/** How a model whose state is a growing text says what an operation does. */
export interface TextRules<Op, Result> {
  /** The text that a completed operation returned. */
  readonly reads: (op: Op, result: Result | undefined) => string | undefined;
  /** The text that replaces whatever was there. */
  readonly resets: (op: Op) => string | undefined;
}

/** How many of the next reads are consulted; more find dead ends sooner, and cost more. */
const NEXT_READS = 12;
/** With more different lengths than this, looking for resets that fit a read does not pay. */
const LENGTHS_MAX = 64;

/**
 * For states that grow by appending: a read that is still to come needs a state that is a prefix
 * of what it returned, unless a reset to such a prefix is still to come too.
 */
export function lookaheadByPrefix<Op, Result>(
  ops: History<Op, Result>,
  rules: TextRules<Op, Result>,
): Lookahead<string> {
  const resets = new Map<string, number[]>();
  ops.forEach(({ op }, index) => {
    const text = rules.resets(op);
    if (text !== undefined) addTo(resets, text, index);
  });
  const lengths = [...new Set([...resets.keys()].map((text) => text.length))];
  if (lengths.length > LENGTHS_MAX) return () => true;

  const reads: { index: number; text: string; rebuiltBy: number[] }[] = [];
  ops.forEach((op, index) => {
    const text = isPending(op) ? undefined : rules.reads(op.op, op.result);
    if (text === undefined) return;
    const rebuiltBy = lengths
      .filter((length) => length <= text.length)
      .flatMap((length) => resets.get(text.slice(0, length)) ?? []);
    reads.push({ index, text, rebuiltBy });
  });
  // Near the first read that is not done. Missing an earlier one only makes us see less.
  let cursor = 0;
  return (_from, to, done) => {
    while (cursor > 0 && done[reads[cursor - 1]?.index ?? 0] === 0) cursor -= 1;
    while (cursor < reads.length && done[reads[cursor]?.index ?? 0] === 1) cursor += 1;
    for (let at = cursor, seen = 0; at < reads.length && seen < NEXT_READS; at += 1) {
      const read = reads[at] as (typeof reads)[number];
      if (done[read.index] === 1) continue;
      seen += 1;
      if (!read.text.startsWith(to) && !someLeft(read.rebuiltBy, done)) return false;
    }
    return true;
  };
}
