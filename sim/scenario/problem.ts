// A user's mistake in a scenario file: where it is, what was found there and what was expected
// instead. Data; `formatProblem` makes one line of it.
import type { Path } from './source.js';

export interface Problem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Dotted: `cluster.timing.tick`. */
  readonly path: string;
  readonly found: string;
  readonly expected: string;
  /** What to do about it, if that is easy to guess; otherwise empty. */
  readonly hint: string;
}

export function formatProblem(problem: Problem): string {
  const { file, line, column, path, found, expected, hint } = problem;
  const where = path === '' ? '' : ` ${path}:`;
  const advice = hint === '' ? '' : ` (${hint})`;
  return `${file}:${line}:${column}:${where} found ${found}, expected ${expected}${advice}`;
}

export function pathText(path: Path): string {
  return path
    .map((step, index) => {
      if (typeof step === 'number') return `[${step}]`;
      return `${index === 0 ? '' : '.'}${String(step)}`;
    })
    .join('');
}

const FOUND_MAX = 60;

export function foundText(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'nothing (null)';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : `a list`;
  if (typeof value === 'object') return 'a map';
  const text = JSON.stringify(value);
  return text.length <= FOUND_MAX ? text : `${text.slice(0, FOUND_MAX)}..."`;
}

/** The candidate closest to what was written, if it is close enough to be meant. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.max(2, Math.floor(word.length / 3)) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** Insertions, deletions and replacements from one word to another. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
