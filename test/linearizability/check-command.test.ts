// The command line: exit codes, messages, and the page that shows a failure.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { escape, renderLinearizability } from '../../reports/linearizability.js';
import { checkText } from '../../sim/linearizability/check-text.js';
import { zabsim } from '../cli/harness.js';
import { story } from './story.js';

const folder = mkdtempSync(join(tmpdir(), 'zabsim-check-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const GOOD = story(['a 0-1 write 1', 'b 2-3 read = 1']);
const BAD = story(['a 0-1 write 1', 'a 2-3 write "<script>alert(1)</script>"', 'b 4-5 read = 1']);

describe('zabsim check', () => {
  it('exits 0 for a linearizable history', async () => {
    const { code, out } = await zabsim('check', file('good.ndjson', GOOD));
    expect(code).toBe(0);
    expect(out).toMatch(/verdict {3}linearizable/);
  });

  it('exits 1 for one that is not, and says why', async () => {
    const { code, out } = await zabsim('check', file('bad.ndjson', BAD));
    expect(code).toBe(1);
    expect(out).toMatch(/not linearizable/);
    expect(out).toMatch(/client b: read 1 {2}\[4 to 5, line 3\]/);
    expect(out).toMatch(/read 1 cannot come next: it returned 1, but the register holds/);
  });

  it('exits 2 when it does not know', async () => {
    const { code, out } = await zabsim('check', file('good.ndjson', GOOD), '--timeout', '0s');
    expect(code).toBe(2);
    expect(out).toMatch(/unknown: the time is up/);
  });

  it('exits 64 for a malformed history: one line, no stack, nothing overwritten', async () => {
    const kept = file('kept.html', 'kept');
    const broken = file('broken.ndjson', `${GOOD}\n{"client":`);
    const { code, out, err } = await zabsim('check', broken, '--report', kept, '--force');
    expect(code).toBe(64);
    expect(out).toBe('');
    expect(err).toBe(`zabsim: ${broken}:3: found "{\\"client\\":", expected a JSON object\n`);
    expect(readFileSync(kept, 'utf8')).toBe('kept');
  });

  it.each([
    ['no file', ['absent.ndjson'], /absent.ndjson: there is no such file/],
    ['a folder', [folder], /this is a folder/],
    [
      'a strange time-out',
      [file('g1', GOOD), '--timeout', 'soon'],
      /--timeout soon: expected a time/,
    ],
    ['a strange value', [file('g2', GOOD), '--initial', '{'], /--initial {: expected JSON/],
    ['an unknown model', [file('g4', GOOD), '--model', 'tree'], /--model tree: expected one of/],
    [
      'a report nowhere',
      [file('g3', GOOD), '--report', join(folder, 'no', 'r')],
      /cannot be written/,
    ],
  ])('exits 64 for %s', async (_name, args, message) => {
    const { code, err } = await zabsim('check', ...args);
    expect(code).toBe(64);
    expect(err).toMatch(message);
    expect(err.trim().split('\n')).toHaveLength(1);
  });

  it('warns about an empty history', async () => {
    const { code, err } = await zabsim('check', file('empty.ndjson', ''));
    expect(code).toBe(0);
    expect(err).toMatch(/holds no operation: nothing was checked/);
  });

  it('prints JSON for programs', async () => {
    const { out } = await zabsim('check', file('bad.ndjson', BAD), '--json');
    const printed = JSON.parse(out) as Record<string, unknown>;
    expect(printed).toMatchObject({ verdict: 'not-linearizable' });
    expect(printed).toHaveProperty('histories.0.judgement.failure.core.2.text', 'read 1');
  });

  it('writes a page, and overwrites none unless told to', async () => {
    const page = join(folder, 'page.html');
    const bad = file('bad.ndjson', BAD);
    expect(await zabsim('check', bad, '--report', page)).toMatchObject({ code: 1 });
    expect(readFileSync(page, 'utf8')).toMatch(/^<!DOCTYPE html>/);
    expect(await zabsim('check', bad, '--report', page)).toMatchObject({ code: 64 });
    expect(await zabsim('check', bad, '--report', page, '--force')).toMatchObject({ code: 1 });
  });
});

describe('the page', () => {
  const checked = checkText(BAD);
  const histories = checked.ok ? checked.histories : [];
  const page = renderLinearizability({ file: '"><img src=x onerror=alert(1)>', histories });

  it('shows what fails', () => {
    expect(page).toContain('not linearizable');
    expect(page.match(/class="offending"/g)).not.toBeNull();
    expect(page).toContain('<polyline class="order"');
  });

  it('runs nothing and loads nothing, whatever stands in the history', () => {
    expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'`);
    expect(page).not.toMatch(/<(script|img|iframe|link|object|embed)\b/i);
    expect(page).not.toMatch(/<[^>]*\son\w+\s*=/i);
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  });

  it('closes every element that it opens', () => {
    const open: string[] = [];
    const body = page.replace(/<!DOCTYPE[^>]*>|<meta[^>]*>/g, '');
    for (const [, slash, name, , self] of body.matchAll(/<(\/?)([a-z0-9]+)([^>]*?)(\/?)>/gi)) {
      if (self === '/') continue;
      if (slash === '') open.push(name!);
      else expect(open.pop()).toBe(name);
    }
    expect(open).toEqual([]);
  });

  it('makes control characters visible', () => {
    expect(escape('a\u0000b\u001b[31m&"')).toBe('a\ufffdb\ufffd[31m&amp;&quot;');
  });
});
