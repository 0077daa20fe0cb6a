// Who may do what: which permission each operation needs and of which znode, whom an ACL means, and
// what a server makes of the lists that clients send.

import { describe, expect, it } from 'vitest';
import type { Acl, AclEntry } from '../../protocol/acl.js';
import {
  ADMIN,
  ALL,
  CREATE,
  CREATOR_ACL,
  DELETE,
  makeAclEntry,
  makeIdentity,
  OPEN_ACL,
  READ,
  READ_ACL,
  WRITE,
} from '../../protocol/acl.js';
import type { LeaderOperation, TreeRead } from '../../protocol/operation.js';
import { DEFAULT_SERVICE } from '../../protocol/service-settings.js';
import { fixAcl, isAllowed } from '../../protocol/tree/access.js';
import {
  create,
  Leader,
  LOCAL,
  multi,
  OLD,
  outcomeOf,
  remove,
  setAcl,
  setData,
  SUPER,
  U,
  V,
} from './tree-leader.js';

const world = (perms: number): AclEntry => makeAclEntry(perms, 'world', 'anyone');
const auth = makeAclEntry(ALL, 'auth', 'ignored');

/** /n lets the world do `perms` and u everything; it has a child that is open. */
function guarded(perms: number, settings = DEFAULT_SERVICE): Leader {
  const leader = new Leader(settings);
  leader.identities = [LOCAL, U];
  leader.do(create('/n', 'persistent', { data: 'x', acl: [world(perms), auth] }));
  leader.do(create('/n/k'));
  leader.identities = [LOCAL];
  return leader;
}

type Deed = readonly [string, LeaderOperation | TreeRead, number, string];
const DEEDS: readonly Deed[] = [
  ['getData', { kind: 'getData', path: '/n', watch: false }, READ, 'ok'],
  ['getChildren', { kind: 'getChildren2', path: '/n', watch: false }, READ, 'ok'],
  ['exists', { kind: 'exists', path: '/n', watch: false }, READ, 'ok'],
  ['getAllChildrenNumber', { kind: 'getAllChildrenNumber', path: '/n' }, READ, 'ok'],
  ['check', multi({ kind: 'check', path: '/n', version: -1 }), READ, 'ok'],
  ['getACL', { kind: 'getACL', path: '/n' }, READ | ADMIN, 'ok'],
  ['setData', setData('/n', 'y'), WRITE, 'ok'],
  ['create below', create('/n/new'), CREATE, 'ok'],
  ['create below of what is there', create('/n/k'), CREATE, 'NodeExists'],
  ['delete below', remove('/n/k'), DELETE, 'ok'],
  ['delete below of what is not there', remove('/n/no'), DELETE, 'NoNode'],
  ['setACL', setAcl('/n', READ_ACL), ADMIN, 'ok'],
  ['setACL with another version', setAcl('/n', READ_ACL, 9), ADMIN, 'BadVersion'],
  ['setData with another version', setData('/n', 'y', 9), WRITE, 'BadVersion'],
];

function isRead(op: LeaderOperation | TreeRead): op is TreeRead {
  return /^(get|exists)/.test(op.kind);
}

function perform(leader: Leader, op: LeaderOperation | TreeRead): string {
  return isRead(op) ? outcomeOf(leader.read(op)) : leader.do(op);
}

