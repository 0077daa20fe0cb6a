// Every script in this folder is played, and must print what it says. To accept what it prints now:
// `UPDATE_GOLDEN=1 npx vitest run test/golden`; then read the difference before you believe it.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compareCodeUnits } from '../../base/order.js';
import { parseScript, renderScript } from './script.js';
import { GoldenStage } from './stage.js';

const FOLDER = import.meta.dirname;
const scripts = readdirSync(FOLDER).filter((name) => name.endsWith('.txt'));
const isUpdate = process.env['UPDATE_GOLDEN'] === '1';

describe('golden scripts', () => {
  for (const name of scripts.sort(compareCodeUnits)) {
    it(name.replace('.txt', '').replaceAll('-', ' '), () => {
      const path = join(FOLDER, name);
      const text = readFileSync(path, 'utf8');
      const stage = new GoldenStage();
      const played = parseScript(text).map((part) => {
        return part.command === undefined ? part : { ...part, output: stage.run(part.command) };
      });
      stage.cluster({ line: 0 }).noViolations();
      if (isUpdate) writeFileSync(path, renderScript(played));
      else expect(renderScript(played)).toBe(text);
    });
  }

  it('are rewritten as they were when nothing has changed', () => {
    for (const name of scripts) {
      const text = readFileSync(join(FOLDER, name), 'utf8');
      expect(renderScript(parseScript(text))).toBe(text);
    }
  });

  it('say where they are wrong', () => {
    expect(() => parseScript('# prose\nelect\n')).toThrow('line 2: expected ---- below elect');
    const [part] = parseScript('elekt\n----\n');
    expect(() => new GoldenStage().run(part!.command!)).toThrow('line 1: a script begins with');
  });
});
