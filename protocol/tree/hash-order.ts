// The order in which Java walks a hash table: by as many low bits of the hash as the table has.
// ZooKeeper 3.8.0 shows it in what a session leaves behind and in whom `auth` stands for; ours is
// sorted, or as it came, unless it is to answer as 3.8.0. [ZK-Java DataTree.getEphemerals,
// ServerCnxn.getAuthInfo]
import { compareNumbers } from '../../base/order.js';
import type { Identity } from '../acl.js';

const LEAST_SIZE = 16;
const LOAD = 0.75;

function hashOf(text: string): number {
  let hash = 0;
  for (let at = 0; at < text.length; at++) hash = (Math.imul(31, hash) + text.charCodeAt(at)) | 0;
  return hash;
}

function spread(hash: number): number {
  return hash ^ (hash >>> 16);
}

/** The least power of two that is not below. */
function sizeFor(count: number): number {
  let size = 1;
  while (size < count) size *= 2;
  return size;
}

/** A table that has grown to this many entries, one by one. */
function grownSize(count: number): number {
  return Math.max(LEAST_SIZE, sizeFor(count / LOAD));
}

/** A table made for this many entries, as a copy is. */
function copySize(count: number): number {
  return sizeFor(Math.floor(count / LOAD + 1));
}

/** As a copy of a set of texts has them; among those in one place, as the set had them. */
export function textsInHashOrder(sorted: readonly string[]): readonly string[] {
  const inCopy = copySize(sorted.length) - 1;
  const inSet = grownSize(sorted.length) - 1;
  const hashed = sorted.map((text) => ({ text, hash: spread(hashOf(text)) }));
  hashed.sort(
    (a, b) =>
      compareNumbers(a.hash & inCopy, b.hash & inCopy) ||
      compareNumbers(a.hash & inSet, b.hash & inSet),
  );
  return hashed.map(({ text }) => text);
}

function identityHash({ scheme, id }: Identity): number {
  const hash = (Math.imul(37, 17) + hashOf(scheme)) | 0;
  return spread((Math.imul(37, hash) + hashOf(id)) | 0);
}

export function identitiesInHashOrder(identities: readonly Identity[]): readonly Identity[] {
  const mask = grownSize(identities.length) - 1;
  return identities.toSorted((a, b) =>
    compareNumbers(identityHash(a) & mask, identityHash(b) & mask),
  );
}
