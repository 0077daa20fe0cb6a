// A learner's connection to its leader: speaking, listening for silence, giving up; and what both
// halves of synchronization ask about its mode.
// [ZK-Java Learner.writePacket, readPacket]
import type { Context } from '../context.js';
import { note, send, setTimer } from '../context.js';
import type { Fifo } from '../fifo.js';
import type { Epoch } from '../ids.js';
import type { Message } from '../message.js';
import { packet } from '../message.js';
import type { Txn } from '../txn.js';
import type { Learner } from './learner.js';
import type { SyncMode } from './sync-plan.js';

/** The socket's read timeout, as one lazily renewed timer instead of one per packet. */
export function armReadTimeout(ctx: Context, role: Learner): void {
  const elapsedUs = ctx.nowUs - role.lastHeardUs;
  setTimer(ctx, 'readTimeout', Math.max(0, role.readTimeoutMs - elapsedUs / 1000));
}

export function tellLeader(ctx: Context, role: Learner, message: Message): void {
  send(ctx, role.conn, message);
}

/** Is memory changed at once in that synchronization, and written as a snapshot at NEWLEADER? */
export function restsOnSnapshot({ config }: Context, mode: SyncMode): boolean {
  return mode === 'snap' || (mode === 'trunc' && config.rules.afterTrunc === 'memory');
}

/** A follower's acknowledgements, in order. */
export function ackEach(ctx: Context, role: Learner, epoch: Epoch, txns: Fifo<Txn>): void {
  if (role.kind !== 'following') return;
  for (let index = 0; index < txns.length; index++) {
    const { zxid } = txns.at(index);
    note(ctx, 'ackSent', { peer: role.leader, zxid, epoch });
    tellLeader(ctx, role, packet('ack', zxid, undefined));
  }
}

export function leaveLeader(ctx: Context, reason: string): void {
  ctx.transition = { to: 'leaving', reason };
}

export function ignored(ctx: Context, from: number, why: string): void {
  note(ctx, 'ignored', { peer: from, text: why });
}
