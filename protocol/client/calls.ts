// What the program asked for, from its start to its outcome. Outcomes are three: ok, an error, or
// unknown, which is what becomes of a write that was sent and not answered: it may have happened,
// may happen yet, or never will. Reads, and whatever never left this host, fail for certain.
// [ZK-Java ClientCnxn.conLossPacket]
import { emptyFifo, type Fifo } from '../fifo.js';
import type { Zxid } from '../ids.js';
import { NO_ZXID, ZERO_ZXID } from '../ids.js';
import { packet } from '../message.js';
import type { Operation, Result } from '../operation.js';
import type { ErrorCode } from '../txn.js';
import type { Call, ClientContext } from './state.js';
import { clearTimer, makeCalls, makeLogin, note, send, setTimer } from './state.js';

type Outcome = 'ok' | 'error' | 'unknown';

interface Ending {
  readonly text: Outcome;
  readonly zxid: Zxid;
  readonly detail: Result | undefined;
}

const UNKNOWN: Ending = { text: 'unknown', zxid: ZERO_ZXID, detail: undefined };

function failure(code: ErrorCode): Ending {
  return { text: 'error', zxid: ZERO_ZXID, detail: { kind: 'error', code } };
}

const CONNECTION_LOSS = failure('ConnectionLoss');
const SESSION_EXPIRED = failure('SessionExpired');

function settle(ctx: ClientContext, cxid: number, { text, zxid, detail }: Ending): void {
  note(ctx, 'completed', { zxid, digest: cxid, text, detail });
  ctx.effects.push({ kind: 'settled', cxid });
}

function settleAll(ctx: ClientContext, calls: Fifo<Call>, ending: Ending): void {
  for (let index = 0; index < calls.length; index++) settle(ctx, calls.at(index).cxid, ending);
}

function isWrite({ kind }: Operation): boolean {
  return kind === 'create' || kind === 'delete' || kind === 'setData';
}

function sendCall(ctx: ClientContext, { cxid, op }: Call): void {
  send(ctx, packet('operation', NO_ZXID, { cxid, op }));
}

/**
 * The program asks for something: it is sent, or waits for a connection as long as a session may
 * last.
 */
export function invoke(ctx: ClientContext, op: Operation): void {
  const { nextCxid: cxid, sent, queued } = ctx.calls;
  note(ctx, 'invoked', { digest: cxid, text: op.kind, detail: op });
  const call: Call = { cxid, op, invokedUs: ctx.nowUs };
  const { kind } = ctx.link;
  if (kind === 'connected') {
    ctx.calls = makeCalls(cxid + 1, sent.push(call), queued);
    sendCall(ctx, call);
  } else if (kind === 'closing' || kind === 'closed') {
    ctx.calls = makeCalls(cxid + 1, sent, queued);
    settle(ctx, cxid, SESSION_EXPIRED);
  } else {
    ctx.calls = makeCalls(cxid + 1, sent, queued.push(call));
    if (queued.length === 0) setTimer(ctx, 'expiry', ctx.login.timeoutMs * 1000);
  }
}

/** Takes the next cxid for closeSession, which the program does not wait for. */
export function closeCxid(ctx: ClientContext): number {
  const { nextCxid, sent, queued } = ctx.calls;
  ctx.calls = makeCalls(nextCxid + 1, sent, queued);
  return nextCxid;
}

/** There is a connection with a session: what waited for it is sent. */
export function sendQueued(ctx: ClientContext): void {
  const { nextCxid, queued } = ctx.calls;
  if (queued.length === 0) return;
  ctx.calls = makeCalls(nextCxid, queued, emptyFifo());
  clearTimer(ctx, 'expiry');
  for (let index = 0; index < queued.length; index++) sendCall(ctx, queued.at(index));
}

/** The timer of the queue: those that have waited for a whole session timeout give up. */
export function queueExpired(ctx: ClientContext): void {
  const { nextCxid, sent } = ctx.calls;
  const patienceUs = ctx.login.timeoutMs * 1000;
  let { queued } = ctx.calls;
  for (let head = queued.head; head !== undefined; head = queued.head) {
    const leftUs = head.invokedUs + patienceUs - ctx.nowUs;
    if (leftUs > 0) {
      setTimer(ctx, 'expiry', leftUs);
      break;
    }
    settle(ctx, head.cxid, CONNECTION_LOSS);
    queued = queued.drop(1);
  }
  ctx.calls = makeCalls(nextCxid, sent, queued);
}

/** Nothing that was sent over the lost connection will be answered. */
export function loseSent(ctx: ClientContext): void {
  const { nextCxid, sent, queued } = ctx.calls;
  if (sent.length === 0) return;
  ctx.calls = makeCalls(nextCxid, emptyFifo(), queued);
  for (let index = 0; index < sent.length; index++) {
    const { cxid, op } = sent.at(index);
    settle(ctx, cxid, isWrite(op) ? UNKNOWN : CONNECTION_LOSS);
  }
}

/** What waited for a connection fails: with the session, or because the program stops. */
export function failQueued(ctx: ClientContext, why: 'expired' | 'stopped'): void {
  const { nextCxid, sent, queued } = ctx.calls;
  if (queued.length === 0) return;
  ctx.calls = makeCalls(nextCxid, sent, emptyFifo());
  clearTimer(ctx, 'expiry');
  settleAll(ctx, queued, why === 'expired' ? SESSION_EXPIRED : CONNECTION_LOSS);
}

/** An answer; false if it is not the one that is due, and so the connection cannot be trusted. */
export function replied(ctx: ClientContext, cxid: number, zxid: Zxid, result: Result): boolean {
  const { nextCxid, sent, queued } = ctx.calls;
  if (sent.head?.cxid !== cxid) return false;
  ctx.calls = makeCalls(nextCxid, sent.drop(1), queued);
  const { session, timeoutMs, lastZxid } = ctx.login;
  if (zxid > lastZxid) ctx.login = makeLogin(session, timeoutMs, zxid);
  const text = result.kind === 'error' ? 'error' : 'ok';
  settle(ctx, cxid, { text, zxid, detail: result });
  return true;
}
