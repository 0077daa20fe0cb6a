// One znode, nested by rate of change: where it comes from (never changes), what it holds
// (setData), and its family (create and delete of direct children). Each part carries a hash of
// itself, so that the hash of the znode, its share in the digest of the tree, costs a few
// multiplications whatever changed. [ZK-Java DataNode, StatPersisted, DigestCalculator]
import { Set } from 'immutable';
import { hashString } from '../../base/digest.js';
import type { SessionId, Zxid } from '../ids.js';
import { NO_SESSION, ZERO_ZXID } from '../ids.js';
import type { Stat } from '../operation.js';

export interface Origin {
  readonly czxid: Zxid;
  /** 0: persistent. */
  readonly ephemeralOwner: SessionId;
  /** Of the path too: a znode does not know its path, but its hash does. */
  readonly hash: number;
}

export interface Content {
  readonly data: string;
  readonly version: number;
  readonly mzxid: Zxid;
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

export interface Znode {
  readonly origin: Origin;
  readonly content: Content;
  readonly family: Family;
  /** uint32. */
  readonly hash: number;
}

/** Folds a number below 2^53 into a hash. */
export function mix(hash: number, value: number): number {
  let h = Math.imul(hash ^ (value >>> 0), 0x9e3779b1);
  h = Math.imul(h ^ (h >>> 15) ^ Math.floor(value / 2 ** 32), 0x85ebca6b);
  return h ^ (h >>> 13);
}

function makeOrigin(path: string, czxid: Zxid, ephemeralOwner: SessionId): Origin {
  const hash = mix(mix(hashString(path), czxid), ephemeralOwner);
  return { czxid, ephemeralOwner, hash };
}

export function makeContent(data: string, version: number, mzxid: Zxid): Content {
  return { data, version, mzxid, hash: mix(mix(hashString(data), version), mzxid) };
}

export function makeFamily(names: Set<string>, creates: number, pzxid: Zxid): Family {
  return { names, creates, pzxid, hash: mix(mix(names.size, creates), pzxid) };
}

export function makeZnode(origin: Origin, content: Content, family: Family): Znode {
  const hash = mix(origin.hash ^ Math.imul(content.hash, 0xc2b2ae35), family.hash >>> 0) >>> 0;
  return { origin, content, family, hash };
}

const NO_NAMES = Set<string>();

/** A znode as it is created: without children, every zxid that of the create. */
export function bornZnode(path: string, data: string, zxid: Zxid, owner: SessionId): Znode {
  return makeZnode(
    makeOrigin(path, zxid, owner),
    makeContent(data, 0, zxid),
    makeFamily(NO_NAMES, 0, zxid),
  );
}

export const BORN_ROOT: Znode = bornZnode('/', '', ZERO_ZXID, NO_SESSION);

/**
 * What a client sees. Its cversion counts creates and deletes of children: deletes = creates -
 * children, so 2 * creates - children, in 32 bits as Java computes it.
 */
export function statOf(znode: Znode): Stat {
  const { origin, content, family } = znode;
  return {
    czxid: origin.czxid,
    mzxid: content.mzxid,
    version: content.version,
    cversion: (2 * family.creates - family.names.size) | 0,
    ephemeralOwner: origin.ephemeralOwner,
  };
}
