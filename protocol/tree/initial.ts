// The tree before the first transaction: the root and ZooKeeper's own znodes, which no transaction
// has created, so that every zxid of theirs is 0 and their children were never counted as creates.
// DIVERGES: /zookeeper/config is empty, as in a standalone server (docs/divergence.md).
// [ZK-Java DataTree, DataTree.addConfigNode]
import { Set } from 'immutable';
import { OPEN_ACL, READ_ACL } from '../acl.js';
import { ZERO_ZXID } from '../ids.js';
import { PERSISTENT } from '../txn.js';
import { CONFIG, nameOf, QUOTA, ROOT, SYSTEM } from './path.js';
import type { Tree } from './store.js';
import { BARE_TREE, withZnode } from './store.js';
import type { Guard } from './znode.js';
import { makeContent, makeFamily, makeGuard, makeOrigin, makeZnode } from './znode.js';

const OPEN = makeGuard(OPEN_ACL, 0);
/** The change of its ACL from open to this one was not counted: the version given for it was -1. */
const CONFIG_GUARD = makeGuard(READ_ACL, -1);

function withInitial(tree: Tree, path: string, children: readonly string[], guard: Guard): Tree {
  const content = makeContent('', 0, ZERO_ZXID, 0);
  const family = makeFamily(Set(children.map(nameOf)), 0, ZERO_ZXID);
  const znode = makeZnode(makeOrigin(path, ZERO_ZXID, 0, PERSISTENT), content, family, guard);
  return withZnode(tree, path, znode, undefined);
}

function initialTree(): Tree {
  let tree = withInitial(BARE_TREE, ROOT, [SYSTEM], OPEN);
  tree = withInitial(tree, SYSTEM, [QUOTA, CONFIG], OPEN);
  tree = withInitial(tree, QUOTA, [], OPEN);
  return withInitial(tree, CONFIG, [], CONFIG_GUARD);
}

/** As every server has it before it learns of anything. */
export const EMPTY_TREE: Tree = initialTree();
