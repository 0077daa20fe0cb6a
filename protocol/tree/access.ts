// Who may do what: the check that every operation makes, and what a server makes of the ACL that a
// client sends. Permissions are not inherited, and bits that mean nothing are kept as they are.
// [ZK-Java ZooKeeperServer.checkACL, PrepRequestProcessor.fixupACL]
import type { Acl, AclEntry, Identity } from '../acl.js';
import { makeAclEntry, OPEN_ACL } from '../acl.js';
import type { ServiceSettings } from '../service-settings.js';
import { identitiesInHashOrder } from './hash-order.js';
import { isAcceptable, isProven, matches } from './schemes.js';

const SUPER = 'super';

function isAnyone({ scheme, id }: AclEntry): boolean {
  return scheme === 'world' && id === 'anyone';
}

function admits(
  entry: AclEntry,
  identities: readonly Identity[],
  settings: ServiceSettings,
): boolean {
  if (isAnyone(entry)) return true;
  for (const identity of identities) {
    if (identity.scheme === entry.scheme && matches(identity, entry, settings)) return true;
  }
  return false;
}

/** Is any one of `perms` granted to any one of `identities`? */
export function isAllowed(
  settings: ServiceSettings,
  acl: Acl,
  perms: number,
  identities: readonly Identity[],
): boolean {
  if (acl === OPEN_ACL || settings.skipAcl || acl.length === 0) return true;
  for (const { scheme } of identities) if (scheme === SUPER) return true;
  for (const entry of acl) {
    if ((entry.perms & perms) !== 0 && admits(entry, identities, settings)) return true;
  }
  return false;
}

function isSame(a: AclEntry, b: AclEntry): boolean {
  return a.perms === b.perms && a.scheme === b.scheme && a.id === b.id;
}

/** `auth` stands for everybody whom the connection has proved to be. */
function expand(
  entry: AclEntry,
  identities: readonly Identity[],
  { compatibility }: ServiceSettings,
): readonly AclEntry[] {
  const all = compatibility === '3.8.0' ? identitiesInHashOrder(identities) : identities;
  return all.filter(isProven).map(({ scheme, id }) => makeAclEntry(entry.perms, scheme, id));
}

const OPEN_ENTRY = OPEN_ACL[0];

/** One object for the list that almost every znode has: comparing it is comparing pointers. */
function shared(acl: Acl): Acl {
  const first = acl[0];
  const open = acl.length === 1 && first !== undefined && OPEN_ENTRY !== undefined;
  return open && isSame(first, OPEN_ENTRY) ? OPEN_ACL : acl;
}

/** The list as it is stored; undefined: there is something in it that makes no sense. */
export function fixAcl(
  acl: Acl | null,
  identities: readonly Identity[],
  settings: ServiceSettings,
): Acl | undefined {
  if (acl === OPEN_ACL) return acl;
  if (acl === null || acl.length === 0) return undefined;
  const fixed: AclEntry[] = [];
  for (const [index, entry] of acl.entries()) {
    if (acl.findIndex((other) => isSame(other, entry)) < index) continue;
    if (entry.scheme === 'auth') {
      const proven = expand(entry, identities, settings);
      if (proven.length === 0) return undefined;
      fixed.push(...proven);
    } else if (isAnyone(entry) || isAcceptable(entry, settings)) {
      fixed.push(entry);
    } else {
      return undefined;
    }
  }
  return shared(fixed);
}

/** For a reader who may not administer the znode: digests are nobody's business. */
export function maskAcl(acl: Acl): Acl {
  return acl.map((entry) => {
    const { perms, scheme, id } = entry;
    return scheme === 'digest' ? makeAclEntry(perms, scheme, id.replace(/:.*/g, ':x')) : entry;
  });
}
