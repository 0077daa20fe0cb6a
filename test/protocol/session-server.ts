// One serving server without anything behind it, for the tests of the front: clients talk to it,
// the test plays the leader and says when which transaction is applied.

import type { Context, Submission } from '../../protocol/context.js';
import type { Effect } from '../../protocol/effect.js';
import type { ConnId, SessionId, Zxid } from '../../protocol/ids.js';
import { serverId } from '../../protocol/ids.js';
import type { Message } from '../../protocol/message.js';
import { packet } from '../../protocol/message.js';
import { SAFE_RULES } from '../../protocol/rules.js';
import type { Operation, Request } from '../../protocol/operation.js';
import {
  clientAccepted,
  clientClosed,
  clientReceived,
  committedApplied,
  EMPTY_FRONT,
  openFront,
} from '../../protocol/session/front.js';
import { NO_OUTSTANDING, prepare } from '../../protocol/tree/prepare.js';
import { applyTxn, EMPTY_TREE } from '../../protocol/tree/tree.js';
import type { TxnOp } from '../../protocol/txn.js';
import { makeTxn } from '../../protocol/txn.js';

const c = (conn: number): ConnId => conn as ConnId;

export class Server {
  readonly ctx: Context;
  /** Told to clients, oldest first: `conn: what`. */
  readonly said: string[] = [];
  readonly notes: string[] = [];
  #zxid = 0;

  constructor(serving = true, sid = 1, nowUs = 1000) {
    const database = { tree: EMPTY_TREE, lastProcessed: 0 as Zxid, lineage: 0 };
    this.ctx = {
      config: {
        sid: serverId(sid),
        rules: SAFE_RULES,
        timing: { minSessionTimeoutMs: 4000, maxSessionTimeoutMs: 40_000 },
      },
      nowUs,
      database,
      front: EMPTY_FRONT,
      submitted: [],
      effects: [],
    } as unknown as Context;
    if (serving) openFront(this.ctx);
  }

  /** Runs one handler and writes down what it told the world. */
  step(handler: (ctx: Context) => void): this {
    handler(this.ctx);
    for (const effect of this.ctx.effects.splice(0)) this.#hear(effect);
    return this;
  }

  #hear(effect: Effect): void {
    if (effect.kind === 'send') this.said.push(`${effect.conn}: ${describe(effect.message)}`);
    else if (effect.kind === 'close') this.said.push(`${effect.conn}: closed`);
    else if (effect.kind === 'note') {
      const { kind, zxid, value, digest, text } = effect.note;
      this.notes.push([kind, zxid, value, digest, text].join(' ').trim());
    }
  }

  takeSaid(): string[] {
    return this.said.splice(0);
  }

  takeSubmitted(): readonly Submission[] {
    return this.ctx.submitted.splice(0);
  }

  receive(conn: number, message: Message): this {
    return this.step((ctx) => clientReceived(ctx, c(conn), message));
  }

  connect(conn: number, session = 0, timeoutMs = 10_000, lastZxid = 0): this {
    this.step((ctx) => clientAccepted(ctx, c(conn)));
    const body = { session: session as SessionId, timeoutMs, lastZxid: lastZxid as Zxid };
    return this.receive(conn, packet('connect', -1 as Zxid, body));
  }

  hangUp(conn: number): this {
    return this.step((ctx) => clientClosed(ctx, c(conn)));
  }

  ask(conn: number, cxid: number, op: Operation): this {
    return this.receive(conn, packet('operation', -1 as Zxid, { cxid, op }));
  }

  write(conn: number, cxid: number, data = 'x'): this {
    return this.ask(conn, cxid, { kind: 'setData', path: '/', data, version: -1 });
  }

  read(conn: number, cxid: number): this {
    return this.ask(conn, cxid, { kind: 'getData', path: '/' });
  }

  sync(conn: number, cxid: number): this {
    return this.ask(conn, cxid, { kind: 'sync', path: '/' });
  }

  /** A transaction from the leader is applied here. */
  apply(session: number, cxid: number, op: TxnOp): this {
    const zxid = ++this.#zxid as Zxid;
    const txn = makeTxn({ zxid, session: session as SessionId, cxid, timeMs: 0 }, op);
    return this.step((ctx) => {
      const { tree, result } = applyTxn(ctx.database.tree, txn);
      ctx.database = { ...ctx.database, tree, lastProcessed: zxid };
      committedApplied(ctx, txn, result);
    });
  }

  /** The leader decides the oldest request that was submitted, and it is applied here. */
  commit(): this {
    const index = this.ctx.submitted.findIndex(({ kind }) => kind === 'request');
    const [submission] = this.ctx.submitted.splice(index, 1);
    const { request } = submission as { request: Request };
    const zxid = (this.#zxid + 1) as Zxid;
    const { op } = prepare(this.ctx.database.tree, NO_OUTSTANDING, request, zxid);
    return this.apply(request.session, request.cxid, op);
  }

  /** Connects and gets a session; its id. */
  open(conn: number): number {
    this.connect(conn).commit();
    this.takeSaid();
    return this.ctx.front.conns.get(c(conn))!;
  }
}

function describe(message: Message): string {
  if (message.kind === 'connected') {
    return `connected ${message.body.session} for ${message.body.timeoutMs}`;
  }
  if (message.kind !== 'reply') return message.kind;
  const { cxid, result } = message.body;
  const what = result.kind === 'error' ? result.code : result.kind;
  const data = result.kind === 'data' ? `=${result.data}` : '';
  return `${cxid} ${what}${data} @${message.zxid}`;
}
