// `zabsim shrink`: a file that replays, a story that can be read, and how each way to fail ends.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lastLine, SMALL, temporaryFolder, writtenFile, zabsim } from './harness.js';

const ROOT = join(import.meta.dirname, '..', '..');
const FAILS = join(ROOT, 'test', 'regressions', 'ack-before-fsync.yaml');
const GOLDEN = join(ROOT, 'test', 'golden', 'shrunk-ack-before-fsync.yaml');

describe('zabsim shrink', () => {
  it('prints the small scenario with its story; UPDATE_GOLDEN=1 rewrites the golden file', async () => {
    const { out, err, code } = await zabsim('shrink', FAILS, '--checker', 'chosen-by-quorum');
    expect({ err, code }).toEqual({ err: '', code: 0 });
    if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(GOLDEN, out);
    expect(out).toBe(readFileSync(GOLDEN, 'utf8'));
    expect(out).toMatch(/^# 1-minimal: (\d+) of \1 single removals pass$/m);
  });

  it('writes a file that replays to the hash that it notes', async () => {
    const small = join(temporaryFolder(), 'small.yaml');
    const done = await zabsim('shrink', FAILS, '-o', small);
    expect({ code: done.code, err: done.err }).toEqual({ code: 0, err: '' });
    expect(done.out).toMatch(/^proof {6}1-minimal/m);
    const again = await zabsim('replay', small, '--timeline', 'none');
    expect({ code: again.code, err: again.err }).toEqual({ code: 1, err: '' });
    const noted = /^# trace hash ([0-9a-f]{16})$/m.exec(readFileSync(small, 'utf8'))?.[1];
    expect(again.out).toContain(`trace hash    ${noted!}`);

    const refused = await zabsim('shrink', FAILS, '-o', small);
    expect(refused.code).toBe(64);
    expect(refused.err).toContain('the file exists and is kept');
  });

  it('takes a trace, and says everything as JSON', async () => {
    const folder = temporaryFolder();
    const trace = join(folder, 'failure.ndjson');
    await zabsim('run', FAILS, '--timeline', 'none', '--trace', trace);
    const { out, code } = await zabsim('shrink', trace, '--json');
    expect(code).toBe(0);
    const told = JSON.parse(lastLine(out)) as Record<string, unknown>;
    expect(told).toMatchObject({ target: 'ack-truthfulness', verdict: 'fail', seed: '1' });
    expect(told['certificate']).toMatchObject({ spare: [] });
  });

  it('exits 2 if nothing fails, and writes nothing', async () => {
    const folder = temporaryFolder();
    const file = writtenFile(folder, 'small.yaml', SMALL);
    const out = join(folder, 'smaller.yaml');
    const done = await zabsim('shrink', file, '-o', out);
    expect(done.code).toBe(2);
    expect(done.err).toContain('nothing fails in this scenario');
    expect(existsSync(out)).toBe(false);
  });

  it.each([
    [['no-such-file.yaml'], 'there is no such file'],
    [['--checker', 'linearizable-write', FAILS], 'linearizable-writes'],
    [['--budget', 'soon', FAILS], 'expected a time like 30s'],
  ])('exits 64 for %j', async (argv, says) => {
    const { code, err } = await zabsim('shrink', ...argv);
    expect(code).toBe(64);
    expect(err).toContain(says);
  });

  it('exits 64 for a file that is no scenario', async () => {
    const file = writtenFile(temporaryFolder(), 'bad.yaml', 'name: bad\nfaults: 3\n');
    const { code, err } = await zabsim('shrink', file);
    expect(code).toBe(64);
    expect(err).toContain('bad.yaml:2');
  });
});
