// Properties of the tree: transactions of every kind are idempotent, a snapshot that ran ahead of
// its name is repaired by replaying the log over it, and deciding ahead of applying agrees with
// doing one thing after another. Usage of quotas is left out of the comparison: servers count it for
// themselves, and a count that somebody overwrote is not repaired by a replay, upstream neither.

import fc from 'fast-check';
import { Set } from 'immutable';
import { describe, expect, it } from 'vitest';
import { compareCodeUnits } from '../../base/order.js';
import { READ_ACL } from '../../protocol/acl.js';
import type { SessionId, Zxid } from '../../protocol/ids.js';
import type { LeaderOperation } from '../../protocol/operation.js';
import { isCreate } from '../../protocol/operation.js';
import { childOf } from '../../protocol/tree/path.js';
import { withLife, withQuota, withSession, withZnode, znodeAt } from '../../protocol/tree/store.js';
import type { Tree } from '../../protocol/tree/tree.js';
import { applyTxn, EMPTY_TREE, sessionsOf } from '../../protocol/tree/tree.js';
import { makeFamily, makeZnode, ownerOf, withData } from '../../protocol/tree/znode.js';
import type { Txn, TxnOp } from '../../protocol/txn.js';
import { makeTxn } from '../../protocol/txn.js';
import {
  check,
  contentOf,
  create,
  digestAnew,
  Leader,
  multi,
  outcomeOf,
  remove,
  setAcl,
  setData,
  SUPER,
  TTL_ON,
} from './tree-leader.js';

interface Asked {
  readonly session: number;
  readonly op: LeaderOperation;
}

const SEQUENTIAL = 'persistentSequential';
const QUOTA = '/zookeeper/quota/a';
const PATHS = ['/a', '/a', '/a/a', '/a/a', '/a/b', '/a/a/a', '/b'];
const path = fc.constantFrom(...PATHS);
const version = fc.constantFrom(-1, -1, -1, 0, 1);
const data = fc.constantFrom('x', 'y', 'zz', null);
const acl = fc.constantFrom(READ_ACL, [{ perms: 31, scheme: 'world', id: 'anyone' }]);

const simple: fc.Arbitrary<LeaderOperation> = fc.oneof(
  {
    weight: 10,
    arbitrary: fc
      .record({ path, data, mode: fc.constantFrom('persistent', 'persistent', 'ephemeral') })
      .map((of) => create(of.path, of.mode as 'persistent', { data: of.data })),
  },
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('delete'), path, version }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('setData'), path, data, version }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('createSession'), timeoutMs: fc.constant(4000) }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'closeSession' }) },
);

/** Few paths, so that most histories create, fill, empty, delete and create the same ones again. */
const operation: fc.Arbitrary<LeaderOperation> = fc.oneof(
  { weight: 20, arbitrary: simple },
  { weight: 3, arbitrary: fc.tuple(path, acl).map(([at, of]) => setAcl(at, of)) },
  {
    weight: 3,
    arbitrary: fc.tuple(path, acl).map(([at, of]) => create(at, 'persistent', { acl: of })),
  },
  { weight: 2, arbitrary: path.map((at) => create(at, 'container')) },
  { weight: 2, arbitrary: path.map((at) => create(at, 'ttl', { ttlMs: 9 })) },
  { weight: 2, arbitrary: path.map((at) => create(`${at}-`, SEQUENTIAL)) },
  { weight: 1, arbitrary: path.map((at) => ({ kind: 'deleteContainer' as const, path: at })) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      ...[create(QUOTA), create(`${QUOTA}/zookeeper_limits`), create(`${QUOTA}/zookeeper_stats`)],
      ...[remove(`${QUOTA}/zookeeper_limits`), remove(`${QUOTA}/zookeeper_stats`)],
    ),
  },
  {
    weight: 4,
    arbitrary: fc
      .tuple(path, path, version)
      .map(([a, b, v]) =>
        multi(create(a), setData(b, 'm'), check(a, v), create(`${a}/n-`, SEQUENTIAL), remove(b)),
      ),
  },
  { weight: 3, arbitrary: fc.tuple(path, path).map(([a, b]) => multi(remove(a), create(b))) },
);

function historyOf(op: fc.Arbitrary<LeaderOperation>): fc.Arbitrary<Asked[]> {
  const one = fc.record({ session: fc.integer({ min: 1, max: 3 }), op });
  return fc.array(one, { minLength: 1, maxLength: 100, size: 'max' });
}
const history = historyOf(operation);

/** States after 0, 1, 2 ... transactions. */
function statesOf(txns: readonly Txn[]): Tree[] {
  const states: Tree[] = [EMPTY_TREE];
  for (const txn of txns) states.push(applyTxn(states.at(-1)!, txn).tree);
  return states;
}

/** The super user is not held up by what others may do. */
function decided(asked: readonly Asked[]): Txn[] {
  const leader = new Leader(TTL_ON);
  leader.identities = [SUPER];
  asked.forEach(({ op, session }, index) => {
    leader.nowMs = index;
    leader.do(op, session);
  });
  return leader.txns;
}

