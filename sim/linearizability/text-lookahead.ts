// Looking ahead where states are texts that grow by appending, until something resets them. A read
// that is still to come needs a state that is a prefix of what it returned, unless a reset to such
// a prefix is still to come too. And a text that is a prefix of nothing that will be read is noise
// until the next reset: all noise is the same, whatever was appended in whatever order.
import type { History } from './history.js';
import { isPending } from './history.js';
import { someLeft } from './lookahead.js';
import type { Lookahead } from './model.js';
import { DOOMED } from './model.js';

/** How a model says what an operation does. */
export interface TextRules<Op, Result> {
  /** The text that a completed operation returned. */
  readonly reads: (op: Op, result: Result | undefined) => string | undefined;
  /** The text that replaces whatever was there. */
  readonly resets: (op: Op) => string | undefined;
}

interface TextRead {
  readonly index: number;
  readonly text: string;
  /** Resets after which it could be read, by appending. */
  readonly rebuiltBy: readonly number[];
}

/** How many of the next reads are consulted; more find dead ends sooner, and cost more. */
const NEXT_READS = 12;
/** With more different lengths than this, looking for resets that fit a read does not pay. */
const LENGTHS_MAX = 64;
/** No text of a history is taken to begin like this. */
const NOISE = '\u0000noise';

export function lookaheadByText<Op, Result>(
  ops: History<Op, Result>,
  rules: TextRules<Op, Result>,
): Lookahead<string> {
  const reads = readsOf(ops, rules);
  if (reads === undefined) return (_from, to) => to;
  const byText = [...reads].sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0));
  // Near the first read that is not done. Missing an earlier one only makes us see less.
  let cursor = 0;
  return (_from, to, done) => {
    while (cursor > 0 && done[reads[cursor - 1]?.index ?? 0] === 0) cursor -= 1;
    while (cursor < reads.length && done[reads[cursor]?.index ?? 0] === 1) cursor += 1;
    for (let at = cursor, seen = 0; at < reads.length && seen < NEXT_READS; at += 1) {
      const read = reads[at] as TextRead;
      if (done[read.index] === 1) continue;
      seen += 1;
      if (!read.text.startsWith(to) && !someLeft(read.rebuiltBy, done)) return DOOMED;
    }
    return leadsToRead(byText, to, done) ? to : NOISE;
  };
}

function readsOf<Op, Result>(
  ops: History<Op, Result>,
  rules: TextRules<Op, Result>,
): TextRead[] | undefined {
  const resets = new Map<string, number[]>();
  ops.forEach(({ op }, index) => {
    const text = rules.resets(op);
    if (text === undefined) return;
    const same = resets.get(text);
    if (same === undefined) resets.set(text, [index]);
    else same.push(index);
  });
  const lengths = [...new Set([...resets.keys()].map((text) => text.length))];
  if (lengths.length > LENGTHS_MAX) return undefined;
  return ops.flatMap((op, index): TextRead[] => {
    const text = isPending(op) ? undefined : rules.reads(op.op, op.result);
    if (text === undefined) return [];
    const rebuiltBy = lengths
      .filter((length) => length <= text.length)
      .flatMap((length) => resets.get(text.slice(0, length)) ?? []);
    return [{ index, text, rebuiltBy }];
  });
}

/** Texts that begin alike stand together when sorted. */
function leadsToRead(byText: readonly TextRead[], prefix: string, done: Uint8Array): boolean {
  let low = 0;
  let high = byText.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((byText[middle] as TextRead).text < prefix) low = middle + 1;
    else high = middle;
  }
  for (let at = low; at < byText.length; at += 1) {
    const { text, index } = byText[at] as TextRead;
    if (!text.startsWith(prefix)) return false;
    if (done[index] === 0) return true;
  }
  return false;
}
