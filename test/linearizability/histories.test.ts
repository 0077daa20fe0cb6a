// Public histories with known verdicts. All of them when ../shared/histories is there, beside the
// repository; a few copies otherwise. Every file goes the way a user's file goes: from its text,
// with nothing said about format, model or initial value.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { checkText } from '../../sim/linearizability/check-text.js';
import { story } from './story.js';

interface Known {
  readonly file: string;
  /** The same history in another format. */
  readonly normalised?: string;
  readonly linearizable: boolean;
}

const FIXTURES = fileURLToPath(new URL('fixtures', import.meta.url));
const SHARED = fileURLToPath(new URL('../../../shared/histories', import.meta.url));

function verdictsIn(folder: string): readonly Known[] {
  const { histories } = JSON.parse(readFileSync(join(folder, 'verdicts.json'), 'utf8')) as {
    histories: readonly Known[];
  };
  return histories;
}

/** Files whose verdict is not the known one, and the steps that all took. */
function misjudged(folder: string): { wrong: string[]; files: number; steps: number } {
  const wrong: string[] = [];
  let files = 0;
  let steps = 0;
  for (const { file, normalised, linearizable } of verdictsIn(folder)) {
    for (const name of [file, normalised]) {
      if (name === undefined) continue;
      files += 1;
      const checked = checkText(readFileSync(join(folder, name), 'utf8'), {
        explaining: undefined,
      });
      const verdict = checked.ok ? checked.verdict : `line ${checked.line}: ${checked.found}`;
      if (checked.ok) for (const { judgement } of checked.histories) steps += judgement.steps;
      if (verdict !== (linearizable ? 'linearizable' : 'not-linearizable')) {
        wrong.push(`${name}: ${verdict}`);
      }
    }
  }
  return { wrong, files, steps };
}

describe('known histories', () => {
  it('get their verdicts: the copies in this repository', () => {
    const { wrong, files } = misjudged(FIXTURES);
    expect(files).toBe(7);
    expect(wrong).toEqual([]);
  });

  it('get their verdicts: all of ../shared/histories', () => {
    if (!existsSync(SHARED)) {
      console.warn('\n*** ../shared/histories is absent: only the fixtures were checked ***\n');
      return;
    }
    const { wrong, files, steps } = misjudged(SHARED);
    expect(wrong).toEqual([]);
    expect(files).toBeGreaterThan(170);
    // 20,946 when this was written; a rule that stops pruning shows here first.
    expect(steps).toBeLessThan(25_000);
  });

  it('hold one verdict each where a file holds several', () => {
    const text = readFileSync(join(FIXTURES, 'porcupine-register.json'), 'utf8');
    const checked = checkText(text);
    expect(checked.ok && checked.verdict).toBe('not-linearizable');
    expect(
      checked.ok && checked.histories.map(({ name, judgement }) => [name, judgement.verdict]),
    ).toEqual([
      ['register-ok', 'linearizable'],
      ['register-bad', 'not-linearizable'],
      ['zero-duration-ok', 'linearizable'],
      ['zero-duration-bad', 'not-linearizable'],
    ]);
  });
});

describe('a write of the value that is already there', () => {
  // A checker that linearizes such a write at once passes all of Porcupine's files and fails here.
  it('may be needed later', () => {
    const lines = ['a 0-100 write 0', 'b 10-20 write 1', 'c 30-40 read = 1', 'c 50-60 read = 0'];
    const checked = checkText(story(lines), { initial: 0 });
    expect(checked.ok && checked.verdict).toBe('linearizable');
  });
});
