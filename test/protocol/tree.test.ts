// The tree and the leader's decisions, row by row: what each operation does, what it refuses and
// which refusal comes first.

import { describe, expect, it } from 'vitest';
import type { SessionId } from '../../protocol/ids.js';
import type { LeaderOperation, ReadOperation } from '../../protocol/operation.js';
import { readTree, sessionsOf, treeDigest } from '../../protocol/tree/tree.js';
import { isLegalPath } from '../../protocol/tree/path.js';
import { contentOf, Leader } from './tree-leader.js';

const create = (path: string, data = ''): LeaderOperation => ({
  kind: 'create',
  path,
  data,
  ephemeral: false,
});
const ephemeral = (path: string): LeaderOperation => ({
  kind: 'create',
  path,
  data: '',
  ephemeral: true,
});
const remove = (path: string, version = -1): LeaderOperation => ({ kind: 'delete', path, version });
const setData = (path: string, data: string, version = -1): LeaderOperation => ({
  kind: 'setData',
  path,
  data,
  version,
});
const openSession: LeaderOperation = { kind: 'createSession', timeoutMs: 4000 };
const closeSession: LeaderOperation = { kind: 'closeSession' };

/** /p (version 1), /p/c (version 0), /q, and /e, an ephemeral of session 1. */
function planted(): Leader {
  const leader = new Leader();
  leader.do(openSession);
  for (const path of ['/p', '/p/c', '/q']) leader.do(create(path));
  leader.do(ephemeral('/e'));
  leader.do(setData('/p', 'x'));
  return leader;
}

const children = (leader: Leader, path: string): unknown => {
  const result = readTree(leader.tree, { kind: 'getChildren', path });
  return result.kind === 'children' ? result.names : result;
};

describe('a write', () => {
  const rows: readonly [string, LeaderOperation, string][] = [
    ['create', create('/new'), 'ok'],
    ['create in a child', create('/p/new'), 'ok'],
    ['create without a slash', create('new'), 'BadArguments'],
    ['create with a NUL', create('/a\0'), 'BadArguments'],
    ['create of a bad path under a missing parent', create('/no/./x'), 'NoNode'],
    ['create of a bad path under a parent', create('/p/..'), 'BadArguments'],
    ['create with a trailing slash', create('/p/'), 'BadArguments'],
    ['create with an empty component', create('//x'), 'BadArguments'],
    ['create of the root', create('/'), 'NodeExists'],
    ['create of what is there', create('/p'), 'NodeExists'],
    ['create under an ephemeral', create('/e/x'), 'NoChildrenForEphemerals'],
    ['delete', remove('/q'), 'ok'],
    ['delete with the version', remove('/q', 0), 'ok'],
    ['delete of the root', remove('/'), 'BadArguments'],
    ['delete without a slash', remove('p'), 'BadArguments'],
    ['delete of nothing', remove('/no'), 'NoNode'],
    ['delete with a trailing slash', remove('/p/c/'), 'NoNode'],
    ['delete under a missing parent', remove('/no/no'), 'NoNode'],
    ['delete with another version', remove('/q', 1), 'BadVersion'],
    ['delete with children', remove('/p'), 'NotEmpty'],
    ['delete with children and another version', remove('/p', 7), 'BadVersion'],
    ['setData', setData('/p', 'y'), 'ok'],
    ['setData with the version', setData('/p', 'y', 1), 'ok'],
    ['setData with an older version', setData('/p', 'y', 0), 'BadVersion'],
    ['setData with version -2', setData('/p', 'y', -2), 'BadVersion'],
    ['setData of nothing', setData('/no', 'y'), 'NoNode'],
    ['setData of a bad path', setData('p', 'y'), 'BadArguments'],
    ['setData of a bad path below something', setData('/p//c', 'y'), 'BadArguments'],
    ['setData of the root', setData('/', 'y'), 'ok'],
  ];
  it.each(rows)('%s: %#', (_, op, outcome) => {
    for (const lag of ['applied', 'outstanding']) {
      const leader = planted();
      // The same decision must come out when nothing before it has been applied yet.
      const source = lag === 'applied' ? leader : replant(leader);
      expect([lag, source.do(op)]).toEqual([lag, outcome]);
    }
  });

  function replant(leader: Leader): Leader {
    const twin = new Leader();
    twin.ask(openSession);
    for (const txn of leader.txns.slice(1)) {
      const { op } = txn;
      if (op.kind === 'create')
        twin.ask(op.ephemeralOwner === 0 ? create(op.path) : ephemeral('/e'));
      else if (op.kind === 'setData') twin.ask(setData(op.path, op.data));
    }
    return twin;
  }

  it('that fails changes nothing', () => {
    const leader = planted();
    const before = leader.tree;
    expect(leader.do(remove('/p'))).toBe('NotEmpty');
    expect(leader.tree).toBe(before);
  });
});

