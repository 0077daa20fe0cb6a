// The order that ZooKeeper itself claims. Every answer carries a zxid, and writes took effect in
// the order of theirs; so one sort and one pass tell whether the claim can be true. The claim
// comes from the system under test, which is why the searches do not trust it: where they find a
// history in order and this does not, or the other way round, one of the two has found a bug.
import type { History } from './history.js';
import { isPending } from './history.js';
import { Refusal } from './model.js';
import { realTimeConflict } from './monitors/real-time.js';
import type { ZnodeHistoryOp } from './decode-znode.js';
import { znodeModelOf } from './models/znode.js';
import type { Family, ZnodeOp, ZnodeResult } from './models/znode-op.js';

export interface ZxidFinding {
  readonly claim: 'unique' | 'real time' | 'session order' | 'answers';
  readonly ops: readonly ZnodeHistoryOp[];
  readonly because: string;
}

/** What contradicts the claimed order, the first of each kind; empty if nothing does. */
export function examineZxids(history: History<ZnodeOp, ZnodeResult>): ZxidFinding[] {
  const writes = history.filter((op) => isWrite(op) && zxidOf(op) !== undefined);
  const order = [...writes].sort((a, b) => (zxidOf(a) ?? 0) - (zxidOf(b) ?? 0));
  const findings: ZxidFinding[] = [];
  const twin = order.findIndex((op, at) => at > 0 && zxidOf(op) === zxidOf(order[at - 1]));
  if (twin > 0) {
    const ops = order.slice(twin - 1, twin + 1);
    findings.push({ claim: 'unique', ops, because: 'two writes carry the same zxid' });
  }
  const conflict = realTimeConflict(order);
  if (conflict !== undefined) {
    const because = 'the write with the larger zxid had completed before the other was invoked';
    findings.push({ claim: 'real time', ops: conflict, because });
  }
  const backwards = sessionGoesBack(history);
  if (backwards !== undefined) findings.push(backwards);
  const refused = replay(history, order);
  if (refused !== undefined) findings.push(refused);
  return findings;
}

function zxidOf(op: ZnodeHistoryOp | undefined): number | undefined {
  return op?.result?.zxid;
}

/** Parts of one transaction have its zxid and a fraction, by their place. */
function wholeZxidOf(op: ZnodeHistoryOp): number {
  return Math.floor(zxidOf(op) ?? 0);
}

/** Refused writes are no transactions to the tree, and their zxid is that of a failure. */
function isWrite({ op, result }: ZnodeHistoryOp): boolean {
  if (op.f === 'get' || op.f === 'exists' || op.f === 'sync') return false;
  return result !== undefined && result.error === undefined;
}

/** Answers of one session never go back to an earlier zxid. */
function sessionGoesBack(history: History<ZnodeOp, ZnodeResult>): ZxidFinding | undefined {
  const latest = new Map<string, ZnodeHistoryOp>();
  const answered = history.filter((op) => zxidOf(op) !== undefined && op.op.f !== 'sync');
  for (const op of answered.sort((a, b) => a.invokedAt - b.invokedAt)) {
    const before = latest.get(op.client);
    if (before !== undefined && wholeZxidOf(op) < wholeZxidOf(before)) {
      const because = `session ${op.client} was answered from an earlier state than before`;
      return { claim: 'session order', ops: [before, op], because };
    }
    latest.set(op.client, op);
  }
  return undefined;
}

/** Families that a write without an answer, and so without a zxid, may have changed stay out. */
function replay(
  history: History<ZnodeOp, ZnodeResult>,
  order: History<ZnodeOp, ZnodeResult>,
): ZxidFinding | undefined {
  const model = znodeModelOf(history);
  const keyOf = (op: ZnodeHistoryOp): string => model.key?.(op.op) ?? '';
  const unclear = new Set(history.filter(isPending).map(keyOf));
  const states = new Map<string, Family>();
  for (const op of order) {
    const key = keyOf(op);
    if (unclear.has(key)) continue;
    const after = model.step(states.get(key) ?? model.initial, op.op, op.result);
    if (after instanceof Refusal) {
      return { claim: 'answers', ops: [op], because: `in the order of zxids, ${after.reason}` };
    }
    states.set(key, after);
  }
  return undefined;
}
