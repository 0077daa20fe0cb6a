// Messages as arrows: from the event in which one was sent to the record of its arrival or of its
// loss. A message is late when it took ten times as long as most, or when its receiver had no use
// for it any more. Ordered by where they end.
import type { TraceView } from './trace-view.js';
import { codeOf, lowerBound } from './trace-view.js';

export const LOST = 1;
export const SLOW = 2;
export const IGNORED = 4;
/** Of the kinds that decide something: shown first where there is room for few. */
export const WEIGHTY = 8;
export const CHATTER = 16;

export interface Messages {
  readonly count: number;
  /** Records of sending and of arrival (or loss). */
  readonly sent: Int32Array;
  readonly ended: Int32Array;
  readonly source: Int32Array;
  readonly target: Int32Array;
  readonly flags: Uint8Array;
  readonly endUs: Float64Array;
  readonly sentUs: Float64Array;
  /** No message that is not listed in `long` was under way for longer. */
  readonly usualMaxUs: number;
  /** Those that were. */
  readonly long: readonly number[];
  /** Ascending: lost, late, or of a kind that decides something. */
  readonly telling: Int32Array;
  readonly medianUs: number;
}

const WEIGHTY_KINDS: ReadonlySet<string> = new Set([
  ...['followerInfo', 'observerInfo', 'leaderInfo', 'ackEpoch', 'diff', 'trunc', 'snap'],
  ...['newLeader', 'upToDate'],
]);
const CHATTER_KINDS: ReadonlySet<string> = new Set([
  ...['ping', 'clientPing', 'clientPong', 'greeting', 'revalidate'],
]);
/** Replaced by a newer one all the time; that one is lost means nothing. */
const REPLACEABLE: ReadonlySet<string> = new Set(['notification', 'connect', 'greeting']);

const LATE_FACTOR = 10;

function flagsByText(texts: readonly string[]): Uint8Array {
  return Uint8Array.from(texts, (text) => {
    if (WEIGHTY_KINDS.has(text)) return WEIGHTY;
    return CHATTER_KINDS.has(text) ? CHATTER : 0;
  });
}

interface Raw {
  readonly sent: number[];
  readonly ended: number[];
  readonly flags: number[];
}

function collect(trace: TraceView): Raw {
  const { kind, cause, actor, peer, text, texts } = trace.columns;
  const [received, lost, ignored] = [codeOf('received'), codeOf('lost'), codeOf('ignored')];
  const byText = flagsByText(texts);
  const raw: Raw = { sent: [], ended: [], flags: [] };
  /** By record of arrival, which arrow it is. */
  let lastEnded = -1;
  for (let at = 0; at < trace.length; at++) {
    const code = kind[at];
    const why = cause[at] as number;
    if (code === received && why >= 0 && actor[why] === peer[at]) {
      raw.sent.push(why);
      raw.ended.push(at);
      raw.flags.push(byText[text[at] as number] as number);
      lastEnded = at;
    } else if (code === lost && why >= 0) {
      raw.sent.push(why);
      raw.ended.push(at);
      const chatter = REPLACEABLE.has(trace.textOf(at)) ? CHATTER : 0;
      raw.flags.push((byText[text[at] as number] as number) | LOST | chatter);
    } else if (code === ignored && why === lastEnded) {
      const last = raw.ended.lastIndexOf(lastEnded);
      raw.flags[last] = (raw.flags[last] as number) | IGNORED;
    }
  }
  return raw;
}

function medianOf(trace: TraceView, { sent, ended, flags }: Raw): number {
  const stride = Math.max(1, Math.floor(sent.length / 4000));
  const sample: number[] = [];
  for (let at = 0; at < sent.length; at += stride) {
    if (((flags[at] as number) & LOST) === 0) {
      sample.push(trace.atUs(ended[at] as number) - trace.atUs(sent[at] as number));
    }
  }
  sample.sort((a, b) => a - b);
  return sample[sample.length >> 1] ?? 0;
}

