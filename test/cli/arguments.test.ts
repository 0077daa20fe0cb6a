// Values of flags: what is understood, and what is said about the rest.

import { describe, expect, it } from 'vitest';
import {
  countArgument,
  placeArgument,
  seedArgument,
  seedRangeArgument,
  serverArgument,
  timeArgument,
} from '../../cli/arguments.js';
import { didYouMean } from '../../cli/did-you-mean.js';
import { InvariantError } from '../../base/assert.js';
import { commandText, internalErrorLines } from '../../cli/internal-error.js';
import { pasteLines } from '../../cli/paste-lines.js';
import { lastEventText } from '../../cli/last-event.js';
import { UsageError } from '../../cli/usage-error.js';
import { parseScenario } from '../../sim/scenario.js';
import { SMALL } from './harness.js';

describe('flags', () => {
  it('keep all digits of a seed', () => {
    expect(seedArgument('18446744073709551615')).toBe('18446744073709551615');
    expect(seedArgument('0x10')).toBe('16');
    expect(() => seedArgument('18446744073709551616')).toThrow(/^--seed 1844.*expected a decimal/);
    expect(() => seedArgument('seven')).toThrow(UsageError);
  });

  it('take a range of seeds, the smaller first', () => {
    expect(seedRangeArgument('1..1000')).toEqual({ first: 1n, last: 1000n });
    expect(seedRangeArgument('7')).toEqual({ first: 7n, last: 7n });
    for (const bad of ['9..1', '1-5', '', 'a..b']) {
      expect(() => seedRangeArgument(bad), bad).toThrow(/expected a range like 1..1000/);
    }
  });

  it('read times with units, and records by number', () => {
    expect(['1.5s', '250ms', '2m', '3'].map((text) => timeArgument('until', text))).toEqual([
      ...[1_500_000, 250_000, 120_000_000, 3_000_000],
    ]);
    expect(placeArgument('from', '#8123')).toEqual({ record: 8123 });
    expect(placeArgument('from', '12s')).toEqual({ atUs: 12_000_000 });
    expect(() => timeArgument('until', 'soon')).toThrow(/--until soon: expected a virtual time/);
    expect([serverArgument('s3'), serverArgument('3'), countArgument('jobs', '4')]).toEqual([
      ...[3, 3, 4],
    ]);
    expect(() => countArgument('jobs', '0')).toThrow(/at least 1/);
  });
});

describe('hints', () => {
  it('name what was meant, by its whole name or by its end', () => {
    const names = ['broadcast/leader-crash', 'election/clean-start', 'sync/diff'];
    expect(didYouMean('brodcast/leader-crash', names)).toBe('did you mean broadcast/leader-crash?');
    expect(didYouMean('leader-crsh', names)).toBe('did you mean broadcast/leader-crash?');
    expect(didYouMean('--sede', ['--seed', '--until'])).toBe('did you mean --seed?');
    expect(didYouMean('something-else-entirely', names)).toBeUndefined();
  });
});

describe('a bug of ours', () => {
  it('is told in a few lines, with the way to make it happen again and without a stack', () => {
    const lines = internalErrorLines(new InvariantError('queue is empty'), ['run', 'my file.yaml']);
    expect(lines[0]).toBe('zabsim: this is a bug in zabsim: InvariantError: queue is empty');
    expect(lines).toContain("  to reproduce:  npx zabsim run 'my file.yaml'");
    expect(lines.join('\n')).not.toMatch(/\n\s+at /);
  });

  it('is placed at the last event before it', () => {
    const { ok: scenario } = parseScenario(SMALL, 'small');
    // Not a failure, but the search cannot know: it finds the end of what it was given.
    expect(lastEventText(scenario!, '7', 0)).toMatch(/^\d\.\d{3}s #\d+ .+/);
  });
});

describe('commands to paste', () => {
  it('are quoted where a shell would not take them as they are', () => {
    expect(commandText(['replay', "it's here.yaml"])).toBe(
      `npx zabsim replay 'it'\\''s here.yaml'`,
    );
  });

  it('repeat the run, shrink its scenario, and look at what led there', () => {
    const violation = {
      ...{ checker: 'a', invariant: 'b', atUs: 12_408_000, record: 8123 },
      ...{ actors: [3], evidence: [], facts: {} },
    };
    const again = ['run', 'sync/diff', '--seed', '7'];
    expect(
      pasteLines({
        again,
        outcome: { violations: [violation], deaths: [] },
        trace: 'failure.ndjson',
      }),
    ).toEqual({
      reproduce: 'npx zabsim run sync/diff --seed 7',
      minimise: 'npx zabsim shrink sync/diff --seed 7',
      look: 'npx zabsim report failure.ndjson --from 10.408s --to 12.658s',
    });
  });
});
