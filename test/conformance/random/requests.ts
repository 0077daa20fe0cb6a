// Requests drawn at random: every operation, good and bad, over a tree so small that clients meet.
// Left out is what no run of a real 3.8.0 survives or answers the same way twice: createTTL with a
// ttl below 0 and flags of another mode, and a quota on the root (both kill the server for good, as
// a quota does that cannot be read: sequences.ts), internal operations, and in a pipeline whatever
// races with what was sent before it.
import fc from 'fast-check';
import type { RequestStep, ScriptAcl, ScriptText } from '../script/script.js';

const USUAL_PATHS = ['/', '/a', '/b', '/a/x', '/a/y', '/b/x', '/a/x/1', '/a/x/2', '/b/x/1'];
const PREFIXES = ['/s-', '/a/s-', '/a/', '/b/x/s-', '/a/x/.'];
const SYSTEM_PATHS = [
  ...['/zookeeper', '/zookeeper/quota', '/zookeeper/config', '/zookeeper/a'],
  ...['/zookeeper/quota/a', '/zookeeper/quota/a/x', '/zookeeper/quota/a/zookeeper_limits'],
  ...['/zookeeper/quota/a/zookeeper_stats', '/zookeeper/quota/zookeeper_stats'],
];
const ODD_PATHS = [
  ...['', 'a', 'a/b', '//', '/a/', '//a', '/a//x', '/.', '/..', '/a/.', '/a/..', '/a/./x'],
  ...['/...', '/.a', '/a\u0000', '/a\u0001', '/\u001f', '/a\u007f', '/\u009f', '/\u00a0'],
  ...['/\u00e9', '/\u4e2d', '/\ud7ff', '/\ue000', '/\uf8ff', '/\uf900', '/\uffef', '/\ufff0'],
  ...['/\u{1f600}', '/ ', '/a b', '/a\t', '/\uffff', '/a/x/', '/zookeeper/', '/%', '/a:b'],
];
const ODD_TEXTS: readonly ScriptText[] = [null, { hex: '2fff' }, { hex: '2feda080' }];

const path: fc.Arbitrary<ScriptText> = fc.oneof(
  { weight: 40, arbitrary: fc.constantFrom(...USUAL_PATHS) },
  { weight: 4, arbitrary: fc.constantFrom(...PREFIXES) },
  { weight: 3, arbitrary: fc.constantFrom(...SYSTEM_PATHS) },
  { weight: 3, arbitrary: fc.constantFrom(...ODD_PATHS) },
  { weight: 1, arbitrary: fc.constantFrom(...ODD_TEXTS) },
);

const data: fc.Arbitrary<ScriptText> = fc.oneof(
  { weight: 10, arbitrary: fc.constantFrom('', '1', 'v', 'value', '\u00e9') },
  { weight: 1, arbitrary: fc.constant(null) },
  { weight: 1, arbitrary: fc.constantFrom({ hex: 'ff00' }, { hex: '00' }) },
  { weight: 1, arbitrary: fc.constantFrom({ repeat: 'x', n: 50 }, { repeat: 'x', n: 5000 }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('count=3,bytes=-1', 'count=-1,bytes=5', 'count=1,bytes=2=;x=1', 'c'),
  },
);

const USER = 'u:Jq7wMyA/w2Vd5WIDAKdu4OIIFEQ=';
const ACLS: readonly ScriptAcl[] = [
  ...(['open', 'open', 'open', 'read', 'creator', null] as const),
  ...[[], ['0:world:anyone'], ['64:world:anyone'], ['-1:world:anyone'], ['w:world:anyone']],
  ...[['rcda:world:anyone', 'rcda:world:anyone'], ['a:world:anyone'], ['rwcd:world:anyone']],
  ...[[`rwcda:digest:${USER}`], [`rw:digest:${USER}`, 'r:world:anyone'], ['cd:auth:ignored']],
  ...[['rwcda:auth:', 'r:auth:'], ['rwcda:ip:127.0.0.1'], ['rw:ip:127.0.0.0/8']],
  ...[['rwcda:ip:10.0.0.0/8'], ['rwcda:ip:10.0.0.1', 'r:ip:127.0.0.1/32'], ['r:ip:::1']],
];
const BAD_ACLS: readonly ScriptAcl[] = [
  ...[['r:world:nobody'], ['r:world:'], ['r:foo:x'], ['r::x'], ['r:digest:nocolon']],
  ...[['r:digest:a:b:c'], ['r:digest:'], ['r:digest::'], ['r:ip:host'], ['r:ip:127.0.0.1/33']],
  ...[['r:ip:127.0.0.1/'], ['r:ip:127.0.0'], ['r:ip:1.2.3.256'], ['r:ip:127.0.0.1/x']],
  ...[['r:ip:127.0.0.1/8/8'], ['r:ip:'], ['r:super:x'], ['r:sasl:x'], ['r:x509:x']],
  ...[['rwcda:world:anyone', 'r:foo:x'], ['r:World:anyone'], ['r:ip:127.0.0.1/-1']],
];
const acl: fc.Arbitrary<ScriptAcl> = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom(...ACLS) },
  { weight: 1, arbitrary: fc.constantFrom(...BAD_ACLS) },
);

