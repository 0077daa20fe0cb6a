// What a page gets to know of each run it shows, besides the columns of its trace: the verdict, the
// scenario in full so that the page can make the run again, and the lines to paste. Plain data.
import type { PasteLines } from './failure.js';
import type { RunReport } from './run-report.js';
import type { TraceTexts } from './trace-bytes.js';

export interface PageRun {
  /** As the user named it: a file, or a scenario. */
  readonly label: string;
  readonly report: RunReport;
  /** Rare paths that the run took. */
  readonly marks: readonly string[];
  /** Profile and variants, as `safe + ack-before-fsync`. */
  readonly rules: string;
  readonly story: string;
  readonly lookFor: readonly string[];
  readonly servers: readonly number[];
  readonly observers: readonly number[];
  readonly clients: number;
  /** The scenario with everything resolved; undefined when the page can not make the run again. */
  readonly scenario: unknown;
  /** The same for people, as YAML. */
  readonly scenarioText: string;
  readonly untilUs: number | undefined;
  readonly paste: PasteLines;
  /** Version and platform. */
  readonly made: string;
  readonly trace: TraceTexts;
  /** Length of its columns, which follow each other after this text. */
  readonly bytes: number;
}

export interface PageData {
  readonly runs: readonly PageRun[];
}