function by(op: LeaderOperation): Asked {
  return { session: 1, op };
}

function replay(tree: Tree, txns: readonly Txn[]): Tree {
  return txns.reduce((state, txn) => applyTxn(state, txn).tree, tree);
}

/** Everything but usage. */
function lasting(tree: Tree): unknown {
  const stats = `${QUOTA}/zookeeper_stats`;
  const found = znodeAt(tree, stats);
  if (found === undefined) return contentOf(tree);
  const { origin, content, family, guard } = found;
  const silent = makeZnode(origin, withData(content, ''), family, guard);
  return contentOf(withZnode(tree, stats, silent, found));
}

/**
 * What a walk over a changing tree writes down: parents before children, each znode as it is when
 * the walk comes by, children as their parent lists them at that moment; sessions first.
 */
function walk(states: readonly Tree[], start: number, steps: readonly number[]): Tree {
  let at = start;
  let step = 0;
  let tree = EMPTY_TREE;
  for (const { session, timeoutMs } of sessionsOf(states[at]!)) {
    tree = withSession(tree, session, timeoutMs);
  }
  const visit = (here: string): boolean => {
    const znode = znodeAt(states[at]!, here);
    if (znode === undefined) return false;
    at = Math.min(states.length - 1, at + (steps[step++ % steps.length] ?? 0));
    const kept = [...znode.family.names]
      .sort(compareCodeUnits)
      .filter((name) => visit(childOf(here, name)));
    const { origin, content, family, guard } = znode;
    const found = makeZnode(
      origin,
      content,
      makeFamily(Set(kept), family.creates, family.pzxid),
      guard,
    );
    tree = withZnode(tree, here, found, znodeAt(tree, here));
    tree = withLife(tree, here, origin.life);
    if (here === `${QUOTA}/zookeeper_limits`) tree = withQuota(tree, '/a', true);
    return true;
  };
  visit('/');
  return tree;
}

describe('replay', () => {
  it('applying a transaction twice is applying it once', () => {
    fc.assert(
      fc.property(history, (asked) => {
        const txns = decided(asked);
        const twice = txns.flatMap((txn) => [txn, txn]);
        expect(lasting(replay(EMPTY_TREE, twice))).toEqual(lasting(replay(EMPTY_TREE, txns)));
      }),
      { numRuns: 150 },
    );
  });

  it('any tail that begins before a state ends in the same tree', () => {
    fc.assert(
      fc.property(history, fc.nat(), fc.nat(), (asked, a, b) => {
        const txns = decided(asked);
        const states = statesOf(txns);
        const content = a % states.length;
        const label = b % (content + 1);
        const replayed = replay(states[content]!, txns.slice(label));
        expect(lasting(replayed)).toEqual(lasting(states.at(-1)!));
      }),
      { numRuns: 300 },
    );
  });

  it('repairs a snapshot that was walked while the tree changed', () => {
    fc.assert(
      fc.property(history, fc.nat(), fc.array(fc.nat(9), { minLength: 1 }), (asked, a, steps) => {
        const txns = decided(asked);
        const states = statesOf(txns);
        const label = a % states.length;
        const replayed = replay(walk(states, label, steps), txns.slice(label));
        expect(lasting(replayed)).toEqual(lasting(states.at(-1)!));
      }),
      { numRuns: 300 },
    );
  });

  it('keeps the digest that one would compute anew', () => {
    fc.assert(
      fc.property(history, (asked) => {
        const tree = replay(EMPTY_TREE, decided(asked));
        const ended = sessionsOf(tree).reduce(
          (state, { session }) => withSession(state, session, undefined),
          tree,
        );
        expect(ended.digest).toBe(digestAnew(tree));
      }),
      { numRuns: 150 },
    );
  });
});

/** What a transaction does to the counters of every znode that is still the same afterwards. */
function lowered(before: Tree, after: Tree): string[] {
  return [...before.znodes]
    .filter(([at, { origin, family }]) => {
      const later = after.znodes.get(at);
      if (later?.origin.czxid !== origin.czxid) return false;
      return later.family.creates < family.creates || later.family.pzxid < family.pzxid;
    })
    .map(([at]) => at);
}

const FIRST = [...EMPTY_TREE.znodes.keys()].sort(compareCodeUnits);

/** Does it delete and create in one? */
function remakes({ op }: Txn): boolean {
  if (op.kind !== 'multi') return false;
  const kinds = op.parts.map(({ kind }) => kind);
  return kinds.includes('delete') && kinds.includes('create');
}

