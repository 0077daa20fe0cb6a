// A leader's decisions and their application without anything in between, for the tests of the
// tree: `ask` decides a request, `catchUp` applies what was decided.

import { compareCodeUnits } from '../../base/order.js';
import type { SessionId, Zxid } from '../../protocol/ids.js';
import { serverId } from '../../protocol/ids.js';
import type { LeaderOperation, Result } from '../../protocol/operation.js';
import { makeRequest } from '../../protocol/operation.js';
import { NO_OUTSTANDING, prepare, settle } from '../../protocol/tree/prepare.js';
import type { Tree } from '../../protocol/tree/tree.js';
import { applyTxn, EMPTY_TREE } from '../../protocol/tree/tree.js';
import type { Znode } from '../../protocol/tree/znode.js';
import { statOf } from '../../protocol/tree/znode.js';
import type { Txn } from '../../protocol/txn.js';
import { makeTxn } from '../../protocol/txn.js';

export class Leader {
  tree: Tree = EMPTY_TREE;
  outstanding = NO_OUTSTANDING;
  /** Every decision, in order. */
  readonly txns: Txn[] = [];
  /** Of the applied ones, in order. */
  readonly results: Result[] = [];

  ask(op: LeaderOperation, session = 1): Txn {
    const zxid = (this.txns.length + 1) as Zxid;
    const cxid = this.txns.length;
    const request = makeRequest(session as SessionId, cxid, op, serverId(1));
    const prepared = prepare(this.tree, this.outstanding, request, zxid);
    this.outstanding = prepared.outstanding;
    const txn = makeTxn({ zxid, session: request.session, cxid, timeMs: 0 }, prepared.op);
    this.txns.push(txn);
    return txn;
  }

  /** Applies what is decided, but for the last `lag` decisions. */
  catchUp(lag = 0): void {
    while (this.results.length < this.txns.length - lag) {
      const txn = this.txns[this.results.length]!;
      const { tree, result } = applyTxn(this.tree, txn);
      this.tree = tree;
      this.results.push(result);
      this.outstanding = settle(this.outstanding, txn.zxid);
    }
  }

  /** Decides and applies; the error's code or `ok`. */
  do(op: LeaderOperation, session = 1): string {
    this.ask(op, session);
    this.catchUp();
    const result = this.results.at(-1)!;
    return result.kind === 'error' ? result.code : 'ok';
  }
}

function describe(path: string, znode: Znode): unknown {
  const { content, family } = znode;
  const names = [...family.names].sort(compareCodeUnits);
  return { path, data: content.data, names, pzxid: family.pzxid, ...statOf(znode) };
}

/** Everything that a tree holds, comparable and readable. */
export function contentOf(tree: Tree): unknown {
  const paths = [...tree.znodes.keys()].sort(compareCodeUnits);
  const owners = [...tree.ephemerals.entries()].sort(([a], [b]) => a - b);
  return {
    znodes: paths.map((path) => describe(path, tree.znodes.get(path)!)),
    ephemerals: owners.map(([session, owned]) => [session, [...owned].sort(compareCodeUnits)]),
    sessions: [...tree.sessions.entries()].sort(([a], [b]) => a - b),
    digest: tree.digest,
  };
}
