// Properties of the tree: transactions are idempotent, a snapshot that ran ahead of its name is
// repaired by replaying the log over it, and deciding ahead of applying agrees with doing one thing
// after another.

import fc from 'fast-check';
import { Set } from 'immutable';
import { describe, expect, it } from 'vitest';
import { compareCodeUnits } from '../../base/order.js';
import type { SessionId, Zxid } from '../../protocol/ids.js';
import type { LeaderOperation } from '../../protocol/operation.js';
import { childOf } from '../../protocol/tree/path.js';
import { withEphemeral, withSession, withZnode, znodeAt } from '../../protocol/tree/store.js';
import type { Tree } from '../../protocol/tree/tree.js';
import { applyTxn, EMPTY_TREE, sessionsOf } from '../../protocol/tree/tree.js';
import { makeFamily, makeZnode } from '../../protocol/tree/znode.js';
import type { Txn, TxnOp } from '../../protocol/txn.js';
import { makeTxn } from '../../protocol/txn.js';
import { contentOf, Leader } from './tree-leader.js';

interface Asked {
  readonly session: number;
  readonly op: LeaderOperation;
}

const path = fc.constantFrom('/a', '/a', '/a/a', '/a/a', '/a/b', '/a/a/a', '/b');
const version = fc.constantFrom(-1, -1, -1, 0, 1);
const data = fc.constantFrom('x', 'y', 'z');
/** Few paths, so that most histories create, fill, empty, delete and create the same ones again. */
const operation: fc.Arbitrary<LeaderOperation> = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({
      kind: fc.constant('create'),
      path,
      data,
      ephemeral: fc.constantFrom(true, false, false, false),
    }),
  },
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('delete'), path, version }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('setData'), path, data, version }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('createSession'), timeoutMs: fc.constant(4000) }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'closeSession' }) },
);
const history = fc.array(fc.record({ session: fc.integer({ min: 1, max: 3 }), op: operation }), {
  minLength: 1,
  maxLength: 100,
  size: 'max',
});

/** States after 0, 1, 2 ... transactions. */
function statesOf(txns: readonly Txn[]): Tree[] {
  const states: Tree[] = [EMPTY_TREE];
  for (const txn of txns) states.push(applyTxn(states.at(-1)!, txn).tree);
  return states;
}

function decided(asked: readonly Asked[]): Txn[] {
  const leader = new Leader();
  for (const { op, session } of asked) leader.do(op, session);
  return leader.txns;
}

function create(path: string, ephemeral = false): Asked {
  return { session: 1, op: { kind: 'create', path, data: '', ephemeral } };
}

function remove(path: string): Asked {
  return { session: 1, op: { kind: 'delete', path, version: -1 } };
}

function replay(tree: Tree, txns: readonly Txn[]): Tree {
  return txns.reduce((state, txn) => applyTxn(state, txn).tree, tree);
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
    const family = makeFamily(Set(kept), znode.family.creates, znode.family.pzxid);
    const found = makeZnode(znode.origin, znode.content, family);
    tree = withZnode(tree, here, found, znodeAt(tree, here));
    const owner = znode.origin.ephemeralOwner;
    if (owner !== 0) tree = withEphemeral(tree, owner, here);
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
        expect(contentOf(replay(EMPTY_TREE, twice))).toEqual(contentOf(replay(EMPTY_TREE, txns)));
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
        expect(contentOf(replayed)).toEqual(contentOf(states.at(-1)!));
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
        expect(contentOf(replayed)).toEqual(contentOf(states.at(-1)!));
      }),
      { numRuns: 300 },
    );
  });
});

/** What a transaction does to the counters of every znode that is still the same afterwards. */
function lowered(before: Tree, after: Tree): string[] {
  return [...before.znodes]
    .filter(([path, { origin, family }]) => {
      const later = after.znodes.get(path);
      if (later?.origin.czxid !== origin.czxid) return false;
      return later.family.creates < family.creates || later.family.pzxid < family.pzxid;
    })
    .map(([path]) => path);
}

describe('one old transaction', () => {
  it('lowers no counter of a parent', () => {
    fc.assert(
      fc.property(history, fc.nat(), (asked, a) => {
        const txns = decided(asked);
        const end = replay(EMPTY_TREE, txns);
        const { tree } = applyTxn(end, txns[a % txns.length]!);
        expect(lowered(end, tree)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('that deletes takes along what a later life of the path has', () => {
    const txns = decided([create('/a'), remove('/a'), create('/a'), create('/a/b')]);
    const ahead = applyTxn(replay(EMPTY_TREE, txns), txns[1]!).tree;
    expect([...ahead.znodes.keys()]).toEqual(['/']);
    expect(contentOf(ahead)).toMatchObject({ digest: ahead.znodes.get('/')!.hash });
  });

  it('that closes a session takes the paths it names and those that the tree knows', () => {
    const named = decided([create('/a'), create('/b', true)]);
    const tree = replay(EMPTY_TREE, named);
    const closing: TxnOp = { kind: 'closeSession', paths: ['/a'] };
    const header = { zxid: 9 as Zxid, session: 1 as SessionId, cxid: 0, timeMs: 0 };
    const closed = applyTxn(tree, makeTxn(header, closing)).tree;
    expect([...closed.znodes.keys()]).toEqual(['/']);
  });
});

interface Plain {
  data: string;
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
    if (op.kind === 'createSession') return 'ok';
    if (op.kind === 'closeSession') {
      for (const [p, { owner }] of this.znodes) if (owner === session) this.znodes.delete(p);
      return 'ok';
    }
    const found = this.znodes.get(op.path);
    if (op.kind === 'create') {
      const parent = this.znodes.get(op.path.replace(/\/[^/]*$/, '') || '/');
      if (parent === undefined) return 'NoNode';
      if (found !== undefined) return 'NodeExists';
      if (parent.owner !== 0) return 'NoChildrenForEphemerals';
      const owner = op.ephemeral ? session : 0;
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
    fc.assert(
      fc.property(history, fc.array(fc.nat(12), { minLength: 1 }), (asked, lags) => {
        const leader = new Leader();
        const naive = new Naive();
        const expected = asked.map((one) => naive.do(one));
        asked.forEach(({ op, session }, index) => {
          leader.ask(op, session);
          leader.catchUp(lags[index % lags.length]);
        });
        leader.catchUp();
        expect(leader.results.map((r) => (r.kind === 'error' ? r.code : 'ok'))).toEqual(expected);
        const plain = [...leader.tree.znodes].map(([p, { content, origin }]) => [
          p,
          { data: content.data, version: content.version, owner: origin.ephemeralOwner },
        ]);
        expect(Object.fromEntries(plain)).toEqual(Object.fromEntries(naive.znodes));
        for (const [p, { family }] of leader.tree.znodes) {
          expect(
            family.names
              .map((name) => childOf(p, name))
              .toArray()
              .sort(compareCodeUnits),
          ).toEqual(naive.childrenOf(p).sort(compareCodeUnits));
        }
      }),
      { numRuns: 300 },
    );
  });
});
