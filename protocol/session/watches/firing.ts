// A transaction was applied here: whoever watches what it changed is told, before anybody hears of
// its outcome and before any read can see it. A connection is told once of each change, whichever
// of its watches saw it, and only if it may read the znode; an unreadable event uses its watch up
// all the same. [ZK-Java DataTree.processTxn, WatchManager.triggerWatch, NIOServerCnxn.process]
import type { Acl } from '../../acl.js';
import { READ } from '../../acl.js';
import type { Context } from '../../context.js';
import { note, send } from '../../context.js';
import type { ConnId, Zxid } from '../../ids.js';
import { NO_ZXID } from '../../ids.js';
import { packet } from '../../message.js';
import type { ServiceSettings } from '../../service-settings.js';
import { isAllowed } from '../../tree/access.js';
import type { Change } from '../../tree/changes.js';
import { changesOf } from '../../tree/changes.js';
import { parentOf } from '../../tree/path.js';
import type { Tree } from '../../tree/tree.js';
import type { Txn } from '../../txn.js';
import type { WatchEvent, WatchEventType } from '../../watch-event.js';
import { makeWatchEvent } from '../../watch-event.js';
import { withWatches } from '../front-state.js';
import { fire } from './table.js';
import { makeWatches, NO_WATCHES } from './watches.js';

/** Until 3.8 an event does not say which transaction it is about (ZOOKEEPER-4655). */
function headerZxid(zxid: Zxid, { compatibility }: ServiceSettings): Zxid {
  return compatibility === '3.8.0' ? NO_ZXID : zxid;
}

const SENT = 0;
const WITHHELD = 1;

/** Sends an event; under an ACL, if the client may read what is under it. */
export function notify(ctx: Context, conn: ConnId, event: WatchEvent, zxid: Zxid, acl?: Acl): void {
  const client = ctx.front.conns.get(conn);
  if (client === undefined) return;
  const { session, identities } = client;
  const { service } = ctx.config;
  const told = acl === undefined || isAllowed(service, acl, READ, identities);
  if (told) send(ctx, conn, packet('watchEvent', headerZxid(zxid, service), event));
  const text = `${event.type} ${event.path}`;
  note(ctx, 'watchFired', { zxid, value: session, text, digest: told ? SENT : WITHHELD });
}

interface Firing {
  readonly zxid: Zxid;
  readonly type: WatchEventType;
  readonly path: string;
  readonly acl: Acl;
}

const NOBODY: readonly ConnId[] = [];

/** Fires in one of the tables. Returns who was hit, whether or not that was told. */
function fireIn(
  ctx: Context,
  table: 'data' | 'child',
  { zxid, type, path, acl }: Firing,
  toldAlready: readonly ConnId[] = NOBODY,
): readonly ConnId[] {
  const { watches } = ctx.front;
  const before = watches[table];
  const { table: after, hit } = fire(before, path, type);
  if (after !== before) {
    const { data, child } = watches;
    const left = table === 'data' ? makeWatches(after, child) : makeWatches(data, after);
    ctx.front = withWatches(ctx.front, left);
  }
  if (hit.length === 0) return NOBODY;
  const event = makeWatchEvent(type, path);
  for (const conn of hit) if (!toldAlready.includes(conn)) notify(ctx, conn, event, zxid, acl);
  return hit;
}

function fireChange(ctx: Context, zxid: Zxid, change: Change): void {
  const { kind, path, acl } = change;
  if (kind === 'dataChanged') {
    fireIn(ctx, 'data', { zxid, type: 'nodeDataChanged', path, acl });
    return;
  }
  if (kind === 'created') {
    fireIn(ctx, 'data', { zxid, type: 'nodeCreated', path, acl });
  } else {
    const deleted = { zxid, type: 'nodeDeleted', path, acl } as const;
    fireIn(ctx, 'child', deleted, fireIn(ctx, 'data', deleted));
  }
  const parent = { path: parentOf(path), acl: change.parentAcl };
  fireIn(ctx, 'child', { zxid, type: 'nodeChildrenChanged', path: parent.path, acl: parent.acl });
}

/** `before`: the tree that the transaction was applied to. */
export function fireWatches(ctx: Context, before: Tree, txn: Txn): void {
  if (ctx.front.watches === NO_WATCHES) return;
  for (const change of changesOf(before, txn)) fireChange(ctx, txn.zxid, change);
}
