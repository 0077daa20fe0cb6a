// How many bytes a message takes, roughly: only a link of limited bandwidth asks.
import { requestBytes } from '../../protocol/request-bytes.js';
import type { Message } from '../../protocol/message.js';
import type { Result } from '../../protocol/result.js';

const HEADER = 40;
/** A streamed database; its tree keeps no account of its size. */
const SNAPSHOT = 65_536;

/** What may be long: data, names, and several of them. */
function resultSize(result: Result): number {
  if (result.kind === 'data') return result.data?.length ?? 0;
  if (result.kind === 'children') return textsSize(result.names);
  if (result.kind === 'paths') return textsSize(result.paths);
  if (result.kind !== 'multi') return 0;
  return result.results.reduce((sum, part) => sum + resultSize(part), 0);
}

function textsSize(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + 4 + text.length, 0);
}

export function wireSize({ kind, body }: Message): number {
  if (kind === 'proposal' || kind === 'inform') return HEADER + body.bytes;
  if (kind === 'snap') return SNAPSHOT;
  if (kind === 'ping') return HEADER + 12 * body.touches.length;
  if (kind === 'operation') return HEADER + requestBytes(body.op);
  if (kind === 'request') {
    const { op } = body;
    const ofSession = op.kind === 'createSession' || op.kind === 'closeSession';
    return HEADER + (ofSession ? 0 : requestBytes(op));
  }
  if (kind === 'reply') return HEADER + resultSize(body.result);
  return HEADER;
}
