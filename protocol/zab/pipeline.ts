// The queues of the last two stages, as a record. What moves through them is in stages.ts.
import type { Fifo } from '../fifo.js';
import { emptyFifo } from '../fifo.js';
import type { SessionId } from '../ids.js';
import type { Txn } from '../txn.js';

export type CommitItem =
  | { readonly kind: 'txn'; readonly txn: Txn }
  /** A sync of a client of this server: everything committed before it is applied before it. */
  | { readonly kind: 'sync'; readonly session: SessionId; readonly cxid: number };

export interface Pipeline {
  readonly commit: Fifo<CommitItem>;
  readonly final: Fifo<CommitItem>;
}

export const IDLE_PIPELINE: Pipeline = makePipeline(emptyFifo(), emptyFifo());

export function makePipeline(commit: Fifo<CommitItem>, final: Fifo<CommitItem>): Pipeline {
  return { commit, final };
}
