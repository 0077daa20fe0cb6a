// The tree and the leader's decisions, row by row: what each operation does, what it refuses and
// which refusal comes first. Creates, multis, access and quotas have tables of their own.

import { describe, expect, it } from 'vitest';
import type { SessionId } from '../../protocol/ids.js';
import type { LeaderOperation, TreeRead } from '../../protocol/operation.js';
import { sessionsOf, treeDigest } from '../../protocol/tree/tree.js';
import { contentOf, create, digestAnew, Leader, remove, setAcl, setData } from './tree-leader.js';
import { OPEN_ACL, READ_ACL } from '../../protocol/acl.js';

const openSession: LeaderOperation = { kind: 'createSession', timeoutMs: 4000 };
const closeSession: LeaderOperation = { kind: 'closeSession' };

/** /p (version 1), /p/c (version 0), /q, and /e, an ephemeral of session 1. */
const PLANTED: readonly LeaderOperation[] = [
  openSession,
  create('/p'),
  create('/p/c'),
  create('/q'),
  create('/e', 'ephemeral'),
  setData('/p', 'x'),
];

function planted(): Leader {
  const leader = new Leader();
  for (const op of PLANTED) leader.do(op);
  return leader;
}

describe('a write', () => {
  const rows: readonly [string, LeaderOperation, string][] = [
    ['create', create('/new'), 'ok'],
    ['create in a child', create('/p/new'), 'ok'],
    ['create of the root', create('/'), 'NodeExists'],
    ['create of what is there', create('/p'), 'NodeExists'],
    ['create under an ephemeral', create('/e/x'), 'NoChildrenForEphemerals'],
    ['delete', remove('/q'), 'ok'],
    ['delete with the version', remove('/q', 0), 'ok'],
    ['delete of the root', remove('/'), 'BadArguments'],
    ['delete without a slash', remove('p'), 'BadArguments'],
    ['delete with a NUL', remove('/p\0'), 'BadArguments'],
    ['delete of nothing', remove('/no'), 'NoNode'],
    ['delete with a trailing slash', remove('/p/c/'), 'NoNode'],
    ['delete with an empty component', remove('/p//c'), 'NoNode'],
    ['delete under a missing parent', remove('/no/no'), 'NoNode'],
    ['delete with another version', remove('/q', 1), 'BadVersion'],
    ['delete with version -2', remove('/q', -2), 'BadVersion'],
    ['delete with children', remove('/p'), 'NotEmpty'],
    ['delete with children and another version', remove('/p', 7), 'BadVersion'],
    ['setData', setData('/p', 'y'), 'ok'],
    ['setData with the same bytes', setData('/p', 'x'), 'ok'],
    ['setData with the version', setData('/p', 'y', 1), 'ok'],
    ['setData with an older version', setData('/p', 'y', 0), 'BadVersion'],
    ['setData with version -2', setData('/p', 'y', -2), 'BadVersion'],
    ['setData of nothing', setData('/no', 'y'), 'NoNode'],
    ['setData of a bad path', setData('p', 'y'), 'BadArguments'],
    ['setData of a bad path below something', setData('/p//c', 'y'), 'BadArguments'],
    ['setData of the empty path', setData('', 'y'), 'BadArguments'],
    ['setData of the root', setData('/', 'y'), 'ok'],
    ['setACL', setAcl('/p', OPEN_ACL), 'ok'],
    ['setACL with the version', setAcl('/p', OPEN_ACL, 0), 'ok'],
    ['setACL with the version of the data', setAcl('/p', OPEN_ACL, 1), 'BadVersion'],
    ['setACL of a bad path', setAcl('/p/', OPEN_ACL), 'BadArguments'],
    ['setACL of nothing', setAcl('/no', OPEN_ACL), 'NoNode'],
    ['setACL of nothing with a bad list', setAcl('/no', []), 'InvalidAcl'],
    ['deleteContainer of any childless znode', { kind: 'deleteContainer', path: '/q' }, 'ok'],
    ['deleteContainer of nothing', { kind: 'deleteContainer', path: '/no' }, 'NoNode'],
    ['deleteContainer with children', { kind: 'deleteContainer', path: '/p' }, 'NotEmpty'],
    ['deleteContainer of an ephemeral', { kind: 'deleteContainer', path: '/e' }, 'BadVersion'],
    ['deleteContainer of the root', { kind: 'deleteContainer', path: '/' }, 'BadArguments'],
    ['deleteContainer of no path', { kind: 'deleteContainer', path: 'q' }, 'BadArguments'],
    ['a failed check', { kind: 'check', path: '/p', version: 4 }, 'BadVersion'],
    ['reconfig', { kind: 'reconfig' }, 'ReconfigDisabled'],
    ['what cannot be read', { kind: 'malformedWrite', opcode: 1 }, 'MarshallingError'],
  ];
  it.each(rows)('%s: %#', (_, op, outcome) => {
    const applied = planted();
    // The same decision must come out when nothing before it has been applied yet.
    const outstanding = new Leader();
    for (const earlier of PLANTED) outstanding.ask(earlier);
    expect([applied.do(op), outstanding.do(op)]).toEqual([outcome, outcome]);
    expect(contentOf(outstanding.tree)).toEqual(contentOf(applied.tree));
  });

  it('that fails changes nothing', () => {
    const leader = planted();
    const before = leader.tree;
    expect(leader.do(remove('/p'))).toBe('NotEmpty');
    expect(leader.tree).toBe(before);
  });

  it('of a session that may not write is refused before anything is looked at', () => {
    const leader = planted();
    leader.refusals = { any: 'SessionExpired', ephemeral: 'SessionExpired' };
    for (const op of [create('no'), remove('no'), setData('no'), setAcl('no', null)]) {
      expect(leader.do(op)).toBe('SessionExpired');
    }
  });
});

