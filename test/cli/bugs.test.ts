// `zabsim bugs`: the museum on the command line, and bugs by their issues wherever one is planted.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { VARIANTS } from '../../protocol/variants/registry.js';
import { lastLine, temporaryFolder, zabsim } from './harness.js';

const HERE = process.cwd();
const KEPT = 'bugs/ack-newleader-before-log';

beforeEach(() => process.chdir(temporaryFolder()));
afterEach(() => process.chdir(HERE));

async function ok(...argv: string[]): Promise<string> {
  const { out, err, code } = await zabsim(...argv);
  expect({ argv, err, code }).toEqual({ argv, err: '', code: 0 });
  return out;
}

describe('zabsim bugs list', () => {
  it('has one line for each bug when piped, and no mutations unless asked', async () => {
    const lines = (await ok('bugs', 'list')).trimEnd().split('\n');
    const bugs = VARIANTS.filter(({ kind }) => kind === undefined);
    expect(lines).toHaveLength(1 + bugs.length);
    expect(lines.filter((line) => line.includes('\u001b'))).toEqual([]);
    const row = lines.find((line) => line.includes('memory-behind-log')) ?? '';
    expect(row).toMatch(
      /^2845 +memory-behind-log +memory-vs-disk +3 +3\.4\.10 to 3\.4\.11, 3\.5\.3 /,
    );
    const all = (await ok('bugs', 'list', '--all')).trimEnd().split('\n');
    expect(all).toHaveLength(1 + VARIANTS.length);
  });

  it('is complete as JSON', async () => {
    const { bugs } = JSON.parse(lastLine(await ok('bugs', 'list', '--json'))) as {
      bugs: Record<string, unknown>[];
    };
    const one = bugs.find(({ id }) => id === 'ack-newleader-before-log');
    expect(one).toMatchObject({ jira: ['ZOOKEEPER-3911'], scenario: KEPT });
    expect(one?.['story']).toHaveLength(5);
  });
});

describe('zabsim bugs show', () => {
  it('tells what is decided otherwise, how it fails, and how to see it', async () => {
    const out = await ok('bugs', 'show', '3911');
    expect(out).toContain('https://issues.apache.org/jira/browse/ZOOKEEPER-3911');
    expect(out).toContain('fixed in      3.5.9, 3.6.3 and 3.7.0');
    expect(out).toContain(
      '    safe  snapshot, resetLog, append, flush, apply, writeCurrentEpoch, ack',
    );
    expect(out).toContain('    here  snapshot, resetLog, writeCurrentEpoch, ack');
    expect(out).toContain(' 5.  C is elected with B');
    expect(out).toContain(`npx zabsim run ${KEPT} --report bug.html`);
    expect(out).toContain('violated: the currentEpoch of s');
    expect(await ok('bugs', 'show', 'ZOOKEEPER-3911')).toBe(out);
    expect(await ok('bugs', 'show', 'ack-newleader-before-log')).toBe(out);
  });

  it('tells of all that share an issue, and of what no scenario shows', async () => {
    const out = await ok('bugs', 'show', '1732', '--timeline', 'none');
    expect(out).toContain('settled-votes-compared-whole');
    expect(out).toContain('settled-vote-not-refreshed');
    const control = await ok('bugs', 'show', 'no-finalize-wait');
    expect(control).toContain('a hasty election costs time and nothing else');
    expect(control).not.toContain('The smallest scenario');
  });

  it.each(VARIANTS)('can tell of $id', async ({ id, title }) => {
    const out = await ok('bugs', 'show', id, '--timeline', 'none');
    expect(out).toContain(title);
    expect(out.split('\n').filter((line) => line.length > 100)).toEqual([]);
  });
});

