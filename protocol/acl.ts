// Who may do what with one znode, and who somebody is. An ACL belongs to its znode only: nothing is
// inherited. [ZK-Java ZooDefs.Perms, ZooDefs.Ids, org.apache.zookeeper.data.ACL]

export const READ = 1;
export const WRITE = 2;
export const CREATE = 4;
export const DELETE = 8;
export const ADMIN = 16;
export const ALL = 31;

/** Somebody, as an authentication scheme knows them: of a connection, or in an ACL. */
export interface Identity {
  readonly scheme: string;
  readonly id: string;
}

export function makeIdentity(scheme: string, id: string): Identity {
  return { scheme, id };
}

export interface AclEntry {
  /** Bits; a server does not look whether they are known. */
  readonly perms: number;
  readonly scheme: string;
  readonly id: string;
}

export function makeAclEntry(perms: number, scheme: string, id: string): AclEntry {
  return { perms, scheme, id };
}

/** A list of entries; equal lists of a tree need not be the same object, but usually are. */
export type Acl = readonly AclEntry[];

/** Everybody may do everything: what most clients ask for. */
export const OPEN_ACL: Acl = Object.freeze([makeAclEntry(ALL, 'world', 'anyone')]);
export const READ_ACL: Acl = Object.freeze([makeAclEntry(READ, 'world', 'anyone')]);
/** The creator's own identities may do everything. */
export const CREATOR_ACL: Acl = Object.freeze([makeAclEntry(ALL, 'auth', '')]);
