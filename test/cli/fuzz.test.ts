// `zabsim fuzz`: the same findings whatever the number of jobs, a saved failure that replays, and
// an interruption that loses nothing.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compareCodeUnits } from '../../base/order.js';
import { lastLine, temporaryFolder, zabsim, zabsimProcess } from './harness.js';

interface Sum {
  readonly seed: string;
  readonly traceHash: string;
  readonly seeds: number;
  readonly events: number;
  readonly faults: { readonly injected: number; readonly effective: number };
}

const sumOf = (out: string): Sum => JSON.parse(lastLine(out)) as Sum;
const BUGGY = ['--variant', 'ack-before-fsync'];

describe('zabsim fuzz', () => {
  it('finds the same with one job as with two threads', async () => {
    const argv = ['fuzz', '--seeds', '1..12', '--json', '--out', join(temporaryFolder(), 'none')];
    const [one, two] = await Promise.all([
      zabsim(...argv, '--jobs', '1'),
      zabsimProcess([...argv, '--jobs', '2']),
    ]);
    expect(two.err).toBe('');
    const [a, b] = [sumOf(one.out), sumOf(two.out)];
    expect(a).toMatchObject({ seeds: 12, seed: '1..12' });
    expect(a.faults.injected).toBeGreaterThan(0);
    expect({ hash: b.traceHash, events: b.events, faults: b.faults }).toEqual({
      ...{ hash: a.traceHash, events: a.events, faults: a.faults },
    });
  });

  it('saves a failure once, explains it, and the file replays to the same failure', async () => {
    const out = join(temporaryFolder(), 'failures');
    const argv = ['fuzz', '--seeds', '1..4', '--jobs', '1', '--fail-fast', ...BUGGY, '--out', out];
    const found = await zabsim(...argv);
    expect(found.code).toBe(1);
    expect(found.out).toMatch(/^ {2}violated: ack-truthfulness, 1 seed$/m);
    expect(found.out).toMatch(/^FAIL {2}ack-truthfulness {2}seed=\d /m);
    expect(found.out).toMatch(/^to minimise: +npx zabsim replay .* --until \d/m);

    await zabsim(...argv);
    const files = readdirSync(out);
    const endings = files.map((name) => extname(name)).sort(compareCodeUnits);
    expect(endings).toEqual(['.html', '.ndjson', '.yaml']);
    const scenario = join(out, files.find((name) => name.endsWith('.yaml')) ?? '');
    const again = await zabsim('replay', scenario, '--timeline', 'none');
    expect({ code: again.code, err: again.err }).toEqual({ code: 1, err: '' });
    const noted = /^# trace hash ([0-9a-f]{16})$/m.exec(readFileSync(scenario, 'utf8'))?.[1];
    expect(again.out).toContain(`trace hash    ${noted!}`);
  });

  it('leaves no folder behind when nothing fails', async () => {
    const out = join(temporaryFolder(), 'failures');
    await zabsim('fuzz', '--seeds', '1..2', '--jobs', '1', '--out', out);
    expect(existsSync(out)).toBe(false);
  });

  it('interrupted, tells what it has done, and exits 130', async () => {
    const argv = ['fuzz', '--seeds', '1..1000000', '--jobs', '1'];
    let signalled = false;
    const { out, code } = await zabsimProcess(argv, (text, kill) => {
      if (signalled || !text.includes('failures  are saved')) return;
      signalled = true;
      kill('SIGINT');
    });
    expect(code).toBe(130);
    expect(out).toMatch(/^ {2}seeds {5}[1-9]\d* in /m);
  });
});

describe('zabsim list', () => {
  it('knows every registry, for people and for scripts', async () => {
    for (const [subject, known] of [
      ['scenarios', 'broadcast/leader-crash'],
      ['checkers', 'linearizable-writes'],
      ['faults', 'partition'],
      ['profiles', 'safe'],
      ['variants', 'ack-before-fsync'],
    ] as const) {
      const [text, json] = [await zabsim('list', subject), await zabsim('list', subject, '--json')];
      expect(text.out).toContain(known);
      for (const line of text.out.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
      const entries = (JSON.parse(lastLine(json.out)) as Record<string, object[]>)[subject] ?? [];
      expect(JSON.stringify(entries)).toContain(known);
    }
  });
});
