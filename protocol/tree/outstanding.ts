// Changes that are decided but not applied yet: by path, the newest decision about it. Entries are
// not taken out one by one when the tree catches up: a mark says up to which zxid they are history,
// since from then on the tree says the same; the map is dropped when all of it is history, and
// swept when most of it is. [ZK-Java PrepRequestProcessor.outstandingChanges, ChangeRecord]
import { Map } from 'immutable';
import type { SessionId, Zxid } from '../ids.js';
import { NO_ZXID } from '../ids.js';
import type { Tree } from './store.js';
import { znodeAt } from './store.js';

/** What a decision depends on. */
export interface Standing {
  readonly version: number;
  /** Children ever created: the stored cversion. */
  readonly creates: number;
  readonly children: number;
  readonly ephemeralOwner: SessionId;
}

export function makeStanding(
  version: number,
  creates: number,
  children: number,
  ephemeralOwner: SessionId,
): Standing {
  return { version, creates, children, ephemeralOwner };
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
  if (znode === undefined) return undefined;
  const { origin, content, family } = znode;
  return makeStanding(content.version, family.creates, family.names.size, origin.ephemeralOwner);
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
