// The main values of every server over virtual time: a compact table for each sample, the columns
// by the command that shows them.
import type { Sample } from '../sim/monitoring/monitor.js';
import type { ServerValues } from '../sim/monitoring/server-values.js';
import { formatZxid } from '../protocol/ids.js';
import type { Zxid } from '../protocol/ids.js';
import { clock, serverName } from './format.js';
import type { Painter } from './painter.js';
import { table } from './table.js';

type Column = readonly [name: string, value: (values: ServerValues) => string | number];

function state({ up, mode, role }: ServerValues): string {
  return up ? (mode ?? role) : 'down';
}

function average({ traffic: { totalUs, answers } }: ServerValues): string {
  return answers === 0 ? '-' : (totalUs / answers / 1000).toFixed(1);
}

const STATE: Column = ['state', state];
const ZXID: Column = ['zxid', ({ zxid }) => formatZxid(zxid as Zxid)];
const CONNECTIONS: Column = ['conns', ({ connections }) => connections.length];
const TRAFFIC: readonly Column[] = [
  ['recv', ({ traffic }) => traffic.received],
  ['sent', ({ traffic }) => traffic.sent],
  ['avg ms', average],
  ['max ms', ({ traffic }) => (traffic.maxUs / 1000).toFixed(1)],
];
const OUTSTANDING: Column = ['outst', ({ outstanding }) => outstanding];
const ZNODES: Column = ['znodes', ({ znodes }) => znodes];

const COLUMNS = {
  mntr: [
    ...[STATE, ZXID, CONNECTIONS, ...TRAFFIC, OUTSTANDING, ZNODES],
    ['ephem', ({ ephemerals }) => ephemerals],
    ['watches', ({ watches }) => watches.total],
    ['sessions', ({ globalSessions }) => globalSessions],
    ['synced', ({ leader }) => leader?.syncedFollowers ?? '-'],
  ],
  srvr: [STATE, ZXID, ...TRAFFIC, CONNECTIONS, OUTSTANDING, ZNODES],
  wchs: [
    ...[STATE, ZXID],
    ['watching', ({ watches }) => watches.connections],
    ['paths', ({ watches }) => watches.paths],
    ['watches', ({ watches }) => watches.total],
  ],
} as const satisfies Record<string, readonly Column[]>;

/** So that samples stand under one another. */
const TIME_WIDTH = 9;

export type MetricsView = keyof typeof COLUMNS;
export const METRICS_VIEWS = Object.keys(COLUMNS) as readonly MetricsView[];

export function metricsTable(
  { atUs, servers }: Sample,
  view: MetricsView,
  paint: Painter,
): string[] {
  const columns: readonly Column[] = COLUMNS[view];
  const head = [clock(atUs).padStart(TIME_WIDTH), ...columns.map(([name]) => name)];
  const rows = servers.map((values) => [
    serverName(values.sid),
    ...columns.map(([, value]) => (values.up ? String(value(values)) : '-')),
  ]);
  servers.forEach((values, index) => {
    if (!values.up) rows[index]?.splice(1, 1, 'down');
  });
  const right = columns.map((_, index) => index + 1).filter((index) => index > 1);
  const [first = '', ...rest] = table([head, ...rows], { right });
  return [paint('dim', first), ...rest];
}
