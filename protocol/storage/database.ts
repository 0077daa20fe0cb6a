// A server's memory of the service: the tree, the last zxid processed (lp), and the window of
// committed transactions that serves DIFFs. lp is what a server votes with. [ZK-Java ZKDatabase]
import type { Zxid } from '../ids.js';
import { ZERO_ZXID } from '../ids.js';
import type { Tree } from '../tree/tree.js';
import { EMPTY_TREE } from '../tree/tree.js';
import { NO_LINEAGE } from '../txn-log.js';
import { CommittedLog } from './committed-log.js';

export interface Database {
  readonly tree: Tree;
  /** Last zxid processed; e:0 right after a leader's activation. */
  readonly lastProcessed: Zxid;
  /** Lineage of the applied history; unchanged by the e:0 marker. */
  readonly lineage: number;
  readonly committedLog: CommittedLog;
}

export function makeDatabase(
  tree: Tree,
  lastProcessed: Zxid,
  lineage: number,
  committedLog: CommittedLog,
): Database {
  return { tree, lastProcessed, lineage, committedLog };
}

export const EMPTY_DATABASE: Database = makeDatabase(
  EMPTY_TREE,
  ZERO_ZXID,
  NO_LINEAGE,
  CommittedLog.empty(),
);
