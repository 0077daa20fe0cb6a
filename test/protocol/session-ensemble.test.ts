// Sessions in an ensemble, row by row of what real servers did: expiry to the tick, moves and what
// is left of the old connection, local sessions, the reaper. [ZK-Java SessionTrackerImpl,
// LeaderSessionTracker, ContainerManager]
import { describe, expect, it } from 'vitest';
import { Map, Set } from 'immutable';
import { serverId } from '../../protocol/ids.js';
import { createOperation } from '../../protocol/operation.js';
import type { Operation } from '../../protocol/operation.js';
import { RawEnsemble } from './raw-ensemble.js';

const READ: Operation = { kind: 'getData', path: '/', watch: false };
const WATCH: Operation = { kind: 'getData', path: '/', watch: true };
const WRITE: Operation = { kind: 'setData', path: '/', data: 'x', version: -1 };
const SYNC: Operation = { kind: 'sync', path: '/' };
const MULTI: Operation = { kind: 'multi', parts: [createOperation('/m', '')] };
const EPHEMERAL = createOperation('/e', '', 'ephemeral');

const GRANTED = 'connected S for 6000';
/** Its password is all zeros: a long number here, like that of a session. */
const REFUSED = 'connected 0 for 0 with S; closed';

describe('a session that falls silent', () => {
  it.each([1000, 2000, 3000])('of %i ms is over within a tick of that', (timeoutMs) => {
    for (const sid of [3, 1]) {
      const c = new RawEnsemble(3, { timing: { tickMs: 500, minSessionTimeoutMs: 1000 } });
      c.connect('B', 2, { timeoutMs: 20_000 });
      c.connect('A', sid, { timeoutMs });
      expect(c.ask('A', EPHEMERAL)).toBe('created');
      const lastUs = c.records('received').findLast(({ text }) => text === 'operation')!.atUs;
      c.run('5s');
      const [expired] = c.records('sessionExpired');
      const silentMs = (expired!.atUs - lastUs) / 1000;
      // What a follower hears it tells with the next ping, up to half a tick later.
      const slackMs = sid === c.leader() ? 0 : 250;
      expect(silentMs).toBeGreaterThan(timeoutMs);
      expect(silentMs).toBeLessThanOrEqual(timeoutMs + 500 + slackMs + 10);
      expect([c.heard('A'), c.treeOf(2)]).toEqual(['closed', []]);
    }
  });

  it('is kept by pings alone, at the leader and elsewhere', () => {
    for (const sid of [3, 1]) {
      const c = new RawEnsemble(3);
      c.connect('A', sid, { timeoutMs: 1000 });
      for (let n = 0; n < 10; n++) expect(c.run('600ms').ping('A')).toBe('clientPong');
    }
  });

  it('is not kept by showing identities', () => {
    const c = new RawEnsemble(3);
    c.connect('A', 3, { timeoutMs: 1000 });
    const auth: Operation = { kind: 'addAuth', scheme: 'digest', auth: 'u:p' };
    for (let n = 0; n < 4; n++) c.run('300ms').ask('A', auth);
    expect([c.heard('A'), c.records('sessionExpired').length]).toEqual(['closed', 1]);
    const { role } = c.world.peer(serverId(3));
    const phase = role.kind === 'leading' && role.phase.kind === 'broadcast' && role.phase;
    expect(phase).toMatchObject({ tracker: { closing: Set(), sessions: Map() } });
  });
});

