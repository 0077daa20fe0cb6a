// What the program asked for, from its start to its outcome. Outcomes are three: ok, an error, or
// unknown, which is what becomes of a write that was sent and not answered: it may have happened,
// may happen yet, or never will. Reads, and whatever never left this host, fail for certain.
// [ZK-Java ClientCnxn.conLossPacket]
import type { ErrorCode } from '../error-code.js';
import { emptyFifo, type Fifo } from '../fifo.js';
import type { Zxid } from '../ids.js';
import { NO_ZXID, ZERO_ZXID } from '../ids.js';
import { packet } from '../message.js';
import type { Operation } from '../operation.js';
import { isWrite } from '../operation.js';
import type { Result } from '../result.js';
import { rooted } from './chroot.js';
import type { Ending } from './news.js';
import { tellCompleted, tellWatched } from './news.js';
import { AUTH_CXID, makeShown, makeStanding, withWatches } from './standing.js';
import type { Call, ClientContext, Final } from './state.js';
import { clearTimer, finalOf, makeCalls, makeLogin, note, send, setTimer } from './state.js';
import { registered, removed } from './watches.js';

const UNKNOWN: Ending = { outcome: 'unknown', zxid: ZERO_ZXID, result: undefined };

function failure(code: ErrorCode): Ending {
  return { outcome: 'error', zxid: ZERO_ZXID, result: { kind: 'error', code } };
}

const CONNECTION_LOSS = failure('ConnectionLoss');
const SESSION_EXPIRED = failure('SessionExpired');
const AUTH_FAILED = failure('AuthFailed');

/** What comes of a call to a client that is done. */
const AFTER: Readonly<Record<Final, Ending>> = {
  closed: SESSION_EXPIRED,
  expired: SESSION_EXPIRED,
  authFailed: AUTH_FAILED,
};

function settleAll(ctx: ClientContext, calls: Fifo<Call>, ending: Ending): void {
  for (let index = 0; index < calls.length; index++) {
    tellCompleted(ctx, calls.at(index).cxid, ending);
  }
}

function sendCall(ctx: ClientContext, { cxid, op }: Call): void {
  send(ctx, packet('operation', NO_ZXID, { cxid, op }));
}

/** Shown to this server now, and to every later one first of all. */
function showIdentity(
  ctx: ClientContext,
  cxid: number,
  op: Extract<Operation, { kind: 'addAuth' }>,
): void {
  const { shown, answered, watches } = ctx.standing;
  ctx.standing = makeStanding([...shown, makeShown(op, cxid)], answered, watches);
  if (ctx.link.kind === 'connected') sendCall(ctx, { cxid: AUTH_CXID, op, invokedUs: ctx.nowUs });
}

/**
 * The program asks for something: it is sent, or waits for a connection as long as a session may
 * last.
 */
export function invoke(ctx: ClientContext, asked: Operation): void {
  const { nextCxid: cxid, sent, queued } = ctx.calls;
  const op = rooted(ctx.config.chroot, asked);
  note(ctx, 'invoked', { digest: cxid, text: op.kind, detail: op });
  const call: Call = { cxid, op, invokedUs: ctx.nowUs };
  const { kind } = ctx.link;
  const final = finalOf(ctx.link);
  if (final !== undefined || kind === 'closing') {
    ctx.calls = makeCalls(cxid + 1, sent, queued);
    tellCompleted(ctx, cxid, AFTER[final ?? 'closed']);
  } else if (op.kind === 'addAuth') {
    ctx.calls = makeCalls(cxid + 1, sent, queued);
    showIdentity(ctx, cxid, op);
  } else if (kind === 'connected') {
    ctx.calls = makeCalls(cxid + 1, sent.push(call), queued);
    sendCall(ctx, call);
  } else {
    ctx.calls = makeCalls(cxid + 1, sent, queued.push(call));
    if (queued.length === 0 && ctx.config.manner.patient) {
      setTimer(ctx, 'expiry', ctx.login.timeoutMs * 1000);
    }
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
    tellCompleted(ctx, head.cxid, CONNECTION_LOSS);
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
    tellCompleted(ctx, cxid, isWrite(op) ? UNKNOWN : CONNECTION_LOSS);
  }
}

/** An attempt has led nowhere, or there will not be another: what waits for a connection fails. */
export function failQueued(ctx: ClientContext, why: 'lost' | Final): void {
  const { nextCxid, sent, queued } = ctx.calls;
  const lost = why === 'lost' || why === 'closed';
  const ending = lost ? CONNECTION_LOSS : AFTER[why];
  if (queued.length > 0) {
    ctx.calls = makeCalls(nextCxid, sent, emptyFifo());
    clearTimer(ctx, 'expiry');
    settleAll(ctx, queued, ending);
  }
  if (why !== 'lost') failShown(ctx, ending);
}

function failShown(ctx: ClientContext, ending: Ending): void {
  const { shown, answered, watches } = ctx.standing;
  if (shown.every(({ cxid }) => cxid === 0)) return;
  ctx.standing = makeStanding(
    shown.map(({ op }) => makeShown(op, 0)),
    answered,
    watches,
  );
  for (const { cxid } of shown) if (cxid !== 0) tellCompleted(ctx, cxid, ending);
}

/** Replies to what the library itself sends count as well; pings, identities and events do not. */
export function seen(ctx: ClientContext, zxid: Zxid): void {
  const { session, password, timeoutMs, lastZxid } = ctx.login;
  if (zxid > lastZxid) ctx.login = makeLogin(session, password, timeoutMs, zxid);
}

/** An identity that was shown is accepted, or is not. */
export function shownAnswered(ctx: ClientContext, result: Result): void {
  const { shown, answered, watches } = ctx.standing;
  const waiting = shown[answered];
  if (waiting === undefined) return;
  const { op, cxid } = waiting;
  ctx.standing = makeStanding(shown.with(answered, makeShown(op, 0)), answered + 1, watches);
  if (cxid === 0) return;
  const outcome = result.kind === 'error' ? 'error' : 'ok';
  tellCompleted(ctx, cxid, { outcome, zxid: ZERO_ZXID, result });
}

/** The watch that an answer leaves, or takes away, is there before the program hears of it. */
function keepWatches(ctx: ClientContext, op: Operation, result: Result): void {
  const { watches } = ctx.standing;
  if (op.kind === 'removeWatches' && result.kind !== 'error') {
    const { watches: left, news } = removed(watches, op.path, op.type);
    ctx.standing = withWatches(ctx.standing, left);
    for (const type of news) tellWatched(ctx, type, op.path, NO_ZXID);
    return;
  }
  const after = registered(watches, op, result);
  if (after !== watches) ctx.standing = withWatches(ctx.standing, after);
}

/** An answer; false if it is not the one that is due, and so the connection cannot be trusted. */
export function replied(ctx: ClientContext, cxid: number, zxid: Zxid, result: Result): boolean {
  const { nextCxid, sent, queued } = ctx.calls;
  const { head } = sent;
  if (head?.cxid !== cxid) return false;
  ctx.calls = makeCalls(nextCxid, sent.drop(1), queued);
  seen(ctx, zxid);
  keepWatches(ctx, head.op, result);
  tellCompleted(ctx, cxid, { outcome: result.kind === 'error' ? 'error' : 'ok', zxid, result });
  return true;
}
