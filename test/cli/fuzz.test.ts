// `zabsim fuzz`: the same findings whatever the number of jobs, a saved failure that replays, and
// an interruption that loses nothing.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compareCodeUnits } from '../../base/order.js';
import { isWellFormed } from '../reports/well-formed.js';
import { lastLine, SMALL, temporaryFolder, writtenFile, zabsim, zabsimProcess } from './harness.js';

interface Sum {
  readonly seed: string;
  readonly traceHash: string;
  readonly seeds: number;
  readonly events: number;
  readonly failing: number;
  readonly faults: { readonly injected: number; readonly effective: number };
}

const sumOf = (out: string): Sum => JSON.parse(lastLine(out)) as Sum;
/** All but what is about real time. */
function untimed(out: string): object {
  const sum = JSON.parse(lastLine(out)) as Record<string, unknown>;
  const timed = ['elapsedSeconds', 'seedsPerSecond', 'eventsPerSecond'];
  expect(Object.keys(sum)).toEqual(expect.arrayContaining(timed));
  return Object.fromEntries(Object.entries(sum).filter(([key]) => !timed.includes(key)));
}

const BUGGY = ['--variant', 'ack-before-fsync'];

describe('zabsim fuzz', () => {
  it('finds the same with one job as with two threads', async () => {
    const out = join(temporaryFolder(), 'failures');
    const argv = ['fuzz', '--seeds', '1..12', '--json', ...BUGGY, '--out', out];
    const [one, two] = await Promise.all([
      zabsim(...argv, '--jobs', '1'),
      zabsimProcess([...argv, '--jobs', '2']),
    ]);
    expect([one.code, two.code, two.err]).toEqual([1, 1, '']);
    expect(sumOf(one.out)).toMatchObject({ seeds: 12, seed: '1', failing: 12 });
    expect(untimed(two.out)).toEqual(untimed(one.out));
  });

  it('saves a failure once, explains it, and the file replays to the same failure', async () => {
    const out = join(temporaryFolder(), 'failures');
    const argv = ['fuzz', '--seeds', '1..4', '--jobs', '1', '--fail-fast', ...BUGGY, '--out', out];
    const found = await zabsim(...argv);
    expect(found.code).toBe(1);
    expect(found.out).toMatch(/^ {2}violated: ack-truthfulness, 1 seed$/m);
    expect(found.out).toMatch(/^FAIL {2}ack-truthfulness {2}seed=\d /m);
    expect(found.out).toMatch(/^to minimise: +npx zabsim shrink \S+\.yaml$/m);
    expect(found.out).toMatch(/^ {2}1-minimal: (\d+) of \1 single removals pass$/m);

    await zabsim(...argv);
    const files = readdirSync(out);
    const endings = files.map((name) => name.slice(name.indexOf('.'))).sort(compareCodeUnits);
    expect(endings).toEqual(['.html', '.min.yaml', '.ndjson', '.yaml']);
    const scenario = join(out, files.find((name) => name.endsWith('fsync.yaml')) ?? '');
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

  it('interrupted and resumed, tells the same as if it had not been', async () => {
    const folder = temporaryFolder();
    const argv = ['fuzz', '--seeds', '1..60'];
    const [a, b] = [join(folder, 'a'), join(folder, 'b')];
    let signalled = false;
    const first = await zabsimProcess([...argv, '--jobs', '2', '--out', a], (text, kill) => {
      if (signalled || !text.includes('failures  are saved')) return;
      signalled = true;
      kill('SIGINT');
    });
    expect(first.code).toBe(130);
    const state = readdirSync(a);
    expect(state).toEqual([expect.stringMatching(/^campaign-[0-9a-f]{8}\.json$/)]);
    const resumed = await zabsim(...argv, '--jobs', '1', '--out', a, '--resume', '--json');
    const whole = await zabsim(...argv, '--jobs', '1', '--out', b, '--json');
    expect([resumed.code, whole.code]).toEqual([0, 0]);
    expect(untimed(resumed.out)).toEqual(untimed(whole.out));
    expect(existsSync(a)).toBe(false);
  });

  it('draws what it is told to draw', async () => {
    const argv = ['fuzz', '--seeds', '1..6', '--jobs', '1', '--json'];
    const crashes = await zabsim(...argv, '--only-faults', 'crash,restart');
    const kinds = Object.keys(
      (JSON.parse(crashes.out) as { faults: { kinds: object } }).faults.kinds,
    );
    expect(new Set(kinds)).toEqual(new Set(['crash', 'restart']));
    const [swarm, uniform] = [await zabsim(...argv), await zabsim(...argv, '--uniform')];
    expect(untimed(uniform.out)).not.toEqual(untimed(swarm.out));
    expect(untimed((await zabsim(...argv, '--swarm', '--keep-going')).out)).toEqual(
      untimed(swarm.out),
    );
  });

  it('fails a campaign that never takes a rare path that it must', async () => {
    const argv = ['fuzz', '--seeds', '1..2', '--jobs', '1', '--require-marks'];
    const missed = await zabsim(...argv, 'sync/trunc-then-diff');
    expect(missed.code).toBe(2);
    expect(missed.out).toMatch(/^ {2}never taken: sync\/trunc-then-diff$/m);
    expect((await zabsim(...argv, 'election/stale-resend')).code).toBe(0);
    const all = await zabsim(...argv);
    expect([all.code, all.out.includes('never taken: broadcast/rollover')]).toEqual([2, true]);
  });

  it('runs a corpus first, each file under the rules and expectations of its own', async () => {
    const folder = temporaryFolder();
    writtenFile(folder, 'good.yaml', SMALL);
    writtenFile(folder, 'planted.yaml', `${SMALL}variants: [ack-before-fsync]\n`);
    const expected = 'expect: { verdict: fail, violates: [ack-truthfulness] }\n';
    writtenFile(folder, 'known.yaml', `${SMALL}variants: [ack-before-fsync]\n${expected}`);
    writtenFile(folder, 'gone.yaml', `${SMALL}${expected}`);
    const out = join(temporaryFolder(), 'failures');
    const ended = await zabsim(
      ...['fuzz', '--corpus', folder, '--seeds', '1..2', '--jobs', '1', '--json', '--out', out],
    );
    expect(ended.code).toBe(1);
    const { files, seeds, violations } = JSON.parse(ended.out) as {
      files: number;
      seeds: number;
      violations: { file: string; checkers: string[] }[];
    };
    expect([files, seeds]).toEqual([4, 6]);
    expect(violations.map(({ file, checkers }) => [file, checkers[0]])).toEqual([
      [join(folder, 'gone.yaml'), 'expected-to-fail'],
      [join(folder, 'planted.yaml'), 'ack-truthfulness'],
    ]);
  });

  it('tells equal failures once', async () => {
    const out = join(temporaryFolder(), 'failures');
    const flags = ['--seeds', '1..8', '--jobs', '1', '--only-faults', 'pause', '--out', out];
    const ended = await zabsim('fuzz', ...flags, ...BUGGY);
    expect(ended.out.match(/^FAIL {2}ack-truthfulness/gm)?.length).toBeLessThanOrEqual(3);
    expect(ended.out).toMatch(/^\d seeds alike: ack-truthfulness; \d(\+\d)? servers; /m);
  });

  it('speaks to test servers and to GitHub', async () => {
    const out = join(temporaryFolder(), 'failures');
    const argv = ['fuzz', '--seeds', '1..2', '--jobs', '1', '--out', out, ...BUGGY];
    const junit = await zabsim(...argv, '--format', 'junit');
    expect(isWellFormed(junit.out)).toBe(true);
    expect(junit.out).toMatch(/<testcase name="ack-truthfulness" [^>]*>\s*<properties>/);
    const github = await zabsim(...argv, '--format', 'github');
    expect(github.out).toMatch(/^::error file=[^,]*,title=zabsim%3A ack-truthfulness::/m);
    expect([junit.code, github.code]).toEqual([1, 1]);
  });

  it.each([
    [['--seeds', '9..1'], /--seeds 9\.\.1: expected a range/],
    [['--shard', '3/2'], /--shard 3\/2: expected i\/n/],
    [['--budget', '5'], /--budget 5: expected a time like/],
    [['--only-faults', 'crsh'], /--only-faults crsh: [^]*did you mean crash/],
    [['--require-marks', 'disk/fail'], /--require-marks disk\/fail: [^]*did you mean disk\/failed/],
    [['--recipe', 'lokc'], /--recipe lokc: [^]*did you mean lock/],
    [['--recipe', 'queue:herd'], /--recipe queue:herd: expected a mistake of queue/],
    [['--corpus', 'no-such-folder'], /--corpus no-such-folder: expected a folder/],
    [['--swarm', '--uniform'], /--swarm and --uniform: expected one/],
    [['--fail-fast', '--keep-going'], /--fail-fast and --keep-going: expected one/],
    [['--resume', '--out', 'no-such-folder'], /--resume: no-such-folder has no unfinished/],
    [['--check-every', 'x'], /--check-every x: expected a whole number/],
    [['--seed', 'deadbeef'], /--seed deadbeef: expected/],
  ])('has one clear message for %j', async (flags, message) => {
    const { code, err } = await zabsim('fuzz', ...flags);
    expect(err).toMatch(message);
    expect(code).toBe(64);
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
      ['marks', 'sync/trunc-then-diff'],
    ] as const) {
      const [text, json] = [await zabsim('list', subject), await zabsim('list', subject, '--json')];
      expect(text.out).toContain(known);
      for (const line of text.out.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
      const entries = (JSON.parse(lastLine(json.out)) as Record<string, object[]>)[subject] ?? [];
      expect(JSON.stringify(entries)).toContain(known);
    }
  });
});
