// Reports as HTML: runs and traces are put, deflated, into the built page. The page is text to us;
// what it does with the data is its own business.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { deflateRawSync } from 'node:zlib';
import { verdictBlock } from '../reports/summary.js';
import { htmlPage } from '../reports/html.js';
import { PLAIN } from '../reports/painter.js';
import type { PasteLines } from '../reports/failure.js';
import type { PageData, PageRun } from '../reports/report-data.js';
import { encodeTrace } from '../reports/trace-bytes.js';
import { violationWords } from '../reports/violation-words.js';
import type { RunOutcome } from '../sim/run.js';
import type { Scenario } from '../sim/scenario/scenario.js';
import { scenarioToYaml } from '../sim/scenario/writing.js';
import { writeLines } from './files.js';
import { madeBy, pagePath } from './package-info.js';
import { serversOf } from './run-view.js';
import { UsageError } from './usage-error.js';

/** One run, as a report shows it. */
export interface ReportedRun {
  /** As the user named it. */
  readonly label: string;
  readonly scenario: Scenario;
  /** With its whole trace. */
  readonly outcome: RunOutcome;
  readonly untilUs: number | undefined;
  readonly paste: PasteLines;
}

interface PackedRun {
  readonly about: PageRun;
  readonly bytes: Uint8Array;
}

function pack({ label, scenario, outcome, untilUs, paste }: ReportedRun): PackedRun {
  const { recorder, marks, ...told } = outcome;
  const report = { ...told, recording: undefined };
  const { bytes, texts } = encodeTrace(() => recorder.records());
  const about = {
    ...{ label, report, marks: [...marks.keys()], scenario, untilUs, paste },
    rules: [scenario.profile, ...scenario.variants].join(' + '),
    ...{ story: scenario.story, lookFor: scenario.lookFor },
    ...{ servers: serversOf(scenario), observers: scenario.cluster.observers },
    clients: scenario.clients.length,
    scenarioText: scenarioToYaml(scenario),
    made: madeBy(),
    trace: texts,
    bytes: bytes.length,
  };
  return { about, bytes };
}

/** A length, a JSON text, the columns of each trace; deflated, as text. */
function payloadOf(packed: readonly PackedRun[]): string {
  const data: PageData = { runs: packed.map(({ about }) => about) };
  const json = Buffer.from(JSON.stringify(data));
  const head = Buffer.alloc(4);
  head.writeUInt32LE(json.length);
  const all = Buffer.concat([head, json, ...packed.map(({ bytes }) => bytes)]);
  return deflateRawSync(all, { level: 9 }).toString('base64');
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('base64');
}

function pagePart(name: string): string {
  const path = pagePath(name);
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw new UsageError(`${path}: the page is not built`, 'build it with `npm run prepare`');
  }
}

function summaryOf({ outcome }: ReportedRun): string[] {
  const words = outcome.violations
    .slice(0, 5)
    .map((one) => `${one.checker}: ${violationWords(one)}`);
  return [...verdictBlock(outcome, PLAIN), ...words, ''];
}

/** The text of the whole file. */
function htmlReport(runs: readonly ReportedRun[]): string {
  const script = pagePart('page.js');
  const style = pagePart('style.css');
  const names = runs.map(({ outcome }) => `${outcome.scenario}, seed ${outcome.seed}`);
  return htmlPage({
    ...{ script, style, scriptHash: hashOf(script), styleHash: hashOf(style) },
    title: `${names.join(' and ')}: zabsim`,
    payload: payloadOf(runs.map(pack)),
    summary: runs.flatMap(summaryOf),
  });
}

export function writeHtmlReport(path: string, runs: readonly ReportedRun[]): void {
  writeLines(path, [htmlReport(runs)]);
}
