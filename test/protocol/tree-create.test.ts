// Creates: where a suffix comes from, which paths are legal when, and what opcodes and flags make
// of each other.

import { describe, expect, it } from 'vitest';
import type { CreateMode, LeaderOperation } from '../../protocol/operation.js';
import { DEFAULT_SERVICE } from '../../protocol/service-settings.js';
import { suffixed } from '../../protocol/tree/create-request.js';
import { isLegalPath } from '../../protocol/tree/path.js';
import { create, Leader, multi, OLD, rawCreate, remove, setData, TTL_ON } from './tree-leader.js';

const TTL_MAX_MS = 2 ** 40 - 1;

function withP(): Leader {
  const leader = new Leader(TTL_ON);
  leader.do(create('/p'));
  return leader;
}

const sequential = (path: string): LeaderOperation => create(path, 'persistentSequential');

describe('a suffix', () => {
  it('is the number of creates so far, whatever was deleted', () => {
    const leader = withP();
    for (const n of [0, 1, 2]) expect(leader.made(sequential('/p/n-'))).toBe(`/p/n-000000000${n}`);
    leader.do(remove('/p/n-0000000000'));
    leader.do(remove('/p/n-0000000002'));
    expect(leader.stat('/p').cversion).toBe(5);
    expect(leader.made(sequential('/p/n-'))).toBe('/p/n-0000000003');
  });

  it('counts plain creates and those of other names, but none that failed', () => {
    const leader = withP();
    expect(leader.made(sequential('/p/n-'))).toBe('/p/n-0000000000');
    leader.do(create('/p/plain'));
    expect(leader.do(create('/p/plain'))).toBe('NodeExists');
    expect(leader.made(create('/p/e-', 'ephemeralSequential'))).toBe('/p/e-0000000002');
    expect(leader.do(multi(create('/p/n-', 'persistentSequential'), remove('/no')))).toBe(
      'ok NoNode',
    );
    expect(leader.made(sequential('/p/n-'))).toBe('/p/n-0000000003');
    expect(leader.made(create('/p/t-', 'ttlSequential', { ttlMs: 9 }))).toBe('/p/t-0000000004');
  });

  it('belongs to the parent: recreated, it begins again', () => {
    const leader = withP();
    expect(leader.made(sequential('/p/n-'))).toBe('/p/n-0000000000');
    leader.do(remove('/p/n-0000000000'));
    leader.do(remove('/p'));
    leader.do(create('/p'));
    expect(leader.made(sequential('/p/n-'))).toBe('/p/n-0000000000');
    expect(leader.made(sequential('/rs-'))).toBe('/rs-0000000002');
  });

  it('may be the whole name', () => {
    const leader = withP();
    expect(leader.made(sequential('/p/'))).toBe('/p/0000000000');
    expect(leader.made(sequential('/'))).toBe('/0000000001');
    expect(leader.made(create('/p/'))).toBe('BadArguments');
    expect(leader.made(sequential('/p/.'))).toBe('/p/.0000000001');
  });

  it('is taken until somebody else creates something', () => {
    const leader = withP();
    expect(leader.do(create('/p/q0000000001'))).toBe('ok');
    for (let n = 0; n < 3; n++) expect(leader.do(sequential('/p/q'))).toBe('NodeExists');
    leader.do(create('/p/other'));
    expect(leader.made(sequential('/p/q'))).toBe('/p/q0000000002');
  });

  it('has ten columns, a sign among them', () => {
    expect(suffixed('/q', 2 ** 31 - 1)).toBe('/q2147483647');
    expect(suffixed('/q', -(2 ** 31))).toBe('/q-2147483648');
    expect(suffixed('/q', -2)).toBe('/q-000000002');
  });

  /** The stored counter of /p is 2147483646. */
  function nearTheEnd(): Leader {
    const leader = withP();
    const txn = leader.ask(create('/p/first'));
    Object.assign(txn.op, { parentCversion: 2 ** 31 - 2 });
    leader.catchUp();
    return leader;
  }

  it('is stuck at the largest number once that is applied', () => {
    const leader = nearTheEnd();
    expect(leader.made(sequential('/p/q'))).toBe('/p/q2147483646');
    expect(leader.made(sequential('/p/q'))).toBe('/p/q2147483647');
    expect(leader.made(sequential('/p/q'))).toBe('NodeExists');
    expect(leader.tree.znodes.get('/p')?.family.creates).toBe(2 ** 31 - 1);
    // What a client sees is 2 * 2147483647 - 3 children in 32 bits.
    expect(leader.stat('/p').cversion).toBe(-5);
  });

  it('wraps as long as that is not applied', () => {
    const leader = nearTheEnd();
    const many = Array.from({ length: 5 }, () => sequential('/p/q'));
    expect(leader.pipeline(...many)).toEqual(['ok', 'ok', 'ok', 'ok', 'ok']);
    expect(leader.names('/p')).toEqual([
      ...['first', 'q-2147483646', 'q-2147483647', 'q-2147483648', 'q2147483646', 'q2147483647'],
    ]);
    // The pipeline has drained: the counter is what it was.
    expect(leader.made(sequential('/p/q'))).toBe('NodeExists');
  });
});

