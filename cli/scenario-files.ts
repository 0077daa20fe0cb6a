// Finding scenarios: by the name of a packaged one (`broadcast/leader-crash`, a file below
// scenarios/) or by the path of any file.
import { existsSync, readdirSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import { compareCodeUnits } from '../base/order.js';
import { parseScenario } from '../sim/scenario.js';
import { formatProblem } from '../sim/scenario/problem.js';
import type { Scenario } from '../sim/scenario/scenario.js';
import { didYouMean } from './did-you-mean.js';
import { readText } from './files.js';
import { SCENARIOS_FOLDER } from './package-info.js';
import { UsageError } from './usage-error.js';

export const DEFAULT_SCENARIO = 'broadcast/leader-crash';

/** Names of the packaged scenarios, sorted. */
export function scenarioNames(): string[] {
  if (!existsSync(SCENARIOS_FOLDER)) return [];
  return readdirSync(SCENARIOS_FOLDER, { recursive: true, encoding: 'utf8' })
    .filter((path) => extname(path) === '.yaml')
    .map((path) => path.slice(0, -'.yaml'.length).split(sep).join('/'))
    .sort(compareCodeUnits);
}

function packagedPath(name: string): string {
  return `${join(SCENARIOS_FOLDER, ...name.split('/'))}.yaml`;
}

/** The file that is meant by a name or a path. */
function scenarioPath(nameOrPath: string): string {
  const names = scenarioNames();
  const name = nameOrPath.replace(/^scenarios\//, '').replace(/\.yaml$/, '');
  if (names.includes(nameOrPath)) return packagedPath(nameOrPath);
  if (existsSync(nameOrPath)) return nameOrPath;
  if (names.includes(name)) return packagedPath(name);
  const looksLikePath = extname(nameOrPath) !== '' || nameOrPath.startsWith('.');
  const hint = didYouMean(name, names) ?? '`zabsim list scenarios` shows all names';
  const expected = looksLikePath
    ? `${nameOrPath}: there is no such file, and no packaged scenario ${name}`
    : `${nameOrPath}: expected the name of a packaged scenario or a file`;
  throw new UsageError(expected, hint);
}

/** As a user would name it on a command line. */
export function spokenName(path: string): string {
  const inside = relative(SCENARIOS_FOLDER, path);
  if (!inside.startsWith('..') && extname(inside) === '.yaml') {
    return inside.slice(0, -'.yaml'.length).split(sep).join('/');
  }
  return path;
}

/** A scenario from the text of a file; all that is wrong with it, one line each, is one error. */
export function scenarioFrom(text: string, path: string): Scenario {
  const parsed = parseScenario(text, path);
  if (parsed.ok !== undefined) return parsed.ok;
  const [first = '', ...others] = parsed.problems.map(formatProblem);
  throw new UsageError([first, ...others.map((line) => `        ${line}`)].join('\n'));
}

export function loadScenario(nameOrPath: string): { scenario: Scenario; path: string } {
  const path = scenarioPath(nameOrPath);
  return { scenario: scenarioFrom(readText(path), path), path };
}