describe('zabsim bugs find', () => {
  it('finds a bug, shrinks it, and leaves a file that shows it', async () => {
    const out = await ok('bugs', 'find', '2845', '--jobs', '1', '--timeline', 'none');
    expect(out).toMatch(/^caught {5}memory-vs-disk/m);
    expect(out).toMatch(/^proof {6}1-minimal/m);
    const file = join('zabsim-failures', 'memory-behind-log.yaml');
    expect(out).toContain(`npx zabsim run ${file} --profile safe`);
    expect(readFileSync(file, 'utf8')).toContain('ZOOKEEPER-2845: Memory is kept');
    const bad = await zabsim('run', file, '--timeline', 'none');
    expect(bad.code).toBe(1);
    const good = await zabsim('run', file, '--profile', 'safe', '--timeline', 'none');
    expect([0, 2]).toContain(good.code);
    expect(good.out).not.toContain('violated');
    const whole = /before shrinking: npx zabsim (.*)$/m.exec(out)?.[1]?.split(' ') ?? [];
    expect((await zabsim(...whole, '--jobs', '1')).code).toBe(1);
    // The same find is the same file.
    await ok('bugs', 'find', '2845', '--jobs', '1', '--timeline', 'none');
    expect(readdirSync('zabsim-failures').filter((name) => name.startsWith('memory'))).toHaveLength(
      1,
    );
  });

  it('says everything as JSON, and writes where it is told', async () => {
    const argv = ['bugs', 'find', 'ack-before-fsync', '--jobs', '1', '--seeds', '1..50'];
    const told = JSON.parse(lastLine(await ok(...argv, '-o', 'mine.yaml', '--json'))) as object;
    expect(told).toMatchObject({ found: true, target: 'ack-truthfulness', scenario: 'mine.yaml' });
    const again = await zabsim(...argv, '-o', 'mine.yaml');
    expect(again.code).toBe(64);
    expect(again.err).toContain('the file exists and is kept');
  });

  it('exits with 2 when the budget is spent, and leaves nothing behind', async () => {
    const { err, code } = await zabsim(
      'bugs',
      'find',
      'gaps-accepted',
      '--seeds',
      '1..4',
      '--jobs',
      '1',
    );
    expect(code).toBe(2);
    expect(err).toContain('gaps-accepted: not caught in 4 seeds: a connection keeps order');
    expect(existsSync('zabsim-failures')).toBe(false);
  });
});

describe("a user's mistake", () => {
  it.each([
    [['bugs'], 'expected one of list, show, find'],
    [['bugs', 'lst'], 'did you mean list?'],
    [['bugs', 'show'], 'got 0, need at least 1'],
    [['bugs', 'show', '39'], 'bugs show 39: expected a bug or an issue, like 3911'],
    [['bugs', 'show', 'memory-behind-lag'], 'did you mean memory-behind-log?'],
    [['bugs', 'find', '1732'], 'expected one bug, found settled-votes-compared-whole'],
    [['bugs', 'find', '2845', '--seeds', '9..1'], '--seeds 9..1'],
    [['bugs', 'find', '2845', '--budget', 'long'], '--budget long'],
    [['run', '--variant', 'memory-behind-lag'], 'did you mean memory-behind-log?'],
    [['run', '--variant', '1'], '--variant 1: expected a bug or an issue'],
    [['run', '--profile', '3.9'], '--profile 3.9: expected one of safe, zookeeper-3.4.10'],
  ])('%j is one clear message', async (argv, message) => {
    const { out, err, code } = await zabsim(...argv);
    expect({ out, code }).toEqual({ out: '', code: 64 });
    expect(err).toContain(message);
    expect(err.trimEnd().split('\n').length).toBeLessThan(3);
  });
});

describe('rules of the command line', () => {
  it('take an issue for a bug, and a release for its profile', async () => {
    const argv = ['run', 'election/clean-start', '--timeline', 'none'];
    const bug = await zabsim(...argv, '--variant', 'ZOOKEEPER-1732', '--variant', '2845');
    expect(bug.out).toContain(
      'safe + settled-votes-compared-whole + settled-vote-not-refreshed + memory-behind-log',
    );
    const release = await zabsim(...argv, '--profile', '3.9.1');
    expect(release.out).toMatch(/^rules +zookeeper-3\.9\.1$/m);
  });

  it('name a profile in place of the bugs of a file, which the paste lines say', async () => {
    const bad = await zabsim('run', KEPT, '--timeline', 'none');
    expect(bad.code).toBe(1);
    const { out, code } = await zabsim('run', KEPT, '--profile', 'safe', '--timeline', 'none');
    expect({ code, rules: /^rules +(.*)$/m.exec(out)?.[1] }).toEqual({ code: 0, rules: 'safe' });
    const other = ['--profile', '3.4.10', '--variant', '3911', '--json', '--timeline', 'none'];
    const { reproduce } = JSON.parse(lastLine((await zabsim('run', KEPT, ...other)).out)) as {
      reproduce: string;
    };
    expect(reproduce).toContain('--profile zookeeper-3.4.10 --variant ack-newleader-before-log');
  });
});
