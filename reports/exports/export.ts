// A trace written for somebody else's tool: what every format gets to see. Each format is one
// function from this to lines.
import type { TraceRecord } from '../../sim/trace/record.js';

export interface ExportInput {
  /** Every record, in order: what is not selected may still matter (causes, roles, counts). */
  readonly records: readonly TraceRecord[];
  /** Asked for by --from, --to, --server, --kinds and --zxid. */
  readonly selected: (record: TraceRecord) => boolean;
  readonly servers: readonly number[];
  /** Actor numbers. */
  readonly clients: readonly number[];
  readonly title: string;
}

export type Exporter = (input: ExportInput) => Iterable<string>;
