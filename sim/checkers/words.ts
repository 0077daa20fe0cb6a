// How facts name things: zxids as the papers write them, histories by their length and last zxid.
import type { Zxid } from '../../protocol/ids.js';
import { formatZxid } from '../../protocol/ids.js';
import type { HistoryTree } from './oracle/history-tree.js';

export function zxidText(zxid: number): string {
  return formatZxid(zxid as Zxid);
}

/** `12 txns to 3:4`. */
export function historyText(tree: HistoryTree, node: number): string {
  if (node < 0) return 'unknown';
  const unknown = tree.isForeign(node) ? ' after an unknown beginning' : '';
  return `${String(tree.depthOf(node))} txns to ${zxidText(tree.zxidOf(node))}${unknown}`;
}