describe('a session that has moved', () => {
  function moved(from: number, to: number): RawEnsemble {
    const c = new RawEnsemble(3);
    expect(c.connect('A', from)).toBe(GRANTED);
    expect(c.connect('B', to, { of: 'A' })).toBe(GRANTED);
    return c;
  }

  it('is still served at the old connection, but for writes', () => {
    const c = moved(1, 2);
    expect([c.ask('A', READ), c.ping('A'), c.ask('A', SYNC)]).toEqual([
      'data=',
      'clientPong',
      'synced',
    ]);
    expect([c.ask('A', WATCH), c.ask('B', WRITE)]).toEqual(['data=', 'stat']);
    expect(c.heard('A')).toBe('nodeDataChanged /');
  });

  it.each([
    ['write', WRITE],
    ['multi', MULTI],
  ])('closes the old connection at a %s, which is not carried out', (_, op) => {
    const c = moved(1, 2);
    expect(c.ask('A', op)).toBe('closed');
    expect([c.ask('B', READ), c.treeOf(1)]).toEqual(['data=', []]);
    expect(c.ask('B', MULTI)).toBe('[created]');
  });

  it.each([
    ['read', READ],
    ['sync', SYNC],
    ['write', WRITE],
  ])('closes the old connection at a %s if that is the leader’s: it knows', (_, op) => {
    const c = moved(3, 2);
    expect([c.ask('A', op), c.ask('B', READ)]).toEqual(['closed', 'data=']);
  });

  it('can be closed over the old connection all the same', () => {
    const c = moved(1, 2);
    c.ask('B', EPHEMERAL);
    expect(c.close('A')).toBe('sessionClosed; closed');
    expect([c.heard('B'), c.treeOf(3)]).toEqual(['closed', []]);
    expect(c.connect('C', 2, { of: 'B' })).toBe(REFUSED);
  });

  it('is not harmed by a forger elsewhere', () => {
    const c = new RawEnsemble(3);
    c.connect('A', 1);
    expect(c.connect('F', 2, { of: 'A', password: 'forged' })).toBe(REFUSED);
    expect(c.ask('A', WRITE)).toBe('stat');
    expect(c.connect('G', 1, { of: 'A', password: 'forged' })).toBe(REFUSED);
    expect(c.heard('A')).toBe('closed');
    expect(c.connect('B', 1, { of: 'A' })).toBe(GRANTED);
  });

  it('that is over, or that nobody has opened, is refused everywhere', () => {
    const c = new RawEnsemble(3);
    c.connect('A', 1);
    expect(c.close('A')).toBe('sessionClosed; closed');
    for (const sid of [1, 2, 3]) expect(c.connect(`B${sid}`, sid, { of: 'A' })).toBe(REFUSED);
  });
});

describe('a session that the leader is closing', () => {
  it('is not answered by the leader, and refused wherever else it goes', () => {
    const c = new RawEnsemble(3);
    c.connect('A', 3, { timeoutMs: 1000 });
    c.connect('B', 1, { timeoutMs: 20_000 });
    c.stall([1, 2], true);
    while (c.records('sessionExpired').length === 0) c.world.step();
    expect([c.ask('A', READ), c.ping('A'), c.ask('A', WRITE)]).toEqual(['', '', '']);
    expect(c.connect('C', 2, { of: 'A' })).toBe(REFUSED);
    c.stall([1, 2], false);
    expect(c.run('100ms').heard('A')).toBe('closed');
    expect(c.ask('B', READ)).toBe('data=');
  });
});

describe('a local session', () => {
  const local = { localSessionsEnabled: true };

  it('takes no transaction to open and to close, and none knows it elsewhere', () => {
    const c = new RawEnsemble(3, { service: local });
    for (const sid of [1, 3]) expect(c.connect(`A${sid}`, sid)).toBe(GRANTED);
    expect([c.ask('A1', WRITE), c.ask('A3', MULTI), c.ask('A1', SYNC)]).toEqual([
      'stat',
      '[created]',
      'synced',
    ]);
    expect(c.connect('B', 2, { of: 'A1' })).toBe(REFUSED);
    expect([c.ask('A1', READ), c.close('A1')]).toEqual(['data=x', 'sessionClosed; closed']);
    expect(c.records('proposed')).toHaveLength(2);
  });

  it('cannot own an ephemeral: at the leader and at a follower one is told why', () => {
    const c = new RawEnsemble(3, { service: local });
    const parts = [createOperation('/p', ''), createOperation('/e', '', 'ephemeral')];
    for (const sid of [1, 3]) {
      c.connect(`A${sid}`, sid);
      expect(c.ask(`A${sid}`, EPHEMERAL)).toBe('EphemeralOnLocalSession');
    }
    expect(c.ask('A3', { kind: 'multi', parts })).toBe('[done,EphemeralOnLocalSession]');
    expect(c.ask('A1', { kind: 'multi', parts })).toBe('[done,SessionExpired]');
    expect([c.ask('A1', READ), c.treeOf(2)]).toEqual(['data=', []]);
  });

  it('becomes global for its first ephemeral, in two transactions, and can move then', () => {
    const service = { ...local, localSessionsUpgradingEnabled: true };
    for (const sid of [1, 3]) {
      const c = new RawEnsemble(3, { service });
      c.connect('A', sid);
      expect([c.ask('A', EPHEMERAL), c.ask('A', READ)]).toEqual(['created', 'data=']);
      expect(c.records('proposed')).toHaveLength(2);
      expect(c.connect('B', 2, { of: 'A' })).toBe(GRANTED);
      expect([c.close('B'), c.treeOf(sid)]).toEqual(['sessionClosed; closed', []]);
      expect(c.records('proposed')).toHaveLength(3);
    }
  });

  it('is not what a session passes for that the leader is closing', () => {
    const service = { ...local, localSessionsUpgradingEnabled: true };
    const c = new RawEnsemble(3, { service });
    c.connect('A', 1, { timeoutMs: 1000 });
    c.connect('B', 2, { timeoutMs: 20_000 });
    c.ask('A', EPHEMERAL);
    c.stall([1, 2], true);
    while (c.records('sessionExpired').length === 0) c.world.step();
    c.ask('A', WRITE);
    c.stall([1, 2], false);
    expect([c.run('100ms').heard('A'), c.ask('B', READ)]).toEqual(['closed', 'data=']);
    expect(c.records('proposed').at(-1)).toMatchObject({
      detail: { op: { kind: 'error', code: 'SessionExpired' } },
    });
  });

  it('that expires loses its connection, and the others nothing', () => {
    const c = new RawEnsemble(3, { service: local });
    c.connect('A', 1, { timeoutMs: 1000 });
    c.connect('B', 1, { timeoutMs: 20_000 });
    expect([c.run('1500ms').heard('A'), c.ask('B', READ)]).toEqual(['closed', 'data=']);
    expect(c.records('proposed')).toHaveLength(0);
  });
});

