// One znode as of some zxid, as the sequential model keeps it: everything that a Stat tells, and
// what decides about requests. Written from the service's contract, not from the servers' tree.
// [ZK-Java DataNode, StatPersisted]
import { hashString } from '../../../base/digest.js';
import type { Acl } from '../../../protocol/acl.js';
import { OPEN_ACL } from '../../../protocol/acl.js';
import type { Data } from '../../../protocol/operation.js';
import type { Stat } from '../../../protocol/result.js';
import type { Life } from '../../../protocol/txn.js';
import { PERSISTENT } from '../../../protocol/txn.js';

/** What setData changes. */
export interface StateContent {
  readonly data: Data;
  readonly version: number;
  readonly mzxid: number;
  readonly mtimeMs: number;
}

/** What creates and deletes of children change. */
export interface StateFamily {
  readonly children: number;
  /** Order-free hash of the children's names. */
  readonly names: number;
  /** Children ever created. */
  readonly creates: number;
  readonly pzxid: number;
}

/** What never changes. */
export interface StateBirth {
  readonly czxid: number;
  readonly ctimeMs: number;
  /** Session of an ephemeral; 0 for all others. */
  readonly owner: number;
  readonly life: Life;
}

/** What setACL changes. */
export interface StateGuard {
  /** Everybody may do everything. What others may do is for `acl-never-bypassed` to say. */
  readonly open: boolean;
  readonly acl: Acl;
  readonly aversion: number;
}

/**
 * What the leader does not know yet: a session's end takes its ephemerals off their parents only
 * when it is applied, and until then they count as children to whoever wants to delete these; and
 * as long as any change of a znode is under way, whoever wants something of it meets the ACL that
 * it had before them all.
 */
export interface StateLag {
  readonly surplus: number;
  /** Undefined: the ACL of the znode is the one that was believed. */
  readonly believed: Acl | undefined;
  /** Of the newest transaction about this znode: while it is not applied, the surplus counts. */
  readonly zxid: number;
}

/** A znode as of `zxid`; `exists` false: as of then there is none. */
export interface ZnodeState {
  readonly zxid: number;
  readonly exists: boolean;
  readonly birth: StateBirth;
  readonly content: StateContent;
  readonly family: StateFamily;
  readonly guard: StateGuard;
  readonly lag: StateLag;
}

const UNBORN: StateBirth = { czxid: 0, ctimeMs: 0, owner: 0, life: PERSISTENT };
const EMPTY: StateContent = { data: '', version: 0, mzxid: 0, mtimeMs: 0 };
const NO_CHILDREN: StateFamily = { children: 0, names: 0, creates: 0, pzxid: 0 };
const OPEN: StateGuard = { open: true, acl: OPEN_ACL, aversion: 0 };
const NO_LAG: StateLag = { surplus: 0, believed: undefined, zxid: 0 };

export function nameHash(name: string): number {
  return hashString(name) | 0;
}

export const NOTHING: ZnodeState = {
  ...{ zxid: 0, exists: false, birth: UNBORN, content: EMPTY, family: NO_CHILDREN },
  ...{ guard: OPEN, lag: NO_LAG },
};

/** With the one child that nobody created. */
export const FIRST_ROOT: ZnodeState = {
  ...{ zxid: 0, exists: true, birth: UNBORN, content: EMPTY, guard: OPEN, lag: NO_LAG },
  family: { children: 1, names: nameHash('zookeeper'), creates: 0, pzxid: 0 },
};

/** The ACL that a leader checks which has applied that much. [ZK-Java PrepRequestProcessor] */
export function believedAcl({ guard, lag }: ZnodeState, appliedZxid: number): Acl {
  return lag.zxid > appliedZxid ? (lag.believed ?? guard.acl) : guard.acl;
}

type Parts = Partial<Omit<ZnodeState, 'zxid' | 'exists'>>;

/** `before` as it is from `zxid` on. */
export function changed(before: ZnodeState, zxid: number, parts: Parts): ZnodeState {
  return {
    zxid,
    exists: true,
    birth: parts.birth ?? before.birth,
    content: parts.content ?? before.content,
    family: parts.family ?? before.family,
    guard: parts.guard ?? before.guard,
    lag: parts.lag ?? before.lag,
  };
}

export function gone(zxid: number): ZnodeState {
  const { birth, content, family, guard, lag } = NOTHING;
  return { zxid, exists: false, birth, content, family, guard, lag };
}

/** What a client must be shown of it. */
export function statOf({ birth, content, family, guard }: ZnodeState): Stat {
  const { children, creates } = family;
  const stat = {
    czxid: birth.czxid,
    mzxid: content.mzxid,
    pzxid: family.pzxid,
    ctimeMs: birth.ctimeMs,
    mtimeMs: content.mtimeMs,
    version: content.version,
    cversion: (2 * creates - children) | 0,
    aversion: guard.aversion,
    ephemeralOwner: birth.owner,
    dataLength: content.data?.length ?? 0,
    numChildren: children,
  };
  return stat as Stat;
}
