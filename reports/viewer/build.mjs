// Builds the page of a report: one script, one style sheet, into dist/viewer. The command line
// embeds them as text. Run by `npm run prepare`, and by the tests before they begin.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const at = (path) => fileURLToPath(new URL(path, import.meta.url));

/** What citation keys stand for: the rows of docs/references.md. */
function references() {
  const rows = readFileSync(at('../../docs/references.md'), 'utf8').matchAll(
    /^\| \[([^\]]+)\] \| (.+?) \| /gm,
  );
  return Object.fromEntries([...rows].map(([, key, title]) => [key, title.replace(/[`*]/g, '')]));
}

export async function buildPage() {
  await build({
    entryPoints: { page: at('main.tsx'), style: at('style.css') },
    outdir: at('../../dist/viewer'),
    bundle: true,
    minify: true,
    format: 'iife',
    target: ['chrome110', 'firefox115', 'safari16.4'],
    charset: 'utf8',
    legalComments: 'none',
    tsconfig: at('tsconfig.json'),
    alias: { zod: at('no-schemas.ts') },
    define: { REFERENCES: JSON.stringify(references()) },
    logLevel: 'warning',
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildPage();
