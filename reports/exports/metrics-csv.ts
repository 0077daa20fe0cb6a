// The metrics of each virtual second as CSV, for a spreadsheet or a plot. [RFC4180]
import { serverName } from '../format.js';
import { metricsOf } from '../metrics.js';
import type { ExportInput } from './export.js';

const COLUMNS = [
  ...(['second', 'ok', 'errors', 'unknown', 'p50Ms', 'p99Ms', 'maxMs', 'elections'] as const),
  ...(['leaders', 'delivered', 'lost', 'faults'] as const),
];
const SERVER_COLUMNS = ['up', 'applied', 'answered', 'lag'] as const;

export function* metricsCsv({ records, selected, servers }: ExportInput): Generator<string> {
  const perServer = servers.flatMap((sid) =>
    SERVER_COLUMNS.map((name) => `${serverName(sid)} ${name}`),
  );
  yield [...COLUMNS, ...perServer].join(',');
  // Rows are of whole seconds: a selection decides which of them, not what they count.
  const chosen = new Set<number>();
  for (const record of records) if (selected(record)) chosen.add(Math.floor(record.atUs / 1e6));
  for (const row of metricsOf(records, servers)) {
    if (!chosen.has(row.second)) continue;
    const cells = row.servers.flatMap((server) =>
      SERVER_COLUMNS.map((name) => Number(server[name])),
    );
    yield [...COLUMNS.map((name) => row[name]), ...cells].join(',');
  }
}
