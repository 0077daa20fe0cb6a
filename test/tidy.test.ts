// House rules about text that no linter knows: headers, widths, sizes, names, citations, words.
// Every finding names its file, so that one run shows all there is to mend.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

interface Source {
  readonly path: string;
  readonly text: string;
  readonly lines: readonly string[];
}

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const ROOMS = ['base', 'protocol', 'sim', 'cli', 'reports', 'bench'];

function sourcesIn(folder: string): Source[] {
  if (!existsSync(join(ROOT, folder))) return [];
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .sort((a, b) => (a < b ? -1 : 1))
    .map((name) => {
      const path = join(folder, name);
      const text = readFileSync(join(ROOT, path), 'utf8');
      return { path, text, lines: text.replace(/\n$/, '').split('\n') };
    });
}

const sources = ROOMS.flatMap(sourcesIn);
const withTests = [...sources, ...sourcesIn('test')];

/** `path:line` of every line that `offends`. */
function linesWhere(files: readonly Source[], offends: (line: string) => boolean): string[] {
  return files.flatMap(({ path, lines }) =>
    lines.flatMap((line, index) => (offends(line) ? [`${path}:${index + 1}`] : [])),
  );
}

/** The text of all comments; a string that looks like a comment counts as one. */
function commentsOf(text: string): string {
  return (text.match(/\/\*[\s\S]*?\*\/|(?<!:)\/\/.*/g) ?? []).join('\n');
}

// Read as two halves, or this file would not pass its own rules.
const word = (head: string, tail: string, flags = ''): RegExp =>
  new RegExp(`\\b${head}${tail}\\b`, flags);

describe('every source file', () => {
  it('exists: an empty list would pass every rule below', () => {
    expect(sources.length).toBeGreaterThan(6);
  });

  it('opens with a comment that says what idea lives there', () => {
    const bare = sources.filter(({ lines }) => {
      const first = lines[0]?.startsWith('#!') === true ? 1 : 0;
      const opening = lines.slice(first).find((line) => line !== '') ?? '';
      return !/^(\/\/ |\/\*\*?)/.test(opening);
    });
    expect(bare.map(({ path }) => path)).toEqual([]);
  });

  it('is at most 400 lines of at most 100 columns, 120 for the tables of tests', () => {
    const long = withTests.filter(({ lines }) => lines.length > 400);
    expect(long.map(({ path }) => path)).toEqual([]);
    const columns = (max: number) => (line: string) => Array.from(line).length > max;
    expect(linesWhere(sources, columns(100))).toEqual([]);
    expect(linesWhere(withTests, columns(120))).toEqual([]);
  });

  it('is named for its concept, in kebab case, and is no barrel', () => {
    const odd = withTests.filter(({ path }) => {
      const name = basename(path);
      return name === 'index.ts' || !/^[a-z0-9]+(-[a-z0-9]+)*(\.(d|test|bench))?\.tsx?$/.test(name);
    });
    expect(odd.map(({ path }) => path)).toEqual([]);
  });

  it('is finished: no notes to self', () => {
    const notes = [word('FIX', 'ME'), word('XX', 'X'), word('TO', 'DO')];
    expect(linesWhere(withTests, (line) => notes.some((note) => note.test(line)))).toEqual([]);
  });

  it('mentions no path of the machine it was written on', () => {
    const paths = /(^|[^\w.])\/(work|home|root|Users)\/\w/;
    expect(linesWhere(withTests, (line) => paths.test(line))).toEqual([]);
  });

  it('says fault where Jepsen says otherwise', () => {
    const banned = word('neme', 's[ie]s', 'i');
    expect(linesWhere(withTests, (line) => banned.test(line))).toEqual([]);
  });
});

describe('citations', () => {
  // A bracketed name in a comment, with or without a place: [Zab11], [ZK-Java Leader.lead].
  const citation = /\[([A-Z][A-Za-z]+(?:-?[\d.]+|-[A-Z][A-Za-z]*|-n)?)(?:[ ,;][^\]\n]*)?\](?!\()/g;
  const keysIn = (text: string): string[] => [...text.matchAll(citation)].map(([, key]) => key!);
  const cited = sources.flatMap(({ path, text }) =>
    keysIn(commentsOf(text)).map((key) => ({ path, key })),
  );

  it('have a row in docs/references.md', () => {
    if (cited.length === 0) return;
    const table = readFileSync(join(ROOT, 'docs/references.md'), 'utf8');
    const rows = table.split('\n').filter((line) => line.startsWith('| ['));
    const known = new Set(rows.flatMap((row) => keysIn(row).slice(0, 1)));
    const unknown = cited.filter(
      ({ key }) => !known.has(/^ZOOKEEPER-\d+$/.test(key) ? 'ZOOKEEPER-n' : key),
    );
    expect(unknown).toEqual([]);
  });

  it('are recognised with and without a place', () => {
    expect(
      keysIn('[Zab11] [ZK-Java Leader.lead] [TLA-3.7 X] [ZOOKEEPER-2845], not a[Index]'),
    ).toEqual(['Zab11', 'ZK-Java', 'TLA-3.7', 'ZOOKEEPER-2845', 'Index']);
    expect(keysIn('[see](x) [lo, hi] [T] [Guide](guide.md)')).toEqual([]);
  });
});

describe('the package', () => {
  it('keeps base/ below 500 lines in all', () => {
    const total = sourcesIn('base').reduce((sum, { lines }) => sum + lines.length, 0);
    expect(total).toBeLessThan(500);
  });

  it('has at most ten scripts', () => {
    const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    expect(Object.keys(manifest.scripts).length).toBeLessThanOrEqual(10);
  });
});
