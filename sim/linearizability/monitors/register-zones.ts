// Registers that are written with values used only once, in O(n log n) whatever the concurrency
// [GibbonsKorach97]. A write and the reads of its value form a cluster. In any linearization the
// clusters stand one after the other. A cluster cannot stand before another one as a whole if one
// of its operations was invoked after one of the other's had completed; two clusters of which
// neither can stand before the other are a contradiction, and if there are no two such the
// history is linearizable. So a cluster matters only by its first completion and its last
// invocation.
import type { History, HistoryOp } from '../history.js';
import { isPending } from '../history.js';
import type { Token } from '../lookahead.js';
import type { MonitorVerdict } from '../model.js';
import { effectBy } from './real-time.js';

const METHOD = 'zones';
const INTERLEAVED = 'each of the two values would have to come before the other';

/** What an operation of a register does: `write` or read `token`; undefined for anything else. */
export interface RegisterUse {
  readonly writes: boolean;
  readonly token: Token;
}

interface Cluster<Op, Result> {
  write: HistoryOp<Op, Result> | undefined;
  /** Operation that completed first, and the one invoked last. */
  first: HistoryOp<Op, Result> | undefined;
  last: HistoryOp<Op, Result> | undefined;
  firstDone: number;
  lastInvoked: number;
  /** Has it a completed operation? A pending write that nobody read never happened. */
  real: boolean;
}

type Clusters<Op, Result> = Map<Token, Cluster<Op, Result>>;
type Verdict<Op, Result> = MonitorVerdict<Op, Result> | undefined;

export function judgeByZones<Op, Result>(
  ops: History<Op, Result>,
  initial: Token,
  useOf: (op: HistoryOp<Op, Result>) => RegisterUse | undefined,
): Verdict<Op, Result> {
  const clusters: Clusters<Op, Result> = new Map();
  const first = makeCluster<Op, Result>();
  first.firstDone = -Infinity;
  clusters.set(initial, first);
  const reads: { op: HistoryOp<Op, Result>; token: Token }[] = [];
  for (const op of ops) {
    const use = useOf(op);
    if (use === undefined) return undefined;
    if (!use.writes) {
      if (!isPending(op)) reads.push({ op, token: use.token });
      continue;
    }
    if (clusters.has(use.token)) return undefined;
    const cluster = makeCluster<Op, Result>();
    cluster.write = op;
    cluster.real = !isPending(op);
    clusters.set(use.token, cluster);
    widen(cluster, op);
  }
  for (const { op, token } of reads) {
    const cluster = clusters.get(token);
    if (cluster === undefined) return violated([op], 'nobody wrote the value that it returned');
    if (cluster.write !== undefined && effectBy(op) < cluster.write.invokedAt) {
      return violated([op, cluster.write], 'it was read before its write was invoked');
    }
    cluster.real = true;
    widen(cluster, op);
  }
  return judgeClusters(
    [...clusters.values()].filter((cluster) => cluster.real || cluster === first),
  );
}

function makeCluster<Op, Result>(): Cluster<Op, Result> {
  return {
    write: undefined,
    first: undefined,
    last: undefined,
    firstDone: Infinity,
    lastInvoked: -Infinity,
    real: false,
  };
}

function widen<Op, Result>(cluster: Cluster<Op, Result>, op: HistoryOp<Op, Result>): void {
  const done = effectBy(op);
  if (done < cluster.firstDone) {
    cluster.firstDone = done;
    cluster.first = op;
  }
  if (op.invokedAt > cluster.lastInvoked) {
    cluster.lastInvoked = op.invokedAt;
    cluster.last = op;
  }
}

/**
 * Contradicting clusters satisfy a.firstDone < b.lastInvoked and b.firstDone < a.lastInvoked, so
 * one of them has firstDone < lastInvoked: a forward zone. Those must be disjoint, and then at
 * most one of them can contain a backward one.
 */
function judgeClusters<Op, Result>(
  clusters: readonly Cluster<Op, Result>[],
): MonitorVerdict<Op, Result> {
  const forward = clusters
    .filter((cluster) => cluster.firstDone < cluster.lastInvoked)
    .sort((a, b) => (a.firstDone < b.firstDone ? -1 : a.firstDone > b.firstDone ? 1 : 0));
  for (let i = 1; i < forward.length; i += 1) {
    const a = forward[i - 1] as Cluster<Op, Result>;
    const b = forward[i] as Cluster<Op, Result>;
    if (contradict(a, b)) return violated(opsOf(a, b), INTERLEAVED);
  }
  for (const cluster of clusters) {
    if (cluster.firstDone < cluster.lastInvoked) continue;
    const around = lastStartingBefore(forward, cluster.lastInvoked);
    if (around !== undefined && contradict(around, cluster))
      return violated(opsOf(around, cluster), INTERLEAVED);
  }
  return { method: METHOD, linearizable: true, culprits: [], because: '' };
}

function contradict(a: Cluster<unknown, unknown>, b: Cluster<unknown, unknown>): boolean {
  return a.firstDone < b.lastInvoked && b.firstDone < a.lastInvoked;
}

function lastStartingBefore<C extends { readonly firstDone: number }>(
  zones: readonly C[],
  time: number,
): C | undefined {
  let low = 0;
  let high = zones.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((zones[middle] as C).firstDone < time) low = middle + 1;
    else high = middle;
  }
  return zones[low - 1];
}

function opsOf<Op, Result>(
  ...clusters: readonly Cluster<Op, Result>[]
): readonly HistoryOp<Op, Result>[] {
  const found = new Set<HistoryOp<Op, Result>>();
  for (const { write, first, last } of clusters) {
    for (const op of [write, first, last]) if (op !== undefined) found.add(op);
  }
  return [...found];
}

function violated<Op, Result>(
  culprits: History<Op, Result>,
  because: string,
): MonitorVerdict<Op, Result> {
  return { method: METHOD, linearizable: false, culprits, because };
}
