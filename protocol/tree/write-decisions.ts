// One write, alone or as a part of a multi. The order of the checks is ZooKeeper's and visible to
// clients: each function is the list of its refusals, first come first served.
// [ZK-Java PrepRequestProcessor.pRequest2Txn, pRequest2TxnCreate]
import { unreachable } from '../../base/assert.js';
import { ADMIN, CREATE, DELETE, READ, WRITE } from '../acl.js';
import { NO_SESSION } from '../ids.js';
import type {
  CheckOperation,
  CreateOperation,
  DeleteOperation,
  SetDataOperation,
  WriteOperation,
} from '../operation.js';
import { fixAcl, isAllowed } from './access.js';
import { lifeOf, modeOf, refusalOfMode, suffixed } from './create-request.js';
import type { Deciding, Decision } from './decision.js';
import { makeDecided } from './decision.js';
import type { Outstanding, Standing } from './outstanding.js';
import { bornStanding, decide, standingAt, withChildren } from './outstanding.js';
import { withNewAcl, withNewData } from './outstanding.js';
import { hasParent, isLegalPath, isSystemPath, parentOf } from './path.js';
import { refusalOfQuota } from './quota.js';
import { sizeOf } from './znode.js';

type SingleWrite = Exclude<WriteOperation, { kind: 'multi' | 'malformedWrite' | 'reconfig' }>;

const ANY_VERSION = -1;

function mismatches(expected: number, version: number): boolean {
  return expected !== ANY_VERSION && expected !== version;
}

function may({ settings, identities }: Deciding, on: Standing, perms: number): boolean {
  return isAllowed(settings, on.acl, perms, identities);
}

/** Java's versions wrap. */
function next(version: number): number {
  return (version + 1) | 0;
}

/**
 * The path as a whole is looked at only after its parent, and with its suffix: a bad name under no
 * parent is NoNode.
 */
function decideCreate(by: Deciding, outstanding: Outstanding, op: CreateOperation): Decision {
  const { tree, settings, session, zxid, refusals } = by;
  const asked = modeOf(op.flags);
  const refusal = refusalOfMode(op, settings);
  if (refusal !== undefined || asked === undefined) return refusal ?? 'BadArguments';
  const unwelcome = asked.ephemeral ? refusals.ephemeral : refusals.any;
  if (unwelcome !== undefined) return unwelcome;
  if (!hasParent(op.path)) return 'BadArguments';
  const acl = fixAcl(op.acl, by.identities, settings);
  if (acl === undefined) return 'InvalidAcl';
  const parentPath = parentOf(op.path);
  const parent = standingAt(tree, outstanding, parentPath);
  if (parent === undefined) return 'NoNode';
  if (!may(by, parent, CREATE)) return 'NoAuth';
  const path = asked.sequential ? suffixed(op.path, parent.creates) : op.path;
  if (!isLegalPath(path)) return 'BadArguments';
  if (standingAt(tree, outstanding, path) !== undefined) return 'NodeExists';
  if (parent.ephemeralOwner !== NO_SESSION) return 'NoChildrenForEphemerals';
  const { data } = op;
  const size = sizeOf(data);
  const exceeded = refusalOfQuota(tree, settings, path, 1, size);
  if (exceeded !== undefined) return exceeded;

  const parentCversion = next(parent.creates);
  const grown = withChildren(parent, parentCversion, parent.children + 1);
  const owner = asked.ephemeral ? session : NO_SESSION;
  const changes = decide(outstanding, zxid, parentPath, grown);
  const life = lifeOf(op, asked, session);
  const withStat = op.kind !== 'create';
  return makeDecided(
    { kind: 'create', path, data, acl, life, parentCversion, withStat },
    decide(changes, zxid, path, bornStanding(owner, size, acl)),
  );
}

function decideGone(
  by: Deciding,
  outstanding: Outstanding,
  path: string,
  parent: Standing,
): Decision {
  const shrunk = withChildren(parent, parent.creates, parent.children - 1);
  const changes = decide(outstanding, by.zxid, parentOf(path), shrunk);
  return makeDecided({ kind: 'delete', path }, decide(changes, by.zxid, path, undefined));
}

function canBeDeleted(path: string): boolean {
  return hasParent(path) && !isSystemPath(path);
}

