// Sessions that only their own server knows: no transaction opens or closes them, and an ephemeral
// makes one global or is refused. [ZK-Java UpgradeableSessionTracker, LocalSessionTracker]
import { describe, expect, it } from 'vitest';
import type { SessionId } from '../../protocol/ids.js';
import type { Operation } from '../../protocol/operation.js';
import { createOperation } from '../../protocol/operation.js';
import { localExpiryDue, revalidated } from '../../protocol/session/front.js';
import { Server } from './session-server.js';

const LOCAL = { localSessionsEnabled: true };
const UPGRADING = { ...LOCAL, localSessionsUpgradingEnabled: true };

const EPHEMERAL = createOperation('/e', '', 'ephemeral');
const MULTI: Operation = {
  kind: 'multi',
  parts: [createOperation('/p', ''), createOperation('/e', '', 'ephemeralSequential')],
};

describe('a local session', () => {
  it('is there at once, without a transaction', () => {
    const server = new Server({ service: LOCAL }).connect(1);
    const session = server.sessionOf(1);
    expect([server.said, server.takeSubmitted()]).toEqual([
      [`1: connected ${session} for 10000`],
      [],
    ]);
  });

  it('writes through the leader like any other', () => {
    const server = new Server({ service: LOCAL });
    const session = server.open(1);
    server.write(1, 1);
    expect(server.ctx.submitted).toMatchObject([{ request: { session, cxid: 1 } }]);
    expect(server.commit().said).toEqual(['1: 1 stat @1']);
  });

  it('is closed in its turn, without a transaction', () => {
    const server = new Server({ service: LOCAL });
    server.open(1);
    server.write(1, 1).close(1, 2);
    expect([server.said, server.ctx.submitted.length]).toEqual([[], 1]);
    server.commit();
    expect(server.takeSaid()).toEqual(['1: 1 stat @1', '1: sessionClosed @1', '1: closed']);
    expect(server.ctx.front.lanes.size + server.ctx.front.conns.size).toBe(0);
    const again = new Server({ service: LOCAL });
    again.open(1);
    expect(again.close(1, 1).said).toEqual(['1: sessionClosed @0', '1: closed']);
  });

  it('comes back to its own server without the leader; after it was closed nobody knows it', () => {
    const server = new Server({ service: LOCAL });
    const session = server.open(1);
    server.hangUp(1).connect(2, session, { timeoutMs: 5000 });
    expect(server.takeSaid()).toEqual([`2: connected ${session} for 5000`]);
    server.close(2, 1).takeSaid();
    server.connect(3, session);
    expect(server.takeSubmitted()).toMatchObject([{ kind: 'revalidate', session }]);
    server.step((ctx) => revalidated(ctx, session as SessionId, 5000, false));
    expect(server.said.at(-1)).toBe('3: closed');
  });

  it('is not known elsewhere: there the leader is asked', () => {
    const session = new Server({ service: LOCAL }).open(1);
    const other = new Server({ sid: 2, service: LOCAL }).connect(1, session);
    expect(other.ctx.submitted).toMatchObject([{ kind: 'revalidate', session }]);
  });

  it('expires here when nothing is heard of it, and a ping keeps it', () => {
    const server = new Server({ service: LOCAL, nowUs: 0 });
    server.open(1);
    expect(server.timers).toEqual(['localExpiry in 12000']);
    server.at(6_000_000).receive(1, { kind: 'clientPing', zxid: 0 as never, body: undefined });
    server.takeSaid();
    server.at(12_000_000).step(localExpiryDue);
    expect([server.said, server.timers.at(-1)]).toEqual([[], 'localExpiry in 6000']);
    server.at(18_000_000).step(localExpiryDue);
    expect(server.said).toEqual(['1: closed']);
    expect(server.notes.at(-1)).toMatch(/^sessionExpired 0 \d+ 0 local$/);
    expect(server.ctx.front.lanes.size).toBe(0);
  });

  it('is none of the leader’s business when it is heard of', () => {
    const server = new Server({ service: LOCAL });
    server.open(1);
    server.read(1, 1);
    expect(server.ctx.front.touches.list).toEqual([]);
  });
});

describe('an ephemeral', () => {
  it.each([
    ['create', EPHEMERAL],
    ['multi', MULTI],
  ])('of a %s makes the session global first, under the same id', (_, op) => {
    const server = new Server({ service: UPGRADING });
    const session = server.open(1);
    server.ask(1, 1, op).ask(1, 2, EPHEMERAL).read(1, 3);
    expect(server.ctx.submitted).toMatchObject([
      { request: { session, cxid: 0, op: { kind: 'createSession', timeoutMs: 10_000 } } },
      { request: { session, cxid: 1, op } },
      { request: { session, cxid: 2 } },
    ]);
    server.commit();
    expect(server.said).toEqual([]);
    server.commit().commit();
    expect(server.said).toHaveLength(3);
    // From now on the leader hears of it, and closes it.
    expect(server.ctx.front.touches.list).toMatchObject([{ session }]);
    server.takeSaid();
    expect(server.close(1, 4).ctx.submitted).toMatchObject([
      { request: { session, op: { kind: 'closeSession' } } },
    ]);
  });

  it.each([createOperation('/c', '', 'container'), createOperation('/s', '', 'persistent')])(
    'is what makes it so, and nothing else',
    (op) => {
      const server = new Server({ service: UPGRADING });
      server.open(1);
      server.ask(1, 1, { ...op, kind: op.flags === 4 ? 'createContainer' : 'create' });
      expect(server.ctx.submitted).toHaveLength(1);
    },
  );

  it('without the upgrade is refused for what it is, whatever the leader says', () => {
    const server = new Server({ service: LOCAL });
    const session = server.open(1);
    server.ask(1, 1, EPHEMERAL).read(1, 2);
    server.takeSubmitted();
    server.apply(session, 1, { kind: 'error', code: 'SessionExpired' });
    expect(server.said).toEqual(['1: 1 EphemeralOnLocalSession @1', '1: 2 data= @1']);
  });

  it('without the upgrade, in a multi, is refused as the leader says', () => {
    const server = new Server({ service: LOCAL });
    const session = server.open(1);
    server.ask(1, 1, MULTI).takeSubmitted();
    const parts = [{ kind: 'undone' }, { kind: 'error', code: 'SessionExpired' }] as const;
    server.apply(session, 1, { kind: 'multi', parts });
    expect(server.said).toEqual(['1: 1 [done,SessionExpired] @1']);
  });
});