export function readMessages(trace: TraceView): Messages {
  const raw = collect(trace);
  const count = raw.sent.length;
  const { actor, peer, atUs } = trace.columns;
  const medianUs = medianOf(trace, raw);
  const lateUs = Math.max(1000, medianUs * LATE_FACTOR);
  const sent = Int32Array.from(raw.sent);
  const ended = Int32Array.from(raw.ended);
  const flags = Uint8Array.from(raw.flags);
  const source = new Int32Array(count);
  const target = new Int32Array(count);
  const sentUs = new Float64Array(count);
  const endUs = new Float64Array(count);
  const long: number[] = [];
  for (let at = 0; at < count; at++) {
    const [from, to] = [sent[at] as number, ended[at] as number];
    const isLost = ((flags[at] as number) & LOST) !== 0;
    source[at] = actor[from] as number;
    target[at] = (isLost ? peer[to] : actor[to]) as number;
    sentUs[at] = atUs[from] as number;
    endUs[at] = atUs[to] as number;
    if ((endUs[at] as number) - (sentUs[at] as number) <= lateUs) continue;
    long.push(at);
    if (!isLost) flags[at] = (flags[at] as number) | SLOW;
  }
  const telling: number[] = [];
  for (let at = 0; at < count; at++) if (rank(flags[at] as number) >= 2) telling.push(at);
  const columns = { count, sent, ended, source, target, flags, endUs, sentUs };
  return { ...columns, usualMaxUs: lateUs, long, medianUs, telling: Int32Array.from(telling) };
}

export interface Shown {
  readonly arrows: readonly number[];
  /** How many there would be. */
  readonly total: number;
}

/** How much an arrow deserves one of the places there are. */
function rank(flags: number): number {
  if ((flags & CHATTER) !== 0) return 0;
  if ((flags & (LOST | IGNORED | SLOW)) !== 0) return 3;
  return (flags & WEIGHTY) !== 0 ? 2 : 1;
}

export interface Wanted {
  readonly fromUs: number;
  readonly toUs: number;
  /** At most so many. */
  readonly room: number;
  readonly wanted: (message: number) => boolean;
  /** Only those: at this magnification no other can be seen. */
  readonly tellingOnly: boolean;
}

/** The arrows between two moments, the telling ones first. */
export function messagesWithin(messages: Messages, wish: Wanted): Shown {
  const { endUs, sentUs, flags, long, usualMaxUs, telling } = messages;
  const { fromUs, toUs, room, wanted, tellingOnly } = wish;
  const byRank: number[][] = [[], [], [], []];
  let total = 0;
  const take = (at: number): void => {
    if (!wanted(at)) return;
    total += 1;
    byRank[rank(flags[at] as number)]?.push(at);
  };
  const first = lowerBound(endUs, fromUs);
  const last = lowerBound(endUs, toUs + usualMaxUs + 1);
  if (tellingOnly) {
    for (const at of telling) {
      if ((endUs[at] as number) >= fromUs && (sentUs[at] as number) <= toUs) take(at);
    }
  } else {
    // What ends within the window began in it or before; what ends later may have begun in it.
    for (let at = first; at < last; at++) if ((sentUs[at] as number) <= toUs) take(at);
    for (const at of long) {
      const beyond = at >= last || at < first;
      if (beyond && (endUs[at] as number) >= fromUs && (sentUs[at] as number) <= toUs) take(at);
    }
  }
  const arrows: number[] = [];
  for (const list of byRank.reverse()) {
    const left = room - arrows.length;
    if (left <= 0) break;
    if (list.length <= left) arrows.push(...list);
    else arrows.push(...spread(list, left));
  }
  return { arrows, total };
}

/** `count` of them, evenly. */
function spread(list: readonly number[], count: number): number[] {
  const stride = list.length / count;
  return Array.from({ length: count }, (_, at) => list[Math.floor(at * stride)] as number);
}
