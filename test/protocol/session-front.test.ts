// The client-facing side of a server, sentence by sentence: who is let in, the order that each
// client is promised, and what happens to sessions whose connection goes, moves or expires.

import { describe, expect, it } from 'vitest';
import type { ConnId, SessionId } from '../../protocol/ids.js';
import { bare } from '../../protocol/message.js';
import {
  clientAccepted,
  closeFront,
  openFront,
  revalidated,
  syncReleased,
  takeTouches,
} from '../../protocol/session/front.js';
import { NO_PASSWORD } from '../../protocol/session/password.js';
import { Server } from './session-server.js';

const SET = { kind: 'setData', path: '/', data: 'other', version: 1 } as const;

describe('a connection', () => {
  it('is closed at once when the server does not serve', () => {
    const server = new Server({ serving: false }).connect(1);
    expect(server.said).toEqual(['1: closed']);
    expect(server.takeSubmitted()).toEqual([]);
  });

  it('is refused when its client has seen more than the server has processed', () => {
    const server = new Server().apply(9, 1, SET).connect(1, 0, { lastZxid: 2 });
    expect(server.takeSaid()).toEqual(['1: closed']);
    expect(server.notes).toContain('refused 2 0 0 the client has seen more');
    expect(server.connect(2, 0, { lastZxid: 1 }).takeSaid()).toEqual([]);
  });

  it('gets a new session when that is applied here, with a timeout within bounds', () => {
    for (const [wanted, given] of [
      [1, 4000],
      [10_000, 10_000],
      [99_999, 40_000],
    ]) {
      const server = new Server().connect(1, 0, { timeoutMs: wanted! });
      expect(server.said).toEqual([]);
      server.commit();
      const session = server.sessionOf(1);
      expect(server.said).toEqual([`1: connected ${session} for ${given}`]);
      const [opened, attached] = server.notes.slice(-2);
      expect(opened).toMatch(new RegExp(`^sessionOpened 1 ${session} \\d+$`));
      expect(attached).toBe(`attached 1 ${session} 0`);
    }
  });

  it('is not answered for a session that another server opened', () => {
    const server = new Server().connect(1).apply(77, 0, { kind: 'createSession', timeoutMs: 4000 });
    expect(server.said).toEqual([]);
  });

  it('that asks before it has its session is answered when it has it', () => {
    const server = new Server().connect(1).read(1, 1).write(1, 2);
    expect([server.said, server.ctx.submitted.length]).toEqual([[], 1]);
    server.commit();
    const session = server.sessionOf(1);
    expect(server.takeSaid()).toEqual([`1: connected ${session} for 10000`, '1: 1 data= @1']);
    server.commit();
    expect(server.takeSaid()).toEqual(['1: 2 stat @2']);
  });

  it('that begins with anything but a connect request is closed', () => {
    const server = new Server().step((ctx) => clientAccepted(ctx, 1 as ConnId)).read(1, 1);
    expect(server.said).toEqual(['1: closed']);
  });

  it('is closed with all others when the server stops serving', () => {
    const server = new Server();
    server.open(2);
    server.connect(3).connect(1);
    server.step(closeFront);
    expect(server.takeSaid()).toEqual(['1: closed', '2: closed', '3: closed']);
    expect(server.connect(4).takeSaid()).toEqual(['4: closed']);
  });
});

describe('session ids', () => {
  it('differ between servers, and between incarnations of one', () => {
    const ids = [
      new Server(),
      new Server({ sid: 2 }),
      new Server({ sid: 127, nowUs: 2 ** 45 }),
    ].flatMap((server) => [server.open(1), server.open(2)]);
    const again = new Server();
    again.open(1);
    again.step(closeFront);
    again.at(2000).step(openFront);
    ids.push(again.open(1));
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.every((id) => Number.isSafeInteger(id) && id > 0)).toBe(true);
  });
});

