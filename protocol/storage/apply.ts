// Applying a transaction to the database: the tree, lp, the lineage and the DIFF window move
// together. lp moves only after the transaction is fully applied and never backwards. [ZK-Java
// DataTree.processTxn]
import type { Result } from '../result.js';
import { applyTxn } from '../tree/tree.js';
import { extendLineage } from '../txn-log.js';
import type { Txn } from '../txn.js';
import type { Database } from './database.js';
import { makeDatabase } from './database.js';

export interface AppliedTxn {
  readonly database: Database;
  readonly result: Result;
}

export function applyToDatabase(database: Database, txn: Txn, windowMax: number): AppliedTxn {
  const { tree, result } = applyTxn(database.tree, txn);
  return {
    database: makeDatabase(
      tree,
      txn.zxid > database.lastProcessed ? txn.zxid : database.lastProcessed,
      extendLineage(database.lineage, txn),
      database.committedLog.append(txn, windowMax),
    ),
    result,
  };
}
