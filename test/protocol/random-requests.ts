// Requests as anybody might send them, drawn from a stream: few paths, so that they meet each
// other; good and bad paths, flags, versions and lists; every kind that a server knows.

import type { RandomStream } from '../../base/random.js';
import type { Acl, Identity } from '../../protocol/acl.js';
import { CREATOR_ACL, makeAclEntry, OPEN_ACL, READ_ACL } from '../../protocol/acl.js';
import type { Zxid } from '../../protocol/ids.js';
import type {
  CreateKind,
  Data,
  LeaderOperation,
  MultiPart,
  Operation,
  TreeRead,
} from '../../protocol/operation.js';
import { LOCAL, SUPER, U, V } from './tree-leader.js';

const QUOTA = '/zookeeper/quota';
const GOOD_PATHS = [
  ...['/a', '/a', '/a', '/a/a', '/a/a', '/a/b', '/a/b/c', '/b', '/b', '/b/n-', '/b/', '/c', '/c/x'],
  ...['/a', '/a/a', '/a/b', '/b', '/d', '/d', '/d/x', '/d/x', '/d/x/y', '/e'],
  ...['/', '/zookeeper', '/zookeeper/config', QUOTA, `${QUOTA}/a`, `${QUOTA}/a/b`],
  ...[`${QUOTA}/a/zookeeper_limits`, `${QUOTA}/a/zookeeper_stats`, `${QUOTA}/a/b/zookeeper_limits`],
];
const BAD_PATHS = [
  ...['', 'a', '//', '//a', '/a/', '/a//b', '/.', '/a/..', '/a/.', '/a\0', '\0', '/a\u0001'],
  ...['/a\ud800', '/\u{1f600}', '/a/b/c/d/e/f', `/${'x'.repeat(300)}`, '/a/'.repeat(40), ' ', '/ '],
  ...[`${QUOTA}/zookeeper_limits`, `${QUOTA}x/zookeeper_limits`, '/zookeeper/zookeeper_limits'],
  ...[`${QUOTA}/zookeeper_stats`, '/__proto__', '/constructor'],
];
const DATA: readonly Data[] = [
  ...[null, '', 'x', 'yy', '\u0000\u00ff', 'count=1,bytes=2', 'count=9', 'z'.repeat(1000)],
  ...['count=-1,bytes=-1=;byteHardLimit=9;countHardLimit=3', ',', '=', 'count=', 'a=b'],
];
const VERSIONS = [-1, -1, -1, -1, -1, -1, -1, -1, 0, 0, 1, 2, -2, 2 ** 31 - 1, -(2 ** 31)];
const FLAGS = [0, 0, 0, 0, 1, 1, 2, 3, 4, 5, 6, 7, -1, 2 ** 31 - 1, 1.5];
const TTLS = [-1, -1, 0, 1, 1000, 2 ** 40 - 1, 2 ** 40, -5];
const LISTS: readonly (Acl | null)[] = [
  ...[OPEN_ACL, OPEN_ACL, OPEN_ACL, OPEN_ACL, OPEN_ACL, READ_ACL, CREATOR_ACL, null, []],
  [makeAclEntry(31, 'digest', U.id), makeAclEntry(1, 'ip', '127.0.0.0/8')],
  [makeAclEntry(64, 'world', 'anyone')],
  [makeAclEntry(31, 'world', 'nobody')],
  [makeAclEntry(31, 'sasl', 'x'), makeAclEntry(31, '', '')],
  [makeAclEntry(31, 'ip', '::1/3'), makeAclEntry(31, 'ip', '::1/3')],
];
const SOME: readonly Acl[] = [OPEN_ACL, READ_ACL, CREATOR_ACL];
const PEOPLE: readonly (readonly Identity[])[] = [
  ...[[LOCAL], [LOCAL, U], [LOCAL, U], [LOCAL, U], [LOCAL, U, V], [SUPER], [SUPER], []],
];
const CREATES: readonly CreateKind[] = [
  'create',
  'create',
  'create2',
  'createContainer',
  'createTTL',
];

const FITTING: Readonly<Record<CreateKind, readonly number[]>> = {
  create: [0, 0, 0, 1, 2, 3],
  create2: [0, 0, 0, 1, 2, 3],
  createContainer: [4],
  createTTL: [5, 6],
};

