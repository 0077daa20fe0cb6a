// Stories about what the service does besides writes and reads: watches, ACLs, quotas, containers.
// All of it happens to client 0 at server 1, in the epoch and under the leader that a story is in.
import type { Acl } from '../../protocol/acl.js';
import { ALL, makeAclEntry, OPEN_ACL } from '../../protocol/acl.js';
import type { SessionId, Zxid } from '../../protocol/ids.js';
import type { Operation } from '../../protocol/operation.js';
import { createOperation } from '../../protocol/operation.js';
import type { Result } from '../../protocol/result.js';
import type { Life, Txn, TxnOp, WriteTxn } from '../../protocol/txn.js';
import { CONTAINER } from '../../protocol/txn.js';
import { FIRST_CLIENT } from '../../sim/trace/record.js';
import type { Story } from './trace-story.js';
import { create, DONE, sessionOf, txn, zxid } from './trace-story.js';

const NOBODY = 0 as SessionId;
const SESSION = sessionOf(0);

export const OURS: Acl = [makeAclEntry(ALL, 'digest', 'us:hash')];
export const GET_A_WATCHED: Operation = { kind: 'getData', path: '/a', watch: true };
export const SEQUENTIAL = createOperation('/n-', '', 'persistentSequential');
const LIMITS = 'count=-1,bytes=-1=;byteHardLimit=4;countHardLimit=2';

/** `create` with another list or life. */
export function made(path: string, nth: number, more: { acl?: Acl; life?: Life } = {}): WriteTxn {
  const life = more.life ?? { kind: 'persistent' };
  const acl = more.acl ?? OPEN_ACL;
  return { kind: 'create', path, data: '', acl, life, parentCversion: nth, withStat: false };
}

export function setData(path: string, data: string, version = 1): WriteTxn {
  return { kind: 'setData', path, data, version };
}

const FIRST_REIGN = { leader: 3, followers: [1, 2] };

/** A story that goes on: who leads, who follows, and the next transaction. */
export class Service {
  readonly story: Story;
  readonly epoch: number;
  readonly leader: number;
  readonly followers: readonly number[];
  next: number;
  nextCxid = 100;
  last: Zxid;

  constructor(story: Story, epoch: number, next: number, reign = FIRST_REIGN) {
    this.story = story;
    this.epoch = epoch;
    this.next = next;
    this.leader = reign.leader;
    this.followers = reign.followers;
    this.last = zxid(epoch, next - 1);
  }

  #txn(op: TxnOp, cxid: number, session = SESSION): Txn {
    const decided = { ...txn(this.epoch, this.next, op, [0, cxid]), session };
    this.next += 1;
    this.last = decided.zxid;
    return decided;
  }

  /** Everybody applies a write that nobody in particular asked for. */
  decide(op: TxnOp, session = SESSION): this {
    this.story.broadcast(this.leader, this.#txn(op, 0, session), this.followers);
    return this;
  }

  /** Client 0 asks for a write and everybody applies it; nothing is answered yet. */
  ask(op: Operation, as: TxnOp): this {
    this.story.invoke(0, (this.nextCxid += 1), op);
    this.story.broadcast(this.leader, this.#txn(as, this.nextCxid), this.followers);
    return this;
  }

  reply(): this {
    this.story.reply(1, [0, this.nextCxid], this.last);
    return this;
  }

  /** Client 0 reads at the state of `at`. */
  read(op: Operation, result: Result, at = this.last): this {
    this.story.invoke(0, (this.nextCxid += 1), op);
    this.story.reply(1, [0, this.nextCxid], at).complete(0, this.nextCxid, at, result);
    return this;
  }

  answer(result: Result = DONE): this {
    this.story.complete(0, this.nextCxid, this.last, result);
    return this;
  }

  attach(server = 1): this {
    const { last } = this;
    this.story.tell(server, 'attached', { zxid: last, value: SESSION });
    return this.client('connected');
  }

  client(text: string): this {
    this.story.tell(FIRST_CLIENT, 'clientState', { value: SESSION, text });
    return this;
  }

  watchSet(path: string, code = 1, server = 1): this {
    this.story.tell(server, 'watchSet', {
      ...{ zxid: this.last, value: SESSION, text: path, digest: code },
    });
    return this;
  }

  fire(event: string, withheld = false, server = 1): this {
    const digest = withheld ? 1 : 0;
    this.story.tell(server, 'watchFired', {
      ...{ zxid: this.last, value: SESSION, text: event, digest },
    });
    return this;
  }

  hear(event: string): this {
    this.story.tell(FIRST_CLIENT, 'watched', { zxid: this.last, value: SESSION, text: event });
    return this;
  }

  show(identity: string): this {
    this.story.tell(1, 'identified', { value: SESSION, text: identity });
    return this;
  }

  look(path: string, wallMs = 0): this {
    this.story.tell(this.leader, 'reaping', { zxid: this.last, value: wallMs, text: path });
    return this;
  }

  reap(path: string): this {
    return this.decide({ kind: 'delete', path }, NOBODY);
  }

  /** /q may have two znodes and four bytes. */
  quota(): this {
    const about = '/zookeeper/quota/q';
    this.decide(made('/q', 2)).decide(made(about, 1));
    this.decide(create(`${about}/zookeeper_limits`, LIMITS));
    return this.decide(create(`${about}/zookeeper_stats`, 'count=0,bytes=0', NOBODY, 2));
  }

  /** A container that has had a child. */
  container(): this {
    this.decide(made('/c', 2, { life: CONTAINER })).decide(made('/c/x', 1));
    return this.decide({ kind: 'delete', path: '/c/x' });
  }
}

/** A watch is set and answered, a number is given, a secret is kept, a quota filled, ... */
export function lifeOfService(service: Service, dataOfA: Result): void {
  const { story } = service;
  service.attach().watchSet('/a').read(GET_A_WATCHED, dataOfA);
  service.decide(setData('/a', 'y')).fire('nodeDataChanged /a').hear('nodeDataChanged /a');
  const path = '/n-0000000003';
  service.ask(SEQUENTIAL, create(path, '', NOBODY, 4)).reply();
  service.answer({ kind: 'created', path, stat: undefined });
  service.show('digest us:hash').decide(made('/secret', 5, { acl: OURS }));
  service.decide(setData('/secret', 'z'));
  service.quota().decide(made('/q/1', 1)).container().look('/c').reap('/c');
  for (const sid of [1, 3]) {
    story.tell(sid, 'sessionOpened', { zxid: service.last, value: 7, digest: 5 });
  }
}
