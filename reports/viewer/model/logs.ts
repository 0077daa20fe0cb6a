// The transaction log of every server at any record, from what the trace says about logs:
// appended, cut, begun anew, and what a crash left. Entries are told apart by digest, so that two
// servers that hold different transactions under one zxid are seen to.
import type { TraceView } from './trace-view.js';

export interface LogEntry {
  readonly zxid: number;
  readonly digest: number;
}

export interface LogView {
  readonly server: number;
  readonly entries: readonly LogEntry[];
  /** Entries up to and with this zxid are behind a snapshot, or were never there. */
  readonly base: number;
  readonly durable: number;
  readonly applied: number;
  readonly up: boolean;
  readonly currentEpoch: number;
  readonly acceptedEpoch: number;
}

interface Draft {
  server: number;
  entries: LogEntry[];
  base: number;
  durable: number;
  applied: number;
  up: boolean;
  currentEpoch: number;
  acceptedEpoch: number;
}

/** What the log keeps of its entries: those up to a zxid. */
function cut(draft: Draft, zxid: number): void {
  while (draft.entries.length > 0 && (draft.entries.at(-1)?.zxid ?? 0) > zxid) draft.entries.pop();
}

type Reading = (draft: Draft, trace: TraceView, at: number) => void;

const process: Reading = (draft, trace, at) => {
  const { zxid, epoch, digest } = trace.columns;
  const last = zxid[at] as number;
  draft.up = trace.kindOf(at) === 'boot';
  draft.currentEpoch = epoch[at] as number;
  draft.acceptedEpoch = digest[at] as number;
  cut(draft, last);
  if (last === 0) draft.base = 0;
  draft.durable = last;
  draft.applied = 0;
};

const applied: Reading = (draft, trace, at) => {
  draft.applied = trace.columns.zxid[at] as number;
};

const READINGS: Readonly<Record<string, Reading>> = {
  boot: process,
  crash: process,
  epochFile: (draft, trace, at) => {
    const epoch = trace.columns.epoch[at] as number;
    if (trace.textOf(at) === 'accepted') draft.acceptedEpoch = epoch;
    else draft.currentEpoch = epoch;
  },
  appended: (draft, trace, at) => {
    const zxid = trace.columns.zxid[at] as number;
    draft.entries.push({ zxid, digest: trace.columns.digest[at] as number });
  },
  flushed: (draft, trace, at) => {
    draft.durable = trace.columns.zxid[at] as number;
  },
  truncated: (draft, trace, at) => {
    const zxid = trace.columns.zxid[at] as number;
    if (trace.textOf(at) === 'reset') {
      draft.entries = [];
      draft.base = zxid;
    } else {
      cut(draft, zxid);
    }
    draft.durable = Math.min(draft.durable, zxid);
  },
  applied,
  loaded: applied,
  fastForwarded: applied,
  installed: applied,
};

const KINDS = [
  ...(['boot', 'crash', 'epochFile', 'appended', 'flushed', 'truncated'] as const),
  ...(['applied', 'loaded', 'fastForwarded', 'installed'] as const),
];

export class Logs {
  readonly #trace: TraceView;
  readonly #servers: readonly number[];
  /** Records that change a log, ascending. */
  readonly #changes: readonly number[];

  constructor(trace: TraceView, servers: readonly number[]) {
    this.#trace = trace;
    this.#servers = servers;
    this.#changes = trace
      .ofKinds(KINDS)
      .filter((at) => servers.includes(trace.columns.actor[at] as number));
  }

  /** Of every server, after the record. */
  at(record: number): LogView[] {
    const drafts = new Map<number, Draft>(
      this.#servers.map((server) => [
        server,
        {
          ...{ server, entries: [], base: 0, durable: 0, applied: 0 },
          ...{ up: false, currentEpoch: 0, acceptedEpoch: 0 },
        },
      ]),
    );
    for (const at of this.#changes) {
      if (at > record) break;
      const draft = drafts.get(this.#trace.columns.actor[at] as number);
      if (draft !== undefined) READINGS[this.#trace.kindOf(at)]?.(draft, this.#trace, at);
    }
    return [...drafts.values()];
  }
}

export interface Strip {
  /** Zxids of the columns, ascending; those before are left out. */
  readonly zxids: readonly number[];
  readonly rows: readonly StripRow[];
  /** Where two logs first hold different transactions, or one lacks what a longer one has. */
  readonly diverges: number | undefined;
}

export type Cell = 'absent' | 'behind' | 'buffered' | 'durable' | 'applied' | 'other' | 'removed';

export interface StripRow {
  readonly log: LogView;
  readonly cells: readonly Cell[];
}

/** For each zxid the digest that most logs have. */
export function majority(logs: readonly LogView[]): Map<number, number> {
  const votes = new Map<number, Map<number, number>>();
  for (const { entries } of logs) {
    for (const { zxid, digest } of entries) {
      const counts = votes.get(zxid) ?? new Map<number, number>();
      votes.set(zxid, counts);
      counts.set(digest, (counts.get(digest) ?? 0) + 1);
    }
  }
  const usual = new Map<number, number>();
  for (const [zxid, counts] of votes) {
    const [best] = [...counts].sort((a, b) => b[1] - a[1]);
    if (best !== undefined) usual.set(zxid, best[0]);
  }
  return usual;
}

function cellOf(log: LogView, zxid: number, digest: number | undefined, usual: number): Cell {
  if (digest === undefined) return zxid <= log.base ? 'behind' : 'absent';
  if (digest !== usual) return 'other';
  if (zxid <= log.applied) return 'applied';
  return zxid <= log.durable ? 'durable' : 'buffered';
}

export interface StripInput {
  readonly logs: readonly LogView[];
  /** The same before the event: what it has removed is shown as removed. */
  readonly before: readonly LogView[];
  readonly room: number;
  /** A transaction that must be among the columns; else the newest are. */
  readonly focus: number | undefined;
}

/** `room` columns of all logs side by side. */
export function stripOf({ logs, before, room, focus }: StripInput): Strip {
  const usual = majority([...logs, ...before]);
  const all = [...usual.keys()].sort((a, b) => a - b);
  const diverges = firstDifference(logs, all, usual);
  const about = focus === undefined ? all.length : all.findIndex((zxid) => zxid >= focus);
  const last = Math.min(
    all.length,
    Math.max(room, (about < 0 ? all.length : about) + Math.floor(room / 3)),
  );
  const zxids = all.slice(Math.max(0, last - room), last);
  const rows = logs.map((log, row) => {
    const digests = new Map(log.entries.map(({ zxid, digest }) => [zxid, digest]));
    const had = new Set(before[row]?.entries.map(({ zxid }) => zxid));
    const cells = zxids.map((zxid) => {
      const cell = cellOf(log, zxid, digests.get(zxid), usual.get(zxid) ?? 0);
      return cell === 'absent' && had.has(zxid) ? 'removed' : cell;
    });
    return { log, cells };
  });
  return { zxids, rows, diverges };
}

/** The first zxid that one log has otherwise, or lacks although it goes on behind it. */
export function firstDifference(
  logs: readonly LogView[],
  all: readonly number[],
  usual: ReadonlyMap<number, number>,
): number | undefined {
  const maps = logs.map((log) => new Map(log.entries.map(({ zxid, digest }) => [zxid, digest])));
  return all.find((zxid) =>
    logs.some((log, row) => {
      const digest = maps[row]?.get(zxid);
      if (digest !== undefined) return digest !== usual.get(zxid);
      return zxid > log.base && zxid < (log.entries.at(-1)?.zxid ?? 0);
    }),
  );
}
