// A learner's connection to its leader: speaking, listening for silence, giving up.
// [ZK-Java Learner.writePacket, readPacket]
import type { Context } from '../context.js';
import { note, send, setTimer } from '../context.js';
import type { Message } from '../message.js';
import type { Learner } from './learner.js';

/** The socket's read timeout, as one lazily renewed timer instead of one per packet. */
export function armReadTimeout(ctx: Context, role: Learner): void {
  const elapsedUs = ctx.nowUs - role.lastHeardUs;
  setTimer(ctx, 'readTimeout', Math.max(0, role.readTimeoutMs - elapsedUs / 1000));
}

export function tellLeader(ctx: Context, role: Learner, message: Message): void {
  send(ctx, role.conn, message);
}

export function leaveLeader(ctx: Context, reason: string): void {
  ctx.transition = { to: 'leaving', reason };
}

export function ignored(ctx: Context, from: number, why: string): void {
  note(ctx, 'ignored', { peer: from, text: why });
}