describe('the order that a client is promised', () => {
  it('a read passes straight through and tells the zxid that the server has processed', () => {
    const server = new Server();
    const session = server.open(1);
    server.read(1, 5);
    expect(server.said).toEqual(['1: 5 data= @1']);
    expect(server.notes.slice(-2)).toEqual([`read 1 ${session} 5 /`, `replied 1 ${session} 5 ok`]);
  });

  it('a write is answered when it is applied here, with its own zxid', () => {
    const server = new Server();
    const session = server.open(1);
    server.write(1, 1).apply(9, 1, SET);
    expect(server.said).toEqual([]);
    server.commit();
    expect(server.said).toEqual(['1: 1 stat @3']);
    expect(server.notes.at(-1)).toBe(`replied 3 ${session} 1 ok`);
  });

  it('a failed write is answered with its error and the zxid that it took', () => {
    const server = new Server();
    server.open(1);
    server.ask(1, 1, { kind: 'delete', path: '/no', version: -1 }).commit();
    expect(server.said).toEqual(['1: 1 NoNode @2']);
  });

  it('a read after a write of the same session waits for it and sees it', () => {
    const server = new Server();
    server.open(1);
    server.write(1, 1, 'a').read(1, 2).write(1, 3, 'b').read(1, 4).receive(1, bare('clientPing'));
    expect(server.said).toEqual([]);
    server.commit();
    expect(server.takeSaid()).toEqual(['1: 1 stat @2', '1: 2 data=a @2']);
    server.commit();
    expect(server.said).toEqual(['1: 3 stat @3', '1: 4 data=b @3', '1: clientPong']);
  });

  it('other sessions do not wait', () => {
    const server = new Server();
    server.open(1);
    server.open(2);
    server.write(1, 1).read(2, 1).receive(2, bare('clientPing'));
    expect(server.said).toEqual(['2: 1 data= @2', '2: clientPong']);
  });

  it('a transaction of another session with the same cxid releases nothing', () => {
    const server = new Server();
    const [one, two] = [server.open(1), server.open(2)];
    server.write(1, 1).apply(two, 1, SET).apply(one, 2, SET);
    expect(server.said).toEqual([]);
  });

  it('every write is passed on at once, in order', () => {
    const server = new Server();
    const session = server.open(1);
    server.write(1, 1).sync(1, 2).write(1, 3);
    expect(server.takeSubmitted()).toMatchObject([
      { kind: 'request', request: { session, cxid: 1, origin: 1, op: { kind: 'setData' } } },
      { kind: 'sync', session, cxid: 2 },
      { kind: 'request', request: { cxid: 3 } },
    ]);
  });

  it('a sync holds up its session until the leader releases it', () => {
    const server = new Server();
    const session = server.open(1) as SessionId;
    server.sync(1, 1).read(1, 2);
    expect(server.said).toEqual([]);
    server.apply(9, 1, SET).step((ctx) => syncReleased(ctx, session, 1));
    expect(server.said).toEqual(['1: 1 synced @2', '1: 2 data=other @2']);
  });

  it('a sync that is released before the write in front of it waits for that', () => {
    const server = new Server();
    const session = server.open(1) as SessionId;
    server.write(1, 1).sync(1, 2).sync(1, 3);
    server.step((ctx) => syncReleased(ctx, session, 2));
    expect(server.said).toEqual([]);
    server.commit();
    expect(server.said).toEqual(['1: 1 stat @2', '1: 2 synced @2']);
  });
});

