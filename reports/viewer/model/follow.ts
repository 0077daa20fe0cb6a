// Following one thing through the run: a transaction from the client that asks for it to the
// answer, everywhere it goes; or a session with all that its client does.
import type { Txn } from '../../../protocol/txn.js';
import type { TraceView } from './trace-view.js';
import { codeOf, kindSet } from './trace-view.js';
import { isOfSession } from './search.js';

export type Following =
  | { readonly what: 'zxid'; readonly zxid: number }
  | { readonly what: 'session'; readonly session: number };

const BY_ZXID = kindSet([
  ...(['received', 'lost', 'appended', 'proposed', 'ackSent', 'ackReceived'] as const),
  ...(['committed', 'learned', 'applied', 'replied', 'completed', 'truncated'] as const),
  ...(['sessionOpened', 'sessionClosed'] as const),
]);

/** The transaction that was proposed under a zxid; the first, if there were two. */
function transactionOf(trace: TraceView, zxid: number): Txn | undefined {
  const { kind, zxid: zxids, details } = trace.columns;
  const proposed = codeOf('proposed');
  for (const [at, detail] of details) {
    if (kind[at] === proposed && zxids[at] === zxid && 'op' in detail) return detail;
  }
  return undefined;
}

/** Ascending. */
export function recordsOf(trace: TraceView, following: Following): number[] {
  return following.what === 'zxid'
    ? recordsOfZxid(trace, following.zxid)
    : recordsOfSession(trace, following.session);
}

function recordsOfZxid(trace: TraceView, zxid: number): number[] {
  const { kind, zxid: zxids, value, digest } = trace.columns;
  const txn = transactionOf(trace, zxid);
  const asked = kindSet(['invoked', 'completed', 'replied']);
  const found: number[] = [];
  // A flush makes durable all up to its zxid: the first on each server that covers this one.
  const flushed = codeOf('flushed');
  const durable = new Set<number>();
  const logged = new Set<number>();
  for (let at = 0; at < trace.length; at++) {
    const code = kind[at] as number;
    const who = trace.columns.actor[at] as number;
    const hasIt = zxids[at] === zxid;
    if (hasIt && BY_ZXID[code] === 1 && !isNamesake(trace, at, txn)) found.push(at);
    else if (isRequest(txn, asked[code] === 1, value[at] as number, digest[at] as number))
      found.push(at);
    else if (
      code === flushed &&
      (zxids[at] as number) >= zxid &&
      logged.has(who) &&
      !durable.has(who)
    ) {
      durable.add(who);
      found.push(at);
    }
    if (hasIt && code === codeOf('appended')) {
      logged.add(who);
      durable.delete(who);
    }
  }
  return found;
}

/** An answer to a read bears the zxid of the newest transaction, and has nothing to do with it. */
function isNamesake(trace: TraceView, at: number, txn: Txn | undefined): boolean {
  const kind = trace.kindOf(at);
  if (kind === 'received') return NOT_ABOUT.has(trace.textOf(at));
  if (kind !== 'replied' && kind !== 'completed') return false;
  const { value, digest } = trace.columns;
  return txn === undefined || value[at] !== txn.session || digest[at] !== txn.cxid;
}

const NOT_ABOUT: ReadonlySet<string> = new Set(['reply', 'ping', 'notification', 'ackEpoch']);

function isRequest(txn: Txn | undefined, asked: boolean, session: number, cxid: number): boolean {
  return asked && txn !== undefined && txn.cxid > 0 && session === txn.session && cxid === txn.cxid;
}

function recordsOfSession(trace: TraceView, session: number): number[] {
  const found: number[] = [];
  for (let at = 0; at < trace.length; at++) if (isOfSession(trace.at(at), session)) found.push(at);
  return found;
}

/** The session that a record is about, or 0. */
export function sessionOf(trace: TraceView, index: number): number {
  const record = trace.at(index);
  return record.value > 0 && isOfSession(record, record.value) ? record.value : 0;
}
