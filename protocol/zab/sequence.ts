// Which zxid may follow which: one after the other in an epoch, and a new epoch begins anew.
// [ZK-Java PrepRequestProcessor, Learner.syncWithLeader]
import type { Zxid } from '../ids.js';
import { counterOf, epochOf, NO_ZXID } from '../ids.js';

/** Beyond the largest counter the next zxid would be one of the next epoch (ZOOKEEPER-1277). */
export function nextZxid(last: Zxid, counterMax: number): Zxid | undefined {
  return counterOf(last) + 1 > counterMax ? undefined : ((last + 1) as Zxid);
}

/** A proposal must follow the one before it, or begin a later epoch (ZOOKEEPER-4925). */
export function inSequence(last: Zxid, zxid: Zxid): boolean {
  return last === NO_ZXID || zxid === last + 1 || epochOf(zxid) > epochOf(last);
}