describe('a Stat', () => {
  it('tells creation, change, version and the changes among the children', () => {
    const leader = new Leader();
    leader.do(create('/a', 'x'));
    leader.do(setData('/a', 'y'));
    leader.do(create('/a/1'));
    leader.do(create('/a/2'));
    leader.do(remove('/a/1'));
    const result = readTree(leader.tree, { kind: 'getData', path: '/a' });
    const stat = { czxid: 1, mzxid: 2, version: 1, cversion: 3, ephemeralOwner: 0 };
    expect(result).toEqual({ kind: 'data', data: 'y', stat });
  });

  it('comes with create and setData, and names the owner of an ephemeral', () => {
    const leader = new Leader();
    leader.do(ephemeral('/e'), 7);
    leader.do(setData('/e', 'x'), 8);
    expect(leader.results).toEqual([
      { kind: 'done', stat: { czxid: 1, mzxid: 1, version: 0, cversion: 0, ephemeralOwner: 7 } },
      { kind: 'done', stat: { czxid: 1, mzxid: 2, version: 1, cversion: 0, ephemeralOwner: 7 } },
    ]);
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
});

describe('a read', () => {
  const rows: readonly [ReadOperation, unknown][] = [
    [{ kind: 'getChildren', path: '/' }, { names: ['e', 'p', 'q'] }],
    [{ kind: 'getChildren', path: '' }, { names: ['e', 'p', 'q'] }],
    [{ kind: 'getChildren', path: '/q' }, { names: [] }],
    [
      { kind: 'exists', path: '/p' },
      { kind: 'done', stat: { version: 1 } },
    ],
    [
      { kind: 'getData', path: '/p' },
      { kind: 'data', data: 'x' },
    ],
    [{ kind: 'exists', path: '/no' }, { code: 'NoNode' }],
    [{ kind: 'getData', path: '/p/' }, { code: 'NoNode' }],
    [{ kind: 'getData', path: '/a\0' }, { code: 'NoNode' }],
    [{ kind: 'exists', path: '/a\0' }, { code: 'BadArguments' }],
  ];
  it.each(rows)('%o', (op, expected) => {
    expect(readTree(planted().tree, op)).toMatchObject(expected as object);
  });
});

describe('a session', () => {
  it('takes its ephemerals with it, and nobody else’s', () => {
    const leader = planted();
    leader.do(openSession, 2);
    leader.do(ephemeral('/p/mine'), 2);
    leader.do(ephemeral('/mine'), 2);
    expect(leader.do(closeSession, 2)).toBe('ok');
    expect(leader.txns.at(-1)!.op).toEqual({ kind: 'closeSession', paths: ['/mine', '/p/mine'] });
    expect(children(leader, '/')).toEqual(['e', 'p', 'q']);
    expect(children(leader, '/p')).toEqual(['c']);
    expect(sessionsOf(leader.tree)).toEqual([{ session: 1, timeoutMs: 4000 }]);
  });

  it('closes with what is decided and not applied', () => {
    const leader = new Leader();
    leader.do(openSession);
    leader.do(ephemeral('/gone'));
    leader.do(ephemeral('/stolen'));
    leader.ask(remove('/gone'));
    leader.ask(remove('/stolen'));
    leader.ask(ephemeral('/stolen'), 2);
    leader.ask(ephemeral('/late'));
    leader.ask(setData('/late', 'x'), 2);
    expect(leader.ask(closeSession).op).toEqual({ kind: 'closeSession', paths: ['/late'] });
    expect(leader.ask(remove('/late')).op).toEqual({ kind: 'error', code: 'NoNode' });
    leader.catchUp();
    expect(children(leader, '/')).toEqual(['stolen']);
  });

  it('leaves its parent deletable before its end is applied', () => {
    const leader = new Leader();
    leader.do(openSession);
    leader.do(create('/p'));
    leader.do(ephemeral('/p/e'));
    leader.ask(closeSession);
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
    expect(leader.results.filter(({ kind }) => kind === 'done')).toHaveLength(400);
  });
});

describe('the digest', () => {
  it('depends on the content and not on the way there', () => {
    const straight = new Leader();
    const detour = new Leader();
    for (const leader of [straight, detour]) leader.do(create('/a', 'x'));
    detour.do(openSession);
    expect(treeDigest(detour.tree)).not.toBe(treeDigest(straight.tree));
    detour.do(closeSession);
    expect(contentOf(detour.tree)).toEqual(contentOf(straight.tree));
  });

  it.each([
    ['data', setData('/a', 'y'), setData('/a', 'z')],
    ['place', create('/b'), create('/c')],
    ['owner', create('/b'), ephemeral('/b')],
  ])('tells a difference in %s', (_, one, other) => {
    const digests = [one, other].map((op) => {
      const leader = new Leader();
      leader.do(create('/a', 'x'));
      leader.do(op);
      return treeDigest(leader.tree);
    });
    expect(digests[0]).not.toBe(digests[1]);
  });
});

describe('a path', () => {
  it.each([
    ['/', true],
    ['/a', true],
    ['/a/b.c', true],
    ['/...', true],
    ['/.x', true],
    ['/\uf900', true],
    ['/\uffef', true],
    ['', false],
    ['a', false],
    ['/a/', false],
    ['//a', false],
    ['/a//b', false],
    ['/.', false],
    ['/a/../b', false],
    ['/a\u0001', false],
    ['/a\u007f', false],
    ['/a\ud83d\ude00', false],
    ['/a\ufff0', false],
  ])('%j is legal: %s', (path, legal) => {
    expect(isLegalPath(path)).toBe(legal);
  });
});