const version = fc.oneof(
  { weight: 6, arbitrary: fc.constant(-1) },
  { weight: 4, arbitrary: fc.constantFrom(0, 0, 1, 2) },
  { weight: 1, arbitrary: fc.constantFrom(-2, 5, 2147483647, -2147483648) },
);
const watch = fc.boolean();

type Create = Extract<RequestStep, { op: 'create' | 'create2' }>;

const mode = fc.oneof(
  { weight: 6, arbitrary: fc.constant('persistent' as const) },
  { weight: 4, arbitrary: fc.constant('ephemeral' as const) },
  {
    weight: 3,
    arbitrary: fc.constantFrom('persistent_sequential' as const, 'ephemeral_sequential' as const),
  },
  { weight: 1, arbitrary: fc.constant('container' as const) },
  { weight: 1, arbitrary: fc.constantFrom(4, 5, 6, 7, -1, 8, 255) },
);
const ttl = fc.constantFrom(0, 1, 1000, 100_000, 1099511627775, 1099511627776);

const usualCreate: fc.Arbitrary<Create> = fc.record({
  op: fc.constantFrom('create' as const, 'create' as const, 'create2' as const),
  path,
  data,
  acl: fc.oneof(
    { weight: 4, arbitrary: fc.constant('open' as const) },
    { weight: 1, arbitrary: acl },
  ),
  mode,
});
const create: fc.Arbitrary<Create> = fc.oneof(
  { weight: 12, arbitrary: usualCreate },
  {
    weight: 2,
    arbitrary: fc.record({
      op: fc.constant('create' as const),
      path,
      data,
      mode: fc.constantFrom('ttl' as const, 'ttl_sequential' as const),
      ttl: fc.oneof(ttl, fc.constantFrom(-1, -2)),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      op: fc.constant('create' as const),
      path,
      mode: fc.constantFrom(0, 1, 2, 4, 9),
      opcode: fc.constant(21),
      ttl,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      op: fc.constant('create' as const),
      path,
      data,
      mode: fc.constantFrom(0, 1, 2, 3, 4, 7),
      opcode: fc.constantFrom(1, 15, 19),
    }),
  },
);

const remove = fc.record({ op: fc.constant('delete' as const), path, version });
const setData = fc.record({ op: fc.constant('setData' as const), path, data, version });
const setACL = fc.record({ op: fc.constant('setACL' as const), path, acl, version });
const check = fc.record({ op: fc.constant('check' as const), path, version });
const exists = fc.record({ op: fc.constant('exists' as const), path, watch });
const getData = fc.record({ op: fc.constant('getData' as const), path, watch });
const list = fc.record({
  op: fc.constantFrom('getChildren' as const, 'getChildren2' as const),
  path,
  watch,
});
const onPath = fc.record({
  op: fc.constantFrom('getACL' as const, 'sync' as const, 'getAllChildrenNumber' as const),
  path,
});
const getEphemerals = fc.record({
  op: fc.constant('getEphemerals' as const),
  path: fc.oneof(path, fc.constantFrom('/a/', '/b/x/s', '')),
});

/**
 * A watch on a path that is not there keeps Java from closing the connection; looking for one on a
 * path without a slash fails if anybody watches recursively.
 */
const watched = path.filter((at) => typeof at === 'string' && /^(\/|$)/.test(at));

const watches = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      op: fc.constant('addWatch' as const),
      path: watched,
      mode: fc.constantFrom('persistent' as const, 'persistent_recursive' as const, 0, 1, 2, -1),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      op: fc.constantFrom('removeWatches' as const, 'checkWatches' as const),
      path: watched,
      type: fc.constantFrom('any' as const, 'data' as const, 'children' as const, 4, 5, 9, 0),
    }),
  },
);

const paths = fc.array(fc.constantFrom(...USUAL_PATHS), { maxLength: 2 });
const relativeZxid = fc.record({ rel: fc.integer({ min: -4, max: 25 }) });
const setWatches = fc.oneof(
  fc.record({
    op: fc.constant('setWatches' as const),
    relativeZxid,
    data: paths,
    exist: paths,
    child: paths,
  }),
  fc.record({
    op: fc.constant('setWatches2' as const),
    relativeZxid,
    data: paths,
    exist: paths,
    child: paths,
    persistent: paths,
    recursive: paths,
  }),
);

