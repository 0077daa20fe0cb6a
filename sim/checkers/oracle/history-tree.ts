// Every history that any server ever held, as one tree: a node is a transaction together with
// everything before it, and is known by its lineage, the rolling hash that logs and databases
// carry. So a log, a tree of znodes, a snapshot and the chosen history are each one number, a
// node, and "is a prefix of" means "is an ancestor of".
//
// Nodes that continue each other without a fork share a branch. Whether one node is an ancestor
// of another is asked by climbing from branch to branch, and a correct run forks only where a
// leader fell with transactions that nobody else had; the question costs O(1) in practice, and
// memory is bounded by the number of different transactions.
import type { Zxid } from '../../../protocol/ids.js';
import { extendLineage, NO_LINEAGE } from '../../../protocol/txn-log.js';

/** The empty history. */
export const ROOT = 0;

export class HistoryTree {
  readonly #byLineage = new Map<number, number>([[NO_LINEAGE, ROOT]]);
  readonly #lineage: number[] = [NO_LINEAGE];
  readonly #zxid: number[] = [0];
  readonly #digest: number[] = [0];
  readonly #parent: number[] = [-1];
  readonly #depth: number[] = [0];
  /** The child found or made last: where the next question most likely leads. */
  readonly #child: number[] = [-1];
  readonly #branch: number[] = [0];
  /** By branch: the node that it forked from, -1 for a root. */
  readonly #fork: number[] = [-1];

  zxidOf(node: number): number {
    return this.#zxid[node] ?? 0;
  }

  digestOf(node: number): number {
    return this.#digest[node] ?? 0;
  }

  lineageOf(node: number): number {
    return this.#lineage[node] ?? NO_LINEAGE;
  }

  /** -1 for a root. */
  parentOf(node: number): number {
    return this.#parent[node] ?? -1;
  }

  /** How many transactions the history has; for one of unknown beginning, since that. */
  depthOf(node: number): number {
    return this.#depth[node] ?? 0;
  }

  /** A history that does not begin at the empty one, as far as anybody told us. */
  isForeign(node: number): boolean {
    const root = this.#rootBranch(node);
    return root !== 0;
  }

  #rootBranch(node: number): number {
    let branch = this.#branch[node] ?? 0;
    for (let fork = this.#fork[branch] ?? -1; fork >= 0; fork = this.#fork[branch] ?? -1) {
      branch = this.#branch[fork] ?? 0;
    }
    return branch;
  }

  /** The history of that lineage; one that was never heard of becomes a root of its own. */
  at(lineage: number, zxid: number): number {
    const known = this.#byLineage.get(lineage);
    if (known !== undefined) return known;
    this.#fork.push(-1);
    return this.#add(-1, this.#fork.length - 1, lineage, { zxid, digest: 0 });
  }

  /** `before` continued by a transaction. */
  extend(before: number, zxid: number, digest: number): number {
    return this.grow(before, zxid, digest, this.#lineageAfter(before, zxid, digest));
  }

  #lineageAfter(before: number, zxid: number, digest: number): number {
    return extendLineage(this.lineageOf(before), { zxid: zxid as Zxid, digest });
  }

  /**
   * The history of `lineage`, which somebody reached by adding a transaction to `before`. If the
   * numbers do not bear that out it is a history of unknown beginning: nothing follows from it.
   */
  grow(before: number, zxid: number, digest: number, lineage: number): number {
    const likely = this.#child[before] ?? -1;
    if (likely >= 0 && this.#lineage[likely] === lineage) return likely;
    const known = this.#byLineage.get(lineage);
    if (known !== undefined) {
      if (this.#parent[known] === before) this.#child[before] = known;
      return known;
    }
    if (this.#lineageAfter(before, zxid, digest) !== lineage) return this.at(lineage, zxid);
    let branch = this.#branch[before] ?? 0;
    if (likely >= 0) {
      this.#fork.push(before);
      branch = this.#fork.length - 1;
    }
    const node = this.#add(before, branch, lineage, { zxid, digest });
    this.#child[before] = node;
    return node;
  }

  #add(
    parent: number,
    branch: number,
    lineage: number,
    txn: { readonly zxid: number; readonly digest: number },
  ): number {
    const node = this.#lineage.length;
    this.#byLineage.set(lineage, node);
    this.#lineage.push(lineage);
    this.#zxid.push(txn.zxid);
    this.#digest.push(txn.digest);
    this.#parent.push(parent);
    this.#depth.push(parent < 0 ? 0 : this.depthOf(parent) + 1);
    this.#child.push(-1);
    this.#branch.push(branch);
    return node;
  }

  /** Is `a` a prefix of `b`, or the same? */
  isPrefix(a: number, b: number): boolean {
    if (a === b) return true;
    const branch = this.#branch[a];
    const depth = this.depthOf(a);
    let at = b;
    for (let on = this.#branch[at] ?? 0; on !== branch; on = this.#branch[at] ?? 0) {
      at = this.#fork[on] ?? -1;
      if (at < 0 || this.depthOf(at) < depth) return false;
    }
    return depth <= this.depthOf(at);
  }

  /** The longest history that both begin with. */
  commonPrefix(a: number, b: number): number {
    let left = a;
    let right = b;
    while (this.#branch[left] !== this.#branch[right]) {
      const up = this.#fork[this.#branch[left] ?? 0] ?? -1;
      const down = this.#fork[this.#branch[right] ?? 0] ?? -1;
      if (up < 0 && down < 0) return ROOT;
      if (down < 0 || (up >= 0 && this.depthOf(up) >= this.depthOf(down))) left = up;
      else right = down;
    }
    return this.depthOf(left) <= this.depthOf(right) ? left : right;
  }

  /** Appends to `into` what `to` has beyond its prefix `from`, oldest first. */
  pathInto(into: number[], from: number, to: number): void {
    const start = into.length;
    for (let at = to; at !== from && at >= 0; at = this.parentOf(at)) into.push(at);
    if (into.length - start < 2) return;
    const path = into.splice(start).reverse();
    for (const node of path) into.push(node);
  }
}
