// Traces written by hand, in the words of the protocol. A Story keeps what each server has in its
// log, on its disk and in its memory, so that a line of a test says only what happens; a fault is
// planted by telling one line differently, or by leaving it out.
import type { SessionId, Zxid } from '../../protocol/ids.js';
import { epochOf } from '../../protocol/ids.js';
import type { Detail } from '../../protocol/note.js';
import { OPEN_ACL } from '../../protocol/acl.js';
import { DEFAULT_LIMITS } from '../../protocol/config.js';
import type { Operation } from '../../protocol/operation.js';
import type { Result } from '../../protocol/result.js';
import { DEFAULT_SERVICE } from '../../protocol/service-settings.js';
import { extendLineage, NO_LINEAGE } from '../../protocol/txn-log.js';
import type { Life, Txn, TxnOp, WriteTxn } from '../../protocol/txn.js';
import { makeTxn, PERSISTENT } from '../../protocol/txn.js';
import { makeMajority } from '../../protocol/quorum.js';
import { NO_SIDS, sidSetOf } from '../../protocol/sid-set.js';
import type { ServerId } from '../../protocol/ids.js';
import type { CheckerSetup } from '../../sim/checkers/setup.js';
import type { ActorId, RecordKind } from '../../sim/trace/record.js';
import { FIRST_CLIENT } from '../../sim/trace/record.js';
import { Recorder } from '../../sim/trace/recorder.js';

export interface Slots {
  readonly cause?: number;
  readonly peer?: number;
  readonly zxid?: number;
  readonly epoch?: number;
  readonly value?: number;
  readonly digest?: number;
  readonly text?: string;
  readonly detail?: Detail;
}

const SIDS = [1, 2, 3] as ServerId[];

export const SETUP: CheckerSetup = {
  ensemble: {
    verifier: makeMajority(sidSetOf(SIDS)),
    voters: sidSetOf(SIDS),
    observers: NO_SIDS,
    servers: SIDS,
    voterList: SIDS,
  },
  timing: {
    tickMs: 100,
    initLimit: 5,
    syncLimit: 2,
    minNotificationMs: 20,
    maxNotificationMs: 400,
    finalizeWaitMs: 20,
    connectTries: 3,
    connectRetryMs: 10,
    electionDialTimeoutMs: 100,
    minSessionTimeoutMs: 200,
    maxSessionTimeoutMs: 2000,
  },
  limits: { ...DEFAULT_LIMITS, commitLogCount: 10, snapCount: 100, maxBatchSize: 10 },
  service: { ...DEFAULT_SERVICE, enforceQuota: true },
  clients: 2,
  recipe: undefined,
};

export function zxid(epoch: number, counter: number): Zxid {
  return (epoch * 2 ** 32 + counter) as Zxid;
}

export function lineageOf(txns: readonly Txn[]): number {
  return txns.reduce(extendLineage, NO_LINEAGE);
}

/** The session of client n (0, 1, ...). */
export function sessionOf(client: number): SessionId {
  return (1000 + client) as SessionId;
}

export function txn(epoch: number, counter: number, op: TxnOp, by: [number, number] = [0, 0]): Txn {
  const session = sessionOf(by[0]);
  return makeTxn({ zxid: zxid(epoch, counter), session, cxid: by[1], timeMs: 0 }, op);
}

/** `nth`: of its parent's children ever created. */
export function create(path: string, data = '', owner = 0 as SessionId, nth = 1): WriteTxn {
  const life: Life = owner === 0 ? PERSISTENT : { kind: 'ephemeral', owner };
  const more = { acl: OPEN_ACL, life, parentCversion: nth, withStat: false };
  return { kind: 'create', path, data, ...more };
}

interface Server {
  log: Txn[];
  /** Length of the log on disk. */
  flushed: number;
  applied: Txn[];
  accepted: number;
  current: number;
  leader: number;
  epoch: number;
}

