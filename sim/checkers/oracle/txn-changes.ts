// What a transaction changes, as whoever watches is to hear it, read off the transaction alone: it
// carries results, so what it creates was not there and what it deletes was. [ZK-Java
// DataTree.processTxn]
import type { TxnOp, WriteTxn } from '../../../protocol/txn.js';
import type { WatchEventType } from '../../../protocol/watch-event.js';
import { writesOf } from './service-model.js';
import { parentOf } from './service-rules.js';

export interface NodeChange {
  readonly type: WatchEventType;
  readonly path: string;
}

const NONE: readonly NodeChange[] = [];

function deletion(into: NodeChange[], path: string): void {
  into.push({ type: 'nodeDeleted', path });
  into.push({ type: 'nodeChildrenChanged', path: parentOf(path) });
}

function change(into: NodeChange[], { kind, path }: WriteTxn): void {
  if (kind === 'create') {
    into.push({ type: 'nodeCreated', path });
    into.push({ type: 'nodeChildrenChanged', path: parentOf(path) });
  } else if (kind === 'delete') {
    deletion(into, path);
  } else if (kind === 'setData') {
    into.push({ type: 'nodeDataChanged', path });
  }
}

/** In the order in which they are told. */
export function nodeChangesOf(op: TxnOp): readonly NodeChange[] {
  const changes: NodeChange[] = [];
  if (op.kind === 'closeSession') for (const path of op.paths) deletion(changes, path);
  else for (const write of writesOf(op)) change(changes, write);
  return changes.length === 0 ? NONE : changes;
}
