// What a campaign leaves behind: failing seeds as scenario files that `zabsim replay` takes and as
// pages to look at, sorted by what they look like, so that a failure that a hundred seeds share is
// told once. The first of a kind is explained with its whole trace.
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { failureBlock } from '../reports/failure.js';
import type { FuzzFinding } from '../reports/fuzz-findings.js';
import type { Painter } from '../reports/painter.js';
import { violationWords } from '../reports/violation-words.js';
import { DIED, shapeOf } from '../sim/campaign/shape.js';
import type { Failure } from '../sim/campaign/totals.js';
import { runScenario } from '../sim/run.js';
import type { RunOutcome } from '../sim/run.js';
import type { Scenario } from '../sim/scenario/scenario.js';
import { scenarioToYaml } from '../sim/scenario/writing.js';
import { shrinkScenario } from '../sim/shrink.js';
import { writeLines } from './files.js';
import { jobScenario } from './fuzz-seed.js';
import type { Recipe } from './fuzz-seed.js';
import { writeHtmlReport } from './html-report.js';
import { commandText } from './internal-error.js';
import { madeBy } from './package-info.js';
import { pasteLines } from './paste-lines.js';
import { Careful, shrinkBeside } from './shrunk-file.js';
import { saveTrace } from './trace-files.js';

/** Of a thousand failures, the first few of each checker are enough to work with. */
const SAVED_MAX = 20;
const SAVED_MAX_EACH = 8;

/** A name that is free, or already holds this very text: nothing is ever overwritten. */
export function freePath(folder: string, stem: string, text: string): string {
  for (let copy = 1; ; copy++) {
    const path = join(folder, `${stem}${copy === 1 ? '' : `-${copy}`}.yaml`);
    if (!existsSync(path) || readFileSync(path, 'utf8').trimEnd() === text) return path;
  }
}

function comments(outcome: RunOutcome, shape: string): string[] {
  const found = outcome.violations.map(({ checker, record }) => `${checker} at record ${record}`);
  const died = outcome.deaths.map(({ server, reason }) => `s${server} died: ${reason}`);
  return [
    '# Written by zabsim fuzz. Run it again with: zabsim replay THIS-FILE',
    ...[...found, ...died].slice(0, 5).map((line) => `# ${line}`),
    `# shape: ${shape}`,
    `# trace hash ${outcome.traceHash}`,
  ];
}

function stemOf({ seed, file }: Failure, scenario: Scenario): string {
  const variants = scenario.variants.map((variant) => `-${variant}`).join('');
  const base = file === '' ? `seed-${seed}` : `corpus-${basename(file, extname(file))}`;
  return `${base}${variants}`;
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

function firstChecker({ violations, deaths }: RunOutcome): string {
  const [violation] = violations;
  if (violation !== undefined) return violation.checker;
  return deaths.length > 0 ? DIED : 'expected-to-fail';
}

function wordsOf(outcome: RunOutcome): string {
  const [violation] = outcome.violations;
  const [death] = outcome.deaths;
  if (violation !== undefined) return violationWords(violation);
  if (death !== undefined) return `s${death.server} died: ${death.reason}`;
  return 'the scenario expects to fail, and did not';
}

/** A few of each checker, as they came. */
function chosen(failures: readonly Failure[]): Failure[] {
  const taken = new Map<string, number>();
  const kept = failures.filter(({ violated: [checker = DIED] }) => {
    const before = taken.get(checker) ?? 0;
    taken.set(checker, before + 1);
    return before < SAVED_MAX_EACH;
  });
  return kept.slice(0, SAVED_MAX);
}

/** Enough to tell failures apart; the one that is explained gets a thorough search. */
const QUICK = { runs: 300, events: 500_000 };

/** What the failure looks like without all that does not matter. */
function shapeOfFailure(scenario: Scenario, checker: string): string {
  const { run } = new Careful();
  const small = shrinkScenario(scenario, { ...QUICK, run })?.scenario ?? scenario;
  return shapeOf(small, { checker });
}

function saveOne(failure: Failure, recipe: Recipe, folder: string): FuzzFinding {
  const scenario = jobScenario({ ...failure, twice: false }, recipe);
  const { seed } = failure;
  const outcome = runScenario(scenario, { seed, level: 'full', checkers: 'all' });
  const checker = firstChecker(outcome);
  const shape = shapeOfFailure({ ...scenario, seed }, checker);
  const yaml = scenarioToYaml({ ...scenario, seed }).trimEnd();
  const text = [...comments(outcome, shape), yaml].join('\n');
  const path = freePath(folder, stemOf(failure, scenario), text);
  if (!existsSync(path)) writeLines(path, [text]);
  writeReport(path, { ...scenario, seed }, outcome);
  return {
    ...{ shape, checker, words: wordsOf(outcome), file: path },
    reproduce: commandText(['replay', path]),
    seeds: [seed],
  };
}

/** Saves failures, and puts those of one shape together: the first of them stands for all. */
export function saveFailures(
  failures: readonly Failure[],
  recipe: Recipe,
  folder: string,
): FuzzFinding[] {
  if (failures.length > 0) mkdirSync(folder, { recursive: true });
  const byShape = new Map<string, FuzzFinding>();
  for (const failure of chosen(failures)) {
    const found = saveOne(failure, recipe, folder);
    const known = byShape.get(found.shape);
    const seeds = [...(known?.seeds ?? []), ...found.seeds];
    byShape.set(found.shape, { ...(known ?? found), seeds });
  }
  return [...byShape.values()].sort((a, b) => b.seeds.length - a.seeds.length);
}

/** Runs the failure once more with its whole trace, saves that beside it, and explains. */
export function explainFailure(
  { file, seeds }: FuzzFinding,
  failures: readonly Failure[],
  recipe: Recipe,
  { paint, width }: { readonly paint: Painter; readonly width: number },
): string[] {
  const failure = failures.find(({ seed }) => seed === seeds[0]);
  if (failure === undefined) return [];
  const { seed } = failure;
  const scenario = jobScenario({ ...failure, twice: false }, recipe);
  const outcome = runScenario(scenario, { seed, level: 'full', checkers: 'all' });
  const trace = file.replace(/\.yaml$/, '.ndjson');
  saveTrace(trace, { outcome, scenario, untilUs: undefined });
  const paste = pasteLines({ again: ['replay', file], outcome, trace });
  const recordAt = (index: number) => outcome.recorder.at(index);
  const block = failureBlock({ report: outcome, paste, recordAt, made: madeBy(), paint, width });
  const page = `as a page:      ${reportPath(file)}`;
  return [...block, page, ...shrinkBeside(file, { ...scenario, seed })];
}
