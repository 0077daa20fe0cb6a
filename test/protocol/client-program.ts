// One client without a world, for the tests of its reducer: events go in with a time in
// milliseconds, effects come out as lines. Notes are kept apart, and so is what a program hears.

import { initialClient, stepClient } from '../../protocol/client/client.js';
import type {
  ClientConfig,
  ClientEffect,
  ClientEvent,
  ClientManner,
  ClientTimer,
} from '../../protocol/client/contract.js';
import type { ClientNews } from '../../protocol/client/hearing.js';
import { LIBRARY } from '../../protocol/client/contract.js';
import type { ConnId, SessionId, Zxid } from '../../protocol/ids.js';
import { serverId } from '../../protocol/ids.js';
import type { Message } from '../../protocol/message.js';
import { packet } from '../../protocol/message.js';
import type { Note } from '../../protocol/note.js';
import type { Operation } from '../../protocol/operation.js';
import type { Result } from '../../protocol/result.js';
import type { WatchEventType } from '../../protocol/watch-event.js';

const DONE: Result = { kind: 'done' };

export const READ: Operation = { kind: 'getData', path: '/', watch: false };
export const WRITE: Operation = { kind: 'setData', path: '/', data: 'x', version: -1 };
export const SYNC: Operation = { kind: 'sync', path: '/' };

/** As a client of the workload: it never gives up. */
const STEADY: ClientManner = { renews: true, patient: true, expiresItself: true };

export interface ProgramOptions {
  readonly servers?: readonly number[];
  readonly sessionTimeoutMs?: number;
  readonly chroot?: string;
  /** As the bare library, and not as a client of the workload. */
  readonly bare?: boolean;
}

export class Program {
  readonly config: ClientConfig;
  state;
  nowMs = 0;
  readonly did: string[] = [];
  readonly notes: Note[] = [];
  readonly news: ClientNews[] = [];

  constructor(options: ProgramOptions = {}) {
    const { servers = [1, 2, 3], sessionTimeoutMs = 9000, chroot = '', bare = false } = options;
    const manner = bare ? LIBRARY : STEADY;
    const address = '10.0.0.1';
    const own = { index: 0, program: undefined };
    const where = { servers: servers.map(serverId), address, chroot };
    this.config = { ...where, ...own, sessionTimeoutMs, manner };
    this.state = initialClient(this.config);
  }

  at(nowMs: number): this {
    this.nowMs = nowMs;
    return this;
  }

  event(event: ClientEvent): this {
    const { state, effects, news } = stepClient(this.config, this.state, event, this.nowMs * 1000);
    this.state = state;
    this.news.push(...news);
    for (const effect of effects) {
      if (effect.kind === 'note') this.notes.push(effect.note);
      else if (effect.kind !== 'settled') this.did.push(describe(effect));
    }
    return this;
  }

  take(): string[] {
    return this.did.splice(0);
  }

  /** Outcomes so far: `cxid text code`, and where the client stood. */
  outcomes(): string[] {
    return this.notes.splice(0).flatMap(({ kind, digest, text, detail }) => {
      if (kind === 'clientState') return [text];
      if (kind !== 'completed') return [];
      const code = detail !== undefined && 'code' in detail ? ` ${detail.code}` : '';
      return [`${digest} ${text}${code}`];
    });
  }

  /** What the program heard so far: its session's state, `type path`, `cxid outcome`. */
  heard(): string[] {
    return this.news.splice(0).map((news) => {
      if (news.kind === 'state') return news.state;
      if (news.kind === 'watched') return `${news.type} ${news.path}`;
      return `${news.cxid} ${news.outcome}`;
    });
  }

  start(): this {
    return this.event({ kind: 'start' });
  }

  dialed(peer: number, conn: number): this {
    return this.event({ kind: 'dialed', peer: serverId(peer), conn: conn as ConnId });
  }

  dialFailed(peer: number): this {
    return this.event({ kind: 'dialFailed', peer: serverId(peer), reason: 'refused' });
  }

  receive(conn: number, message: Message): this {
    return this.event({ kind: 'received', conn: conn as ConnId, message });
  }

  connected(conn: number, session = 77, timeoutMs = 9000, zxid = 0): this {
    const body = { session: session as SessionId, password: 'secret', timeoutMs };
    return this.receive(conn, packet('connected', zxid as Zxid, body));
  }

  reply(conn: number, cxid: number, zxid: number, result: Result = DONE): this {
    return this.receive(conn, packet('reply', zxid as Zxid, { cxid, result }));
  }

  watchEvent(conn: number, type: WatchEventType, path: string, zxid = 5): this {
    return this.receive(conn, packet('watchEvent', zxid as Zxid, { type, path }));
  }

  pong(conn: number): this {
    return this.receive(conn, packet('clientPong', 0 as Zxid, undefined));
  }

  sessionClosed(conn: number): this {
    return this.receive(conn, packet('sessionClosed', 0 as Zxid, undefined));
  }

  closed(conn: number): this {
    return this.event({ kind: 'closed', conn: conn as ConnId, reason: 'eof' });
  }

  timer(timer: ClientTimer): this {
    return this.event({ kind: 'timer', timer, key: 0 });
  }

  invoke(op: Operation): this {
    return this.event({ kind: 'invoke', op });
  }

  /** Connected to server 1 over connection 1, session 77, nothing recorded. */
  online(): this {
    this.start().dialed(1, 1).connected(1);
    this.did.length = 0;
    this.notes.length = 0;
    this.news.length = 0;
    return this;
  }

  /** Away and back at server 2 over connection 2. */
  again(conn = 2): this {
    const { lastZxid } = this.state.login;
    this.closed(conn - 1)
      .timer('reconnect')
      .dialed(2, conn);
    return this.connected(conn, 77, 9000, lastZxid);
  }
}

function describe(effect: ClientEffect): string {
  switch (effect.kind) {
    case 'dial':
      return `dial ${effect.peer} for ${effect.timeoutMs}`;
    case 'send':
      return `${effect.conn}: ${describeMessage(effect.message)}`;
    case 'close':
      return `close ${effect.conn}`;
    case 'setTimer':
      return `${effect.timer} in ${effect.delayUs / 1000}`;
    case 'clearTimer':
      return `no ${effect.timer}`;
    case 'settled':
    case 'note':
      return effect.kind;
  }
}

function describeMessage(message: Message): string {
  if (message.kind === 'connect') {
    const { session, password, timeoutMs, lastZxid } = message.body;
    const known = password === '' ? '' : ` with ${password}`;
    return `connect ${session}${known} for ${timeoutMs} seen ${lastZxid}`;
  }
  return message.kind === 'operation' ? `operation ${message.body.cxid}` : message.kind;
}
