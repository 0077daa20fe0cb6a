// The tree before the first transaction: the root and ZooKeeper's own znodes, which no transaction
// has created, so that every zxid of theirs is 0 and their children were never counted as creates.
// [ZK-Java DataTree, DataTree.addConfigNode, ZKDatabase.initConfigInZKDatabase]
import { Set } from 'immutable';
import { OPEN_ACL, READ_ACL } from '../acl.js';
import { NO_ZXID, ZERO_ZXID } from '../ids.js';
import { PERSISTENT } from '../txn.js';
import { CONFIG, nameOf, QUOTA, ROOT, SYSTEM } from './path.js';
import type { Tree } from './store.js';
import { BARE_TREE, withZnode } from './store.js';
import type { Content, Guard, Znode } from './znode.js';
import { makeContent, makeFamily, makeGuard, makeOrigin, makeZnode, withData } from './znode.js';

const EMPTY = makeContent('', 0, ZERO_ZXID, 0);
const OPEN = makeGuard(OPEN_ACL, 0);
/** The change of its ACL from open to this one was not counted: the version given for it was -1. */
const CONFIG_GUARD = makeGuard(READ_ACL, -1);

function makeInitial(
  path: string,
  children: readonly string[],
  content: Content,
  guard: Guard,
): Znode {
  const family = makeFamily(Set(children.map(nameOf)), 0, ZERO_ZXID);
  return makeZnode(makeOrigin(path, ZERO_ZXID, 0, PERSISTENT), content, family, guard);
}

/**
 * `config`: the text that describes the ensemble. Every server writes it there by itself when it
 * begins to serve; it is no part of the digest, and its Stat shows no transaction.
 */
export function initialTree(config: string): Tree {
  const written = withData(makeContent('', -1, NO_ZXID, 0), config);
  const content = config === '' ? EMPTY : written;
  let tree = BARE_TREE;
  const add = (path: string, znode: Znode): void => {
    tree = withZnode(tree, path, znode, undefined);
  };
  add(ROOT, makeInitial(ROOT, [SYSTEM], EMPTY, OPEN));
  add(SYSTEM, makeInitial(SYSTEM, [QUOTA, CONFIG], EMPTY, OPEN));
  add(QUOTA, makeInitial(QUOTA, [], EMPTY, OPEN));
  add(CONFIG, makeInitial(CONFIG, [], content, CONFIG_GUARD));
  return tree;
}

/** As a server has it that is told nothing of an ensemble. */
export const EMPTY_TREE: Tree = initialTree('');