describe('one old transaction', () => {
  it('lowers no counter of a parent', () => {
    fc.assert(
      fc.property(history, fc.nat(), (asked, a) => {
        const txns = decided(asked);
        const end = replay(EMPTY_TREE, txns);
        const old = txns[a % txns.length]!;
        // What it deletes and makes again begins anew, whatever a later life had counted.
        fc.pre(!remakes(old));
        const { tree } = applyTxn(end, old);
        expect(lowered(end, tree)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('that deletes takes along what a later life of the path has', () => {
    const ops = [create('/a'), remove('/a'), create('/a'), create('/a/b')];
    const txns = decided(ops.map(by));
    const ahead = applyTxn(replay(EMPTY_TREE, txns), txns[1]!).tree;
    expect([...ahead.znodes.keys()].sort(compareCodeUnits)).toEqual(FIRST);
    expect(ahead.digest).toBe(digestAnew(ahead));
  });

  it('that creates sets the list of a znode that is there, and nothing else of it', () => {
    const ops = [create('/a'), setAcl('/a', READ_ACL), setData('/a', 'x')];
    const txns = decided(ops.map(by));
    const end = replay(EMPTY_TREE, txns);
    const again = applyTxn(end, txns[0]!);
    expect(outcomeOf(again.result)).toBe('NodeExists');
    const znode = znodeAt(again.tree, '/a')!;
    expect(znode.guard.acl).not.toEqual(READ_ACL);
    expect(znode.guard.aversion).toBe(1);
    expect(znode.content).toEqual(znodeAt(end, '/a')!.content);
  });

  it('that closes a session takes the paths it names and those that the tree knows', () => {
    const tree = replay(EMPTY_TREE, decided([create('/a'), create('/b', 'ephemeral')].map(by)));
    const closing: TxnOp = { kind: 'closeSession', paths: ['/a'] };
    const header = { zxid: 9 as Zxid, session: 1 as SessionId, cxid: 0, timeMs: 0 };
    const closed = applyTxn(tree, makeTxn(header, closing)).tree;
    expect([...closed.znodes.keys()].sort(compareCodeUnits)).toEqual(FIRST);
  });
});

interface Plain {
  data: string | null;
  version: number;
  owner: number;
}

/** The service as one would write it down first: one thing after another, on a plain map. */
class Naive {
  readonly znodes = new Map<string, Plain>([['/', { data: '', version: 0, owner: 0 }]]);

  childrenOf(parent: string): string[] {
    const prefix = parent === '/' ? '/' : `${parent}/`;
    return [...this.znodes.keys()].filter(
      (p) => p !== '/' && p.startsWith(prefix) && !p.slice(prefix.length).includes('/'),
    );
  }

  do({ op, session }: Asked): string {
    if (op.kind === 'closeSession') {
      for (const [p, { owner }] of this.znodes) if (owner === session) this.znodes.delete(p);
    }
    if (!isCreate(op) && op.kind !== 'delete' && op.kind !== 'setData') return 'ok';
    const found = this.znodes.get(op.path);
    if (isCreate(op)) {
      const parent = this.znodes.get(op.path.replace(/\/[^/]*$/, '') || '/');
      if (parent === undefined) return 'NoNode';
      if (found !== undefined) return 'NodeExists';
      if (parent.owner !== 0) return 'NoChildrenForEphemerals';
      const owner = op.flags === 1 ? session : 0;
      this.znodes.set(op.path, { data: op.data, version: 0, owner });
      return 'ok';
    }
    if (found === undefined) return 'NoNode';
    if (op.version !== -1 && op.version !== found.version) return 'BadVersion';
    if (op.kind === 'setData') {
      found.data = op.data;
      found.version += 1;
    } else if (this.childrenOf(op.path).length > 0) {
      return 'NotEmpty';
    } else {
      this.znodes.delete(op.path);
    }
    return 'ok';
  }
}

describe('deciding ahead of applying', () => {
  it('is doing one thing after another', () => {
    const lags = fc.array(fc.nat(12), { minLength: 1 });
    fc.assert(
      fc.property(historyOf(simple), lags, (asked, lag) => {
        const leader = new Leader();
        const naive = new Naive();
        const expected = asked.map((one) => naive.do(one));
        asked.forEach(({ op, session }, index) => {
          // What a session leaves behind counts for its parent until its end is applied.
          if (op.kind === 'closeSession') leader.catchUp();
          leader.ask(op, session);
          leader.catchUp(op.kind === 'closeSession' ? 0 : lag[index % lag.length]);
        });
        leader.catchUp();
        expect(leader.results.map(outcomeOf)).toEqual(expected);
        const own = [...leader.tree.znodes].filter(([at]) => !at.startsWith('/zookeeper'));
        const plain = own.map(([p, { content, origin }]) => [
          p,
          { data: content.data, version: content.version, owner: ownerOf(origin.life) },
        ]);
        expect(Object.fromEntries(plain)).toEqual(Object.fromEntries(naive.znodes));
        for (const [p] of own) {
          const names = leader.names(p).filter((name) => name !== 'zookeeper');
          expect(names.map((name) => childOf(p, name)).sort(compareCodeUnits)).toEqual(
            naive.childrenOf(p).sort(compareCodeUnits),
          );
        }
      }),
      { numRuns: 300 },
    );
  });
});
