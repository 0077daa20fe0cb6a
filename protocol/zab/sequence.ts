// Which zxid a leader gives next. [ZK-Java PrepRequestProcessor]
import type { Zxid } from '../ids.js';
import { counterOf } from '../ids.js';

/** Beyond the largest counter the next zxid would be one of the next epoch (ZOOKEEPER-1277). */
export function nextZxid(last: Zxid, counterMax: number): Zxid | undefined {
  return counterOf(last) + 1 > counterMax ? undefined : ((last + 1) as Zxid);
}
