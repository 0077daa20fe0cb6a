// One serving server without anything behind it, for the tests of the front: clients talk to it,
// the test plays the leader and says when which transaction is applied.

import type { Context, Submission } from '../../protocol/context.js';
import type { Effect } from '../../protocol/effect.js';
import type { ConnId, SessionId, Zxid } from '../../protocol/ids.js';
import { serverId } from '../../protocol/ids.js';
import type { Message } from '../../protocol/message.js';
import { packet } from '../../protocol/message.js';
import type { Operation, Request } from '../../protocol/operation.js';
import type { Result } from '../../protocol/result.js';
import type { ServiceSettings } from '../../protocol/service-settings.js';
import { SAFE_RULES } from '../../protocol/rules.js';
import { DEFAULT_SERVICE } from '../../protocol/service-settings.js';
import {
  clientAccepted,
  clientClosed,
  clientReceived,
  committedApplied,
  EMPTY_FRONT,
  openFront,
} from '../../protocol/session/front.js';
import { passwordOf } from '../../protocol/session/password.js';
import { NO_OUTSTANDING, prepare } from '../../protocol/tree/prepare.js';
import { applyTxn, EMPTY_TREE } from '../../protocol/tree/tree.js';
import type { TxnOp } from '../../protocol/txn.js';
import { makeTxn } from '../../protocol/txn.js';

const c = (conn: number): ConnId => conn as ConnId;

export interface ServerOptions {
  readonly serving?: boolean;
  readonly sid?: number;
  readonly nowUs?: number;
  readonly service?: Partial<ServiceSettings>;
}

export interface ConnectOptions {
  readonly timeoutMs?: number;
  readonly lastZxid?: number;
  /** Instead of the session's own. */
  readonly password?: string;
  readonly address?: string;
}

export class Server {
  readonly ctx: Context;
  /** Told to clients, oldest first: `conn: what`. */
  readonly said: string[] = [];
  readonly notes: string[] = [];
  readonly timers: string[] = [];
  #zxid = 0;

  constructor({ serving = true, sid = 1, nowUs = 1000, service }: ServerOptions = {}) {
    const database = { tree: EMPTY_TREE, lastProcessed: 0 as Zxid, lineage: 0 };
    this.ctx = {
      config: {
        sid: serverId(sid),
        timing: { tickMs: 2000, minSessionTimeoutMs: 4000, maxSessionTimeoutMs: 40_000 },
        service: { ...DEFAULT_SERVICE, ...service },
        rules: SAFE_RULES,
      },
      nowUs,
      database,
      role: { kind: 'following' },
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
    if (effect.kind === 'send') this.said.push(`${effect.conn}: ${messageText(effect.message)}`);
    else if (effect.kind === 'close') this.said.push(`${effect.conn}: closed`);
    else if (effect.kind === 'setTimer') {
      this.timers.push(`${effect.timer} in ${effect.delayUs / 1000}`);
    } else if (effect.kind === 'note') {
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

  /** Time goes on, by the server's clock. */
  at(nowUs: number): this {
    Object.assign(this.ctx, { nowUs });
    return this;
  }

  receive(conn: number, message: Message): this {
    return this.step((ctx) => clientReceived(ctx, c(conn), message));
  }

  connect(conn: number, session = 0, options: ConnectOptions = {}): this {
    this.step((ctx) => clientAccepted(ctx, c(conn)));
    const { timeoutMs = 10_000, lastZxid = 0, address = '10.0.0.1' } = options;
    const password = options.password ?? passwordOf(session as SessionId);
    const seen = { lastZxid: lastZxid as Zxid, address };
    const body = { session: session as SessionId, timeoutMs, password, ...seen };
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

  read(conn: number, cxid: number, path = '/', watch = false): this {
    return this.ask(conn, cxid, { kind: 'getData', path, watch });
  }

  sync(conn: number, cxid: number): this {
    return this.ask(conn, cxid, { kind: 'sync', path: '/' });
  }

  auth(conn: number, scheme: string, auth: string): this {
    return this.ask(conn, -4, { kind: 'addAuth', scheme, auth });
  }

  close(conn: number, cxid: number): this {
    return this.receive(conn, packet('closeSession', -1 as Zxid, { cxid }));
  }

  /** A transaction from the leader is applied here. */
  apply(session: number, cxid: number, op: TxnOp): this {
    const zxid = ++this.#zxid as Zxid;
    const txn = makeTxn({ zxid, session: session as SessionId, cxid, timeMs: 0 }, op);
    return this.step((ctx) => {
      const { tree: before } = ctx.database;
      const { tree, result } = applyTxn(before, txn);
      ctx.database = { ...ctx.database, tree, lastProcessed: zxid };
      committedApplied(ctx, txn, result, before);
    });
  }

  /** The leader decides the oldest request that was submitted, and it is applied here. */
  commit(): this {
    const index = this.ctx.submitted.findIndex(({ kind }) => kind === 'request');
    const [submission] = this.ctx.submitted.splice(index, 1);
    return this.decide((submission as { request: Request }).request);
  }

  /** A write of somebody else's is decided and applied here. */
  elsewhere(op: Operation, session = 9): this {
    const request = { session: session as SessionId, cxid: 1, origin: serverId(2) };
    return this.decide({ ...request, op, identities: [] } as unknown as Request);
  }

  decide(request: Request): this {
    const zxid = (this.#zxid + 1) as Zxid;
    const { tree } = this.ctx.database;
    const settings = this.ctx.config.service;
    const { op } = prepare({ tree, outstanding: NO_OUTSTANDING, settings }, request, zxid);
    return this.apply(request.session, request.cxid, op);
  }

  /** Connects and gets a session; its id. */
  open(conn: number, options: ConnectOptions = {}): number {
    this.connect(conn, 0, options);
    if (this.ctx.submitted.length > 0) this.commit();
    this.takeSaid();
    return this.sessionOf(conn);
  }

  sessionOf(conn: number): number {
    return this.ctx.front.conns.get(c(conn))!.session;
  }
}

function describeResult(result: Result): string {
  if (result.kind === 'error') return result.code;
  if (result.kind === 'data') return `data=${result.data ?? 'null'}`;
  if (result.kind === 'multi') return `[${result.results.map(describeResult).join(',')}]`;
  if (result.kind !== 'identities') return result.kind;
  return result.identities.map(({ scheme, id }) => `${scheme}:${id}`).join(' ');
}

export function messageText(message: Message): string {
  if (message.kind === 'connected') {
    const { session, timeoutMs, password } = message.body;
    const proper = session !== 0 && password === passwordOf(session);
    return `connected ${session} for ${timeoutMs}${proper ? '' : ` with ${password}`}`;
  }
  if (message.kind === 'watchEvent') {
    return `${message.body.type} ${message.body.path} @${message.zxid}`;
  }
  if (message.kind === 'sessionClosed') return `sessionClosed @${message.zxid}`;
  if (message.kind !== 'reply') return message.kind;
  const { cxid, result } = message.body;
  return `${cxid} ${describeResult(result)} @${message.zxid}`;
}
