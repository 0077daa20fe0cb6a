// The world's own records: what it tells the trace about the events it carries out. One shape, the
// same as a note's.
import type { Operation } from '../../protocol/operation.js';
import type { Durable } from '../../protocol/storage/durable.js';
import type { Purpose } from '../../protocol/event.js';
import type { Entry } from '../trace/fold.js';
import type { RecordKind } from '../trace/record.js';

export function makeEntry(
  kind: RecordKind,
  peer: number,
  zxid: number,
  value: number,
  text: string,
): Entry {
  return { kind, peer, zxid, epoch: 0, value, digest: 0, text, detail: undefined };
}

/** What a disk holds when a process starts or has ended. */
export function diskEntry(kind: 'boot' | 'crash', durable: Durable, text: string): Entry {
  const { log, currentEpoch, acceptedEpoch } = durable;
  return {
    kind,
    peer: 0,
    zxid: log.lastZxid,
    epoch: currentEpoch,
    value: log.lineage,
    digest: acceptedEpoch,
    text,
    detail: undefined,
  };
}

export function invokeEntry(op: Operation): Entry {
  return {
    kind: 'invoke',
    peer: 0,
    zxid: 0,
    epoch: 0,
    value: 0,
    digest: 0,
    text: op.kind,
    detail: op,
  };
}

/** `purpose/why`, without making a string for each dial. */
const DIAL_FAILED = {
  election: { refused: 'election/refused', timeout: 'election/timeout' },
  quorum: { refused: 'quorum/refused', timeout: 'quorum/timeout' },
  client: { refused: 'client/refused', timeout: 'client/timeout' },
} as const;

export function dialFailedText(purpose: Purpose, why: 'refused' | 'timeout'): string {
  return DIAL_FAILED[purpose][why];
}