describe('a Stat', () => {
  it('tells creation, change, versions and the changes among the children', () => {
    const leader = new Leader();
    const at = (nowMs: number, op: LeaderOperation): string => {
      leader.nowMs = nowMs;
      return leader.do(op);
    };
    at(100, create('/a', 'persistent', { data: 'x' }));
    at(200, setData('/a', 'yy'));
    at(300, create('/a/1'));
    at(400, create('/a/2'));
    at(500, remove('/a/1'));
    at(600, setAcl('/a', READ_ACL));
    at(700, setData('/a/2', 'z'));
    expect(leader.stat('/a')).toEqual({
      ...{ czxid: 1, mzxid: 2, pzxid: 5, ctimeMs: 100, mtimeMs: 200 },
      ...{ version: 1, cversion: 3, aversion: 1, ephemeralOwner: 0 },
      ...{ dataLength: 2, numChildren: 1 },
    });
    // A parent's own data is not what its children change.
    expect(leader.stat('/')).toMatchObject({ mzxid: 0, mtimeMs: 0, version: 0, pzxid: 1 });
  });

  it('comes with setData and setACL, and with create2 but not with create', () => {
    const leader = new Leader();
    const e = create('/e', 'ephemeral');
    expect(leader.answer(e, 7)).toEqual({ kind: 'created', path: '/e', stat: undefined });
    const stat = { czxid: 1, ephemeralOwner: 7, version: 0 };
    expect(leader.answer(setData('/e', 'x'), 8)).toMatchObject({
      kind: 'stat',
      stat: { ...stat, mzxid: 2, version: 1 },
    });
    expect(leader.answer(setAcl('/e', READ_ACL), 8)).toMatchObject({
      kind: 'stat',
      stat: { ...stat, mzxid: 2, version: 1, aversion: 1 },
    });
    expect(leader.answer({ ...create('/c2'), kind: 'create2' })).toMatchObject({
      kind: 'created',
      path: '/c2',
      stat: { czxid: 4, numChildren: 0 },
    });
    expect(leader.answer(remove('/c2'))).toEqual({ kind: 'done' });
  });

  it('tells nothing of null data but its length', () => {
    const leader = new Leader();
    leader.do(create('/n', 'persistent', { data: null }));
    const data = { kind: 'data', data: null, stat: { dataLength: 0 } };
    expect(leader.read({ kind: 'getData', path: '/n', watch: false })).toMatchObject(data);
    leader.do(setData('/n', ''));
    expect(leader.read({ kind: 'getData', path: '/n', watch: false })).toMatchObject({ data: '' });
  });

  it('wraps the version after 2^31 - 1, as Java does', () => {
    const leader = new Leader();
    leader.do(create('/a'));
    const txn = leader.ask(setData('/a', 'x'));
    Object.assign(txn.op, { version: 2 ** 31 - 1 });
    leader.catchUp();
    const next = leader.ask(setData('/a', 'x'));
    expect(next.op).toMatchObject({ version: -(2 ** 31) });
  });

  it('has a version of -1 that only -1 fits', () => {
    const leader = new Leader();
    leader.do(create('/a'));
    const txn = leader.ask(setData('/a', 'x'));
    Object.assign(txn.op, { version: -2 });
    leader.catchUp();
    expect(leader.do(setData('/a', 'y', -2))).toBe('ok');
    expect(leader.stat('/a').version).toBe(-1);
    expect(leader.do(setData('/a', 'y', 5))).toBe('BadVersion');
    expect(leader.do(setData('/a', 'y', -1))).toBe('ok');
    expect(leader.stat('/a').version).toBe(0);
  });
});

