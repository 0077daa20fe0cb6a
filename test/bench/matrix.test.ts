// The page of checkers and variants: it names all there are, and explains each checker that could
// be spared. What it counts is measured by `npm run matrix`.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { measureRow, renderMatrix } from '../../bench/matrix.js';
import { VARIANTS } from '../../protocol/variants/registry.js';
import { CHECKERS } from '../../sim/checkers/registry.js';

const PAGE = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'matrix.md'), 'utf8');

function firstCells(page: string): readonly string[] {
  return [...page.matchAll(/^\| `([^`]+)` \|/gm)].map(([, id]) => id ?? '');
}

describe('docs/matrix.md', () => {
  it('has a row for every variant and every checker (npm run matrix writes it)', () => {
    const ids = [...VARIANTS, ...CHECKERS].map(({ id }) => id);
    expect(firstCells(PAGE)).toEqual(ids);
  });

  it('explains every checker that is never first and never alone', () => {
    expect(PAGE).not.toContain('NOT EXPLAINED');
  });

  it('says which variants were not caught', () => {
    for (const { id, control } of VARIANTS) {
      const row = PAGE.split('\n').find((line) => line.startsWith(`| \`${id}\` |`));
      const caught = !/\| 0 of \d+ \|/.test(row ?? '');
      if (control !== undefined) expect(caught, id).toBe(false);
    }
  });
});

describe('a row of the matrix', () => {
  it('counts who fails, who is first and who is alone', () => {
    const minority = VARIANTS.find(({ id }) => id === 'commit-by-minority');
    if (minority === undefined) throw new Error('no such variant');
    const row = measureRow(minority, 3, 3);
    expect(row.caught).toBeGreaterThan(0);
    const finds = row.finders.get('chosen-by-quorum');
    expect(finds?.failed).toBeGreaterThan(0);
    expect(finds?.first).toBeGreaterThan(0);
    expect(renderMatrix([row])).toContain('| `commit-by-minority` | mutation |');
  });
});
