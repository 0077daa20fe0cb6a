// What checking histories costs: time and memory of each algorithm, from 10^2 to 10^6 operations,
// 3 to 100 clients, clean and broken, and how time grows with size. Times are CPU time; beside
// them stands their ratio to a loop of integer arithmetic, which carries over to other machines
// as far as that can be. Steps are the same everywhere.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { table } from '../reports/table.js';
import { checkLinearizable } from '../sim/linearizability/check.js';
import { parseHistory } from '../sim/linearizability/formats/parse.js';
import type { History } from '../sim/linearizability/history.js';
import type { Limits } from '../sim/linearizability/limits.js';
import { DEFAULT_LIMITS } from '../sim/linearizability/limits.js';
import type { Model } from '../sim/linearizability/model.js';
import { kvModel } from '../sim/linearizability/models/kv.js';
import { queueModel } from '../sim/linearizability/models/queue.js';
import { registerModel } from '../sim/linearizability/models/register.js';
import { znodeModelOf } from '../sim/linearizability/models/znode.js';
import { checkSessions } from '../sim/linearizability/sessions.js';
import { chooseSubject, znodeSubject } from '../sim/linearizability/subject.js';
import { collectGarbage, cpuUs, median } from './cpu.js';
import type { Shape } from './linearizability-histories.js';
import {
  kvHistory,
  queueHistory,
  registerHistory,
  znodeHistory,
} from './linearizability-histories.js';

export interface CheckRow {
  readonly what: string;
  readonly algorithm: string;
  readonly operations: number;
  readonly clients: number;
  readonly broken: boolean;
  readonly verdict: string;
  readonly ms: number;
  /** Time in units of the calibration loop. */
  readonly ratio: number;
  readonly steps: number;
  /** Memory in use after the check that was not before it. */
  readonly megabytes: number;
}

interface Outcome {
  readonly verdict: string;
  readonly steps: number;
}

/** A check takes no longer than this; then its verdict is unknown. */
const BUDGET_MS = 4_000;
const CALIBRATION_ROUNDS = 20_000_000;
const MEGABYTE = 2 ** 20;

/** CPU milliseconds of a fixed amount of integer arithmetic. */
function calibrationMs(): number {
  const once = (): number => {
    const startUs = cpuUs();
    let hash = 1;
    for (let i = 0; i < CALIBRATION_ROUNDS; i += 1) {
      hash = Math.imul(hash ^ i, 0x85ebca6b);
      hash ^= hash >>> 15;
    }
    return (cpuUs() - startUs) / 1000 + (hash & 0) * Number.EPSILON;
  };
  once();
  return median([once(), once(), once()]);
}

function limits(): Limits {
  const endMs = performance.now() + BUDGET_MS;
  return { ...DEFAULT_LIMITS, maxSteps: Infinity, expired: () => performance.now() > endMs };
}