describe('a read', () => {
  const names = ['e', 'p', 'q', 'zookeeper'];
  const at = (
    kind: 'getData' | 'exists' | 'getChildren' | 'getChildren2',
    path: string,
  ): TreeRead => ({ kind, path, watch: false });
  const rows: readonly [TreeRead, unknown][] = [
    [at('getChildren', '/'), { kind: 'children', names, stat: undefined }],
    [at('getChildren2', '/'), { names, stat: { numChildren: 4 } }],
    [at('getChildren2', ''), { names }],
    [at('getData', ''), { data: '' }],
    [at('exists', ''), { kind: 'stat' }],
    [at('getChildren', '/q'), { names: [] }],
    [at('exists', '/p'), { kind: 'stat', stat: { version: 1 } }],
    [at('getData', '/p'), { kind: 'data', data: 'x' }],
    [at('exists', '/no'), { code: 'NoNode' }],
    [at('getData', '/p/'), { code: 'NoNode' }],
    [at('getData', 'p'), { code: 'NoNode' }],
    [at('getData', '/p//c'), { code: 'NoNode' }],
    [at('getData', '/a\0'), { code: 'NoNode' }],
    [at('exists', '/a\0'), { code: 'BadArguments' }],
    [{ kind: 'getACL', path: '/no' }, { code: 'NoNode' }],
    [{ kind: 'getAllChildrenNumber', path: '/no' }, { code: 'NoNode' }],
    [
      { kind: 'getAllChildrenNumber', path: '/p' },
      { kind: 'count', count: 1 },
    ],
    [{ kind: 'getAllChildrenNumber', path: '/zookeeper' }, { count: 2 }],
    [{ kind: 'getAllChildrenNumber', path: '/' }, { count: 7 }],
    [{ kind: 'getAllChildrenNumber', path: '' }, { count: 8 }],
  ];
  it.each(rows)('%o', (op, expected) => {
    expect(planted().read(op)).toMatchObject(expected as object);
  });

  it('of many is made of independent ones', () => {
    const parts = [at('getData', '/p'), at('getChildren', '/p'), at('getData', '/no')] as const;
    const read = { kind: 'multiRead', parts: [...parts, at('getData', '/q')] } as TreeRead;
    expect(planted().read(read)).toMatchObject({
      kind: 'multi',
      results: [{ data: 'x' }, { names: ['c'] }, { code: 'NoNode' }, { data: '' }],
    });
  });

  it('of ephemerals goes by a prefix of text, and by session', () => {
    const leader = planted();
    for (const path of ['/ee', '/p/e']) leader.do(create(path, 'ephemeral'));
    leader.do(create('/other', 'ephemeral'), 2);
    const found = (prefix: string, session = 1): unknown => {
      const result = leader.read({ kind: 'getEphemerals', prefix }, session);
      return result.kind === 'paths' ? result.paths : result;
    };
    expect(found('/e')).toEqual(['/e', '/ee']);
    expect(found('/p/')).toEqual(['/p/e']);
    for (const all of ['', '/', ' ']) expect(found(all)).toEqual(['/e', '/ee', '/p/e']);
    expect(found('/', 2)).toEqual(['/other']);
    expect(found('/', 3)).toEqual([]);
  });
});

describe('the first tree', () => {
  const fresh = new Leader();
  const rows: readonly [string, object][] = [
    ['/', { cversion: -1, numChildren: 1, aversion: 0, czxid: 0, pzxid: 0 }],
    ['/zookeeper', { cversion: -2, numChildren: 2, aversion: 0 }],
    ['/zookeeper/quota', { cversion: 0, numChildren: 0, aversion: 0 }],
    ['/zookeeper/config', { cversion: 0, aversion: -1, version: 0, mzxid: 0, dataLength: 0 }],
  ];
  it.each(rows)('has %s', (path, stat) => {
    expect(fresh.stat(path)).toMatchObject(stat);
    expect(new Leader().do(remove(path))).toBe('BadArguments');
    expect(new Leader().do({ kind: 'deleteContainer', path })).toBe('BadArguments');
  });

  it('lets clients write into it, but for what describes the ensemble', () => {
    const leader = new Leader();
    expect(leader.do(create('/zookeeper/x'))).toBe('ok');
    expect(leader.do(remove('/zookeeper/x'))).toBe('ok');
    expect(leader.do(setData('/zookeeper', 'z'))).toBe('ok');
    expect(leader.do(setData('/zookeeper/quota', 'z'))).toBe('ok');
    expect(leader.do(setData('/zookeeper/config', 'z'))).toBe('NoAuth');
  });
});

