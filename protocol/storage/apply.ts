// Applying a transaction to the database: the tree, lp, the lineage and the DIFF window move
// together. lp moves only after the transaction is fully applied and never backwards. [ZK-Java
// DataTree.processTxn]
import type { Context } from '../context.js';
import type { Result } from '../result.js';
import { applyTxn, withSession } from '../tree/tree.js';
import { extendLineage } from '../txn-log.js';
import type { Txn } from '../txn.js';
import type { Database } from './database.js';
import { makeDatabase } from './database.js';

export interface AppliedTxn {
  readonly database: Database;
  readonly result: Result;
}

/**
 * Is a committed transaction in memory already, because that came as a snapshot? If snapshots are
 * taken some time after the plan (rules.snapTakenAfterMs), it changes the tree once more, and the
 * tree is only right again when all that the snapshot ran ahead by has come as well.
 */
export function isInSnapshot(ctx: Context, txn: Txn): boolean {
  const { tree, lastProcessed, lineage, committedLog } = ctx.database;
  if (txn.zxid > lastProcessed) return false;
  if (ctx.config.rules.snapTakenAfterMs > 0) {
    const again = applyTxn(tree, txn).tree;
    ctx.database = makeDatabase(again, lastProcessed, lineage, committedLog);
  }
  return true;
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

/** Enters or strikes a session alone, before its transaction is applied (rules.sessionTable). */
export function tabulateSession(ctx: Context, { op, session }: Txn): void {
  if (op.kind !== 'createSession' && op.kind !== 'closeSession') return;
  const { tree, lastProcessed, lineage, committedLog } = ctx.database;
  const next = withSession(tree, session, op.kind === 'createSession' ? op.timeoutMs : undefined);
  ctx.database = makeDatabase(next, lastProcessed, lineage, committedLog);
}