function drawPath(random: RandomStream): string {
  return random.pick(random.chance(0.93) ? GOOD_PATHS : BAD_PATHS);
}

function drawPart(random: RandomStream): MultiPart {
  const path = drawPath(random);
  const data = random.pick(DATA);
  const version = random.pick(VERSIONS);
  const roll = random.int(10);
  if (roll < 6) {
    const kind = random.pick(CREATES);
    const acl = random.chance(0.8) ? OPEN_ACL : random.pick(LISTS);
    const fits = random.chance(0.85);
    const flags = random.pick(fits ? FITTING[kind] : FLAGS);
    const ttlMs = fits ? (kind === 'createTTL' ? 100 : -1) : random.pick(TTLS);
    return { kind, path, data, acl, flags, ttlMs };
  }
  if (roll < 7) return { kind: 'delete', path, version };
  return roll < 9 ? { kind: 'setData', path, data, version } : { kind: 'check', path, version };
}

/** What reaches the leader. */
export function drawWrite(random: RandomStream): LeaderOperation {
  const roll = random.int(100);
  if (roll < 66) return drawPart(random);
  if (roll < 81) {
    return { kind: 'multi', parts: Array.from({ length: random.int(5) }, () => drawPart(random)) };
  }
  if (roll < 89) {
    const version = random.pick(VERSIONS);
    return {
      kind: 'setACL',
      path: drawPath(random),
      acl: random.pick(random.chance(0.5) ? SOME : LISTS),
      version,
    };
  }
  if (roll < 91) return { kind: 'deleteContainer', path: drawPath(random) };
  if (roll < 94) return { kind: 'createSession', timeoutMs: 1000 * random.between(1, 3) };
  if (roll < 97) return { kind: 'closeSession' };
  return roll < 98
    ? { kind: 'reconfig' }
    : { kind: 'malformedWrite', opcode: random.pick([1, 14]) };
}

/** An ephemeral by its flag, a container by its opcode: outstanding it is the one, then the other. */
export function isTwofold(op: LeaderOperation | Operation): boolean {
  if (op.kind === 'multi') return op.parts.some(isTwofold);
  return op.kind === 'createContainer' && op.flags !== 4;
}

export function drawRead(random: RandomStream): TreeRead {
  const path = drawPath(random);
  const watch = random.chance(0.5);
  const kind = random.pick(['getData', 'getChildren', 'getChildren2', 'exists'] as const);
  const parts = Array.from({ length: random.int(4) }, () => {
    return {
      kind: random.pick(['getData', 'getChildren'] as const),
      path: drawPath(random),
      watch,
    };
  });
  return random.pick([
    { kind, path, watch },
    { kind: 'getACL', path },
    { kind: 'getAllChildrenNumber', path },
    { kind: 'multiRead', parts },
    { kind: 'getEphemerals', prefix: path },
  ] as const);
}

export function drawPeople(random: RandomStream): readonly Identity[] {
  return random.pick(PEOPLE);
}

/** What a client may send: all of the above, and what is about its own connection. */
export function drawOperation(random: RandomStream): Operation {
  const roll = random.int(10);
  if (roll < 5) {
    const write = drawWrite(random);
    if (write.kind !== 'createSession' && write.kind !== 'closeSession') return write;
  }
  if (roll < 8) return drawRead(random);
  const path = drawPath(random);
  const paths = (): string[] => Array.from({ length: random.int(3) }, () => drawPath(random));
  const relativeZxid = random.int(40) as Zxid;
  const lists = { data: paths(), exist: paths(), child: paths() };
  return random.pick<Operation>([
    { kind: 'sync', path: random.chance(0.2) ? null : path },
    { kind: 'whoAmI' },
    { kind: 'addWatch', path, mode: random.pick([0, 1, 2, -1]) },
    { kind: 'removeWatches', path, type: random.between(0, 6) },
    { kind: 'checkWatches', path, type: random.between(0, 6) },
    { kind: 'setWatches', relativeZxid, ...lists, persistent: [], recursive: [] },
    { kind: 'setWatches2', relativeZxid, ...lists, persistent: paths(), recursive: paths() },
    { kind: 'malformedRead', opcode: random.pick([3, 4]) },
    { kind: 'addAuth', scheme: 'digest', auth: random.pick(['u:p', 'v:p', 'x', '']) },
  ]);
}
