// Counters of one server, counted from the trace; named as ZooKeeper's `mntr` names them, where it
// has them.
import type { TraceView } from './trace-view.js';
import { codeOf } from './trace-view.js';
import { percentile } from './series.js';

export interface Counter {
  readonly name: string;
  readonly text: string;
}

interface Counts {
  received: number;
  sent: number;
  replies: number;
  proposals: number;
  commits: number;
  appended: number;
  fsyncs: number;
  elections: number;
  snapshots: number;
  dials: number;
}

function zero(): Counts {
  return {
    ...{ received: 0, sent: 0, replies: 0, proposals: 0, commits: 0 },
    ...{ appended: 0, fsyncs: 0, elections: 0, snapshots: 0, dials: 0 },
  };
}

const COUNTED = [
  ['replied', 'replies'],
  ['proposed', 'proposals'],
  ['committed', 'commits'],
  ['appended', 'appended'],
  ['flushed', 'fsyncs'],
  ['elected', 'elections'],
  ['snapshot', 'snapshots'],
  ['dialFailed', 'dials'],
] as const;

/** From the wish to make durable to its end: appended to flushed, milliseconds. */
function fsyncTimes(trace: TraceView, sid: number): number[] {
  const { actor, kind, atUs } = trace.columns;
  const [appended, flushed] = [codeOf('appended'), codeOf('flushed')];
  const times: number[] = [];
  let sinceUs = -1;
  for (let at = 0; at < trace.length; at++) {
    if (actor[at] !== sid) continue;
    if (kind[at] === appended && sinceUs < 0) sinceUs = atUs[at] as number;
    else if (kind[at] === flushed && sinceUs >= 0) {
      times.push(((atUs[at] as number) - sinceUs) / 1000);
      sinceUs = -1;
    }
  }
  return times.sort((a, b) => a - b);
}

function ms(value: number): string {
  return Number.isNaN(value) ? '–' : value.toFixed(1);
}

export function monitorOf(trace: TraceView, sid: number): Counter[] {
  const { actor, kind, peer } = trace.columns;
  const counts = zero();
  const names = new Map<number, keyof Counts>(COUNTED.map(([name, key]) => [codeOf(name), key]));
  const received = codeOf('received');
  for (let at = 0; at < trace.length; at++) {
    const code = kind[at] as number;
    if (code === received && peer[at] === sid) counts.sent += 1;
    if (actor[at] !== sid) continue;
    if (code === received) counts.received += 1;
    const key = names.get(code);
    if (key !== undefined) counts[key] += 1;
  }
  const times = fsyncTimes(trace, sid);
  return [
    { name: 'zk_packets_received', text: String(counts.received) },
    { name: 'zk_packets_sent', text: String(counts.sent) },
    { name: 'requests_answered', text: String(counts.replies) },
    { name: 'zk_proposal_count', text: String(counts.proposals) },
    { name: 'zk_commit_count', text: String(counts.commits) },
    { name: 'transactions_appended', text: String(counts.appended) },
    { name: 'fsyncs', text: String(counts.fsyncs) },
    { name: 'zk_p50_fsynctime', text: ms(percentile(times, 0.5)) },
    { name: 'zk_p99_fsynctime', text: ms(percentile(times, 0.99)) },
    { name: 'snapshots_written', text: String(counts.snapshots) },
    { name: 'elections_decided', text: String(counts.elections) },
    { name: 'dials_failed', text: String(counts.dials) },
  ];
}
