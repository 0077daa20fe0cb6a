// One znode, nested by rate of change: where it comes from (never changes), what it holds
// (setData), its family (create and delete of direct children) and its guard (setACL). Each part
// carries a hash of itself, so that the hash of the znode, its share in the digest of the tree,
// costs a few multiplications whatever changed. [ZK-Java DataNode, StatPersisted, DigestCalculator]
import { Set } from 'immutable';
import { hashString } from '../../base/digest.js';
import type { Acl } from '../acl.js';
import { OPEN_ACL } from '../acl.js';
import type { SessionId, Zxid } from '../ids.js';
import { NO_SESSION } from '../ids.js';
import type { Data } from '../operation.js';
import type { Stat } from '../result.js';
import type { Life } from '../txn.js';

export interface Origin {
  readonly czxid: Zxid;
  readonly ctimeMs: number;
  readonly life: Life;
  /** Of the path too: a znode does not know its path, but its hash does. */
  readonly hash: number;
}

export interface Content {
  readonly data: Data;
  readonly version: number;
  readonly mzxid: Zxid;
  readonly mtimeMs: number;
  /** Of what the last transaction wrote: see `withData`. */
  readonly hash: number;
}

export interface Family {
  readonly names: Set<string>;
  /** Children ever created: ZooKeeper's stored cversion, which is not what a Stat shows. */
  readonly creates: number;
  /** Last create or delete of a direct child. */
  readonly pzxid: Zxid;
  readonly hash: number;
}

export interface Guard {
  readonly acl: Acl;
  readonly aversion: number;
  readonly hash: number;
}

export interface Znode {
  readonly origin: Origin;
  readonly content: Content;
  readonly family: Family;
  readonly guard: Guard;
  /** uint32. */
  readonly hash: number;
}

/** Folds a number below 2^53 into a hash. */
export function mix(hash: number, value: number): number {
  let h = Math.imul(hash ^ (value >>> 0), 0x9e3779b1);
  h = Math.imul(h ^ (h >>> 15) ^ Math.floor(value / 2 ** 32), 0x85ebca6b);
  return h ^ (h >>> 13);
}

function hashLife(life: Life): number {
  if (life.kind === 'persistent') return 0;
  if (life.kind === 'ephemeral') return life.owner;
  return life.kind === 'container' ? -1 : -2 - life.ttlMs;
}

export function makeOrigin(path: string, czxid: Zxid, ctimeMs: number, life: Life): Origin {
  const hash = mix(mix(mix(hashString(path), czxid), ctimeMs), hashLife(life));
  return { czxid, ctimeMs, life, hash };
}

const NULL_HASH = 0x6e756c6c;

function contentOf(
  data: Data,
  version: number,
  mzxid: Zxid,
  mtimeMs: number,
  hash: number,
): Content {
  return { data, version, mzxid, mtimeMs, hash };
}

export function makeContent(data: Data, version: number, mzxid: Zxid, mtimeMs: number): Content {
  const text = data === null ? NULL_HASH : hashString(data);
  return contentOf(data, version, mzxid, mtimeMs, mix(mix(mix(text, version), mzxid), mtimeMs));
}

/**
 * Other data without a transaction: the servers' own bookkeeping. It is no part of the hash, since
 * ZooKeeper does not promise that it is the same everywhere.
 */
export function withData(content: Content, data: Data): Content {
  return contentOf(data, content.version, content.mzxid, content.mtimeMs, content.hash);
}

export function makeFamily(names: Set<string>, creates: number, pzxid: Zxid): Family {
  return { names, creates, pzxid, hash: mix(mix(names.size, creates), pzxid) };
}

function guardOf(acl: Acl, aversion: number, hash: number): Guard {
  return { acl, aversion, hash };
}

/** Of almost every znode; its hash costs nothing. */
const OPEN_GUARD: Guard = guardOf(OPEN_ACL, 0, 0);

export function makeGuard(acl: Acl, aversion: number): Guard {
  if (acl === OPEN_ACL && aversion === 0) return OPEN_GUARD;
  let hash = mix(acl.length, aversion);
  for (const { perms, scheme, id } of acl) {
    hash = mix(mix(mix(hash, perms), hashString(scheme)), hashString(id));
  }
  return guardOf(acl, aversion, hash);
}

export function makeZnode(origin: Origin, content: Content, family: Family, guard: Guard): Znode {
  const own = origin.hash ^ Math.imul(content.hash, 0xc2b2ae35) ^ Math.imul(guard.hash, 0x27d4eb2f);
  return { origin, content, family, guard, hash: mix(own, family.hash >>> 0) >>> 0 };
}

const NO_NAMES = Set<string>();

/** The family of a znode without children, created by transaction `zxid`. */
export function bornFamily(zxid: Zxid): Family {
  return makeFamily(NO_NAMES, 0, zxid);
}

/** The session of a real ephemeral; 0 for all others, containers and TTL znodes included. */
export function ownerOf(life: Life): SessionId {
  return life.kind === 'ephemeral' ? life.owner : NO_SESSION;
}

/** Bytes. */
export function sizeOf(data: Data): number {
  return data === null ? 0 : data.length;
}

/**
 * What a client sees. Its cversion counts creates and deletes of children: deletes = creates -
 * children, so 2 * creates - children, in 32 bits as Java computes it.
 */
export function statOf(znode: Znode): Stat {
  const { origin, content, family, guard } = znode;
  return {
    czxid: origin.czxid,
    mzxid: content.mzxid,
    pzxid: family.pzxid,
    ctimeMs: origin.ctimeMs,
    mtimeMs: content.mtimeMs,
    version: content.version,
    cversion: (2 * family.creates - family.names.size) | 0,
    aversion: guard.aversion,
    ephemeralOwner: ownerOf(origin.life),
    dataLength: sizeOf(content.data),
    numChildren: family.names.size,
  };
}