/** Java takes a number for a multi with a path that is not there, and then loses it. */
function partsWith(creates: fc.Arbitrary<Create>): fc.Arbitrary<RequestStep[]> {
  const part = fc
    .oneof(
      { weight: 8, arbitrary: creates },
      { weight: 4, arbitrary: remove },
      { weight: 4, arbitrary: setData },
      { weight: 3, arbitrary: check },
    )
    .filter((step) => step.path !== null);
  return fc.array<RequestStep>(part, { maxLength: 4 });
}
const strayPart: fc.Arbitrary<RequestStep> = fc.oneof(setACL, getData, exists, list);
const op = fc.constant('multi' as const);
const usualMulti: fc.Arbitrary<RequestStep> = fc.record({ op, ops: partsWith(usualCreate) });
const multi: fc.Arbitrary<RequestStep> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ op, ops: partsWith(create) }) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(partsWith(create), strayPart)
      .map(([parts, stray]): RequestStep => ({ op: 'multi', ops: [...parts, stray] })),
  },
);

const readPart: fc.Arbitrary<RequestStep> = fc.oneof(
  { weight: 8, arbitrary: getData },
  { weight: 8, arbitrary: list.map(({ path: at, watch: w }) => listPart(at, w)) },
  { weight: 1, arbitrary: fc.oneof(create, exists, list) },
);
function listPart(at: ScriptText, w: boolean): RequestStep {
  return { op: 'getChildren', path: at, watch: w };
}
const multiRead: fc.Arbitrary<RequestStep> = fc.record({
  op: fc.constant('multiRead' as const),
  ops: fc.array(readPart, { maxLength: 3 }),
});

/** Bodies that end too early, or hold what nobody expects there. */
const BROKEN_OPCODES = [
  ...[1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 14, 15, 16, 17, 18, 19, 20, 21, 22],
  ...[101, 103, 104, 105, 106],
];
const BROKEN_BODIES = [
  ...['', '00', '00000002', '0000000161', 'ffffffff', 'fffffffe', '7fffffff', '000000022f61'],
  ...['000000022f61ffffffff', 'ffffffff01ffffffff', '0000000001', '000000022f6100'],
];
const broken: fc.Arbitrary<RequestStep> = fc.record({
  op: fc.constant('raw' as const),
  opcode: fc.constantFrom(...BROKEN_OPCODES),
  hex: fc.constantFrom(...BROKEN_BODIES),
});

const nameless: fc.Arbitrary<RequestStep> = fc
  .constantFrom('whoAmI' as const, 'ping' as const)
  .map((op) => ({ op }));

const inPipeline: fc.Arbitrary<RequestStep> = fc.oneof(
  { weight: 24, arbitrary: usualCreate },
  { weight: 12, arbitrary: remove },
  { weight: 10, arbitrary: setData },
  { weight: 5, arbitrary: exists },
  { weight: 5, arbitrary: getData },
  { weight: 5, arbitrary: list },
  { weight: 2, arbitrary: onPath },
  { weight: 1, arbitrary: getEphemerals },
  { weight: 3, arbitrary: watches },
  { weight: 2, arbitrary: setWatches },
  { weight: 5, arbitrary: usualMulti },
  { weight: 1, arbitrary: multiRead },
  { weight: 1, arbitrary: nameless },
);

/** Requests sent back to back, of which each sees what the ones before it have done. */
export const pipelined: fc.Arbitrary<RequestStep[]> = fc.array(inPipeline, {
  minLength: 2,
  maxLength: 6,
});

/** One request of an ordinary connection that stays open after it. */
export const request: fc.Arbitrary<RequestStep> = fc.oneof(
  { weight: 50, arbitrary: inPipeline },
  { weight: 5, arbitrary: create },
  { weight: 3, arbitrary: multi },
  { weight: 5, arbitrary: setACL },
  { weight: 2, arbitrary: broken },
  {
    weight: 1,
    arbitrary: fc.constantFrom<RequestStep>(
      { op: 'deleteContainer', path: '/a' },
      { op: 'reconfig', joining: null, leaving: '3', members: null },
    ),
  },
);

export const auth: fc.Arbitrary<RequestStep> = fc.record({
  op: fc.constant('auth' as const),
  scheme: fc.constantFrom('digest', 'digest', 'digest', 'digest', 'ip'),
  auth: fc.constantFrom('u:p', 'v:p', 'u:p:q', 'nocolon', '', ':', 'super:test'),
});

/** After these the server closes the connection. */
export const fatal: fc.Arbitrary<RequestStep> = fc.constantFrom<RequestStep>(
  { op: 'raw', opcode: 55, hex: '' },
  { op: 'raw', opcode: 0, hex: '' },
  { op: 'raw', opcode: -1, hex: '00' },
  { op: 'raw', opcode: 10, hex: '' },
  { op: 'auth', scheme: 'world', auth: 'anyone' },
  { op: 'auth', scheme: 'foo', auth: 'x' },
);
