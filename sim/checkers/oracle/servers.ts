// What is known about each server: the history in its log, the part of that which its disk holds,
// its newest synced snapshot, what its memory has applied, its epoch files, and the role it
// plays. Each history is one node of the tree of histories.
//
// `before` keeps what a record has just replaced, because a checker sees a record after the
// oracle has.
import type { TraceRecord } from '../../trace/record.js';
import type { HistoryTree } from './history-tree.js';
import { ROOT } from './history-tree.js';

export interface ServerFacts {
  readonly sid: number;
  /** Has any record told about its disk? */
  known: boolean;
  up: boolean;
  /** History of the log, buffers included. */
  log: number;
  /** The part of it that is known to survive a power loss. */
  durable: number;
  /** History that the newest synced snapshot stands for. */
  snapshot: number;
  /** History that the memory stands for. */
  applied: number;
  acceptedEpoch: number;
  currentEpoch: number;
  /** 'role/phase'; '' while down. */
  role: string;
  roleSinceUs: number;
  leader: number;
  /** Epoch of the leader that it leads as or learns from. */
  epoch: number;
  /** Serves clients; since when. */
  serving: boolean;
  servingSinceUs: number;
}

export const SERVER_SLOTS = 128;

function newServer(sid: number): ServerFacts {
  return {
    sid,
    known: false,
    up: false,
    log: ROOT,
    durable: ROOT,
    snapshot: ROOT,
    applied: ROOT,
    acceptedEpoch: 0,
    currentEpoch: 0,
    role: '',
    roleSinceUs: 0,
    leader: 0,
    epoch: 0,
    serving: false,
    servingSinceUs: 0,
  };
}

/** What the record at hand replaced. */
export interface Before {
  log: number;
  durable: number;
  snapshot: number;
  applied: number;
  acceptedEpoch: number;
  currentEpoch: number;
  up: boolean;
}

export class Servers {
  readonly #tree: HistoryTree;
  /** By sid; made when first asked for. */
  readonly #facts: (ServerFacts | undefined)[] = [];
  readonly before: Before = {
    log: ROOT,
    durable: ROOT,
    snapshot: ROOT,
    applied: ROOT,
    acceptedEpoch: 0,
    currentEpoch: 0,
    up: false,
  };

  constructor(tree: HistoryTree) {
    this.#tree = tree;
  }

  of(sid: number): ServerFacts {
    const known = this.#facts[sid];
    if (known !== undefined) return known;
    const server = newServer(sid);
    if (sid >= 0 && sid < SERVER_SLOTS) this.#facts[sid] = server;
    return server;
  }

  #keep(server: ServerFacts): void {
    const { before } = this;
    before.log = server.log;
    before.durable = server.durable;
    before.snapshot = server.snapshot;
    before.applied = server.applied;
    before.acceptedEpoch = server.acceptedEpoch;
    before.currentEpoch = server.currentEpoch;
    before.up = server.up;
  }

  /** Does the server's disk hold all of `node`, in its log or in a synced snapshot? */
  holds(server: ServerFacts, node: number): boolean {
    return this.#tree.isPrefix(node, server.durable) || this.#tree.isPrefix(node, server.snapshot);
  }

  /**
   * What reading the files gives. Only after a power loss is that what is safe: the end of a
   * process leaves in the system's cache what was never synced.
   */
  #disk(server: ServerFacts, record: TraceRecord): void {
    this.#keep(server);
    server.log = this.#tree.at(record.value, record.zxid);
    server.durable =
      !server.known || record.text === 'power'
        ? server.log
        : this.#tree.commonPrefix(server.durable, server.log);
    server.known = true;
    server.currentEpoch = record.epoch;
    server.acceptedEpoch = record.digest;
  }

  boot(record: TraceRecord): void {
    const server = this.of(record.actor);
    this.#disk(server, record);
    server.up = true;
    this.#enter(server, record, 'booting');
  }

  crash(record: TraceRecord): void {
    const server = this.of(record.actor);
    this.#disk(server, record);
    if (record.text === 'wipe') server.snapshot = ROOT;
    server.applied = ROOT;
    server.up = false;
    this.#enter(server, record, '');
  }

  #enter(server: ServerFacts, record: TraceRecord, role: string): void {
    server.role = role;
    server.roleSinceUs = record.atUs;
    server.leader = record.kind === 'role' ? record.peer : 0;
    server.epoch = record.kind === 'role' ? record.epoch : 0;
    server.serving = false;
  }

  role(record: TraceRecord): void {
    const server = this.of(record.actor);
    server.role = record.text;
    server.roleSinceUs = record.atUs;
    server.leader = record.peer;
    if (record.epoch !== 0 || record.peer === 0) server.epoch = record.epoch;
  }

  /** The leader to whom a learner listens from now on. */
  learnsFrom(record: TraceRecord): void {
    const server = this.of(record.actor);
    server.leader = record.peer;
    server.epoch = record.epoch;
  }

  serves(record: TraceRecord): void {
    const server = this.of(record.actor);
    this.#keep(server);
    server.applied = this.#tree.at(record.value, record.zxid);
    server.epoch = record.epoch;
    server.serving = true;
    server.servingSinceUs = record.atUs;
  }

  /** Gives up its role. */
  leaves(record: TraceRecord): void {
    this.of(record.actor).serving = false;
  }

  looksAgain(record: TraceRecord): void {
    const server = this.of(record.actor);
    this.#keep(server);
    server.serving = false;
    server.applied = this.#tree.at(record.value, record.zxid);
    server.log = this.#tree.at(record.digest, record.zxid);
    // A disk that failed has told the log's new end to nobody but the server.
    server.durable = this.#tree.commonPrefix(server.durable, server.log);
  }

  epochFile(record: TraceRecord): void {
    const server = this.of(record.actor);
    this.#keep(server);
    if (record.text === 'accepted') server.acceptedEpoch = record.epoch;
    else server.currentEpoch = record.epoch;
  }

  appended(record: TraceRecord): void {
    const server = this.of(record.actor);
    this.before.log = server.log;
    server.log = this.#tree.grow(server.log, record.zxid, record.digest, record.value);
  }

  flushed(record: TraceRecord): void {
    const server = this.of(record.actor);
    server.durable = this.#tree.at(record.value, record.zxid);
  }

  truncated(record: TraceRecord): void {
    const server = this.of(record.actor);
    this.#keep(server);
    server.log = this.#tree.at(record.digest, record.zxid);
    // After a failed write the rest can be read, which does not make it durable.
    server.durable =
      record.text === 'failed' ? this.#tree.commonPrefix(server.durable, server.log) : server.log;
    // A cut takes the snapshots beyond it along; a reset is made on top of one.
    if (record.text === 'trunc') {
      server.snapshot = this.#tree.commonPrefix(server.snapshot, server.log);
    }
  }

  snapshot(record: TraceRecord): void {
    if (record.text !== 'synced') return;
    this.of(record.actor).snapshot = this.#tree.at(record.value, record.zxid);
  }

  /** Memory was read from disk, caught up with the log, or came as a snapshot. */
  memory(record: TraceRecord): void {
    const server = this.of(record.actor);
    this.#keep(server);
    server.applied = this.#tree.at(record.value, record.zxid);
  }

  applied(record: TraceRecord): void {
    const server = this.of(record.actor);
    this.before.applied = server.applied;
    server.applied = this.#tree.grow(server.applied, record.zxid, record.digest, record.value);
  }
}