describe('the reaper', () => {
  const service = { containerCheckIntervalMs: 1000, extendedTypesEnabled: true };
  const container: Operation = {
    ...createOperation('/c', '', 'container'),
    kind: 'createContainer',
  };
  const remove = (path: string): Operation => ({ kind: 'delete', path, version: -1 });

  it('takes a container at the next check after its last child has gone, not before it had one', () => {
    const c = new RawEnsemble(3, { service });
    c.connect('A', 1, { timeoutMs: 20_000 });
    c.connect('B', 2, { timeoutMs: 20_000 });
    c.ask('A', container);
    c.run('2500ms').ask('A', createOperation('/c/k', ''));
    expect(c.run('1500ms').treeOf(1)).toEqual(['/c', '/c/k']);
    c.ask('B', { kind: 'exists', path: '/c', watch: true });
    c.ask('A', remove('/c/k'));
    expect([c.run('1050ms').treeOf(1), c.heard('B')]).toEqual([[], 'nodeDeleted /c']);
  });

  it('takes a TTL znode when it is childless and unchanged for long enough', () => {
    const c = new RawEnsemble(3, { service });
    c.connect('A', 1, { timeoutMs: 20_000 });
    const ttl = createOperation('/t', '', 'ttl');
    c.ask('A', { ...ttl, kind: 'createTTL', ttlMs: 1500 });
    c.run('1200ms').ask('A', { kind: 'setData', path: '/t', data: '1', version: -1 });
    expect(c.run('1400ms').treeOf(2)).toEqual(['/t']);
    expect(c.run('1200ms').treeOf(2)).toEqual([]);
    c.ask('A', { ...ttl, kind: 'createTTL', ttlMs: 500 });
    c.ask('A', createOperation('/t/k', ''));
    expect(c.run('2500ms').treeOf(2)).toEqual(['/t', '/t/k']);
    c.ask('A', remove('/t/k'));
    expect(c.run('1050ms').treeOf(2)).toEqual([]);
  });

  it('takes no more than so many a minute', () => {
    const c = new RawEnsemble(3, { service: { ...service, maxContainersPerMinute: 600 } });
    c.connect('A', 1, { timeoutMs: 20_000 });
    for (let n = 0; n < 4; n++) {
      const path = `/t${n}`;
      c.ask('A', { ...createOperation(path, '', 'ttl'), kind: 'createTTL', ttlMs: 1 });
    }
    c.run('3s');
    const reaped = c
      .records('proposed')
      .filter(({ detail }) => (detail as { op: { kind: string } }).op.kind === 'delete');
    const gapsMs = reaped.slice(1).map(({ atUs }, at) => (atUs - reaped[at]!.atUs) / 1000);
    expect([c.treeOf(1), gapsMs.map(Math.round)]).toEqual([[], [100, 100, 100]]);
  });
});
