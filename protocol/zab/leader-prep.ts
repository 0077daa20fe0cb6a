// The leader's decision about one request, session first: what the session is refused is refused in
// the order in which upstream looks, which the tree knows. [ZK-Java
// PrepRequestProcessor.pRequest2Txn, LeaderSessionTracker]
import type { Mutable } from '../../base/mutable.js';
import type { Context } from '../context.js';
import { mark } from '../context.js';
import type { ErrorCode } from '../error-code.js';
import type { Zxid } from '../ids.js';
import type { Request } from '../operation.js';
import { isLocal, wantsEphemeral } from '../session/local-sessions.js';
import { serverOfSession } from '../session/session-id.js';
import type { SessionTracker } from '../session/tracker.js';
import { isClosing, isTracked } from '../session/tracker.js';
import type { SessionRefusals } from '../tree/prepare.js';
import { prepare } from '../tree/prepare.js';
import type { Txn } from '../txn.js';
import { makeTxn } from '../txn.js';
import type { Arrival, LeaderBroadcast } from './leading.js';

/** Opening and closing a session is nobody's business but the session's; reaping is nobody's. */
export function asksForWrite({ op }: Request): boolean {
  const { kind } = op;
  return kind !== 'createSession' && kind !== 'closeSession' && kind !== 'deleteContainer';
}

function refused(any: ErrorCode | undefined, ephemeral: ErrorCode): SessionRefusals {
  return { any, ephemeral };
}

const MOVED = refused('SessionMoved', 'SessionMoved');
const EXPIRED = refused('SessionExpired', 'SessionExpired');
/** A session that only one server knows: good for everything but ephemerals. */
const LOCAL = refused(undefined, 'SessionExpired');
/** It was not made global, because that is not enabled. */
const NOT_UPGRADED = refused(undefined, 'EphemeralOnLocalSession');

/** An unknown session may be a local one of another server, where there are such. */
function refusalsOf(
  ctx: Context,
  tracker: SessionTracker,
  { session, op }: Request,
): SessionRefusals | undefined {
  if (isTracked(tracker, session)) return undefined;
  const { service, sid } = ctx.config;
  if (!service.localSessionsEnabled || isClosing(tracker, session)) return EXPIRED;
  if (isLocal(ctx.front, session)) {
    return wantsEphemeral(op, service) ? NOT_UPGRADED : LOCAL;
  }
  return serverOfSession(session) === sid ? EXPIRED : LOCAL;
}

export function decide(
  ctx: Context,
  draft: Mutable<LeaderBroadcast>,
  { request, moved }: Arrival,
  zxid: Zxid,
): Txn {
  const { session, cxid } = request;
  const view = {
    tree: ctx.database.tree,
    outstanding: draft.changes,
    settings: ctx.config.service,
  };
  const header = { zxid, session, cxid, timeMs: ctx.wallMs };
  if (request.op.kind === 'closeSession' && ctx.config.rules.closePaths === 'applied') {
    return makeTxn(header, { kind: 'closeSession', paths: [] });
  }
  const ofSession = asksForWrite(request) ? refusalsOf(ctx, draft.tracker, request) : undefined;
  if (moved) mark(ctx, 'session/moved');
  else if (ofSession === EXPIRED) mark(ctx, 'session/write-expired');
  const prepared = prepare(view, request, zxid, moved ? MOVED : ofSession);
  draft.changes = prepared.outstanding;
  return makeTxn(header, prepared.op);
}
