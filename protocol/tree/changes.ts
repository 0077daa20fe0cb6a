// What a transaction changes, as somebody who watches wants to know it: which znodes come, go or
// get other data, in order, and whom they may be told to. Nobody asks unless somebody watches.
// [ZK-Java DataTree.createNode, deleteNode, setData, WatchManager.triggerWatch]
import type { Acl } from '../acl.js';
import { OPEN_ACL } from '../acl.js';
import type { Txn, TxnPart } from '../txn.js';
import { parentOf } from './path.js';
import type { Tree } from './store.js';
import { aclAt } from './store.js';
import { applyPart, closedPaths } from './tree.js';

export interface Change {
  readonly kind: 'created' | 'deleted' | 'dataChanged';
  readonly path: string;
  /** Of the znode: READ in it lets one know. Of one that is gone, its last. */
  readonly acl: Acl;
  /** Of its parent: the same for who watches the children. */
  readonly parentAcl: Acl;
}

function makeChange(kind: Change['kind'], path: string, acl: Acl, parentAcl: Acl): Change {
  return { kind, path, acl, parentAcl };
}

function changeOf(tree: Tree, part: TxnPart): Change | undefined {
  const { kind } = part;
  if (kind !== 'create' && kind !== 'delete' && kind !== 'setData') return undefined;
  const { path } = part;
  const here = aclAt(tree, path);
  // Only a replay creates what is there, or deletes or changes what is not.
  if ((kind === 'create') === (here !== undefined)) return undefined;
  const parentAcl = aclAt(tree, parentOf(path)) ?? OPEN_ACL;
  if (kind === 'create') return makeChange('created', path, part.acl, parentAcl);
  const change = kind === 'delete' ? 'deleted' : 'dataChanged';
  return makeChange(change, path, here ?? OPEN_ACL, parentAcl);
}

function changesOfMulti(before: Tree, txn: Txn, parts: readonly TxnPart[]): readonly Change[] {
  const changes: Change[] = [];
  let tree = before;
  for (const part of parts) {
    const change = changeOf(tree, part);
    if (change === undefined) continue;
    changes.push(change);
    tree = applyPart(tree, txn, part).tree;
  }
  return changes;
}

/** What `txn` changes in `before`, in order. */
export function changesOf(before: Tree, txn: Txn): readonly Change[] {
  const { op } = txn;
  switch (op.kind) {
    case 'createSession':
      return [];
    case 'closeSession':
      return closedPaths(before, txn, op.paths).flatMap((path) => {
        const change = changeOf(before, { kind: 'delete', path });
        return change === undefined ? [] : [change];
      });
    case 'multi':
      return changesOfMulti(before, txn, op.parts);
    default: {
      const change = changeOf(before, op);
      return change === undefined ? [] : [change];
    }
  }
}
