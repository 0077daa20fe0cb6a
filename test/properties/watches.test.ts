// The watch tables against a naive twin: a plain list of who waits for what, gone through from the
// beginning for every change. [ZK-Java WatchManager]
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareCodeUnits } from '../../base/order.js';
import type { Operation } from '../../protocol/operation.js';
import { createOperation } from '../../protocol/operation.js';
import type { ServiceSettings } from '../../protocol/service-settings.js';
import { parentOf } from '../../protocol/tree/path.js';
import type { Tree } from '../../protocol/tree/tree.js';
import { znodeAt } from '../../protocol/tree/tree.js';
import { Server } from '../protocol/session-server.js';

const CONNS = [1, 2, 3];
const PATHS = ['/', '/a', '/a/b', '/a/b/c', '/d'];

type Table = 'data' | 'child';
type Mode = 'once' | 'persistent' | 'recursive';

interface Waiting {
  readonly conn: number;
  readonly path: string;
  readonly table: Table;
  readonly mode: Mode;
}

/** What is different in a tree, in the order in which ZooKeeper tells it. */
function changesBetween(before: Tree, after: Tree): [string, string][] {
  const all = [...new Set([...before.znodes.keys(), ...after.znodes.keys()])];
  return all.sort(compareCodeUnits).flatMap((path): [string, string][] => {
    const [old, now] = [znodeAt(before, path), znodeAt(after, path)];
    if (old === undefined) return [['nodeCreated', path]];
    if (now === undefined) return [['nodeDeleted', path]];
    return old.content.mzxid === now.content.mzxid ? [] : [['nodeDataChanged', path]];
  });
}

class Twin {
  waiting: Waiting[] = [];
  readonly #old: boolean;
  readonly ofRecursive: readonly Table[];

  constructor(old: boolean) {
    this.#old = old;
    this.ofRecursive = old ? ['data', 'child'] : ['data'];
  }

  add(conn: number, path: string, mode: Mode, tables: readonly Table[]): void {
    for (const table of tables) {
      const same = (w: Waiting): boolean =>
        w.conn === conn && w.path === path && w.table === table && (this.#old || w.mode === mode);
      this.waiting = this.waiting.filter((w) => !same(w));
      this.waiting.push({ conn, path, table, mode });
    }
  }

  leave(conn: number): void {
    this.waiting = this.waiting.filter((w) => w.conn !== conn);
  }

  #fire(table: Table, type: string, path: string): number[] {
    const isHit = (w: Waiting): boolean => {
      if (w.table !== table) return false;
      if (w.mode !== 'recursive') return w.path === path;
      const below = w.path === '/' || path === w.path || path.startsWith(`${w.path}/`);
      return below && type !== 'nodeChildrenChanged';
    };
    const hit = this.waiting.filter(isHit);
    this.waiting = this.waiting.filter((w) => w.mode !== 'once' || !hit.includes(w));
    return [...new Set(hit.map(({ conn }) => conn))].sort((a, b) => a - b);
  }

  /** Everything that is said because of a change: `conn: type path`. */
  changed(type: string, path: string): string[] {
    const said = (conns: readonly number[], what: string, where: string): string[] =>
      conns.map((conn) => `${conn}: ${what} ${where}`);
    const inData = this.#fire('data', type, path);
    const events = said(inData, type, path);
    if (type === 'nodeDataChanged') return events;
    if (type === 'nodeDeleted') {
      const inChild = this.#fire('child', type, path);
      events.push(
        ...said(
          inChild.filter((conn) => !inData.includes(conn)),
          type,
          path,
        ),
      );
    }
    const parent = parentOf(path);
    const changed = 'nodeChildrenChanged';
    return [...events, ...said(this.#fire('child', changed, parent), changed, parent)];
  }
}

/** A write of somebody else's, or what one of the connections does: without `op` it hangs up. */
interface Deed {
  readonly conn: number | undefined;
  readonly op: Operation | undefined;
}

const path = fc.constantFrom(...PATHS);
const conn = fc.constantFrom(...CONNS);
const write: fc.Arbitrary<Operation> = fc.oneof(
  path.map((at) => createOperation(at, '')),
  path.map((at) => ({ kind: 'delete', path: at, version: -1 }) as const),
  path.map((at) => ({ kind: 'setData', path: at, data: 'x', version: -1 }) as const),
);
const read: fc.Arbitrary<Operation> = fc.oneof(
  path.map((at) => ({ kind: 'exists', path: at, watch: true }) as const),
  path.map((at) => ({ kind: 'getData', path: at, watch: true }) as const),
  path.map((at) => ({ kind: 'getChildren2', path: at, watch: true }) as const),
  fc.tuple(path, fc.constantFrom(0, 1)).map(([at, mode]) => {
    return { kind: 'addWatch', path: at, mode } as const;
  }),
);
const none = fc.constant(undefined);
const deed: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ conn: none, op: write }) },
  { weight: 8, arbitrary: fc.record({ conn, op: read }) },
  { weight: 1, arbitrary: fc.record({ conn, op: none }) },
);

/** What the read has left, as its answer says. */
function left(twin: Twin, c: number, op: Operation, found: boolean): void {
  if (op.kind === 'exists') twin.add(c, op.path, 'once', ['data']);
  else if (op.kind === 'getData' && found) twin.add(c, op.path, 'once', ['data']);
  else if (op.kind === 'getChildren2' && found) twin.add(c, op.path, 'once', ['child']);
  else if (op.kind === 'addWatch' && op.mode === 0) {
    twin.add(c, op.path, 'persistent', ['data', 'child']);
  } else if (op.kind === 'addWatch') twin.add(c, op.path, 'recursive', twin.ofRecursive);
}

function agree(deeds: readonly Deed[], compatibility: ServiceSettings['compatibility']): void {
  const server = new Server({ service: { compatibility } });
  const twin = new Twin(compatibility === '3.8.0');
  const alive = new Set(CONNS);
  for (const c of CONNS) server.open(c);
  for (const { conn: asker, op } of deeds) {
    if (asker === undefined && op !== undefined) {
      const before = server.ctx.database.tree;
      server.elsewhere(op);
      const changes = changesBetween(before, server.ctx.database.tree);
      const events = server.takeSaid().map((line) => line.replace(/ @-?\d+$/, ''));
      expect(events).toEqual(changes.flatMap(([type, at]) => twin.changed(type, at)));
    } else if (asker !== undefined && op === undefined) {
      if (alive.delete(asker)) server.hangUp(asker);
      twin.leave(asker);
    } else if (asker !== undefined && op !== undefined && alive.has(asker)) {
      server.ask(asker, 1, op);
      left(twin, asker, op, !server.takeSaid().join().includes('NoNode'));
    }
  }
}

describe('the watch tables', () => {
  it.each(['3.9.5', '3.8.0'] as const)('tell whom a naive list would tell, in %s', (release) => {
    fc.assert(
      fc.property(fc.array(deed, { maxLength: 60, size: 'max' }), (deeds) => agree(deeds, release)),
      { numRuns: 300 },
    );
  });
});
