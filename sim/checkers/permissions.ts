// What an ACL lets somebody do, by the contract and not by the servers' code. Addresses are not in
// the trace: an entry for one is taken to be for everybody. [ZK-Java ZooKeeperServer.checkACL]
import type { Acl } from '../../protocol/acl.js';
import { READ } from '../../protocol/acl.js';
import type { ServiceModel } from './oracle/service-model.js';
import { isOpen } from './oracle/service-rules.js';

/** `identities`: as `identified` records have them, `scheme id`. */
export function permits(acl: Acl, perms: number, identities: ReadonlySet<string>): boolean {
  if (acl.length === 0 || identities.has('super ')) return true;
  return acl.some(({ perms: granted, scheme, id }) => {
    if ((granted & perms) === 0) return false;
    const anybody = (scheme === 'world' && id === 'anyone') || scheme === 'ip';
    return anybody || identities.has(`${scheme} ${id}`);
  });
}

/**
 * The ACLs that a znode had just before and just after a transaction; a znode that comes or goes
 * has one. Undefined: too long ago.
 */
function aclsAround(model: ServiceModel, path: string, zxid: number): readonly Acl[] | undefined {
  const before = model.stateAt(path, zxid - 1);
  const after = model.stateAt(path, zxid);
  if (before === undefined || after === undefined) return undefined;
  return [before, after].filter(({ exists }) => exists).map(({ guard }) => guard.acl);
}

/** Could everybody read it, whichever side of the transaction one looks at? */
export function isPublic(model: ServiceModel, path: string, zxid: number): boolean {
  return aclsAround(model, path, zxid)?.every(isOpen) ?? false;
}

/** May somebody be told of what the transaction did to the znode? True for want of knowledge. */
export function mayHear(
  model: ServiceModel,
  path: string,
  zxid: number,
  identities: ReadonlySet<string>,
): boolean {
  const acls = aclsAround(model, path, zxid);
  if (acls === undefined || acls.length === 0) return true;
  return acls.some((acl) => permits(acl, READ, identities));
}
