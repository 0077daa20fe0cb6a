// The documents say what is true: every command in them runs, every excerpt of output is what
// comes out, every file, folder, symbol and script that they name exists. UPDATE_DOCS=1 rewrites
// the excerpts.
//
// A comment before a fence says where its text comes from:
//   <!-- output of `npx zabsim run`
//        from "first line contains this" to "last line contains this" -->   (any number of these)
//   <!-- file: name.yaml -->     the text is written to that file before the page's commands run
// Commands are the lines of `sh` fences; `# exits 1` behind one says how it ends.

import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { compareCodeUnits } from '../base/order.js';
import { EXIT } from '../cli/exit-codes.js';
import { temporaryFolder, zabsim } from './cli/harness.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const HERE = process.cwd();

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

/** Files below a folder, as paths from the root. */
function filesIn(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .sort(compareCodeUnits);
}

const PAGES = [
  ...['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'protocol/doc.md'],
  ...filesIn('docs').filter((path) => path.endsWith('.md')),
];
const ROOMS = [
  ...(/"include": \[(.*)\]/.exec(read('tsconfig.json'))?.[1] ?? '').matchAll(/"(\w+)"/g),
].map(([, room]) => room!);
const FILES = [...ROOMS, 'docs'].flatMap(filesIn);
const folders = new Set(FILES.map((path) => `${basename(dirname(path))}/`));

interface Fence {
  readonly language: string;
  /** Text of the comment right before it. */
  readonly comment: string;
  readonly text: string;
}

const FENCE = /(?:<!--((?:(?!-->)[\s\S])*)-->\n)?```(\w*)\n([\s\S]*?)```/g;

function fencesOf(page: string): Fence[] {
  return [...page.matchAll(FENCE)].map(([, comment = '', language = '', text = '']) => ({
    ...{ comment, language, text },
  }));
}

interface Command {
  /** As it is written, without the remark behind it. */
  readonly text: string;
  readonly exits: number;
}

function commandsOf(page: string): Command[] {
  return fencesOf(page)
    .filter(({ language }) => language === 'sh')
    .flatMap(({ text }) => text.trimEnd().split('\n'))
    .flatMap((line) => {
      const [code = '', remark = ''] = line.split(/\s+# /);
      const exits = Number(/^exits (\d+)/.exec(remark)?.[1] ?? 0);
      return code.split(' && ').map((text) => ({ text, exits }));
    });
}

function wordsOf(command: string): string[] {
  return [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain!);
}

const SCRIPTS = (JSON.parse(read('package.json')) as { scripts: Record<string, string> }).scripts;

/** What has to exist for a command that is not run here; undefined for one of ours, which is. */
function needs(command: string): 'zabsim' | boolean {
  const words = wordsOf(command).filter((word) => !/^[A-Z_]+=/.test(word));
  const [tool, first = '', second = '', third = ''] = words;
  if (tool === 'npx' && first === 'zabsim') return 'zabsim';
  if (tool === 'npx' && first === 'vitest')
    return second === 'run' && existsSync(join(ROOT, third));
  if (tool === 'npm' && first === 'run') return second in SCRIPTS;
  if (tool === 'npm') return first === 'ci' || first in SCRIPTS;
  return tool === 'bash' && existsSync(join(ROOT, first));
}

/** The same on one thread and, unless it stops by itself, with fewer seeds. */
function affordable(written: readonly string[]): string[] {
  const ours = (word: string): boolean => word.includes('/') && existsSync(join(ROOT, word));
  const argv = written.map((word) => (ours(word) ? join(ROOT, word) : word));
  if (argv[0] === 'bugs' && argv[1] === 'find') return [...argv, '--jobs', '1'];
  if (argv[0] !== 'fuzz') return argv;
  const few = argv.map((word) => word.replace(/^1\.\.\d+$/, '1..8'));
  return [...(argv.includes('--fail-fast') ? argv : few), '--jobs', '1'];
}

/** A failure tells where it was made; the documents were made on one machine. */
function anywhere(output: string): string {
  return output.replaceAll(ROOT, '').replace(/node=\S+ \S+$/gm, 'node=20.20.2 linux-x64');
}

const outputs = new Map<string, string>();

/** Runs one of our commands in the current folder and keeps what it prints. */
async function run({ text, exits }: Command): Promise<void> {
  const { out, err, code } = await zabsim(...affordable(wordsOf(text).slice(2)));
  expect({ text, err, code }).toEqual({ text, err: '', code: exits });
  outputs.set(text, anywhere(out));
}

/** The lines of `output` that a comment asks for, `...` between stretches. */
function excerpt(output: string, comment: string): string {
  const lines = output.trimEnd().split('\n');
  const ranges = [...comment.matchAll(/from "(.+)" to "(.+)"/g)];
  let next = 0;
  const stretches = ranges.map(([range, from = '', to = '']) => {
    const first = lines.findIndex((line, at) => at >= next && line.includes(from));
    const last = lines.findIndex((line, at) => at >= first && line.includes(to));
    expect(first >= 0 && last >= 0, `no stretch ${range} in the output`).toBe(true);
    next = last + 1;
    return `${lines.slice(first, next).join('\n')}\n`;
  });
  return stretches.length === 0 ? `${lines.join('\n')}\n` : stretches.join('...\n');
}

/** The page with every excerpt as it should be. */
function withExcerpts(page: string): string {
  return page.replace(FENCE, (whole: string, comment = '', language = '') => {
    const command = /^\s*output of `(.+)`/.exec(comment as string)?.[1];
    if (command === undefined) return whole;
    const output = outputs.get(command);
    expect(output, `${command} is shown and not run`).toBeDefined();
    const text = excerpt(output ?? '', comment as string);
    return `<!--${comment as string}-->\n\`\`\`${language as string}\n${text}\`\`\``;
  });
}

afterEach(() => process.chdir(HERE));

describe.each(PAGES)('%s', (path) => {
  const page = read(path);

  it('has commands that work', async () => {
    outputs.clear();
    process.env['NO_COLOR'] = '1';
    process.chdir(temporaryFolder());
    for (const { comment, text } of fencesOf(page)) {
      const file = /^\s*file: (\S+)/.exec(comment)?.[1];
      if (file === undefined) continue;
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
    for (const command of commandsOf(page)) {
      const need = needs(command.text);
      expect({ command: command.text, works: need !== false }).toMatchObject({ works: true });
      if (need === 'zabsim' && !outputs.has(command.text)) await run(command);
    }
  });

  it('shows what they print (UPDATE_DOCS=1 writes it)', () => {
    const expected = withExcerpts(page);
    if (process.env['UPDATE_DOCS'] === '1') writeFileSync(join(ROOT, path), expected);
    expect(read(path)).toBe(expected);
  });

  it('has links that lead somewhere', () => {
    const links = [...page.matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map(([, target]) => target!);
    const broken = links.filter((target) => !existsSync(join(ROOT, dirname(path), target)));
    expect(broken).toEqual([]);
  });

  // The references are about other people's files.
  const ours = path === 'docs/references.md' ? '' : page.replace(FENCE, '');
  const spans = [...ours.matchAll(/`([^`\n]+)`/g)].map(([, text]) => text!);

  it('names files, folders and scripts that exist', () => {
    const missing = spans.filter((text) => {
      if (/^[\w./-]+\.(ts|mjs|md|yaml|json)$/.test(text)) {
        return !existsSync(join(ROOT, text)) && !FILES.some((file) => basename(file) === text);
      }
      if (/^[\w/-]+\/$/.test(text)) return !folders.has(text) && !existsSync(join(ROOT, text));
      const script = /^npm run (\w+)/.exec(text)?.[1];
      return script !== undefined && !(script in SCRIPTS);
    });
    expect(missing).toEqual([]);
  });
});

describe('symbols', () => {
  const code = FILES.filter((path) => path.endsWith('.ts'));
  const known = new Set(code.flatMap((path) => read(path).match(/\w+/g) ?? []));
  const about = PAGES.filter((path) => /^(ARCH|CONTRIB|docs.decisions)/.test(path));

  it.each([...about, 'protocol/doc.md'])('of %s are in the code', (path) => {
    const spans = [
      ...read(path)
        .replace(FENCE, '')
        .matchAll(/`([A-Za-z]\w*(?:\.\w+)?)`/g),
    ];
    const names = spans.map(([, name]) => name!).filter((name) => !/\.(ts|mjs|md)$/.test(name));
    const unknown = names.filter((name) => !name.split('.').every((part) => known.has(part)));
    expect(unknown).toEqual([]);
  });
});

describe('the map', () => {
  it('names every room, and every folder of protocol/ and sim/', () => {
    const folders = (of: string): string[] =>
      readdirSync(join(ROOT, of), { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map(({ name }) => `${of}/${name}`);
    const rooms = [...ROOMS, 'docs', ...folders('protocol'), ...folders('sim')];
    expect(rooms.length).toBeGreaterThan(15);
    const map = read('ARCHITECTURE.md');
    expect(rooms.filter((room) => !map.includes(`| \`${room}/\` |`))).toEqual([]);
  });
});

describe('the workflow of the README', () => {
  interface Workflow {
    readonly jobs: { readonly fuzz: { readonly steps: readonly { readonly run?: string }[] } };
  }

  it('runs a campaign that works', async () => {
    const fence = fencesOf(read('README.md')).find(({ text }) => text.startsWith('name: fuzz'));
    const { steps } = (parse(fence?.text ?? '') as Workflow).jobs.fuzz;
    const commands = steps.flatMap(({ run }) => run?.replaceAll('\\\n', ' ').trim() ?? []);
    expect(commands).toHaveLength(2);
    const text = (commands[1] ?? '')
      .replace('${{ github.sha }}', '43bdd15fe0c64d2ba90e1ec3ac9f1ec1f2b2c2e1')
      .replace('${{ matrix.shard }}', '1')
      .replace('10m', '1s');
    process.chdir(temporaryFolder());
    await run({ text, exits: 0 });
    expect(outputs.get(text)).toContain('0 fail');
  });
});

describe('the exit codes of the README', () => {
  it('are those of the program', () => {
    const rows = [...read('README.md').matchAll(/^\| (\d+) \|/gm)].map(([, code]) => Number(code));
    expect(rows).toEqual(Object.values(EXIT).sort((a, b) => a - b));
  });
});
