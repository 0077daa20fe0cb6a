// The one fold that all checkers share: it reads the trace once, before they do, and knows what
// an observer outside of the ensemble would know. Checkers ask it and change nothing. Everything
// in it is bounded by the number of servers and of different transactions.
import { isWrite } from '../../../protocol/operation.js';
import type { Txn } from '../../../protocol/txn.js';
import type { RecordKind, TraceRecord } from '../../trace/record.js';
import type { CheckerSetup } from '../setup.js';
import { ChosenHistory } from './chosen-history.js';
import type { OperationFacts } from './clients.js';
import { Clients } from './clients.js';
import { Epochs } from './epochs.js';
import { HistoryTree } from './history-tree.js';
import type { Guarded } from './guarded.js';
import { guardedBy } from './guarded.js';
import type { Expected } from './service-model.js';
import { ServiceModel } from './service-model.js';
import { Servers } from './servers.js';

/** A transaction that the record at hand has made part of the chosen history. */
export interface Chosen {
  readonly node: number;
  readonly txn: Txn;
  /** The operation that it carries out, if a client of ours asked for it. */
  readonly operation: OperationFacts | undefined;
  readonly expected: Expected;
  /** It does what `operation` asks for, given that it succeeds. */
  readonly carriesOut: boolean;
  /** Zxid of an earlier transaction for the same operation; 0 for none. */
  readonly earlierZxid: number;
  /** Its session was open just before it. */
  readonly sessionOpen: boolean;
  /** What its leader had applied when it decided; -1 for unknown. */
  readonly appliedZxid: number;
  /** What its writes needed of znodes that not everybody may do everything with. */
  readonly guarded: readonly Guarded[];
  /** For closeSession: the ephemeral znodes that the session had just before it. */
  readonly ephemerals: readonly string[];
}

/** A transaction, and what its leader had applied when it decided. */
interface Proposed {
  readonly txn: Txn;
  readonly appliedZxid: number;
}

type Handler = (record: TraceRecord) => void;

const NONE: readonly string[] = [];

export class Oracle {
  readonly setup: CheckerSetup;
  readonly tree = new HistoryTree();
  readonly servers = new Servers(this.tree);
  readonly epochs = new Epochs(this.tree);
  readonly chosen = new ChosenHistory(this.tree);
  readonly clients = new Clients();
  readonly model: ServiceModel;
  /** When all faults were healed; -1 before. */
  quietAtUs = -1;
  /** What the record at hand has chosen, oldest first. */
  readonly justChosen: Chosen[] = [];
  /** Transactions proposed and not chosen yet. */
  readonly #open = new Map<number, Proposed>();
  /** By the history that ends with it. */
  readonly #txns: (Txn | undefined)[] = [];
  readonly #handlers: ReadonlyMap<RecordKind, Handler>;

  constructor(setup: CheckerSetup) {
    this.setup = setup;
    this.model = new ServiceModel(setup.service, () => this.#oldestRead());
    this.#handlers = this.#listen();
  }

  /** What to call for records of that kind, if anything. */
  handlerOf(kind: RecordKind): Handler | undefined {
    return this.#handlers.get(kind);
  }

  get kinds(): readonly RecordKind[] {
    return [...this.#handlers.keys()];
  }

  #listen(): Map<RecordKind, Handler> {
    const { servers, epochs, clients } = this;
    return new Map<RecordKind, Handler>([
      ['boot', (r) => servers.boot(r)],
      ['crash', (r) => servers.crash(r)],
      ['role', (r) => servers.role(r)],
      ['promised', (r) => servers.learnsFrom(r)],
      ['syncing', (r) => servers.learnsFrom(r)],
      ['epochFile', (r) => servers.epochFile(r)],
      ['appended', (r) => servers.appended(r)],
      ['flushed', (r) => servers.flushed(r)],
      ['truncated', (r) => servers.truncated(r)],
      ['snapshot', (r) => servers.snapshot(r)],
      ['loaded', (r) => servers.memory(r)],
      ['fastForwarded', (r) => servers.memory(r)],
      ['installed', (r) => servers.memory(r)],
      ['applied', (r) => servers.applied(r)],
      ['activated', (r) => servers.serves(r)],
      ['serving', (r) => servers.serves(r)],
      ['left', (r) => servers.leaves(r)],
      ['halted', (r) => servers.leaves(r)],
      ['lookingAgain', (r) => servers.looksAgain(r)],
      ['established', (r) => epochs.established(r)],
      ['proposed', (r) => this.#proposed(r)],
      ['newLeaderAcked', (r) => this.#recovered(r)],
      ['committed', (r) => this.#committed(r)],
      ['invoked', (r) => clients.invoked(r)],
      ['completed', (r) => clients.completed(r)],
      ['clientState', (r) => clients.owns(r)],
      ['quiet', (r) => (this.quietAtUs = r.atUs)],
    ]);
  }

  #proposed(record: TraceRecord): void {
    const leader = this.servers.of(record.actor);
    const node = this.epochs.proposed(record, leader.log);
    const txn = record.detail;
    if (txn === undefined || !('digest' in txn)) return;
    this.#txns[node] = txn;
    this.#open.set(node, { txn, appliedZxid: this.tree.zxidOf(leader.applied) });
  }

  #recovered(record: TraceRecord): void {
    this.#claim(this.tree.at(record.value, record.zxid), record);
  }

  #committed(record: TraceRecord): void {
    const node = this.epochs.proposal(record.zxid);
    this.#claim(node, record);
    if (node >= 0) this.epochs.committed(record.epoch, node);
  }

  #claim(node: number, record: TraceRecord): void {
    this.chosen.settle();
    this.justChosen.length = 0;
    this.chosen.claim(node, record.atUs, record.epoch);
    for (const added of this.chosen.added) {
      const proposed = this.#open.get(added);
      if (proposed === undefined) continue;
      this.#open.delete(added);
      this.justChosen.push(this.#choose(added, proposed));
    }
  }

  #choose(node: number, { txn, appliedZxid }: Proposed): Chosen {
    const { model, clients } = this;
    const { session, cxid, op } = txn;
    const operation = cxid === 0 ? undefined : clients.find(session, cxid);
    const sessionOpen = model.isOpen(session);
    let expected: Expected = 'unclaimed';
    let carriesOut = true;
    if (operation !== undefined && isWrite(operation.op)) {
      ({ expected, carriesOut } = model.expect(operation.op, session, op, appliedZxid));
    }
    const ephemerals = op.kind === 'closeSession' ? [...model.ephemeralsOf(session)] : NONE;
    const guarded = guardedBy(model, op, appliedZxid);
    model.apply(txn, appliedZxid);
    const earlierZxid = operation?.zxid ?? 0;
    if (operation !== undefined && earlierZxid === 0) {
      operation.zxid = txn.zxid;
      operation.expected = expected;
      operation.outcome = op;
    }
    return {
      node,
      txn,
      operation,
      expected,
      carriesOut,
      earlierZxid,
      sessionOpen,
      appliedZxid,
      guarded,
      ephemerals,
    };
  }

  /** The transaction that a history ends with, if it was proposed in this trace. */
  txnOf(node: number): Txn | undefined {
    return this.#txns[node];
  }

  /** The oldest zxid that a serving server may answer a read from. */
  #oldestRead(): number {
    let oldest = Infinity;
    for (const sid of this.setup.ensemble.servers) {
      const server = this.servers.of(sid);
      if (server.serving) oldest = Math.min(oldest, this.tree.zxidOf(server.applied));
    }
    return oldest === Infinity ? 0 : oldest;
  }
}
