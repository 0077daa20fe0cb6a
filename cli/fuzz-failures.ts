// What a fuzz run leaves behind: each failing seed as a scenario file that `zabsim replay` takes
// and as a page to look at, the first one with its trace, and an explanation of it on the screen.
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { failureBlock } from '../reports/failure.js';
import type { Painter } from '../reports/painter.js';
import { runScenario } from '../sim/run.js';
import type { RunOutcome } from '../sim/run.js';
import type { Scenario } from '../sim/scenario/scenario.js';
import { scenarioToYaml } from '../sim/scenario/writing.js';
import { writeLines } from './files.js';
import { fuzzScenario } from './fuzz-seed.js';
import { writeHtmlReport } from './html-report.js';
import type { RulesArguments } from './options.js';
import { madeBy } from './package-info.js';
import { pasteLines } from './paste-lines.js';
import { print } from './terminal.js';
import { saveTrace } from './trace-files.js';

/** Of a thousand failures, the first few are enough to work with. */
const SAVED_MAX = 20;

export interface SavedFailure {
  readonly seed: string;
  readonly file: string;
}

/** A name that is free, or already holds this very text: nothing is ever overwritten. */
function freePath(folder: string, stem: string, text: string): string {
  for (let copy = 1; ; copy++) {
    const path = join(folder, `${stem}${copy === 1 ? '' : `-${copy}`}.yaml`);
    if (!existsSync(path) || readFileSync(path, 'utf8').trimEnd() === text) return path;
  }
}

function comments(outcome: RunOutcome): string[] {
  const found = outcome.violations.map(({ checker, record }) => `${checker} at record ${record}`);
  const died = outcome.deaths.map(({ server, reason }) => `s${server} died: ${reason}`);
  return [
    '# Written by zabsim fuzz. Run it again with: zabsim replay THIS-FILE',
    ...[...found, ...died].slice(0, 5).map((line) => `# ${line}`),
    `# trace hash ${outcome.traceHash}`,
  ];
}

function save(scenario: Scenario, outcome: RunOutcome, folder: string): string {
  const text = [...comments(outcome), scenarioToYaml(scenario).trimEnd()].join('\n');
  const variants = scenario.variants.map((variant) => `-${variant}`).join('');
  const path = freePath(folder, `seed-${outcome.seed}${variants}`, text);
  if (!existsSync(path)) writeLines(path, [text]);
  return path;
}

function reportPath(file: string): string {
  return file.replace(/\.yaml$/, '.html');
}

/** Beside the scenario, the failure as a page. */
function writeReport(file: string, scenario: Scenario, outcome: RunOutcome): void {
  const paste = pasteLines({ again: ['replay', file], outcome, trace: undefined });
  const run = { label: file, scenario, outcome, untilUs: undefined, paste };
  writeHtmlReport(reportPath(file), [run]);
}

export function saveFailures(
  seeds: readonly string[],
  rules: RulesArguments,
  folder: string,
): SavedFailure[] {
  if (seeds.length > 0) mkdirSync(folder, { recursive: true });
  return seeds.slice(0, SAVED_MAX).map((seed) => {
    const scenario = fuzzScenario(seed, rules);
    const outcome = runScenario(scenario, { seed, level: 'full', checkers: 'all' });
    const file = save(scenario, outcome, folder);
    writeReport(file, scenario, outcome);
    return { seed, file };
  });
}

/** Runs the failure once more with its whole trace, saves that beside it, and explains. */
export function explainFailure(
  { seed, file }: SavedFailure,
  rules: RulesArguments,
  { paint, width }: { readonly paint: Painter; readonly width: number },
): void {
  const scenario = fuzzScenario(seed, rules);
  const outcome = runScenario(scenario, { seed, level: 'full', checkers: 'all' });
  const trace = file.replace(/\.yaml$/, '.ndjson');
  saveTrace(trace, { outcome, scenario, untilUs: undefined });
  const paste = pasteLines({ again: ['replay', file], outcome, trace });
  const recordAt = (index: number) => outcome.recorder.at(index);
  const input = { report: outcome, paste, recordAt, made: madeBy(), paint, width };
  print();
  for (const line of failureBlock(input)) print(line);
  print(`as a page:      ${reportPath(file)}`);
}
