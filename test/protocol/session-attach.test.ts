// Who gets which session: the order in which a connect request is looked at, passwords, and what a
// refused client costs the one that it claims to be. [ZK-Java ZooKeeperServer.processConnectRequest]
import { describe, expect, it } from 'vitest';
import type { SessionId } from '../../protocol/ids.js';
import { revalidated } from '../../protocol/session/front.js';
import { NO_PASSWORD, passwordOf, passwordOfId } from '../../protocol/session/password.js';
import { serverOfSession } from '../../protocol/session/session-id.js';
import { Server } from './session-server.js';

const REFUSED = `connected 0 for 0 with ${NO_PASSWORD}`;

describe('a password', () => {
  it('follows from the id as real servers compute it', () => {
    const vectors: readonly (readonly [bigint, string])[] = [
      [1n, '054cc74a37327db215e702e20c73f005'],
      [0x0100000000000000n, 'f22acd4a97e69d6d20a49bb638eadb38'],
      [0x0100001f9d2c0000n, '3657f01a8bd70c6d047443de4c46463e'],
      [0x80ffffffffffffffn, '20f62cb5648dc2d771471c8a2486a9ee'],
    ];
    expect(vectors.map(([id]) => passwordOfId(id))).toEqual(vectors.map(([, hex]) => hex));
    expect(passwordOf(1 as SessionId)).toBe(vectors[0]![1]);
  });

  it.each(['', 'zz', '00'.repeat(16), passwordOf(43 as SessionId)])(
    'that is not the session’s (%j) is refused like a session that is gone',
    (password) => {
      const server = new Server().connect(1, 42, { password });
      expect([server.said, server.takeSubmitted()]).toEqual([[`1: ${REFUSED}`, '1: closed'], []]);
      expect(server.ctx.front.conns.size + server.ctx.front.lanes.size).toBe(0);
    },
  );

  it('of a new session does not matter', () => {
    const server = new Server().connect(1, 0, { password: 'junk' });
    server.commit();
    expect(server.said).toHaveLength(1);
  });

  it('that is wrong costs the session its connection here, and nothing else', () => {
    const server = new Server();
    const session = server.open(1);
    server.connect(2, session, { password: 'forged' });
    expect(server.takeSaid()).toEqual(['1: closed', `2: ${REFUSED}`, '2: closed']);
    server.connect(3, session);
    expect(server.takeSubmitted()).toEqual([{ kind: 'revalidate', session, timeoutMs: 10_000 }]);
    server.step((ctx) => revalidated(ctx, session as SessionId, 10_000, true));
    expect(server.said).toEqual([`3: connected ${session} for 10000`]);
  });

  it('is not looked at before what the client has seen: that one loses no connection', () => {
    const server = new Server();
    const session = server.open(1);
    server.connect(2, session, { password: 'forged', lastZxid: 99 });
    expect(server.takeSaid()).toEqual(['2: closed']);
    server.read(1, 1);
    expect(server.said).toEqual(['1: 1 data= @1']);
  });
});

describe('a timeout', () => {
  it.each([
    [0, 4000],
    [-1, 4000],
    [3999, 4000],
    [4001, 4001],
    [40_001, 40_000],
    [2 ** 31 - 1, 40_000],
  ])('of %i is granted as %i', (timeoutMs, granted) => {
    const server = new Server().connect(1, 0, { timeoutMs });
    expect(server.ctx.submitted).toMatchObject([{ request: { op: { timeoutMs: granted } } }]);
    server.commit();
    expect(server.said).toEqual([`1: connected ${server.sessionOf(1)} for ${granted}`]);
  });

  it('is asked for anew with each connection, and the new one wins', () => {
    const server = new Server();
    const session = server.open(1);
    server.connect(2, session, { timeoutMs: 7000 });
    expect(server.takeSubmitted()).toMatchObject([{ kind: 'revalidate', timeoutMs: 7000 }]);
    server.step((ctx) => revalidated(ctx, session as SessionId, 7000, true));
    expect(server.takeSaid()).toEqual(['1: closed', `2: connected ${session} for 7000`]);
  });
});

describe('a session id', () => {
  it('names the server that opened the session', () => {
    for (const sid of [1, 77, 127]) {
      const session = new Server({ sid, nowUs: 2 ** 44 }).open(1);
      expect(serverOfSession(session as SessionId)).toBe(sid);
    }
  });
});

describe('a client that does not wait for its session', () => {
  it('is heard in order once it has it, whether new or brought along', () => {
    const server = new Server();
    const session = server.open(1);
    server.connect(2, session).auth(2, 'digest', 'u:p').read(2, 1).close(2, 2).read(2, 3);
    expect(server.takeSaid()).toEqual(['1: closed']);
    server.takeSubmitted();
    server.step((ctx) => revalidated(ctx, session as SessionId, 10_000, true));
    expect(server.takeSaid()).toEqual([
      `2: connected ${session} for 10000`,
      '2: -4 done @0',
      '2: 1 data= @1',
    ]);
    server.commit();
    expect(server.said).toEqual(['2: sessionClosed @2', '2: closed']);
  });

  it('is heard no more if it is refused', () => {
    const server = new Server().connect(1, 42).read(1, 1).write(1, 2);
    server.takeSubmitted();
    server.step((ctx) => revalidated(ctx, 42 as SessionId, 10_000, false));
    expect(server.said).toEqual([`1: ${REFUSED}`, '1: closed']);
    expect(server.takeSubmitted()).toEqual([]);
  });
});