describe('the path of a create', () => {
  const rows: readonly [string, string][] = [
    ['/p/a//b', 'NoNode'],
    ['/p//b', 'NoNode'],
    ['/no/./x', 'NoNode'],
    ['/b//', 'NoNode'],
    ['abc', 'BadArguments'],
    ['', 'BadArguments'],
    ['/a\0', 'BadArguments'],
    ['//x', 'BadArguments'],
    ['/p/', 'BadArguments'],
    ['/p/.', 'BadArguments'],
    ['/p/..', 'BadArguments'],
    ['/p/...', 'ok'],
    ['/p/.x', 'ok'],
    ['/p/\u0001', 'BadArguments'],
    ['/p/\u007f', 'BadArguments'],
    ['/p/\ue000', 'BadArguments'],
    ['/p/\ufff0', 'BadArguments'],
    ['/p/\u{1f600}', 'BadArguments'],
    ['/p/\uf900', 'ok'],
    ['/p/\uffef', 'ok'],
    ['/', 'NodeExists'],
  ];
  it.each(rows)('%j: %s', (path, outcome) => {
    expect(withP().do(create(path))).toBe(outcome);
  });

  it('is looked at after the list of who may do what', () => {
    const leader = withP();
    const acl = { acl: [] };
    expect(leader.do(create('/no/x', 'persistent', acl))).toBe('InvalidAcl');
    expect(leader.do(create('/p/..', 'persistent', acl))).toBe('InvalidAcl');
    expect(leader.do(create('x', 'persistent', acl))).toBe('BadArguments');
  });
});

describe('a mode', () => {
  it.each([
    ['create', 7, -1, 'BadArguments'],
    ['create', -1, -1, 'BadArguments'],
    ['create', 2 ** 31 - 1, -1, 'BadArguments'],
    ['create', 5, -1, 'BadArguments'],
    ['create2', 5, -1, 'BadArguments'],
    ['createContainer', 5, -1, 'BadArguments'],
    ['createTTL', 5, 1, 'ok'],
    ['createTTL', 6, TTL_MAX_MS, 'ok'],
    ['createTTL', 5, 0, 'BadArguments'],
    ['createTTL', 5, -1, 'BadArguments'],
    ['createTTL', 5, TTL_MAX_MS + 1, 'BadArguments'],
    ['createTTL', 0, 0, 'BadArguments'],
    // A real server dies of these two.
    ['createTTL', 0, -1, 'BadArguments'],
    ['createTTL', 1, -1, 'BadArguments'],
  ] as const)('%s with flags %d and ttl %d: %s', (kind, flags, ttlMs, outcome) => {
    const leader = withP();
    expect(leader.do(rawCreate(kind, '/p/x', flags, ttlMs) as LeaderOperation)).toBe(outcome);
  });

  it.each([
    ['createTTL', 5, 0, 'Unimplemented'],
    ['createTTL', 5, 100, 'Unimplemented'],
    ['create', 5, -1, 'Unimplemented'],
    ['createTTL', 0, 0, 'BadArguments'],
    ['createContainer', 4, -1, 'ok'],
  ] as const)(
    'without extended types, %s with flags %d and ttl %d: %s',
    (kind, flags, ttl, out) => {
      const leader = new Leader(DEFAULT_SERVICE);
      expect(leader.do(rawCreate(kind, '/x', flags, ttl) as LeaderOperation)).toBe(out);
    },
  );

  it('is refused before the session is, but for what the session may not', () => {
    const leader = withP();
    leader.refusals = { any: undefined, ephemeral: 'EphemeralOnLocalSession' };
    expect(leader.do(create('x', 'ephemeral'))).toBe('EphemeralOnLocalSession');
    expect(leader.do(create('/p/x'))).toBe('ok');
    leader.refusals = { any: 'SessionMoved', ephemeral: 'SessionMoved' };
    expect(leader.do(rawCreate('create', '/p/y', 7) as LeaderOperation)).toBe('BadArguments');
    expect(leader.do(create('/p/y'))).toBe('SessionMoved');
  });

  const lives: readonly [LeaderOperation, string, string][] = [
    [create('/x'), '/x', 'persistent'],
    [create('/x', 'ephemeral'), '/x', 'ephemeral'],
    [create('/x', 'container'), '/x', 'container'],
    [create('/x', 'ttl', { ttlMs: 5 }), '/x', 'ttl'],
    // The flag of a container without its opcode says nothing, the opcode without its flag all.
    [rawCreate('create', '/x', 4), '/x', 'persistent'],
    [rawCreate('create2', '/x', 4), '/x', 'persistent'],
    [rawCreate('createContainer', '/x', 0), '/x', 'container'],
    [rawCreate('createContainer', '/x', 1), '/x', 'container'],
    [rawCreate('createContainer', '/x', 2), '/x0000000000', 'container'],
  ];
  it.each(lives)('%o makes %s, %s', (op, path, life) => {
    const leader = new Leader(TTL_ON);
    expect(leader.made(op)).toBe(path);
    expect(leader.tree.znodes.get(path)?.origin.life.kind).toBe(life);
    const owner = life === 'ephemeral' ? 1 : 0;
    expect(leader.stat(path).ephemeralOwner).toBe(owner);
  });

  it.each(['persistent', 'ephemeral', 'persistentSequential', 'container'] as CreateMode[])(
    'under an ephemeral there is no %s',
    (mode) => {
      const leader = withP();
      leader.do(create('/p/e', 'ephemeral'));
      expect(leader.do(create('/p/e/x', mode))).toBe('NoChildrenForEphemerals');
    },
  );

  it('of a parent that lives on: containers and TTL znodes have children, ephemerals too', () => {
    const leader = withP();
    leader.do(create('/c', 'container'));
    leader.do(create('/t', 'ttl', { ttlMs: 5 }));
    for (const parent of ['/c', '/t']) {
      expect(leader.do(create(`${parent}/e`, 'ephemeral'))).toBe('ok');
      expect(leader.do(remove(parent))).toBe('NotEmpty');
    }
  });
});

