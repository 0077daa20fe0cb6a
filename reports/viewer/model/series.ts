// Measurements over virtual time, read from the trace once: what clients got, how long it took, how
// far each server is behind, who answered how much, and when there was an election.
import type { TraceView } from './trace-view.js';
import { codeOf, kindSet } from './trace-view.js';

export interface Line {
  readonly name: string;
  /** For colours: a server, or -1. */
  readonly actor: number;
  /** One value a bucket; NaN where there is none. */
  readonly values: Float64Array;
}

export interface Chart {
  readonly id: string;
  readonly title: string;
  /** What one value means. */
  readonly unit: string;
  readonly lines: readonly Line[];
}

export interface Election {
  readonly fromUs: number;
  readonly toUs: number;
  /** 0 when nobody won. */
  readonly leader: number;
  readonly epoch: number;
  readonly record: number;
}

export interface Measures {
  readonly bucketUs: number;
  readonly buckets: number;
  readonly charts: readonly Chart[];
  readonly elections: readonly Election[];
}

interface Bucketing {
  readonly bucketUs: number;
  readonly buckets: number;
  readonly of: (us: number) => number;
}

/** The more there is to count, the finer. */
function bucketing(endUs: number, operations: number): Bucketing {
  const wanted = Math.min(160, Math.max(30, Math.round(operations / 6)));
  const bucketUs = Math.max(1, Math.ceil((endUs + 1) / wanted));
  const buckets = Math.max(1, Math.ceil((endUs + 1) / bucketUs));
  return { bucketUs, buckets, of: (us) => Math.min(buckets - 1, Math.floor(us / bucketUs)) };
}

function lineOf(name: string, buckets: number, actor = -1, fill = 0): Line {
  return { name, actor, values: new Float64Array(buckets).fill(fill) };
}

function add({ values }: Line, bucket: number, value: number): void {
  values[bucket] = (values[bucket] as number) + value;
}

function throughput(trace: TraceView, { of, buckets, bucketUs }: Bucketing): Chart {
  const lines = [lineOf('ok', buckets), lineOf('refused', buckets), lineOf('unknown', buckets)];
  for (const at of trace.ofKinds(['completed'])) {
    const outcome = trace.textOf(at);
    const line = lines[outcome === 'ok' ? 0 : outcome === 'error' ? 1 : 2];
    if (line !== undefined) add(line, of(trace.atUs(at)), 1e6 / bucketUs);
  }
  return { id: 'throughput', title: 'Operations', unit: 'per second', lines };
}

/** The value below which `share` of an ascending list lies. */
export function percentile(ascending: readonly number[], share: number): number {
  if (ascending.length === 0) return NaN;
  const at = Math.ceil(share * ascending.length) - 1;
  return ascending[Math.min(ascending.length - 1, Math.max(0, at))] as number;
}

function latency(trace: TraceView, { of, buckets }: Bucketing): Chart {
  const { actor, digest, value } = trace.columns;
  const begun = new Map<string, number>();
  const samples: number[][] = Array.from({ length: buckets }, () => []);
  const invoked = codeOf('invoked');
  for (const at of trace.ofKinds(['invoked', 'completed'])) {
    const key = `${actor[at] as number}/${value[at] as number}/${digest[at] as number}`;
    if (trace.columns.kind[at] === invoked) {
      begun.set(key, trace.atUs(at));
      continue;
    }
    const fromUs = begun.get(key);
    if (fromUs === undefined || trace.textOf(at) === 'unknown') continue;
    samples[of(trace.atUs(at))]?.push((trace.atUs(at) - fromUs) / 1000);
  }
  for (const list of samples) list.sort((a, b) => a - b);
  const lines = [
    ['p50', 0.5],
    ['p90', 0.9],
    ['p99', 0.99],
  ].map(([name, share]) => ({
    name: String(name),
    actor: -1,
    values: Float64Array.from(samples, (list) => percentile(list, Number(share))),
  }));
  return { id: 'latency', title: 'Latency of answered operations', unit: 'ms', lines };
}

const KNOWN_BY = kindSet(['applied', 'loaded', 'installed', 'fastForwarded']);
const LOGGED_BY = kindSet(['flushed', 'truncated', 'boot']);

/** Where the newest transaction is, and how far each server has come; by rank. */
class Progress {
  newestProposed = 0;
  newestCommitted = 0;
  readonly logged = new Map<number, number>();
  readonly known = new Map<number, number>();
  readonly #order = new Map<number, number>();

