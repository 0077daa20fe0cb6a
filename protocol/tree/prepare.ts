// The leader's decision about each request, in the order in which they will take effect: against
// the applied tree overlaid with every change that is decided but not applied yet. A refusal is a
// decision like any other, an `error` transaction. Whether the session may ask at all the caller
// knows; here it is only asked at the right moment. [ZK-Java PrepRequestProcessor.pRequestHelper]
import { compareCodeUnits } from '../../base/order.js';
import type { ErrorCode } from '../error-code.js';
import type { Zxid } from '../ids.js';
import type { LeaderOperation, MultiPart, Request } from '../operation.js';
import { isCreate } from '../operation.js';
import type { ServiceSettings } from '../service-settings.js';
import type { TxnOp, TxnPart } from '../txn.js';
import { createInMulti } from './create-request.js';
import type { Deciding, SessionRefusals } from './decision.js';
import { isRefused, WELCOME } from './decision.js';
import { textsInHashOrder } from './hash-order.js';
import type { Outstanding } from './outstanding.js';
import { decide, overlayEphemerals, standingAt } from './outstanding.js';
import { parentOf } from './path.js';
import type { Tree } from './store.js';
import { ephemeralsOf } from './store.js';
import { decideWrite } from './write-decisions.js';

export type { SessionRefusals } from './decision.js';
export type { Outstanding } from './outstanding.js';
export { NO_OUTSTANDING, settle } from './outstanding.js';

/** What the leader knows when it decides. */
export interface PrepareView {
  readonly tree: Tree;
  readonly outstanding: Outstanding;
  readonly settings: ServiceSettings;
}

export interface Prepared {
  readonly op: TxnOp;
  readonly outstanding: Outstanding;
}

function makePrepared(op: TxnOp, outstanding: Outstanding): Prepared {
  return { op, outstanding };
}

function refuse(code: ErrorCode, outstanding: Outstanding): Prepared {
  return makePrepared({ kind: 'error', code }, outstanding);
}

/** 3.8.0 meets a create that makes no sense only in its turn: a refusal before it wins. */
function readsMultiFirst({ compatibility }: ServiceSettings): boolean {
  return compatibility !== '3.8.0';
}

const UNDONE: TxnPart = { kind: 'undone' };

/** All of it in terms of its error: what came before would have succeeded. */
function failedMulti(code: ErrorCode, at: number, length: number): TxnOp {
  const parts: TxnPart[] = [];
  for (let index = 0; index < length; index++) {
    if (index < at) parts.push(UNDONE);
    else parts.push({ kind: 'error', code: index === at ? code : 'RuntimeInconsistency' });
  }
  return { kind: 'multi', parts };
}

/**
 * Each part sees what those before it will do. With the first refusal nothing of it has happened:
 * what is outstanding is what it was before. What the server cannot make sense of is no multi.
 */
function prepareMulti(
  by: Deciding,
  outstanding: Outstanding,
  parts: readonly MultiPart[],
): Prepared {
  const read = parts.map((part) => (isCreate(part) ? createInMulti(part, by.settings) : part));
  if (readsMultiFirst(by.settings) && read.includes(undefined)) {
    return refuse('MarshallingError', outstanding);
  }
  const decided: TxnPart[] = [];
  let changes = outstanding;
  for (const op of read) {
    if (op === undefined) return refuse('MarshallingError', outstanding);
    const decision = decideWrite(by, changes, op);
    if (isRefused(decision)) {
      if (decision === 'MarshallingError') return refuse(decision, outstanding);
      return makePrepared(failedMulti(decision, decided.length, parts.length), outstanding);
    }
    decided.push(decision.part);
    changes = decision.outstanding;
  }
  return makePrepared({ kind: 'multi', parts: decided }, changes);
}

/**
 * The session's ephemerals, those still on their way to the tree included, in a fixed order. As
 * upstream, nobody counts them off their parents before it is applied: until then a parent is not
 * empty.
 */
function prepareClose(by: Deciding, outstanding: Outstanding): Prepared {
  const { tree, settings, session, zxid } = by;
  const owned = new Set(ephemeralsOf(tree, session));
  overlayEphemerals(outstanding, session, owned);
  const sorted = [...owned].sort(compareCodeUnits);
  const paths = settings.compatibility === '3.8.0' ? textsInHashOrder(sorted) : sorted;
  let changes = outstanding;
  for (const path of paths) {
    const parentPath = parentOf(path);
    const parent = standingAt(tree, changes, parentPath);
    if (parent !== undefined) changes = decide(changes, zxid, parentPath, parent);
    changes = decide(changes, zxid, path, undefined);
  }
  return makePrepared({ kind: 'closeSession', paths }, changes);
}

function makeDeciding(
  { tree, settings }: PrepareView,
  { session, identities }: Request,
  zxid: Zxid,
  refusals: SessionRefusals,
): Deciding {
  return { tree, settings, session, identities, zxid, refusals };
}

function reconfigRefusal({ reconfigEnabled }: ServiceSettings): ErrorCode {
  return reconfigEnabled ? 'Unimplemented' : 'ReconfigDisabled';
}

/** Decides `request` as transaction `zxid`. */
export function prepare(
  view: PrepareView,
  request: Request,
  zxid: Zxid,
  refusals: SessionRefusals = WELCOME,
): Prepared {
  const { outstanding } = view;
  const { op } = request;
  const by = makeDeciding(view, request, zxid, refusals);
  switch (op.kind) {
    case 'multi':
      return prepareMulti(by, outstanding, op.parts);
    case 'createSession':
      return makePrepared({ kind: 'createSession', timeoutMs: op.timeoutMs }, outstanding);
    case 'closeSession':
      return prepareClose(by, outstanding);
    case 'reconfig':
      return refuse(reconfigRefusal(view.settings), outstanding);
    case 'malformedWrite':
      return refuse('MarshallingError', outstanding);
    default: {
      const decision = decideWrite(by, outstanding, op);
      if (isRefused(decision)) return refuse(decision, outstanding);
      return makePrepared(decision.part, decision.outstanding);
    }
  }
}

const MULTI_OPCODE = 14;

/**
 * Does the decision take a number of its own? All do, but for what could not be read: that is
 * refused without one since 3.9, unless it would have been a multi.
 */
export function consumesZxid(op: LeaderOperation, settings: ServiceSettings): boolean {
  if (op.kind !== 'malformedWrite') return true;
  return settings.compatibility === '3.8.0' || op.opcode === MULTI_OPCODE;
}