describe('a session', () => {
  it('takes its ephemerals with it, and nobody else’s', () => {
    const leader = planted();
    leader.do(openSession, 2);
    leader.do(create('/p/mine', 'ephemeral'), 2);
    leader.do(create('/mine', 'ephemeral'), 2);
    const { cversion } = leader.stat('/p');
    expect(leader.do(closeSession, 2)).toBe('ok');
    expect(leader.txns.at(-1)!.op).toEqual({ kind: 'closeSession', paths: ['/mine', '/p/mine'] });
    expect(leader.names('/')).toEqual(['e', 'p', 'q', 'zookeeper']);
    expect(leader.names('/p')).toEqual(['c']);
    expect(leader.stat('/p')).toMatchObject({ cversion: cversion + 1, pzxid: leader.txns.length });
    expect(sessionsOf(leader.tree)).toEqual([{ session: 1, timeoutMs: 4000 }]);
  });

  it('closes with what is decided and not applied', () => {
    const leader = new Leader();
    leader.do(openSession);
    leader.do(create('/gone', 'ephemeral'));
    leader.do(create('/stolen', 'ephemeral'));
    leader.ask(remove('/gone'));
    leader.ask(remove('/stolen'));
    leader.ask(create('/stolen', 'ephemeral'), 2);
    leader.ask(create('/late', 'ephemeral'));
    leader.ask(setData('/late', 'x'), 2);
    expect(leader.ask(closeSession).op).toEqual({ kind: 'closeSession', paths: ['/late'] });
    expect(leader.ask(remove('/late')).op).toEqual({ kind: 'error', code: 'NoNode' });
    leader.catchUp();
    expect(leader.names('/')).toEqual(['stolen', 'zookeeper']);
  });

  it('counts its ephemerals off their parent only when its end is applied', () => {
    const leader = new Leader();
    leader.do(openSession);
    leader.do(create('/p'));
    leader.do(create('/p/e', 'ephemeral'));
    leader.ask(closeSession);
    expect(leader.ask(remove('/p')).op).toEqual({ kind: 'error', code: 'NotEmpty' });
    leader.catchUp();
    expect(leader.do(remove('/p'))).toBe('ok');
  });

  it('is listed in order of its id', () => {
    const leader = new Leader();
    for (const session of [9, 2, 2 ** 50, 7]) leader.do(openSession, session);
    const ids = sessionsOf(leader.tree).map(({ session }) => session);
    expect(ids).toEqual([2, 7, 9, 2 ** 50] as SessionId[]);
  });
});

describe('outstanding changes', () => {
  it('are forgotten as they are applied, and none too early', () => {
    const leader = new Leader();
    for (let i = 0; i < 400; i++) {
      const path = `/k${i}`;
      expect(leader.ask(create(path)).op.kind).toBe('create');
      expect(leader.ask(create(path)).op).toEqual({ kind: 'error', code: 'NodeExists' });
      const earlier = create(`/k${Math.max(0, i - 12)}`);
      expect(leader.ask(earlier).op).toEqual({ kind: 'error', code: 'NodeExists' });
      leader.catchUp(40);
      expect(leader.outstanding.changes.size).toBeLessThan(200);
    }
    leader.catchUp();
    expect(leader.outstanding.changes.size).toBe(0);
    expect(leader.results.filter(({ kind }) => kind === 'created')).toHaveLength(400);
  });

  it('are seen by what is decided next', () => {
    const leader = new Leader();
    expect(
      leader.pipeline(
        ...[create('/o'), create('/o/k'), remove('/o'), remove('/o/k'), remove('/o')],
        create('/o/z'),
      ),
    ).toEqual(['ok', 'ok', 'NotEmpty', 'ok', 'ok', 'NoNode']);
  });
});

describe('the digest', () => {
  it('depends on the content and not on the way there', () => {
    const straight = new Leader();
    const detour = new Leader();
    for (const leader of [straight, detour]) leader.do(create('/a', 'persistent', { data: 'x' }));
    detour.do(openSession);
    expect(treeDigest(detour.tree)).not.toBe(treeDigest(straight.tree));
    detour.do(closeSession);
    expect(contentOf(detour.tree)).toEqual(contentOf(straight.tree));
    expect(treeDigest(detour.tree)).toBe(digestAnew(detour.tree));
  });

  it.each([
    ['data', setData('/a', 'y'), setData('/a', 'z')],
    ['null and empty data', setData('/a', null), setData('/a', '')],
    ['place', create('/b'), create('/c')],
    ['owner', create('/b'), create('/b', 'ephemeral')],
    ['life', create('/b'), create('/b', 'container')],
    ['access', create('/b'), create('/b', 'persistent', { acl: READ_ACL })],
    ['access set later', setAcl('/a', OPEN_ACL), setAcl('/a', READ_ACL)],
  ])('tells a difference in %s', (_, one, other) => {
    const digests = [one, other].map((op) => {
      const leader = new Leader();
      leader.do(create('/a', 'persistent', { data: 'x' }));
      expect(leader.do(op)).toBe('ok');
      return treeDigest(leader.tree);
    });
    expect(digests[0]).not.toBe(digests[1]);
  });
});
