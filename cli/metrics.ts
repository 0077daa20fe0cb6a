// `zabsim run --watch-metrics`: the values of every server over virtual time, printed as the run
// goes or kept for its JSON.
import type { MetricsView } from '../reports/metrics-table.js';
import { METRICS_VIEWS, metricsTable } from '../reports/metrics-table.js';
import type { Painter } from '../reports/painter.js';
import type { Monitoring, Sample } from '../sim/monitoring/monitor.js';
import type { Scenario } from '../sim/scenario/scenario.js';
import { timeArgument } from './arguments.js';
import { print } from './terminal.js';
import { UsageError } from './usage-error.js';

export const METRICS_FLAGS = {
  'watch-metrics': {
    choices: METRICS_VIEWS,
    type: 'string',
    coerce: (word: string): string => (word === '' ? 'mntr' : word),
    describe: 'Print what every server would say about itself, again and again (alone: mntr)',
  },
  every: {
    type: 'string',
    requiresArg: true,
    describe: 'How often, in virtual time (with --watch-metrics; default 1s)',
  },
} as const;

export interface MetricsArguments {
  readonly 'watch-metrics': MetricsView | undefined;
  readonly every: string | undefined;
  readonly json: boolean;
}

export interface Metrics {
  readonly monitoring: Monitoring;
  /** What was seen; with --json only. */
  readonly samples: readonly Sample[];
}

/** Undefined: nobody asked for metrics. */
export function metricsFor(args: MetricsArguments, paint: Painter): Metrics | undefined {
  const view = args['watch-metrics'];
  if (view === undefined) {
    if (args.every === undefined) return undefined;
    throw new UsageError('--every: expected together with --watch-metrics');
  }
  const everyUs = timeArgument('every', args.every ?? '1s');
  if (everyUs === 0) throw new UsageError('--every 0: expected a length of time, like 1s');
  const samples: Sample[] = [];
  const onSample = (sample: Sample): void => {
    if (args.json) samples.push(sample);
    else for (const line of metricsTable(sample, view, paint)) print(line);
  };
  return { monitoring: { fromUs: everyUs, everyUs, onSample }, samples };
}

export function refuseUnknownServer(sid: number, { cluster }: Scenario): void {
  const servers: readonly number[] = [...cluster.voters, ...cluster.observers];
  if (servers.includes(sid)) return;
  throw new UsageError(`--server ${sid}: expected one of ${servers.join(', ')}`);
}
