// Changes that are decided but not applied yet: by path, the newest decision about it. Entries are
// not taken out one by one when the tree catches up: a mark says up to which zxid they are history,
// since from then on the tree says the same; the map is dropped when all of it is history, and
// swept when most of it is. [ZK-Java PrepRequestProcessor.outstandingChanges, ChangeRecord]
import { Map } from 'immutable';
import type { Acl } from '../acl.js';
import type { SessionId, Zxid } from '../ids.js';
import { NO_ZXID } from '../ids.js';
import type { Tree } from './store.js';
import { znodeAt } from './store.js';
import type { Znode } from './znode.js';
import { ownerOf, sizeOf } from './znode.js';

interface Versions {
  readonly version: number;
  readonly aversion: number;
}

interface Children {
  /** Children ever created: the stored cversion. */
  readonly creates: number;
  readonly children: number;
}

/** What a decision depends on. */
export interface Standing extends Versions, Children {
  /** 0 for everything but a real ephemeral. */
  readonly ephemeralOwner: SessionId;
  /** Bytes of data. */
  readonly size: number;
  readonly acl: Acl;
}

function makeStanding(
  { version, aversion }: Versions,
  { creates, children }: Children,
  ephemeralOwner: SessionId,
  size: number,
  acl: Acl,
): Standing {
  return { version, aversion, creates, children, ephemeralOwner, size, acl };
}

const FIRST: Versions = { version: 0, aversion: 0 };
const CHILDLESS: Children = { creates: 0, children: 0 };

/** Of a znode that will be created. */
export function bornStanding(ephemeralOwner: SessionId, size: number, acl: Acl): Standing {
  return makeStanding(FIRST, CHILDLESS, ephemeralOwner, size, acl);
}

/** A parent after one of its children came (`creates` rises) or went (it does not). */
export function withChildren(before: Standing, creates: number, children: number): Standing {
  const { ephemeralOwner, size, acl } = before;
  return makeStanding(before, { creates, children }, ephemeralOwner, size, acl);
}

export function withNewData(before: Standing, version: number, size: number): Standing {
  const { aversion, ephemeralOwner, acl } = before;
  return makeStanding({ version, aversion }, before, ephemeralOwner, size, acl);
}

/**
 * Who may do what stays as it was until the new ACL is applied: a request that is decided before
 * that is checked against the old one, as it is upstream.
 */
export function withNewAcl(before: Standing, aversion: number): Standing {
  const { version, ephemeralOwner, size, acl } = before;
  return makeStanding({ version, aversion }, before, ephemeralOwner, size, acl);
}

function standingOf({ origin, content, family, guard }: Znode): Standing {
  const versions = { version: content.version, aversion: guard.aversion };
  const below = { creates: family.creates, children: family.names.size };
  return makeStanding(versions, below, ownerOf(origin.life), sizeOf(content.data), guard.acl);
}

interface Change {
  readonly zxid: Zxid;
  /** Undefined: the znode will be gone. */
  readonly standing: Standing | undefined;
}

export interface Outstanding {
  readonly changes: Map<string, Change>;
  /** Of the newest change. */
  readonly lastZxid: Zxid;
  /** Changes up to here are applied. */
  readonly settledZxid: Zxid;
  /** Size of the map at which history is swept out of it. */
  readonly sweepAt: number;
}

function makeOutstanding(
  changes: Map<string, Change>,
  lastZxid: Zxid,
  settledZxid: Zxid,
  sweepAt: number,
): Outstanding {
  return { changes, lastZxid, settledZxid, sweepAt };
}

const SWEEP_MIN = 64;

export const NO_OUTSTANDING: Outstanding = makeOutstanding(Map(), NO_ZXID, NO_ZXID, SWEEP_MIN);

/** How the znode at `path` will stand once everything decided is applied; undefined: not there. */
export function standingAt(
  tree: Tree,
  outstanding: Outstanding,
  path: string,
): Standing | undefined {
  if (outstanding.lastZxid > outstanding.settledZxid) {
    const change = outstanding.changes.get(path);
    if (change !== undefined && change.zxid > outstanding.settledZxid) return change.standing;
  }
  const znode = znodeAt(tree, path);
  return znode === undefined ? undefined : standingOf(znode);
}

/** Adds the decision of transaction `zxid` about `path`. */
export function decide(
  outstanding: Outstanding,
  zxid: Zxid,
  path: string,
  standing: Standing | undefined,
): Outstanding {
  const changes = outstanding.changes.set(path, { zxid, standing });
  return makeOutstanding(changes, zxid, outstanding.settledZxid, outstanding.sweepAt);
}

/** Everything up to `zxid` is applied now. Amortised O(1): a sweep follows as many decisions. */
export function settle(outstanding: Outstanding, zxid: Zxid): Outstanding {
  if (zxid >= outstanding.lastZxid) return NO_OUTSTANDING;
  const { changes, lastZxid, sweepAt } = outstanding;
  if (changes.size < sweepAt) return makeOutstanding(changes, lastZxid, zxid, sweepAt);
  const left = changes.filter((change) => change.zxid > zxid);
  return makeOutstanding(left, lastZxid, zxid, 2 * left.size + SWEEP_MIN);
}

/** Adds to `paths` the ephemerals of `session` still to be created, and removes those given up. */
export function overlayEphemerals(
  outstanding: Outstanding,
  session: SessionId,
  paths: Set<string>,
): void {
  for (const [path, { zxid, standing }] of outstanding.changes) {
    if (zxid <= outstanding.settledZxid) continue;
    if (standing?.ephemeralOwner === session) paths.add(path);
    else paths.delete(path);
  }
}
