// How many bytes a message takes, roughly: only a link of limited bandwidth asks.
import type { Message } from '../../protocol/message.js';

const HEADER = 40;
/** A streamed database; its tree keeps no account of its size. */
const SNAPSHOT = 65_536;

export function wireSize({ kind, body }: Message): number {
  if (kind === 'proposal' || kind === 'inform') return HEADER + body.bytes;
  if (kind === 'snap') return SNAPSHOT;
  if (kind === 'ping') return HEADER + 12 * body.touches.length;
  if (kind === 'operation' || kind === 'request') {
    return HEADER + ('data' in body.op ? body.op.data.length : 0);
  }
  if (kind === 'reply') return HEADER + ('data' in body.result ? body.result.data.length : 0);
  return HEADER;
}
