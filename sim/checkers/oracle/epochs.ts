// What is known about each epoch: who was established for it, with which history, and what it has
// proposed and committed since. Also every transaction ever proposed, by its zxid.
import type { TraceRecord } from '../../trace/record.js';
import type { HistoryTree } from './history-tree.js';

export interface EpochFacts {
  readonly epoch: number;
  /** 0 until the epoch has an established leader. */
  leader: number;
  /** Record that says so. */
  establishedBy: number;
  /**
   * The history that the leader was established with: what its quorum is to hold before it serves.
   */
  initial: number;
  /** The same, continued by its proposals. */
  tip: number;
  /** Zxid of its last proposal; 0 for none. */
  lastProposed: number;
  /** How far it has committed; starts as `initial`, which its NEWLEADER quorum commits. */
  committed: number;
}

export class Epochs {
  readonly #tree: HistoryTree;
  readonly #facts = new Map<number, EpochFacts>();
  /** By zxid: the history that ends with that proposal. */
  readonly #proposals = new Map<number, number>();
  /** Facts of the epoch as they were before the proposal at hand. */
  previousProposal = 0;
  previousTip = 0;

  constructor(tree: HistoryTree) {
    this.#tree = tree;
  }

  find(epoch: number): EpochFacts | undefined {
    return this.#facts.get(epoch);
  }

  #open(epoch: number, node: number): EpochFacts {
    const known = this.#facts.get(epoch);
    if (known !== undefined) return known;
    const facts: EpochFacts = {
      epoch,
      leader: 0,
      establishedBy: -1,
      initial: node,
      tip: node,
      lastProposed: 0,
      committed: node,
    };
    this.#facts.set(epoch, facts);
    return facts;
  }

  /** The history that ends with the transaction of that zxid; -1 if nobody proposed it. */
  proposal(zxid: number): number {
    return this.#proposals.get(zxid) ?? -1;
  }

  established(record: TraceRecord): void {
    const facts = this.#open(record.epoch, this.#tree.at(record.value, record.zxid));
    if (facts.leader !== 0) return;
    facts.leader = record.actor;
    facts.establishedBy = record.index;
  }

  /** `from`: what the leader's proposals continue, should nobody have told. */
  proposed(record: TraceRecord, from: number): number {
    const facts = this.#open(record.epoch, from);
    this.previousProposal = facts.lastProposed;
    this.previousTip = facts.tip;
    const node = this.#tree.extend(facts.tip, record.zxid, record.digest);
    facts.tip = node;
    facts.lastProposed = record.zxid;
    if (!this.#proposals.has(record.zxid)) this.#proposals.set(record.zxid, node);
    return node;
  }

  committed(epoch: number, node: number): void {
    const facts = this.#facts.get(epoch);
    if (facts !== undefined && this.#tree.isPrefix(facts.committed, node)) facts.committed = node;
  }
}