  read(trace: TraceView, at: number): void {
    const zxid = trace.columns.zxid[at] as number;
    const who = trace.columns.actor[at] as number;
    const code = trace.columns.kind[at] as number;
    if (code === PROPOSED) {
      if (!this.#order.has(zxid)) this.#order.set(zxid, this.#order.size + 1);
      this.newestProposed = this.#rank(zxid);
    } else if (code === COMMITTED) {
      this.newestCommitted = Math.max(this.newestCommitted, this.#rank(zxid));
    } else if (LOGGED_BY[code] === 1) {
      this.logged.set(who, this.#rank(zxid));
    } else if (KNOWN_BY[code] === 1) {
      this.known.set(who, this.#rank(zxid));
    } else {
      this.logged.delete(who);
      this.known.delete(who);
    }
  }

  #rank(zxid: number): number {
    return this.#order.get(zxid) ?? rankBelow(this.#order, zxid);
  }
}

const PROPOSED = codeOf('proposed');
const COMMITTED = codeOf('committed');

/** For each server how many transactions the newest one is ahead of its log, or of its memory. */
function lag(trace: TraceView, servers: readonly number[], { of, buckets }: Bucketing): Chart[] {
  const log = servers.map((sid) => lineOf(`s${sid}`, buckets, sid, NaN));
  const commit = servers.map((sid) => lineOf(`s${sid}`, buckets, sid, NaN));
  const progress = new Progress();
  const kinds = ['proposed', 'committed', 'flushed', 'applied', 'crash', 'truncated'] as const;
  for (const at of trace.ofKinds([...kinds, 'boot', 'loaded', 'installed', 'fastForwarded'])) {
    progress.read(trace, at);
    const bucket = of(trace.atUs(at));
    servers.forEach((sid, row) => {
      worst(log[row], bucket, progress.newestProposed, progress.logged.get(sid));
      worst(commit[row], bucket, progress.newestCommitted, progress.known.get(sid));
    });
  }
  for (const line of [...log, ...commit]) carry(line);
  return [
    { id: 'log-lag', title: 'Log lag', unit: 'transactions not yet on disk', lines: log },
    { id: 'commit-lag', title: 'Commit lag', unit: 'commits not yet applied', lines: commit },
  ];
}

/** An epoch's first zxid, or one from before the trace: as many as are below it. */
function rankBelow(order: ReadonlyMap<number, number>, zxid: number): number {
  let below = 0;
  for (const [one, rank] of order) if (one <= zxid && rank > below) below = rank;
  return below;
}

/** Where nothing was heard of a server, it is as far behind as it was. */
function carry({ values }: Line): void {
  for (let at = 1; at < values.length; at++) {
    if (Number.isNaN(values[at])) values[at] = values[at - 1] as number;
  }
}

function worst(line: Line | undefined, bucket: number, newest: number, own?: number): void {
  if (line === undefined || own === undefined) return;
  const before = line.values[bucket] as number;
  const behind = Math.max(0, newest - own);
  line.values[bucket] = Number.isNaN(before) ? behind : Math.max(before, behind);
}

function load(
  trace: TraceView,
  servers: readonly number[],
  { of, buckets, bucketUs }: Bucketing,
): Chart {
  const lines = servers.map((sid) => lineOf(`s${sid}`, buckets, sid));
  for (const at of trace.ofKinds(['replied'])) {
    const line = lines[servers.indexOf(trace.columns.actor[at] as number)];
    if (line !== undefined) add(line, of(trace.atUs(at)), 1e6 / bucketUs);
  }
  return { id: 'load', title: 'Requests answered, by server', unit: 'per second', lines };
}

/** From the first server that looks for a leader to the leader that serves. */
function electionsIn(trace: TraceView): Election[] {
  const found: Election[] = [];
  let sinceUs: number | undefined;
  for (const at of trace.ofKinds(['lookingAgain', 'left', 'activated', 'boot'])) {
    const kind = trace.kindOf(at);
    const atUs = trace.atUs(at);
    if (kind === 'activated') {
      const { actor, epoch } = trace.at(at);
      found.push({ fromUs: sinceUs ?? atUs, toUs: atUs, leader: actor, epoch, record: at });
      sinceUs = undefined;
    } else if (kind === 'left') {
      // Only who leads, or follows one that is gone, brings an election about.
      sinceUs ??= atUs;
    } else if (found.length === 0) {
      sinceUs ??= atUs;
    }
  }
  return found;
}

export function measure(trace: TraceView, servers: readonly number[]): Measures {
  const buckets = bucketing(trace.endUs, trace.ofKinds(['completed']).length);
  return {
    bucketUs: buckets.bucketUs,
    buckets: buckets.buckets,
    charts: [
      throughput(trace, buckets),
      latency(trace, buckets),
      ...lag(trace, servers, buckets),
      load(trace, servers, buckets),
    ],
    elections: electionsIn(trace),
  };
}
