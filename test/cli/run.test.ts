// `zabsim run`, `report` and `replay` from the outside: what they print, what they leave behind,
// and the code they end with.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { firstDivergence } from '../../cli/determinism.js';
import { ELECTION, story } from '../reports/story.js';
import { lastLine, SMALL, temporaryFolder, writtenFile, zabsim, zabsimProcess } from './harness.js';

let folder = '';
let scenario = '';
let trace = '';

beforeAll(async () => {
  folder = temporaryFolder();
  scenario = writtenFile(folder, 'small.yaml', SMALL);
  trace = join(folder, 'trace.ndjson');
  await zabsim('run', scenario, '--timeline', 'none', '--trace', trace);
});

async function refused(argv: readonly string[], message: RegExp): Promise<void> {
  const { out, err, code } = await zabsim(...argv);
  expect({ out, code }, argv.join(' ')).toEqual({ out: '', code: 64 });
  expect(err, argv.join(' ')).toMatch(message);
  expect(err, argv.join(' ')).not.toMatch(/\n\s+at /);
}

describe('zabsim run', () => {
  it('prints the seed first, a timeline, and a verdict', async () => {
    const { out, err, code } = await zabsim('run', scenario);
    expect(out).toMatch(/^seed {6}7\nscenario /);
    expect(out).toMatch(/s3 wins round 1: a quorum votes for it/);
    expect(out).toMatch(/s\d crashes: its disk keeps epoch 1/);
    expect(out).toMatch(/^PASS {2}small {2}seed 7$/m);
    expect(out).toMatch(/^faults: 1 of 1 took effect$/m);
    expect({ err, code }).toEqual({ err: '', code: 0 });
  });

  it('tells the packaged story in 100 columns', async () => {
    const { out } = await zabsim('run');
    const told = [
      /s1-s5 start with an empty disk/,
      /s\d wins round 1: a quorum votes for it/,
      /s\d is established in epoch 1: a quorum promised it/,
      /s\d serves as leader of epoch 1/,
      /commits 1:1 to 1:\d+, operations \d+ ok/,
      /s5 crashes: its disk keeps epoch 1, log to 1:\d+/,
      /s\d is established in epoch 2/,
      /s5 starts again \(epoch 1, promised 1, history to 1:\d+\)/,
      /s\d ── (DIFF|TRUNC|SNAP) for history to 1:\d+.* ─▶ s5/,
      /s5 serves under s\d in epoch 2 \(UPTODATE\)/,
      /all faults are healed/,
      /^PASS/m,
    ];
    let from = 0;
    for (const line of told) {
      const found = line.exec(out.slice(from));
      expect(found, String(line)).not.toBeNull();
      from += found?.index ?? 0;
    }
    for (const line of out.split('\n')) expect(line.length, line).toBeLessThanOrEqual(100);
  });

  it('--json ends with one object that scripts can rely on', async () => {
    const { out } = await zabsim('run', scenario, '--json', '--seed', '0x10');
    const json = JSON.parse(lastLine(out)) as Record<string, unknown>;
    expect(json).toMatchObject({
      ...{ seed: '16', verdict: 'pass', violations: [] },
      faults: { injected: 1, effective: 1 },
    });
    expect(json['traceHash']).toMatch(/^[0-9a-f]{16}$/);
    expect(json['events']).toBeGreaterThan(100);
    expect(json['virtualSeconds']).toBeGreaterThan(4);
  });

  it('shows a planted bug with the evidence, and exits 1', async () => {
    const { out, code } = await zabsim('run', scenario, '--variant', 'ack-before-fsync');
    expect(code).toBe(1);
    expect(out).toMatch(/✗ VIOLATION ack-truthfulness: s\d acknowledges 1:1/);
    expect(out).toMatch(/^FAIL {2}ack-truthfulness {2}seed=7 {2}t=\d\.\d{3}s {2}record=#\d+ /m);
    const again = /^to reproduce: +npx zabsim (.*)$/m.exec(out)?.[1]?.split(' ') ?? [];
    expect(again.slice(0, 2)).toEqual(['run', scenario]);
    const repeated = await zabsim(...again, '--timeline', 'none');
    expect(repeated.code).toBe(1);
    const hash = /^ {2}trace ([0-9a-f]{16})/m.exec(out)?.[1];
    expect(hash).toBeDefined();
    expect(repeated.out).toContain(`trace hash    ${hash!}`);
  });

  it('says that a run which was ended early proves nothing, and exits 2', async () => {
    const { out, code } = await zabsim('run', scenario, '--until', '800ms', '--timeline', 'none');
    expect(code).toBe(2);
    expect(out).toMatch(/^INCONCLUSIVE/m);
    expect(out).toMatch(/vacuous +the run was ended early/);
  });
});

describe('zabsim run --check-determinism', () => {
  it('agrees with itself, in two processes and from recorded choices', async () => {
    const { out, code } = await zabsimProcess([
      ...['run', scenario, '--timeline', 'none', '--check-determinism'],
    ]);
    expect(lastLine(out)).toMatch(/^deterministic: /);
    expect(code).toBe(0);
  });

  it('would name the first record that differs, or that is missing', () => {
    const records = story(ELECTION);
    const other = records.with(13, { ...records[13]!, value: 2 });
    expect(firstDivergence(records, records)).toBeUndefined();
    expect(firstDivergence(records, other)?.[0]).toBe('DIVERGED at record #13');
    expect(firstDivergence(records, other)?.[1]).toMatch(/0\.210s s3 wins round 1/);
    expect(firstDivergence(records, records.slice(0, 20))?.[2]).toMatch(/nothing: it ends here/);
    expect(firstDivergence(records.slice(0, 20), records)?.[0]).toBe('DIVERGED at record #20');
  });
});

describe('zabsim report', () => {
  it('shows a part of a saved trace', async () => {
    const { out } = await zabsim('report', trace, '--from', '1.9s', '--to', '2.1s');
    expect(out).toMatch(/crashes: its disk keeps/);
    expect(out).not.toMatch(/start with an empty disk/);
    expect(lastLine(out)).toBe('PASS');
  });

  it('selects by server, by kind and by record', async () => {
    const { out } = await zabsim('report', trace, '--kinds', 'crash,boot', '--server', '3');
    const lines = out.split('\n').filter((line) => /#\d/.test(line));
    expect(lines).toHaveLength(3);
    const late = await zabsim('report', trace, '--kinds', 'boot', '--from', '#300');
    expect(late.out.match(/starts/g)).toHaveLength(1);
  });

  it('makes a diagram and JSON of the same trace', async () => {
    const diagram = await zabsim('report', trace, '--format', 'mermaid');
    expect(diagram.out).toMatch(/^sequenceDiagram\n/);
    expect(diagram.out).toMatch(/ s1->>s3: FOLLOWERINFO, accepted epoch 0/);
    const { out } = await zabsim('report', trace, '--format', 'json', '--kinds', 'elected');
    const json = JSON.parse(out) as { verdict: string; records: { words: string }[] };
    expect(json.verdict).toBe('pass');
    expect(json.records[0]?.words).toMatch(/s\d/);
  });
});

describe('zabsim report, of what a scenario would do', () => {
  it('runs it once, and writes what it is asked for into a file that was not there', async () => {
    const file = join(folder, 'small.json');
    const { out } = await zabsim('report', scenario, '--format', 'perfetto', '-o', file);
    expect(out).toBe('');
    expect(JSON.parse(readFileSync(file, 'utf8'))).toHaveProperty('traceEvents');
    await refused(['report', scenario, '--format', 'itf', '-o', file], /the file exists/);
    await refused(['report', scenario, '-o', file], /text goes to the terminal/);
    await refused(['report', trace, '--seed', '8'], /is a trace, its run is over/);
  });

  it('follows one zxid', async () => {
    const { out } = await zabsim('report', trace, '--zxid', '1:3', '--timeline', 'full');
    expect(out).toMatch(/proposes 1:3/);
    expect(out).toMatch(/commits 1:3/);
    expect(out).not.toMatch(/1:4/);
    await refused(['report', trace, '--zxid', '7'], /expected epoch and counter like 2:17/);
  });
});

describe('zabsim why', () => {
  it('tells the causes of a violation, and which faults cannot be among them', async () => {
    const why = ['why', scenario, '--variant', 'ack-before-fsync', '--width', '100'];
    const { out } = await zabsim(...why);
    expect(out).toMatch(/^ack-truthfulness: s\d acknowledges 1:1, but its disk holds nothing/);
    expect(out).toMatch(/s\d ── PROPOSAL 1:1 ─▶ s\d\n/);
    expect(out).toMatch(/s\d acknowledges 1:1 to s\d\n/);
    expect(out).toMatch(/Faults without any influence on it:\n {2}2\.\d+s {2}fault 1 begins/);
    expect((await zabsim(...why)).out).toBe(out);
  });

  it('and of any record, with the fault that it comes from', async () => {
    const crash = await zabsim('report', trace, '--kinds', 'established');
    const second = [...crash.out.matchAll(/#(\d+)/g)].at(-1)?.[1] ?? '';
    const { out } = await zabsim('why', trace, '--event', second);
    expect(out).toMatch(/is established in epoch 2/);
    expect(out).toMatch(/Faults that it can depend on:\n.*fault 1 begins: crash of leader/);
    await refused(['why', trace], /nothing is violated in this run/);
    await refused(['why', trace, '--event', '999999'], /expected the number of a record, 0 to/);
  });
});

describe('zabsim replay', () => {
  it('repeats a trace and finds it identical', async () => {
    const { out, code } = await zabsim('replay', trace, '--timeline', 'none');
    expect(lastLine(out)).toMatch(/^identical to the saved trace: [\d,]+ records$/);
    expect(code).toBe(0);
  });

  it('names the first record where a run parts from its trace, and exits 5', async () => {
    const text = readFileSync(trace, 'utf8').replace('"seed":"7"', '"seed":"8"');
    const other = writtenFile(folder, 'other-seed.ndjson', text);
    const { out, code } = await zabsim('replay', other, '--timeline', 'none');
    expect(code).toBe(5);
    expect(out).toMatch(/DIVERGED at record #\d+\n {2}expected .*\n {2}found /);
  });

  it('runs a scenario file with its seed', async () => {
    const { out, code } = await zabsim('replay', scenario, '--timeline', 'none');
    expect(out).toMatch(/^seed {6}7$/m);
    expect(code).toBe(0);
  });
});

describe('bad input', () => {
  it('gets one message with a hint, and exit 64', async () => {
    await refused(['run', 'brodcast/leader-crash'], /did you mean broadcast\/leader-crash\?/);
    await refused(
      ['run', scenario, '--sede', '7'],
      /unknown flag --sede\n {2}did you mean --seed\?/,
    );
    await refused(['run', scenario, '--seed', 'seven'], /--seed seven: expected a decimal/);
    await refused(
      ['run', scenario, '--variant', 'ack-befor-fsync'],
      /did you mean ack-before-fsync/,
    );
    await refused(['run', scenario, '--timeline', 'ful'], /--timeline ful: expected one of short/);
    await refused(['run', scenario, '--seed'], /--seed: expected a value/);
    await refused(['rnu'], /unknown command rnu\n {2}did you mean run\?/);
    await refused(['list', 'chekers'], /chekers/);
    await refused(['fuzz', '--seeds', '9..1'], /expected a range like 1\.\.1000/);
    await refused(['report', trace, '--kinds', 'crsh'], /did you mean crash\?/);
    await refused(['report', join(folder, 'missing.ndjson')], /there is no such file/);
    await refused([], /a command is needed/);
  });

  it('names file, line, what was found and what was expected', async () => {
    const bad = writtenFile(folder, 'bad.yaml', SMALL.replace('duration: 4s', 'duration: 4'));
    await refused(['run', bad], /bad\.yaml:7:11: duration: found 4, expected a duration/);
    const whole = readFileSync(trace, 'utf8').trimEnd().split('\n');
    const cut = writtenFile(folder, 'cut.ndjson', whole.slice(0, 50).join('\n'));
    await refused(['report', cut], /cut\.ndjson:51: found the end of the file after 49 records/);
    const foreign = writtenFile(folder, 'foreign.json', '{"traceEvents":[]}');
    await refused(['report', foreign], /foreign\.json:1: found .*, expected/);
    const notes = writtenFile(folder, 'notes.txt', 'a shopping list');
    await refused(['why', notes], /notes\.txt:1/);
  });

  it('never overwrites a trace, unless told to', async () => {
    const precious = writtenFile(folder, 'precious.ndjson', 'mine');
    await refused(['run', scenario, '--trace', precious], /the file exists and is kept/);
    expect(readFileSync(precious, 'utf8')).toBe('mine');
    const forced = await zabsim('run', scenario, '--json', '--trace', precious, '--force');
    expect(forced.code).toBe(0);
    expect(readFileSync(precious, 'utf8')).toMatch(/^\{"zabsim":1/);
    writeFileSync(precious, '');
    expect(existsSync(`${precious}.${process.pid}.tmp`)).toBe(false);
  });
});