/** The permission is the parent's to give. */
function decideDelete(by: Deciding, outstanding: Outstanding, op: DeleteOperation): Decision {
  const { path } = op;
  if (by.refusals.any !== undefined) return by.refusals.any;
  if (!canBeDeleted(path)) return 'BadArguments';
  const parent = standingAt(by.tree, outstanding, parentOf(path));
  if (parent === undefined) return 'NoNode';
  if (!may(by, parent, DELETE)) return 'NoAuth';
  const found = standingAt(by.tree, outstanding, path);
  if (found === undefined) return 'NoNode';
  if (mismatches(op.version, found.version)) return 'BadVersion';
  if (found.children > 0) return 'NotEmpty';
  return decideGone(by, outstanding, path, parent);
}

/** From the leader's reaper, or from whoever knows the opcode: nobody's rights are asked for. */
function decideReaping(by: Deciding, outstanding: Outstanding, path: string): Decision {
  if (!canBeDeleted(path)) return 'BadArguments';
  const found = standingAt(by.tree, outstanding, path);
  if (found === undefined) return 'NoNode';
  if (found.children > 0) return 'NotEmpty';
  if (found.ephemeralOwner !== NO_SESSION) return 'BadVersion';
  const parent = standingAt(by.tree, outstanding, parentOf(path));
  return parent === undefined ? 'NoNode' : decideGone(by, outstanding, path, parent);
}

function decideSetData(by: Deciding, outstanding: Outstanding, op: SetDataOperation): Decision {
  const { path, data } = op;
  if (by.refusals.any !== undefined) return by.refusals.any;
  if (!isLegalPath(path)) return 'BadArguments';
  const found = standingAt(by.tree, outstanding, path);
  if (found === undefined) return 'NoNode';
  if (!may(by, found, WRITE)) return 'NoAuth';
  const size = sizeOf(data);
  const exceeded = refusalOfQuota(by.tree, by.settings, path, 0, size - found.size);
  if (exceeded !== undefined) return exceeded;
  if (mismatches(op.version, found.version)) return 'BadVersion';
  const version = next(found.version);
  return makeDecided(
    { kind: 'setData', path, data, version },
    decide(outstanding, by.zxid, path, withNewData(found, version, size)),
  );
}

type SetAclOperation = Extract<WriteOperation, { kind: 'setACL' }>;

function decideSetAcl(by: Deciding, outstanding: Outstanding, op: SetAclOperation): Decision {
  const { path } = op;
  if (by.refusals.any !== undefined) return by.refusals.any;
  if (!isLegalPath(path)) return 'BadArguments';
  const acl = fixAcl(op.acl, by.identities, by.settings);
  if (acl === undefined) return 'InvalidAcl';
  const found = standingAt(by.tree, outstanding, path);
  if (found === undefined) return 'NoNode';
  if (!may(by, found, ADMIN)) return 'NoAuth';
  if (mismatches(op.version, found.aversion)) return 'BadVersion';
  const version = next(found.aversion);
  return makeDecided(
    { kind: 'setACL', path, acl, version },
    decide(outstanding, by.zxid, path, withNewAcl(found, version)),
  );
}

function decideCheck(by: Deciding, outstanding: Outstanding, op: CheckOperation): Decision {
  const { path } = op;
  if (by.refusals.any !== undefined) return by.refusals.any;
  if (!isLegalPath(path)) return 'BadArguments';
  const found = standingAt(by.tree, outstanding, path);
  if (found === undefined) return 'NoNode';
  if (!may(by, found, READ)) return 'NoAuth';
  if (mismatches(op.version, found.version)) return 'BadVersion';
  return makeDecided({ kind: 'check', path, version: next(found.version) }, outstanding);
}

export function decideWrite(by: Deciding, outstanding: Outstanding, op: SingleWrite): Decision {
  switch (op.kind) {
    case 'create':
    case 'create2':
    case 'createContainer':
    case 'createTTL':
      return decideCreate(by, outstanding, op);
    case 'delete':
      return decideDelete(by, outstanding, op);
    case 'deleteContainer':
      return decideReaping(by, outstanding, op.path);
    case 'setData':
      return decideSetData(by, outstanding, op);
    case 'setACL':
      return decideSetAcl(by, outstanding, op);
    case 'check':
      return decideCheck(by, outstanding, op);
    default:
      return unreachable(op);
  }
}