describe('in a multi, a create', () => {
  const kindOf = (leader: Leader, path: string): string | undefined =>
    leader.tree.znodes.get(path)?.origin.life.kind;

  it('is made as its flags say', () => {
    for (const settings of [TTL_ON, OLD]) {
      const leader = new Leader(settings);
      const parts = [
        rawCreate('create', '/c', 4),
        rawCreate('createTTL', '/p', 0, 5),
        rawCreate('createTTL', '/t', 5, 5),
      ];
      expect(leader.do(multi(...parts))).toBe('ok ok ok');
      expect(['/c', '/p', '/t'].map((path) => kindOf(leader, path))).toEqual([
        ...['container', 'persistent', 'ttl'],
      ]);
    }
  });

  it('without flags follows its opcode; in older servers it is a plain one', () => {
    const parts = [rawCreate('createContainer', '/c', 0), rawCreate('create2', '/x', 0)];
    const now = new Leader();
    expect(now.answer(multi(...parts))).toMatchObject({
      results: [
        { path: '/c', stat: { czxid: 1 } },
        { path: '/x', stat: { czxid: 1 } },
      ],
    });
    expect(kindOf(now, '/c')).toBe('container');
    const then = new Leader(OLD);
    expect(then.answer(multi(...parts))).toMatchObject({
      results: [
        { path: '/c', stat: undefined },
        { path: '/x', stat: undefined },
      ],
    });
    expect(kindOf(then, '/c')).toBe('persistent');
  });

  it('with a flag that means nothing spoils all of it; in older servers itself', () => {
    const bad = multi(create('/a'), rawCreate('create', '/b', 7));
    expect(new Leader().do(bad)).toBe('MarshallingError');
    expect(new Leader(OLD).do(bad)).toBe('ok BadArguments');
    const badTtl = multi(create('/a'), rawCreate('createTTL', '/b', 7, 5));
    expect(new Leader().do(badTtl)).toBe('ok BadArguments');
    const ttlByCreate = multi(create('/a'), rawCreate('create', '/b', 5));
    for (const settings of [TTL_ON, OLD]) {
      expect(new Leader(settings).do(ttlByCreate)).toBe('MarshallingError');
    }
    // Older servers do not look at it before they come to it.
    const late = multi(remove('/no'), rawCreate('create', '/b', 5));
    expect(new Leader(TTL_ON).do(late)).toBe('MarshallingError');
    expect(new Leader(OLD).do(late)).toBe('NoNode RuntimeInconsistency');
  });

  it('with a time to live out of range is refused like any part', () => {
    const part = create('/t', 'ttl', { ttlMs: -5 });
    expect(new Leader(TTL_ON).do(multi(setData('/'), part))).toBe('ok BadArguments');
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
