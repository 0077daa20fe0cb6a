// The leader's decision about each request, in the order in which they will take effect: against
// the applied tree overlaid with every change that is decided but not applied yet. A refusal is a
// decision like any other, an `error` transaction. Whether the session may ask at all is the
// tracker's business. [ZK-Java PrepRequestProcessor.pRequest2Txn]
import { unreachable } from '../../base/assert.js';
import { compareCodeUnits } from '../../base/order.js';
import type { SessionId, Zxid } from '../ids.js';
import { NO_SESSION } from '../ids.js';
import type { Request, WriteOperation } from '../operation.js';
import type { ErrorCode, TxnOp } from '../txn.js';
import type { Outstanding, Standing } from './outstanding.js';
import { decide, makeStanding, overlayEphemerals, standingAt } from './outstanding.js';
import { hasParent, isLegalPath, parentOf, ROOT } from './path.js';
import type { Tree } from './store.js';
import { ephemeralsOf } from './store.js';

export type { Outstanding } from './outstanding.js';
export { NO_OUTSTANDING, settle } from './outstanding.js';

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

type Write<K extends WriteOperation['kind']> = Extract<WriteOperation, { kind: K }>;

const ANY_VERSION = -1;

function mismatches(expected: number, version: number): boolean {
  return expected !== ANY_VERSION && expected !== version;
}

/** The parent after one of its children came (`creates` rises) or went (it does not). */
function withChildren(parent: Standing, creates: number, children: number): Standing {
  return makeStanding(parent.version, creates, children, parent.ephemeralOwner);
}

/** The path as a whole is looked at only after its parent: a bad name under no parent is NoNode. */
function prepareCreate(
  tree: Tree,
  outstanding: Outstanding,
  op: Write<'create'>,
  session: SessionId,
  zxid: Zxid,
): Prepared {
  const { path, data, ephemeral } = op;
  if (!hasParent(path)) return refuse('BadArguments', outstanding);
  const parentPath = parentOf(path);
  const parent = standingAt(tree, outstanding, parentPath);
  if (parent === undefined) return refuse('NoNode', outstanding);
  if (!isLegalPath(path)) return refuse('BadArguments', outstanding);
  if (standingAt(tree, outstanding, path) !== undefined) return refuse('NodeExists', outstanding);
  if (parent.ephemeralOwner !== NO_SESSION) {
    return refuse('NoChildrenForEphemerals', outstanding);
  }

  const ephemeralOwner = ephemeral ? session : NO_SESSION;
  const parentCversion = (parent.creates + 1) | 0;
  const grown = withChildren(parent, parentCversion, parent.children + 1);
  let next = decide(outstanding, zxid, parentPath, grown);
  next = decide(next, zxid, path, makeStanding(0, 0, 0, ephemeralOwner));
  return makePrepared({ kind: 'create', path, data, ephemeralOwner, parentCversion }, next);
}

function decideGone(tree: Tree, outstanding: Outstanding, zxid: Zxid, path: string): Outstanding {
  const next = decide(outstanding, zxid, path, undefined);
  const parentPath = parentOf(path);
  const parent = standingAt(tree, next, parentPath);
  if (parent === undefined) return next;
  return decide(next, zxid, parentPath, withChildren(parent, parent.creates, parent.children - 1));
}

function prepareDelete(
  tree: Tree,
  outstanding: Outstanding,
  op: Write<'delete'>,
  zxid: Zxid,
): Prepared {
  const { path, version } = op;
  if (!hasParent(path) || path === ROOT) return refuse('BadArguments', outstanding);
  const found = standingAt(tree, outstanding, path);
  if (found === undefined) return refuse('NoNode', outstanding);
  if (mismatches(version, found.version)) return refuse('BadVersion', outstanding);
  if (found.children > 0) return refuse('NotEmpty', outstanding);
  return makePrepared({ kind: 'delete', path }, decideGone(tree, outstanding, zxid, path));
}

function prepareSetData(
  tree: Tree,
  outstanding: Outstanding,
  op: Write<'setData'>,
  zxid: Zxid,
): Prepared {
  const { path, data } = op;
  if (!isLegalPath(path)) return refuse('BadArguments', outstanding);
  const found = standingAt(tree, outstanding, path);
  if (found === undefined) return refuse('NoNode', outstanding);
  if (mismatches(op.version, found.version)) return refuse('BadVersion', outstanding);
  const version = (found.version + 1) | 0;
  const { creates, children, ephemeralOwner } = found;
  const next = makeStanding(version, creates, children, ephemeralOwner);
  return makePrepared(
    { kind: 'setData', path, data, version },
    decide(outstanding, zxid, path, next),
  );
}

/** The session's ephemerals, those still on their way to the tree included, in a fixed order. */
function prepareClose(
  tree: Tree,
  outstanding: Outstanding,
  session: SessionId,
  zxid: Zxid,
): Prepared {
  const owned = new Set(ephemeralsOf(tree, session));
  overlayEphemerals(outstanding, session, owned);
  const paths = [...owned].sort(compareCodeUnits);
  let next = outstanding;
  for (const path of paths) next = decideGone(tree, next, zxid, path);
  return makePrepared({ kind: 'closeSession', paths }, next);
}

/** Decides `request` as transaction `zxid`. */
export function prepare(
  tree: Tree,
  outstanding: Outstanding,
  request: Request,
  zxid: Zxid,
): Prepared {
  const { op, session } = request;
  switch (op.kind) {
    case 'create':
      return prepareCreate(tree, outstanding, op, session, zxid);
    case 'delete':
      return prepareDelete(tree, outstanding, op, zxid);
    case 'setData':
      return prepareSetData(tree, outstanding, op, zxid);
    case 'createSession':
      return makePrepared({ kind: 'createSession', timeoutMs: op.timeoutMs }, outstanding);
    case 'closeSession':
      return prepareClose(tree, outstanding, session, zxid);
    default:
      return unreachable(op);
  }
}