describe('a permission', () => {
  it.each(DEEDS)('%s', (_, op, needed, outcome) => {
    for (const perms of [READ, WRITE, CREATE, DELETE, ADMIN]) {
      const expected = (perms & needed) === 0 ? 'NoAuth' : outcome;
      expect([perms, perform(guarded(perms), op)]).toEqual([perms, expected]);
    }
    // Nobody asks the creator, or the super user, or where nobody asks.
    for (const identity of [U, SUPER]) {
      const leader = guarded(0);
      leader.identities = [LOCAL, identity];
      expect(perform(leader, op)).toBe(outcome);
    }
    const skipping = guarded(0, { ...DEFAULT_SERVICE, skipAcl: true });
    expect(perform(skipping, op)).toBe(outcome);
  });

  it('to delete a znode is its parent’s to give, whatever the znode itself says', () => {
    const leader = new Leader();
    leader.do(create('/locked', 'persistent', { acl: [world(0)] }));
    expect(leader.do(remove('/locked'))).toBe('ok');
  });

  it('is not needed by older servers to tell that a znode exists', () => {
    const op: TreeRead = { kind: 'exists', path: '/n', watch: false };
    expect(outcomeOf(guarded(WRITE, OLD).read(op))).toBe('ok');
  });

  it('is asked for in the parts of a multiRead one by one', () => {
    const leader = guarded(WRITE);
    const parts = ['/n', '/', '/n/k'].map(
      (path) => ({ kind: 'getData', path, watch: false }) as const,
    );
    expect(outcomeOf(leader.read({ kind: 'multiRead', parts }))).toBe('NoAuth ok ok');
  });

  it('that was taken away counts from when that is applied', () => {
    const leader = new Leader();
    leader.do(create('/n'));
    expect(
      leader.pipeline(setAcl('/n', READ_ACL), create('/n/x'), setData('/n', 'y'), setAcl('/n', [])),
    ).toEqual(['ok', 'ok', 'ok', 'InvalidAcl']);
    expect(leader.do(create('/n/y'))).toBe('NoAuth');
    expect(leader.stat('/n')).toMatchObject({ aversion: 1, version: 1, numChildren: 1 });
  });

  it('that was taken away is a new version at once', () => {
    const leader = new Leader();
    leader.do(create('/n'));
    expect(leader.pipeline(setAcl('/n', OPEN_ACL, 0), setAcl('/n', OPEN_ACL, 0))).toEqual([
      ...['ok', 'BadVersion'],
    ]);
  });
});

describe('getACL', () => {
  const acl = (perms: number, ...others: readonly AclEntry[]): Acl => [world(perms), ...others];
  const shown = (leader: Leader): unknown => {
    const result = leader.read({ kind: 'getACL', path: '/n' });
    return result.kind === 'acl' ? result.acl : outcomeOf(result);
  };

  it('hides digests from those who may not administer', () => {
    const u = makeAclEntry(ALL, 'digest', U.id);
    expect(shown(guarded(READ))).toEqual(acl(READ, makeAclEntry(ALL, 'digest', 'u:x')));
    expect(shown(guarded(ADMIN))).toEqual(acl(ADMIN, u));
    const own = guarded(READ);
    own.identities = [U];
    expect(shown(own)).toEqual(acl(READ, u));
    expect(shown(guarded(WRITE))).toBe('NoAuth');
  });
});

