// The leader looks for containers and TTL znodes that may go, again and again, and asks for each to
// be deleted like a client without a session: one after the other, not too many a minute.
// [ZK-Java ContainerManager]
import type { Context } from '../context.js';
import { note, setTimer } from '../context.js';
import { NO_SESSION } from '../ids.js';
import { makeRequest } from '../operation.js';
import { reapable } from '../tree/reaping.js';
import { submitRequest } from './leader-broadcast.js';
import { broadcastNow, setBroadcast } from './leadership.js';
import { makeReaping } from './leading.js';

const MINUTE_MS = 60_000;

/** What was found at the last check goes first; the checks themselves keep to a fixed rate. */
export function reapDue(ctx: Context): void {
  const before = broadcastNow(ctx);
  if (before === undefined) return;
  const { service, sid } = ctx.config;
  let { due, nextCheckUs } = before.phase.reaping;
  if (due.length === 0) {
    const { tree, lastProcessed: zxid } = ctx.database;
    due = reapable(tree, ctx.wallMs, service);
    for (const text of due) note(ctx, 'reaping', { zxid, value: ctx.wallMs, text });
    nextCheckUs += service.containerCheckIntervalMs * 1000;
  }
  const [path] = due;
  if (path !== undefined) {
    submitRequest(ctx, makeRequest(NO_SESSION, 0, { kind: 'deleteContainer', path }, sid));
  }
  const now = broadcastNow(ctx);
  if (now === undefined) return;
  const { role, phase } = now;
  phase.reaping = makeReaping(due.slice(1), nextCheckUs);
  setBroadcast(ctx, role, phase);
  const pauseMs = Math.floor(MINUTE_MS / service.maxContainersPerMinute);
  const untilCheckMs = Math.max(0, nextCheckUs - ctx.nowUs) / 1000;
  setTimer(ctx, 'reap', due.length > 1 ? pauseMs : untilCheckMs);
}
