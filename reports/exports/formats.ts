// The formats that a trace can be written in, by name, in the order in which help lists them.
import type { Exporter } from './export.js';
import { jepsenEdn, porcupineKv, zabsimHistory } from './histories.js';
import { itf } from './itf.js';
import { mermaid } from './mermaid.js';
import { metricsCsv } from './metrics-csv.js';
import { perfetto } from './perfetto.js';
import { plantuml } from './plantuml.js';
import { shiviz } from './shiviz.js';

export const EXPORTS = {
  mermaid,
  plantuml,
  perfetto,
  shiviz,
  itf,
  history: zabsimHistory,
  'jepsen-edn': jepsenEdn,
  'porcupine-kv': porcupineKv,
  csv: metricsCsv,
} as const satisfies Record<string, Exporter>;

export type ExportFormat = keyof typeof EXPORTS;

export const EXPORT_FORMATS = Object.keys(EXPORTS) as ExportFormat[];
