// Access lists as scenarios say them: one word each. `mine` and `readable` mean whoever the client
// has shown to be when it asks.
import type { Acl } from '../../protocol/acl.js';
import { ALL, CREATOR_ACL, makeAclEntry, OPEN_ACL, READ } from '../../protocol/acl.js';

export const ACL_WORDS = ['open', 'mine', 'readable'] as const;
export type AclWord = (typeof ACL_WORDS)[number];

const LISTS: Readonly<Record<AclWord, Acl>> = {
  open: OPEN_ACL,
  mine: CREATOR_ACL,
  readable: [makeAclEntry(READ, 'world', 'anyone'), makeAclEntry(ALL, 'auth', '')],
};

export function aclOf(word: AclWord): Acl {
  return LISTS[word];
}

function text(acl: Acl): string {
  return acl.map(({ perms, scheme, id }) => `${perms} ${scheme} ${id}`).join();
}

/** The word for a list that was made from one. */
export function aclWord(acl: Acl | null): AclWord {
  return ACL_WORDS.find((word) => text(LISTS[word]) === text(acl ?? LISTS.open)) ?? 'open';
}
