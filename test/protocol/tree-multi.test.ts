// Multis: all or nothing, each part in the light of those before it, one transaction.

import { describe, expect, it } from 'vitest';
import { READ_ACL } from '../../protocol/acl.js';
import type { LeaderOperation } from '../../protocol/operation.js';
import { consumesZxid } from '../../protocol/tree/prepare.js';
import { check, contentOf, create, Leader, multi, OLD, remove, setData } from './tree-leader.js';
import { DEFAULT_SERVICE } from '../../protocol/service-settings.js';

/** /p with a child, and /x of version 1. */
function planted(): Leader {
  const leader = new Leader();
  for (const op of [create('/p'), create('/p/c'), create('/x'), setData('/x', '1')]) leader.do(op);
  return leader;
}

const data = (text: string): { data: string } => ({ data: text });

describe('a multi', () => {
  const rows: readonly [string, LeaderOperation, string][] = [
    ['of nothing', multi(), ''],
    [
      'whose parts build on each other',
      multi(create('/a'), create('/a/b'), setData('/a', 'x'), check('/a', 1)),
      'ok ok ok ok',
    ],
    [
      'with a failure in the middle',
      multi(create('/c'), remove('/no'), create('/d')),
      'ok NoNode RuntimeInconsistency',
    ],
    [
      'that fails first',
      multi(setData('/x', 'y', 7), create('/d')),
      'BadVersion RuntimeInconsistency',
    ],
    ['that fails last', multi(create('/d'), setData('/x', 'y', 7)), 'ok BadVersion'],
    [
      'that creates, deletes and creates again',
      multi(create('/a'), remove('/a'), create('/a'), setData('/a', 'x', 0)),
      'ok ok ok ok',
    ],
    [
      'that deletes the parent first',
      multi(remove('/p'), remove('/p/c')),
      'NotEmpty RuntimeInconsistency',
    ],
    ['that deletes the child first', multi(remove('/p/c'), remove('/p')), 'ok ok'],
    ['that deletes twice', multi(remove('/x'), remove('/x')), 'ok NoNode'],
    ['that checks what it has set', multi(setData('/x', 'y', 1), check('/x', 2)), 'ok ok'],
    ['that checks what was', multi(setData('/x', 'y', 1), check('/x', 1)), 'ok BadVersion'],
    ['that checks what is missing', multi(check('/no')), 'NoNode'],
    ['that checks no version', multi(check('/x', -1)), 'ok'],
    ['that checks a bad path', multi(check('/x/')), 'BadArguments'],
    [
      'with a child of an ephemeral',
      multi(create('/e', 'ephemeral'), create('/e/k')),
      'ok NoChildrenForEphemerals',
    ],
    [
      'with a child of what nobody may write',
      multi(create('/n', 'persistent', { acl: READ_ACL }), create('/n/k')),
      'ok NoAuth',
    ],
    ['with a bad list', multi(create('/n', 'persistent', { acl: [] })), 'InvalidAcl'],
  ];
  it.each(rows)('%s', (_, op, outcome) => {
    const leader = planted();
    const before = leader.tree;
    expect(leader.do(op)).toBe(outcome);
    const failed = /[A-Z]/.test(outcome);
    if (failed || outcome === '') expect(leader.tree).toBe(before);
    // Whatever it was, it was one transaction.
    expect(leader.txns).toHaveLength(5);
  });

  it('has one zxid and one time for all its parts', () => {
    const leader = planted();
    leader.nowMs = 77;
    leader.do(multi(create('/a'), create('/a/b'), setData('/x', 'z')));
    for (const path of ['/a', '/a/b']) {
      expect(leader.stat(path)).toMatchObject({ czxid: 5, mzxid: 5, ctimeMs: 77 });
    }
    expect(leader.stat('/x')).toMatchObject({ mzxid: 5, mtimeMs: 77, version: 2 });
    expect(leader.stat('/a').pzxid).toBe(5);
  });

  it('gives each part its own result', () => {
    const leader = planted();
    const parts = [create('/p/n-', 'persistentSequential'), check('/x', 1), remove('/p/c')];
    expect(leader.answer(multi(...parts, setData('/x', '2')))).toEqual({
      kind: 'multi',
      results: [
        { kind: 'created', path: '/p/n-0000000001', stat: undefined },
        { kind: 'done' },
        { kind: 'done' },
        { kind: 'stat', stat: leader.stat('/x') },
      ],
    });
  });

  it('numbers its sequential creates one after the other', () => {
    const leader = planted();
    const n = create('/p/n-', 'persistentSequential');
    leader.do(multi(n, n, create('/p/e-', 'ephemeralSequential')));
    expect(leader.names('/p')).toEqual(['c', 'e-0000000003', 'n-0000000001', 'n-0000000002']);
  });

  it('that failed leaves nothing behind for what is decided next', () => {
    const leader = planted();
    const outcomes = leader.pipeline(
      setData('/x', '2', 1),
      multi(setData('/x', '3', 2), create('/p/new'), remove('/p/c'), remove('/no')),
      ...[setData('/x', '4', 2), create('/p/new'), remove('/p/c', 0), remove('/p')],
    );
    expect(outcomes).toEqual([...['ok', 'ok ok ok NoNode', 'ok', 'ok', 'ok', 'NotEmpty']]);
    const straight = planted();
    straight.pipeline(setData('/x', '2', 1), check('/'));
    for (const op of [setData('/x', '4', 2), create('/p/new'), remove('/p/c', 0)]) straight.do(op);
    expect(contentOf(leader.tree)).toEqual(contentOf(straight.tree));
  });

  it('of a session that may not write fails at its first part', () => {
    const leader = planted();
    leader.refusals = { any: 'SessionExpired', ephemeral: 'SessionExpired' };
    expect(leader.do(multi(create('/a'), create('/b')))).toBe(
      'SessionExpired RuntimeInconsistency',
    );
    expect(leader.do(multi())).toBe('');
    leader.refusals = { any: undefined, ephemeral: 'EphemeralOnLocalSession' };
    expect(leader.do(multi(create('/a'), create('/b', 'ephemeral')))).toBe(
      'ok EphemeralOnLocalSession',
    );
  });

  it('with data keeps bytes as they are', () => {
    const leader = planted();
    leader.do(multi(create('/b', 'persistent', data('\u0000\u00ff')), setData('/x', null)));
    expect(leader.stat('/b').dataLength).toBe(2);
    expect(leader.stat('/x').dataLength).toBe(0);
  });
});

describe('what cannot be read', () => {
  it('takes no zxid of its own, unless it would have been a multi; it did in older servers', () => {
    const malformed = (opcode: number): LeaderOperation => ({ kind: 'malformedWrite', opcode });
    expect(consumesZxid(malformed(1), DEFAULT_SERVICE)).toBe(false);
    expect(consumesZxid(malformed(14), DEFAULT_SERVICE)).toBe(true);
    expect(consumesZxid(malformed(1), OLD)).toBe(true);
    expect(consumesZxid(create('no'), DEFAULT_SERVICE)).toBe(true);
  });
});