describe('a session', () => {
  it('that its client closes is answered when that is applied, then the connection closes', () => {
    const server = new Server();
    const session = server.open(1);
    server.write(1, 1).close(1, 2).read(1, 3);
    server.commit().commit();
    expect(server.said).toEqual(['1: 1 stat @2', '1: sessionClosed @3', '1: closed']);
    expect(server.notes.at(-1)).toBe(`sessionClosed 3 ${session} 0`);
    expect(server.ctx.front.lanes.size + server.ctx.front.conns.size).toBe(0);
  });

  it('that expires loses its connection without a word', () => {
    const server = new Server();
    const session = server.open(1);
    server.write(1, 1).apply(session, 0, { kind: 'closeSession', paths: [] });
    expect(server.said).toEqual(['1: closed']);
    expect(server.ctx.front.lanes.size + server.ctx.front.conns.size).toBe(0);
  });

  it('that comes from elsewhere is confirmed by the leader', () => {
    const server = new Server().connect(1, 42, { timeoutMs: 99_999 });
    expect(server.takeSubmitted()).toEqual([
      { kind: 'revalidate', session: 42, timeoutMs: 40_000 },
    ]);
    server.step((ctx) => revalidated(ctx, 42 as SessionId, 40_000, true)).read(1, 7);
    expect(server.said).toEqual(['1: connected 42 for 40000', '1: 7 data= @0']);
    expect(server.notes[0]).toBe('attached 0 42 0');
    server.takeSaid();
    server.step((ctx) => revalidated(ctx, 42 as SessionId, 40_000, false));
    expect(server.said).toEqual([]);
  });

  it('that the leader does not know is refused as session 0', () => {
    const server = new Server().connect(1, 42);
    server.step((ctx) => revalidated(ctx, 42 as SessionId, 10_000, false));
    expect(server.said).toEqual([`1: connected 0 for 0 with ${NO_PASSWORD}`, '1: closed']);
    expect(server.ctx.front.lanes.size + server.ctx.front.conns.size).toBe(0);
  });

  it('that expires while the leader is asked is refused by the answer', () => {
    const server = new Server().connect(1, 42);
    server.apply(42, 0, { kind: 'closeSession', paths: [] });
    expect(server.said).toEqual([]);
    server.step((ctx) => revalidated(ctx, 42 as SessionId, 10_000, false));
    expect(server.said).toEqual([`1: connected 0 for 0 with ${NO_PASSWORD}`, '1: closed']);
  });

  it('that comes again replaces its old connection, whose answers are dropped', () => {
    const server = new Server();
    const session = server.open(1) as SessionId;
    server.write(1, 1).read(1, 2).connect(2, session);
    expect(server.takeSaid()).toEqual(['1: closed']);
    server.step((ctx) => revalidated(ctx, session, 10_000, true)).read(2, 3);
    expect(server.takeSaid()).toEqual([`2: connected ${session} for 10000`]);
    server.commit();
    expect(server.said).toEqual(['2: 3 data=x @2']);
  });

  it('waits for a write of a connection that is gone before it reads over the next one', () => {
    const server = new Server();
    const session = server.open(1) as SessionId;
    server.write(1, 1).hangUp(1).connect(2, session);
    server.step((ctx) => revalidated(ctx, session, 10_000, true)).read(2, 2);
    server.takeSaid();
    server.commit();
    expect(server.said).toEqual(['2: 2 data=x @2']);
  });

  it('leaves nothing behind when its connection goes and its last write is applied', () => {
    const server = new Server();
    server.open(1);
    server.write(1, 1).read(1, 2).hangUp(1);
    expect(server.ctx.front.lanes.size).toBe(1);
    server.commit();
    expect(server.said).toEqual([]);
    expect(server.ctx.front.lanes.size + server.ctx.front.conns.size).toBe(0);
  });

  it('that has moved away loses its old connection instead of an answer', () => {
    const server = new Server();
    const session = server.open(1);
    server.write(1, 1).read(1, 2).apply(session, 1, { kind: 'error', code: 'SessionMoved' });
    expect(server.said).toEqual(['1: closed']);
  });
});

describe('touches', () => {
  it('name each session heard from once, and again after they were taken', () => {
    const server = new Server();
    const [one, two] = [server.open(1), server.open(2)];
    expect(takeTouches(server.ctx)).toEqual([]);
    server.write(1, 1).write(1, 2).read(1, 3).receive(2, bare('clientPing')).read(2, 1);
    const touches = [one, two].map((session) => ({ session, timeoutMs: 10_000 }));
    expect(takeTouches(server.ctx)).toEqual(touches);
    expect(takeTouches(server.ctx)).toEqual([]);
    server.read(2, 2);
    expect(takeTouches(server.ctx)).toEqual(touches.slice(1));
  });
});