describe('a list', () => {
  const entry = (scheme: string, id: string): Acl => [makeAclEntry(ALL, scheme, id)];
  const bad: readonly [string, Acl | null][] = [
    ['null', null],
    ['nothing', []],
    ['an unknown scheme', entry('foo', 'x')],
    ['no scheme', entry('', 'x')],
    ['the world, but not anyone', entry('world', 'nobody')],
    ['a digest without a colon', entry('digest', 'abc')],
    ['a digest with two colons', entry('digest', 'a:b:c')],
    ['a digest of a user only', entry('digest', 'a:')],
    ['a host name', entry('ip', 'host')],
    ['too many bits', entry('ip', '10.0.0.0/33')],
    ['no bits', entry('ip', '10.0.0.0/')],
    ['a byte too large', entry('ip', '10.0.0.256')],
    ['three bytes', entry('ip', '10.0.0')],
    ['super', entry('super', '')],
    ['auth, of somebody unknown', CREATOR_ACL],
    ['good and bad', [world(ALL), ...entry('foo', 'x')]],
  ];
  it.each(bad)('of %s is refused', (_, acl) => {
    const leader = new Leader();
    expect(leader.do(create('/a', 'persistent', { acl }))).toBe('InvalidAcl');
    expect(leader.do(setAcl('/', acl))).toBe('InvalidAcl');
  });

  const good: readonly [string, Acl][] = [
    ['anybody', [world(READ)]],
    ['permissions that mean nothing', [world(0), world(64)]],
    ['a digest with a colon at its end', entry('digest', 'a:b:')],
    ['an address', entry('ip', '10.0.0.1')],
    ['a network', entry('ip', '10.0.0.0/8')],
    ['all addresses', entry('ip', '0.0.0.0/0')],
    ['an address with sixteen bytes', entry('ip', '2001:db8::1/64')],
  ];
  it.each(good)('of %s is kept as it is', (_, acl) => {
    expect(fixAcl(acl, [LOCAL], DEFAULT_SERVICE)).toEqual(acl);
  });

  it('of addresses with sixteen bytes means nothing to older servers', () => {
    expect(fixAcl(entry('ip', '::1'), [LOCAL], OLD)).toBeUndefined();
  });

  it('names everybody whom the connection has proved to be, in place of auth', () => {
    expect(fixAcl([auth, world(READ)], [LOCAL, U, V], DEFAULT_SERVICE)).toEqual([
      makeAclEntry(ALL, 'digest', U.id),
      makeAclEntry(ALL, 'digest', V.id),
      world(READ),
    ]);
  });

  it('has nothing twice', () => {
    expect(fixAcl([world(READ), world(WRITE), world(READ)], [], DEFAULT_SERVICE)).toEqual([
      ...[world(READ), world(WRITE)],
    ]);
  });

  it('that is the usual one is always the same object', () => {
    expect(fixAcl([world(ALL)], [], DEFAULT_SERVICE)).toBe(OPEN_ACL);
    expect(fixAcl([world(ALL), world(ALL)], [], DEFAULT_SERVICE)).toBe(OPEN_ACL);
  });
});

describe('somebody', () => {
  const allowed = (acl: Acl, ...[scheme, id]: readonly [string, string]): boolean =>
    isAllowed(DEFAULT_SERVICE, acl, READ, [makeIdentity(scheme, id)]);
  const network = (id: string): Acl => [makeAclEntry(READ, 'ip', id)];

  it.each([
    ['127.0.0.1', '127.0.0.1', true],
    ['127.0.0.1', '127.0.0.2', false],
    ['10.0.0.0/8', '10.200.3.4', true],
    ['10.0.0.0/8', '11.0.0.1', false],
    ['10.1.1.1/31', '10.1.1.0', true],
    ['10.1.1.1/31', '10.1.1.2', false],
    ['0.0.0.0/0', '1.2.3.4', true],
    ['2001:db8::/32', '2001:db8:0:1::7', true],
    ['2001:db8::/32', '2001:db9::7', false],
    ['::/0', '1.2.3.4', false],
    ['0.0.0.0/0', '::1', false],
    ['10.0.0.1', 'nowhere', false],
  ])('%s means %s: %s', (id, address, expected) => {
    expect(allowed(network(id), 'ip', address)).toBe(expected);
  });

  it('is known by scheme and id, and by nothing else', () => {
    const acl = [makeAclEntry(READ, 'digest', U.id)];
    expect(allowed(acl, 'digest', U.id)).toBe(true);
    expect(allowed(acl, 'digest', V.id)).toBe(false);
    expect(allowed(acl, 'ip', U.id)).toBe(false);
    expect(allowed([makeAclEntry(READ, 'foo', 'x')], 'foo', 'x')).toBe(false);
    expect(allowed([makeAclEntry(WRITE, 'digest', U.id)], 'digest', U.id)).toBe(false);
    expect(allowed([], 'digest', V.id)).toBe(true);
  });

  it.each([
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1::2::3',
    '1::2:3:4:5:6:7:8',
    ':1',
    '12345::',
    '',
  ])('does not come from %j', (address) => {
    expect(fixAcl(network(address), [], DEFAULT_SERVICE)).toBeUndefined();
  });
});
