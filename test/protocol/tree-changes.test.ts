// What transactions tell those who watch: which znodes, in which order, and who may hear of it.

import { describe, expect, it } from 'vitest';
import { OPEN_ACL, READ_ACL } from '../../protocol/acl.js';
import type { LeaderOperation } from '../../protocol/operation.js';
import { changesOf } from '../../protocol/tree/changes.js';
import { check, create, Leader, multi, remove, setAcl, setData } from './tree-leader.js';

function planted(): Leader {
  const leader = new Leader();
  leader.do({ kind: 'createSession', timeoutMs: 1000 });
  leader.do(create('/p', 'persistent'));
  leader.do(create('/p/r', 'persistent', { acl: READ_ACL }));
  leader.do(create('/p/e2', 'ephemeral'));
  leader.do(create('/p/e1', 'ephemeral'));
  leader.do(create('/r', 'persistent', { acl: READ_ACL }));
  return leader;
}

/** `+/a` created, `-/a` deleted, `=/a` changed. */
function told(op: LeaderOperation): string {
  const leader = planted();
  const { tree } = leader;
  const signs = { created: '+', deleted: '-', dataChanged: '=' };
  const changes = changesOf(tree, leader.ask(op));
  return changes.map(({ kind, path }) => signs[kind] + path).join(' ');
}

describe('a transaction', () => {
  it.each([
    ['create', create('/n'), '+/n'],
    ['sequential create', create('/p/n', 'persistentSequential'), '+/p/n0000000003'],
    ['delete', remove('/p/r'), '-/p/r'],
    ['setData', setData('/p', 'x'), '=/p'],
    ['setACL', setAcl('/p', READ_ACL), ''],
    ['error', remove('/no'), ''],
    ['createSession', { kind: 'createSession', timeoutMs: 1 }, ''],
    ['closeSession', { kind: 'closeSession' }, '-/p/e1 -/p/e2'],
    ['deleteContainer', { kind: 'deleteContainer', path: '/p/r' }, '-/p/r'],
    [
      'multi',
      multi(create('/w'), check('/p'), setData('/p', 'x'), remove('/w'), create('/w')),
      '+/w =/p -/w +/w',
    ],
    ['failed multi', multi(create('/w'), remove('/no')), ''],
  ] as const)('%s', (_, op, expected) => {
    expect(told(op)).toBe(expected);
  });

  it('may be told to those whom znode and parent let read', () => {
    const leader = planted();
    const of = (op: LeaderOperation): unknown => changesOf(leader.tree, leader.ask(op))[0];
    expect(of(remove('/p/r'))).toMatchObject({ acl: READ_ACL, parentAcl: OPEN_ACL });
    expect(of(create('/p/n', 'persistent', { acl: READ_ACL }))).toMatchObject({
      ...{ acl: READ_ACL, parentAcl: OPEN_ACL },
    });
    leader.catchUp();
    leader.do(create('/r/x'));
    expect(of(multi(create('/q', 'persistent', { acl: READ_ACL }), remove('/q')))).toMatchObject({
      acl: READ_ACL,
    });
    const inMulti = multi(create('/q', 'persistent', { acl: READ_ACL }), setData('/p/e1'));
    expect(changesOf(leader.tree, leader.ask(inMulti))[1]).toMatchObject({
      ...{ acl: OPEN_ACL, parentAcl: OPEN_ACL },
    });
  });

  it('applied already tells nothing again', () => {
    const leader = planted();
    const txns = [create('/n'), remove('/p/r')].map((op) => leader.ask(op));
    leader.catchUp();
    for (const txn of txns) expect(changesOf(leader.tree, txn)).toEqual([]);
  });
});
