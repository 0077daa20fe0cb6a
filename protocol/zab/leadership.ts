// What every part of a leader does to its record: find it in the context, put it back, speak to a
// learner, drop one, give up. Each handler reads the record anew, because the one before may have
// replaced it. [ZK-Java Leader]
import type { Mutable } from '../../base/mutable.js';
import type { Context } from '../context.js';
import { close, send } from '../context.js';
import type { ConnId } from '../ids.js';
import type { Message } from '../message.js';
import type { Handler, LeaderBroadcast, Leading } from './leading.js';
import { copyBroadcast, copyHandler, copyLeading } from './leading.js';

export function dropHandler(ctx: Context, draft: Mutable<Leading>, conn: ConnId): void {
  close(ctx, conn);
  draft.handlers = draft.handlers.filter((h) => h.conn !== conn);
}

/** The leading role as it stands in the context, after handlers that may have replaced it. */
export function leadingNow(ctx: Context): Mutable<Leading> | undefined {
  return ctx.role.kind === 'leading' ? copyLeading(ctx.role) : undefined;
}

export function broadcastNow(
  ctx: Context,
): { role: Leading; phase: Mutable<LeaderBroadcast> } | undefined {
  const role = ctx.role;
  if (role.kind !== 'leading' || role.phase.kind !== 'broadcast') return undefined;
  return { role, phase: copyBroadcast(role.phase) };
}

export function setBroadcast(ctx: Context, role: Leading, phase: LeaderBroadcast): void {
  const next = copyLeading(role);
  next.phase = phase;
  ctx.role = next;
}

export function tell(ctx: Context, handler: Handler, message: Message): void {
  send(ctx, handler.conn, message);
}

/** To one of `handlers`, or to what waits for its snapshot; returns what they are then. */
export function tellInOrder(
  ctx: Context,
  handlers: readonly Handler[],
  index: number,
  message: Message,
): readonly Handler[] {
  const handler = handlers[index];
  if (handler === undefined) return handlers;
  if (handler.held === undefined) {
    tell(ctx, handler, message);
    return handlers;
  }
  const next = copyHandler(handler);
  next.held = handler.held.push(message);
  return handlers.with(index, next);
}

export function giveUp(ctx: Context, reason: string): void {
  ctx.transition = { to: 'leaving', reason };
}