export class Story {
  readonly recorder = new Recorder({ level: 'full' });
  atUs = 0;
  readonly #servers = new Map<number, Server>();

  constructor() {
    this.tell(0, 'start', { text: 'seed' });
  }

  server(sid: number): Server {
    const known = this.#servers.get(sid);
    if (known !== undefined) return known;
    const made = { log: [], flushed: 0, applied: [], accepted: 0, current: 0, leader: 0, epoch: 0 };
    this.#servers.set(sid, made);
    return made;
  }

  /** One record, 100 µs after the last. */
  tell(actor: number, kind: RecordKind, slots: Slots = {}): number {
    this.atUs += 100;
    const { cause = -1, peer = 0, zxid = 0, epoch = 0, value = 0, digest = 0, text = '' } = slots;
    const { detail } = slots;
    const entry = { kind, peer, zxid, epoch, value, digest, text, detail };
    return this.recorder.event(this.atUs, actor as ActorId, cause, entry);
  }

  #role(sid: number, text: string): void {
    const { leader, epoch } = this.server(sid);
    this.tell(sid, 'role', { peer: leader, epoch, text });
  }

  #last(txns: readonly Txn[]): Zxid {
    return txns[txns.length - 1]?.zxid ?? zxid(0, 0);
  }

  boot(...sids: number[]): this {
    for (const sid of sids) {
      const { log, current, accepted } = this.server(sid);
      const disk = { zxid: this.#last(log), value: lineageOf(log) };
      this.tell(sid, 'boot', { ...disk, epoch: current, digest: accepted });
      this.server(sid).applied = log.slice();
      this.tell(sid, 'loaded', { ...disk, text: 'boot' });
      this.#role(sid, 'looking/election');
    }
    return this;
  }

  /**
   * `last`: the last zxid that the vote names; its epoch is taken for the candidate's
   * currentEpoch.
   */
  vote(sid: number, leader: number, round: number, last: Zxid = zxid(0, 0)): this {
    const slots = { peer: leader, zxid: last, epoch: epochOf(last), value: round };
    this.tell(sid, 'vote', slots);
    return this;
  }

  decide(sid: number, leader: number, round: number, text = 'looking'): this {
    this.tell(sid, 'elected', { peer: leader, value: round, text });
    const server = this.server(sid);
    server.leader = leader;
    server.epoch = 0;
    this.#role(sid, sid === leader ? 'leading/discovery' : 'following/discovery');
    return this;
  }

  epochFile(sid: number, text: 'accepted' | 'current', epoch: number): this {
    this.server(sid)[text] = epoch;
    this.tell(sid, 'epochFile', { epoch, text });
    return this;
  }

  promise(sid: number, leader: number, epoch: number): this {
    const server = this.server(sid);
    server.leader = leader;
    server.epoch = epoch;
    if (server.accepted < epoch) this.epochFile(sid, 'accepted', epoch);
    const last = this.#last(server.applied);
    this.tell(sid, 'promised', { peer: leader, zxid: last, epoch, value: server.current });
    this.#role(sid, 'following/synchronization');
    return this;
  }

  /** `leader` proposes `epoch` and gets its ACKEPOCH quorum with `followers`. */
  establish(leader: number, epoch: number, followers: readonly number[]): this {
    const server = this.server(leader);
    server.leader = leader;
    server.epoch = epoch;
    this.tell(leader, 'epochProposed', { epoch });
    this.epochFile(leader, 'accepted', epoch);
    for (const sid of followers) this.promise(sid, leader, epoch);
    const history = { zxid: this.#last(server.log), value: lineageOf(server.log) };
    this.tell(leader, 'established', { ...history, epoch });
    this.epochFile(leader, 'current', epoch);
    this.#role(leader, 'leading/synchronization');
    return this;
  }

  /** Cuts the log of `sid` to the part that `leader` has. */
  truncate(sid: number, length: number): this {
    const server = this.server(sid);
    const removed = server.log.length - length;
    server.log = server.log.slice(0, length);
    server.flushed = length;
    server.applied = server.log.slice();
    const end = this.#last(server.log);
    const value = lineageOf(server.log);
    this.tell(sid, 'truncated', { zxid: end, value: removed, digest: value, text: 'trunc' });
    this.tell(sid, 'loaded', { zxid: end, value, text: 'reload' });
    return this;
  }

  append(sid: number, txn: Txn): this {
    const server = this.server(sid);
    server.log = [...server.log, txn];
    const value = lineageOf(server.log);
    this.tell(sid, 'appended', { zxid: txn.zxid, value, digest: txn.digest });
    return this;
  }

  flush(sid: number): this {
    const server = this.server(sid);
    server.flushed = server.log.length;
    this.tell(sid, 'flushed', { zxid: this.#last(server.log), value: lineageOf(server.log) });
    return this;
  }

  apply(sid: number, txn: Txn, text = 'serving', treeDigest = 0): this {
    const server = this.server(sid);
    server.applied = [...server.applied, txn];
    const value = lineageOf(server.applied);
    const { zxid, digest } = txn;
    this.tell(sid, 'applied', { zxid, epoch: treeDigest, value, digest, text });
    return this;
  }

  /** Memory catches up with the log. */
  fastForward(sid: number): this {
    const server = this.server(sid);
    server.applied = server.log.slice();
    const memory = { zxid: this.#last(server.applied), value: lineageOf(server.applied) };
    this.tell(sid, 'fastForwarded', memory);
    return this;
  }

  /** Forgets, without a word, the last `count` transactions that it has applied. */
  unapply(sid: number, count: number): this {
    const server = this.server(sid);
    server.applied = server.applied.slice(0, -count);
    return this;
  }

  /** DIFF: what the leader has and this server lacks, made durable, then the epoch. */
  sync(sid: number): this {
    const server = this.server(sid);
    const { leader, epoch } = server;
    const missing = this.server(leader).log.slice(server.log.length);
    this.tell(leader, 'syncChosen', { peer: sid, epoch, text: 'diff' });
    this.tell(sid, 'syncing', { peer: leader, epoch, text: 'diff' });
    for (const txn of missing) this.append(sid, txn);
    if (missing.length > 0) this.flush(sid);
    for (const txn of missing) this.apply(sid, txn, 'syncing');
    return this.epochFile(sid, 'current', epoch);
  }

  ack(sid: number, of: Zxid): this {
    const { leader, epoch } = this.server(sid);
    this.tell(sid, 'ackSent', { peer: leader, zxid: of, epoch });
    // One connection of each follower in each epoch.
    const conn = (epoch * 100 + leader) * 100 + sid;
    this.tell(leader, 'ackReceived', { peer: sid, zxid: of, value: conn });
    return this;
  }

  /** NEWLEADER quorum and start of service. */
  activate(leader: number): this {
    const { log, applied, epoch } = this.server(leader);
    const history = { zxid: this.#last(log), value: lineageOf(log) };
    this.tell(leader, 'newLeaderAcked', { ...history, epoch });
    const memory = { zxid: this.#last(applied), value: lineageOf(applied) };
    this.tell(leader, 'activated', { ...memory, epoch });
    this.#role(leader, 'leading/broadcast');
    return this;
  }

  serve(sid: number): this {
    const { leader, epoch, applied } = this.server(sid);
    this.#role(sid, 'following/broadcast');
    const memory = { zxid: this.#last(applied), value: lineageOf(applied) };
    this.tell(sid, 'serving', { peer: leader, ...memory, epoch });
    return this;
  }

  /** A whole reign's beginning, from the vote to the service. */
  reign(leader: number, epoch: number, followers: readonly number[]): this {
    for (const sid of [leader, ...followers]) this.vote(sid, leader, epoch);
    for (const sid of [leader, ...followers]) this.decide(sid, leader, epoch);
    this.establish(leader, epoch, followers);
    for (const sid of followers) this.sync(sid).ack(sid, zxid(epoch, 0));
    this.activate(leader);
    for (const sid of followers) this.serve(sid);
    return this;
  }

  propose(leader: number, txn: Txn): this {
    const { zxid, digest } = txn;
    this.tell(leader, 'proposed', { zxid, epoch: epochOf(zxid), digest, detail: txn });
    return this;
  }

  /** Appended, flushed, acknowledged. */
  log(sid: number, txn: Txn): this {
    this.append(sid, txn).flush(sid);
    if (sid !== this.server(sid).leader) this.ack(sid, txn.zxid);
    else this.tell(sid, 'ackReceived', { peer: sid, zxid: txn.zxid });
    return this;
  }

  commit(leader: number, { zxid, digest }: Txn): this {
    this.tell(leader, 'committed', { zxid, epoch: this.server(leader).epoch, digest });
    return this;
  }

  learn(sid: number, { zxid }: Txn): this {
    this.tell(sid, 'learned', { peer: this.server(sid).leader, zxid });
    return this;
  }

  /** A transaction from its proposal until all have applied it. */
  broadcast(leader: number, txn: Txn, followers: readonly number[]): this {
    this.propose(leader, txn);
    for (const sid of [leader, ...followers]) this.log(sid, txn);
    this.commit(leader, txn).apply(leader, txn);
    for (const sid of followers) this.learn(sid, txn).apply(sid, txn);
    return this;
  }

  crash(sid: number, text: 'process' | 'power' | 'wipe' = 'process'): this {
    const server = this.server(sid);
    server.log = text === 'wipe' ? [] : server.log.slice(0, server.flushed);
    server.flushed = server.log.length;
    if (text === 'wipe') server.current = server.accepted = 0;
    const disk = { zxid: this.#last(server.log), value: lineageOf(server.log) };
    this.tell(sid, 'crash', { ...disk, epoch: server.current, digest: server.accepted, text });
    return this;
  }

  leave(sid: number): this {
    const { applied, leader } = this.server(sid);
    const memory = { zxid: this.#last(applied), value: lineageOf(applied) };
    this.tell(sid, 'left', { peer: leader, ...memory, text: 'lost its leader' });
    this.#role(sid, 'leaving/following');
    return this;
  }

  lookAgain(sid: number): this {
    const { applied, log, current } = this.server(sid);
    const memory = { zxid: this.#last(applied), value: lineageOf(applied) };
    this.tell(sid, 'lookingAgain', { ...memory, epoch: current, digest: lineageOf(log) });
    this.#role(sid, 'looking/election');
    return this;
  }

  connect(client: number, sid: number, of: Txn): this {
    const session = sessionOf(client);
    this.tell(sid, 'attached', { zxid: of.zxid, value: session });
    const peer = sid;
    this.tell(FIRST_CLIENT + client, 'clientState', { peer, value: session, text: 'connected' });
    return this;
  }

  invoke(client: number, cxid: number, op: Operation): this {
    const value = sessionOf(client);
    this.tell(FIRST_CLIENT + client, 'invoked', { value, digest: cxid, text: op.kind, detail: op });
    return this;
  }

  reply(sid: number, [client, cxid]: [number, number], header: Zxid, text = 'ok'): this {
    this.tell(sid, 'replied', { zxid: header, value: sessionOf(client), digest: cxid, text });
    return this;
  }

  complete(client: number, cxid: number, header: Zxid, result: Result): this {
    const text = result.kind === 'error' ? 'error' : 'ok';
    const value = sessionOf(client);
    const slots = { zxid: header, value, digest: cxid, text, detail: result };
    this.tell(FIRST_CLIENT + client, 'completed', slots);
    return this;
  }

  wait(ms: number): this {
    this.atUs += ms * 1000;
    return this;
  }

  end(): this {
    this.tell(0, 'end');
    return this;
  }
}

export const DONE: Result = { kind: 'done' };