function memoryInUse(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

class Measuring {
  readonly rows: CheckRow[] = [];
  readonly #unitMs = calibrationMs();
  readonly #progress: (what: string) => void;

  constructor(progress: (what: string) => void) {
    this.#progress = progress;
  }

  /** What took too long already is not tried again with more operations. */
  #isHopeless(what: string, algorithm: string, { ops, broken }: Shape): boolean {
    return this.rows.some(
      (row) =>
        row.what === what &&
        row.algorithm === algorithm &&
        row.broken === broken &&
        row.verdict === 'unknown' &&
        row.operations < ops,
    );
  }

  add(what: string, algorithm: string, shape: Shape, check: () => Outcome): void {
    if (this.#isHopeless(what, algorithm, shape)) return;
    this.#progress(`${what}, ${algorithm}, ${shape.ops} operations, ${shape.clients} clients`);
    collectGarbage();
    const before = memoryInUse();
    const times: number[] = [];
    let outcome: Outcome = { verdict: '', steps: 0 };
    // Short checks are repeated, because the first time the code is not compiled yet.
    for (let spentMs = 0, round = 0; round < 200 && (round < 1 || spentMs < 60); round += 1) {
      const startUs = cpuUs();
      outcome = check();
      const ms = (cpuUs() - startUs) / 1000;
      times.push(ms);
      spentMs += ms;
    }
    const ms = median(times.length > 3 ? times.slice(times.length >> 1) : times);
    const { ops, clients, broken } = shape;
    const { verdict, steps } = outcome;
    const megabytes = Math.max(0, memoryInUse() - before) / MEGABYTE / times.length;
    const ratio = ms / this.#unitMs;
    const counts = { operations: ops, clients, broken };
    this.rows.push({ what, algorithm, ...counts, verdict, ms, ratio, steps, megabytes });
  }

  linearizable<S, Op, Result>(
    what: string,
    model: Model<S, Op, Result>,
    history: History<Op, Result>,
    shape: Shape,
  ): void {
    const searched = { ...model, monitor: undefined };
    if (model.monitor?.(history) !== undefined) {
      this.add(what, 'monitor', shape, () => checkLinearizable(model, history, limits()));
    }
    this.add(what, 'search', shape, () => checkLinearizable(searched, history, limits()));
  }
}

function shapeOf(ops: number, clients: number, keys: number, broken: boolean): Shape {
  return { ops, clients, keys, lost: 0, broken, seed: `${ops}/${clients}` };
}

const SIZES = [
  [100, 3],
  [1_000, 10],
  [10_000, 10],
  [10_000, 100],
  [100_000, 30],
  [1_000_000, 100],
] as const;

function measureSizes(measuring: Measuring): void {
  for (const broken of [false, true]) {
    for (const [ops, clients] of SIZES) {
      const one = shapeOf(ops, clients, 1, broken);
      const unique = registerHistory(one, undefined);
      measuring.linearizable('register, unique values', registerModel(0), unique, one);
      const some = { ...one, lost: 0.01 };
      measuring.linearizable('queue, 1 % lost', queueModel, queueHistory(some), some);
      const keyed = shapeOf(ops, clients, Math.max(1, clients >> 1), broken);
      const few = registerHistory(keyed, 5);
      measuring.linearizable('registers, 5 values', registerModel(0), few, keyed);
      if (ops > 100_000) continue;
      const texts = shapeOf(ops, clients, 20, broken);
      measuring.linearizable('kv, 20 keys', kvModel, kvHistory(texts), texts);
      const tree = { ...shapeOf(ops, clients, 20, broken), lost: 0.01 };
      measureZnodes(measuring, tree);
    }
  }
}

function measureZnodes(measuring: Measuring, shape: Shape): void {
  const fresh = znodeHistory(shape, 0);
  const model = znodeModelOf(fresh);
  measuring.linearizable('znodes, 20 paths, 1 % lost', model, fresh, shape);
  const stale = znodeHistory(shape, 50);
  const verdict = znodeSubject(stale)({
    visit: (subject) => () =>
      checkSessions(subject.model, subject.history, subject.rules.session, limits()),
  });
  measuring.add('znodes, stale reads, 1 % lost', 'sessions', shape, verdict);
}

/** Of the reference: Porcupine on the same file, this class of machine. */
const PORCUPINE = [
  { file: 'c01-ok.txt', ms: 0.15, steps: 58 },
  { file: 'c10-ok.txt', ms: 0.88, steps: 1_127 },
  { file: 'etcd_002.log', ms: 244, steps: 1_177_310 },
] as const;
const FIXTURES = ['../test/linearizability/fixtures', '../../test/linearizability/fixtures'];

function measureKnown(measuring: Measuring): void {
  const folders = FIXTURES.map((path) => fileURLToPath(new URL(path, import.meta.url)));
  const folder = folders.find((path) => existsSync(path));
  if (folder === undefined) return;
  for (const { file } of PORCUPINE) {
    const text = readFileSync(join(folder, file), 'utf8');
    const parsed = parseHistory(text, 'auto');
    const history = parsed.ok ? parsed.histories[0] : undefined;
    if (history === undefined) continue;
    const shape = shapeOf(history.ops.length, 0, 0, false);
    const { subject } = chooseSubject(history, undefined, {
      initial: undefined,
      nilReads: undefined,
    });
    const check = subject<() => Outcome>({
      visit: (known) => () => checkLinearizable(known.model, known.history, limits()),
    });
    // Porcupine's figures leave reading the file out, so here it is apart.
    measuring.add(file, 'check alone', shape, check);
    measuring.add(file, 'reading alone', shape, () => {
      return { verdict: parseHistory(text, 'auto').ok ? 'read' : 'malformed', steps: 0 };
    });
  }
}

/** A history like Porcupine's c50, which is kept aside: 50 clients, 10 keys, 1,712 operations. */
function measureLikeC50(measuring: Measuring): void {
  for (const broken of [false, true]) {
    const shape = shapeOf(1_712, 50, 10, broken);
    const history = kvHistory(shape);
    measuring.linearizable('like c50', kvModel, history, shape);
    const plain = { ...kvModel, monitor: undefined, lookahead: undefined };
    measuring.add('like c50', 'search, no lookahead', shape, () =>
      checkLinearizable(plain, history, limits()),
    );
  }
}

/** Everything; `progress` is told what comes next. */
export function benchLinearizability(
  progress: (what: string) => void = () => undefined,
): CheckRow[] {
  const measuring = new Measuring(progress);
  measureKnown(measuring);
  measureLikeC50(measuring);
  measureSizes(measuring);
  return measuring.rows;
}

/** Exponents of growth: how time grows with the number of operations, from the smallest row on. */
function growth(rows: readonly CheckRow[]): string[][] {
  const groups = new Map<string, CheckRow[]>();
  for (const row of rows) {
    if (row.verdict === 'unknown' || row.operations < 1_000) continue;
    const name = `${row.what}, ${row.algorithm}${row.broken ? ', broken' : ''}`;
    groups.set(name, [...(groups.get(name) ?? []), row]);
  }
  return [...groups].flatMap(([name, group]) => {
    const first = group[0];
    const last = group.at(-1);
    if (first === undefined || last === undefined || last.operations === first.operations)
      return [];
    const exponent = Math.log(last.ms / first.ms) / Math.log(last.operations / first.operations);
    return [[name, `${first.operations} to ${last.operations}`, `n^${exponent.toFixed(2)}`]];
  });
}

/** The rows as text: all of them, Porcupine's figures beside ours, and how time grows. */
export function linearizabilityText(rows: readonly CheckRow[]): string {
  const cells = rows.map((row) => [
    row.what,
    row.algorithm,
    String(row.operations),
    String(row.clients),
    row.broken ? 'broken' : 'clean',
    row.verdict,
    row.ms.toFixed(2),
    row.ratio.toFixed(3),
    String(row.steps),
    row.megabytes.toFixed(1),
  ]);
  const head = ['history', 'by', 'ops', 'clients', '', 'verdict', 'ms', 'ratio', 'steps', 'MB'];
  const known = PORCUPINE.flatMap(({ file, ms, steps }) => {
    const ours = rows.find(({ what }) => what === file);
    if (ours === undefined) return [];
    const faster = `${(ms / ours.ms).toFixed(1)} times`;
    return [[file, `${ms} ms`, `${ours.ms.toFixed(2)} ms`, faster, `${steps}`, `${ours.steps}`]];
  });
  return [
    'Checking histories',
    ...table([head, ...cells], { right: [2, 3, 6, 7, 8, 9] }),
    '',
    'Porcupine (reference) and zabsim check, time and steps',
    ...table(known, { right: [1, 2, 3, 4, 5] }),
    '',
    'How time grows with the number of operations',
    ...table(growth(rows)),
  ].join('\n');
}
