// The chosen history: what every server that serves must have a prefix of. It grows in two ways.
//
// By recovery: a quorum has acknowledged NEWLEADER of epoch e. Each of it holds the leader's
// initial history durably and has currentEpoch e, and any later leader needs an ACKEPOCH from one
// of them, whose summary it must match or exceed: so no later leader lacks that history.
// Transactions proposed in an older epoch and never committed by their own leader are chosen here.
//
// By broadcast: a quorum has one more proposal of e on disk, after all of the initial history.
//
// A record that adds nothing is legal: the acknowledgements that make a quorum for a deposed
// leader may have been on their way when a newer leader, who has the same transactions by the
// argument above, chose them already. A record that fits neither way is a `conflict`; the chosen
// history stays as it was, because what was visible once can not be taken back.
// [Zab11 synchronization] [TLA-3.7 LeaderProcessACKLD]
import type { HistoryTree } from './history-tree.js';
import { ROOT } from './history-tree.js';

export class ChosenHistory {
  readonly #tree: HistoryTree;
  #tip = ROOT;
  /** By the epoch whose leader chose them, ascending: the last of its transactions. */
  readonly #ends: { readonly epoch: number; node: number }[] = [];
  /** What the record at hand has added, oldest first. */
  readonly added: number[] = [];
  /** The record at hand claims a history that the chosen one contradicts. */
  conflict = false;
  /** When each transaction was chosen, by depth. */
  readonly #chosenAtUs: number[] = [0];

  constructor(tree: HistoryTree) {
    this.#tree = tree;
  }

  /** The chosen history itself, as a node. */
  get tip(): number {
    return this.#tip;
  }

  /** Number of chosen transactions. */
  get length(): number {
    return this.#tree.depthOf(this.#tip);
  }

  has(node: number): boolean {
    return node >= 0 && this.#tree.isPrefix(node, this.#tip);
  }

  /** How many transactions were chosen by then. */
  lengthAt(atUs: number): number {
    let low = 0;
    let high = this.#chosenAtUs.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#chosenAtUs[middle] ?? 0) <= atUs) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  /**
   * What leaders of epochs before `epoch` have chosen. A transaction counts for the epoch that
   * chose it, not for the one in its zxid: recovery chooses those that their own leader never
   * committed, and a leader in between owes them nothing.
   */
  below(epoch: number): number {
    for (let index = this.#ends.length - 1; index >= 0; index--) {
      const end = this.#ends[index];
      if (end !== undefined && end.epoch < epoch) return end.node;
    }
    return ROOT;
  }

  /** Forgets what the last record did. */
  settle(): void {
    this.added.length = 0;
    this.conflict = false;
  }

  /** `node` is claimed to be chosen, in `epoch`. */
  claim(node: number, atUs: number, epoch: number): void {
    if (this.has(node)) return;
    if (node < 0 || !this.#tree.isPrefix(this.#tip, node)) {
      this.conflict = true;
      return;
    }
    this.#tree.pathInto(this.added, this.#tip, node);
    this.#tip = node;
    for (const added of this.added) this.#note(added, atUs, epoch);
  }

  #note(node: number, atUs: number, epoch: number): void {
    this.#chosenAtUs.push(atUs);
    const last = this.#ends[this.#ends.length - 1];
    if (last !== undefined && last.epoch >= epoch) last.node = node;
    else this.#ends.push({ epoch, node });
  }
}
