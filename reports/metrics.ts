// What happened in each second of virtual time: operations and their latency, elections, messages,
// and how far each server has come. The rows of a table; charts and CSV are made of them.
import type { TraceRecord } from '../sim/trace/record.js';
import { isServer } from './format.js';

export interface ServerMetrics {
  readonly up: boolean;
  /** Transactions applied so far in this life, snapshots not counted. */
  readonly applied: number;
  /** Requests of clients answered in this second. */
  readonly answered: number;
  /** Behind the newest commit anywhere; transactions of the same epoch, or -1 across epochs. */
  readonly lag: number;
}

export interface MetricsRow {
  readonly second: number;
  readonly ok: number;
  readonly errors: number;
  readonly unknown: number;
  /** Of operations completed in this second; milliseconds, 0 if there were none. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  /** Servers that began to look for a leader. */
  readonly elections: number;
  readonly leaders: number;
  readonly delivered: number;
  readonly lost: number;
  readonly faults: number;
  readonly servers: readonly ServerMetrics[];
}

const SECOND_US = 1_000_000;
const CXID_SPAN = 2 ** 32;
const EPOCH_SPAN = 2 ** 32;

interface Tracked {
  up: boolean;
  role: string;
  applied: number;
  appliedZxid: number;
  answered: number;
}

/** The value below which the share `p` of the sorted `values` lies. */
function percentile(values: readonly number[], p: number): number {
  const index = Math.min(values.length - 1, Math.ceil(values.length * p) - 1);
  return values[Math.max(0, index)] ?? 0;
}

class Metrics {
  readonly #servers: ReadonlyMap<number, Tracked>;
  readonly #invokedUs = new Map<number, number>();
  #latencies: number[] = [];
  #counts = { ok: 0, errors: 0, unknown: 0, elections: 0, delivered: 0, lost: 0, faults: 0 };
  #newest = 0;

  constructor(servers: readonly number[]) {
    const born = (): Tracked => ({ up: false, role: '', applied: 0, appliedZxid: 0, answered: 0 });
    this.#servers = new Map(servers.map((sid) => [sid, born()]));
  }

  add(record: TraceRecord): void {
    const { kind, actor } = record;
    if (kind === 'invoked') this.#invokedUs.set(actor * CXID_SPAN + record.digest, record.atUs);
    else if (kind === 'completed') this.#completed(record);
    else if (kind === 'received') this.#counts.delivered += 1;
    else if (kind === 'lost') this.#counts.lost += 1;
    else if (kind === 'fault') this.#counts.faults += 1;
    const server = isServer(actor) ? this.#servers.get(actor) : undefined;
    if (server !== undefined) this.#ofServer(server, record);
  }

  #completed(record: TraceRecord): void {
    const key = record.actor * CXID_SPAN + record.digest;
    const invokedUs = this.#invokedUs.get(key);
    this.#invokedUs.delete(key);
    if (record.text === 'unknown') {
      this.#counts.unknown += 1;
      return;
    }
    if (record.text === 'ok') this.#counts.ok += 1;
    else this.#counts.errors += 1;
    if (invokedUs !== undefined) this.#latencies.push((record.atUs - invokedUs) / 1000);
  }

  #ofServer(server: Tracked, { kind, zxid, text }: TraceRecord): void {
    if (kind === 'applied') {
      server.applied += 1;
      server.appliedZxid = zxid;
    } else if (kind === 'replied') {
      server.answered += 1;
    } else if (kind === 'committed') {
      this.#newest = Math.max(this.#newest, zxid);
    } else if (kind === 'role') {
      server.role = text;
    } else if (kind === 'lookingAgain') {
      this.#counts.elections += 1;
    } else if (kind === 'boot') {
      server.up = true;
      server.applied = 0;
    } else if (kind === 'crash') {
      server.up = false;
      server.role = '';
    }
  }

  row(second: number): MetricsRow {
    const sorted = this.#latencies.sort((a, b) => a - b);
    const servers = [...this.#servers.values()];
    const row = {
      ...{ second, ...this.#counts },
      p50Ms: percentile(sorted, 0.5),
      p99Ms: percentile(sorted, 0.99),
      maxMs: sorted.at(-1) ?? 0,
      leaders: servers.filter(({ role }) => role.startsWith('leading')).length,
      servers: servers.map((server) => this.#serverRow(server)),
    };
    this.#latencies = [];
    const none = { ok: 0, errors: 0, unknown: 0, elections: 0, delivered: 0, lost: 0, faults: 0 };
    this.#counts = none;
    for (const server of servers) server.answered = 0;
    return row;
  }

  #serverRow({ up, applied, appliedZxid, answered }: Tracked): ServerMetrics {
    const sameEpoch =
      Math.floor(appliedZxid / EPOCH_SPAN) === Math.floor(this.#newest / EPOCH_SPAN);
    const lag = sameEpoch ? Math.max(0, this.#newest - appliedZxid) : -1;
    return { up, applied, answered, lag };
  }
}

/** One row for each second of virtual time, the last one perhaps begun only. */
export function* metricsOf(
  records: Iterable<TraceRecord>,
  servers: readonly number[],
): Generator<MetricsRow> {
  const metrics = new Metrics(servers);
  let second = 0;
  for (const record of records) {
    while (record.atUs >= (second + 1) * SECOND_US) {
      yield metrics.row(second);
      second += 1;
    }
    metrics.add(record);
  }
  yield metrics.row(second);
}
