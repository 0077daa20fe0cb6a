// What clients ask for about their watches. setWatches comes from a client that has been away: what
// it missed it is told at once, before the answer, and whatever is as it left it waits on.
// Persistent watches miss what happened meanwhile. [ZK-Java DataTree.setWatches]
import type { Context } from '../../context.js';
import { note } from '../../context.js';
import type { ErrorCode } from '../../error-code.js';
import { NO_ZXID } from '../../ids.js';
import type { ConnectionRead } from '../../operation.js';
import type { Result } from '../../result.js';
import { znodeAt } from '../../tree/tree.js';
import type { WatchEventType } from '../../watch-event.js';
import type { Lane } from '../front-state.js';
import { withWatches } from '../front-state.js';
import { notify } from './firing.js';
import type { Way } from './watches.js';
import { lookFor, watcherType, WAY_CODES, withoutWatch, withWatch } from './watches.js';

type AboutWatches = Exclude<ConnectionRead, { kind: 'whoAmI' | 'malformedRead' }>;
type SetWatches = Extract<AboutWatches, { kind: 'setWatches' | 'setWatches2' }>;

const DONE: Result = { kind: 'done' };

function failed(code: ErrorCode): Result {
  return { kind: 'error', code };
}

/** From now on the client of the lane hears of this path. */
export function watch(ctx: Context, lane: Lane, path: string, way: Way): void {
  const { watches } = ctx.front;
  const { conn } = lane.link;
  ctx.front = withWatches(ctx.front, withWatch(watches, path, conn, way, ctx.config.service));
  const zxid = ctx.database.lastProcessed;
  note(ctx, 'watchSet', { zxid, value: lane.session, text: path, digest: WAY_CODES[way] });
}

const ADD_WATCH_MODES: readonly Way[] = ['persistent', 'recursive'];

function addWatch(ctx: Context, lane: Lane, path: string, mode: number): Result {
  const way = ADD_WATCH_MODES[mode];
  if (way === undefined) return failed('MarshallingError');
  watch(ctx, lane, path, way);
  return DONE;
}

function checkWatches(ctx: Context, lane: Lane, path: string, type: number): Result {
  const { service } = ctx.config;
  const places = watcherType(type, service);
  if (places === undefined) return failed('MarshallingError');
  const { conn } = lane.link;
  const found = lookFor(ctx.front.watches, path, conn, places, service);
  if (found === 'failed') return failed('MarshallingError');
  return found === 'watched' ? DONE : failed('NoWatcher');
}

function removeWatches(ctx: Context, lane: Lane, path: string, type: number): Result {
  const places = watcherType(type, ctx.config.service);
  if (places === undefined) return failed('MarshallingError');
  const { watches } = ctx.front;
  const left = withoutWatch(watches, path, lane.link.conn, places);
  if (left === watches) return failed('NoWatcher');
  ctx.front = withWatches(ctx.front, left);
  note(ctx, 'watchGone', { value: lane.session, text: path, digest: type });
  return DONE;
}

function catchUp(ctx: Context, lane: Lane, op: SetWatches): void {
  const { relativeZxid } = op;
  const { tree } = ctx.database;
  const tell = (type: WatchEventType, path: string): void =>
    notify(ctx, lane.link.conn, { type, path }, NO_ZXID);
  for (const path of op.data) {
    const znode = znodeAt(tree, path);
    if (znode === undefined) tell('nodeDeleted', path);
    else if (znode.content.mzxid > relativeZxid) tell('nodeDataChanged', path);
    else watch(ctx, lane, path, 'data');
  }
  for (const path of op.exist) {
    if (znodeAt(tree, path) === undefined) watch(ctx, lane, path, 'data');
    else tell('nodeCreated', path);
  }
  for (const path of op.child) {
    const znode = znodeAt(tree, path);
    if (znode === undefined) tell('nodeDeleted', path);
    else if (znode.family.pzxid > relativeZxid) tell('nodeChildrenChanged', path);
    else watch(ctx, lane, path, 'child');
  }
  for (const path of op.persistent) watch(ctx, lane, path, 'persistent');
  for (const path of op.recursive) watch(ctx, lane, path, 'recursive');
}

export function answerAboutWatches(ctx: Context, lane: Lane, op: AboutWatches): Result {
  switch (op.kind) {
    case 'addWatch':
      return addWatch(ctx, lane, op.path, op.mode);
    case 'checkWatches':
      return checkWatches(ctx, lane, op.path, op.type);
    case 'removeWatches':
      return removeWatches(ctx, lane, op.path, op.type);
    case 'setWatches':
    case 'setWatches2':
      catchUp(ctx, lane, op);
      return DONE;
  }
}
