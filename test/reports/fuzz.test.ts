// A campaign told in four ways: for people, scripts, test servers and GitHub Actions.
import { XMLParser } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import { REACHABLE_MARKS } from '../../protocol/marks.js';
import { fuzzAnnotations } from '../../reports/fuzz-annotations.js';
import type { FuzzReport } from '../../reports/fuzz-findings.js';
import { fuzzJson } from '../../reports/fuzz-json.js';
import { fuzzJunit } from '../../reports/fuzz-junit.js';
import { fuzzSummary, progressText } from '../../reports/fuzz-summary.js';
import { PLAIN } from '../../reports/painter.js';
import type { SeedResult } from '../../sim/campaign/totals.js';
import { NO_TOTALS, withResult } from '../../sim/campaign/totals.js';
import { CHECKERS } from '../../sim/checkers/registry.js';
import { isWellFormed } from './well-formed.js';

const PASS: SeedResult = {
  ...({ seed: '1', file: '', verdict: 'pass', exitCode: 0, traceHash: 'a', events: 1000 } as const),
  ...{ virtualUs: 30_000_000, vacuous: [], violated: [], deaths: 0, twice: false },
  ...{ divergence: [], crash: undefined, marks: [['sync/snap', 3]] },
  faults: [
    { kind: 'crash', effective: true },
    { kind: 'slow-disk', effective: false },
  ],
};
const FAIL: SeedResult = {
  ...PASS,
  ...{ seed: '2', verdict: 'fail', exitCode: 1, violated: ['ack-truthfulness'] },
};

function reportOf(results: readonly SeedResult[], over: Partial<FuzzReport> = {}): FuzzReport {
  return {
    ...{ seeds: '1..2', totals: results.reduce(withResult, NO_TOTALS), findings: [] },
    ...{ missingMarks: [], interrupted: false, elapsedUs: 500_000, jobs: 2 },
    ...over,
  };
}

const FINDING = {
  shape: 'ack-truthfulness; 3 servers; crash leader',
  checker: 'ack-truthfulness',
  words: 's2 acknowledges 1:1, but "disk" <holds> nothing & 100%\nreally',
  file: 'found: here, there/seed-2.yaml',
  reproduce: 'npx zabsim replay x.yaml',
  seeds: ['2'],
};

describe('for people', () => {
  it('tells faults that never bit and paths that nobody took', () => {
    const lines = fuzzSummary(reportOf([PASS, { ...PASS, twice: true }]), PLAIN);
    expect(lines.slice(0, 10)).toEqual([
      '  seeds     2 in 500 ms: 4.0 seeds/s, 4,000 events/s, 2 jobs',
      '  verdicts  2 pass, 0 fail, 0 inconclusive',
      '  vacuous   0 of 2 runs proved less than they seem to',
      '  repeated  1 of them run twice: the same each time',
      '  virtual   60 s in 2,000 events',
      '  faults    2 of 4 took effect',
      '  fault      injected  effective',
      '  crash             2          2       100%',
      '  slow-disk         2          0  NEVER BIT',
      expect.stringMatching(/^ {2}rare path +seeds +times$/) as string,
    ]);
    expect(lines).toHaveLength(10 + REACHABLE_MARKS.length);
    expect(lines).toContainEqual(expect.stringMatching(/^ {2}sync\/snap +2 +6$/));
    expect(lines).toContainEqual(expect.stringMatching(/^ {2}disk\/failed +0 +0 +never$/));
  });

  it('says what has gone wrong with the campaign itself', () => {
    const parted = { ...PASS, twice: true, divergence: ['DIVERGED at record #7'] };
    const lost = { ...PASS, seed: '9', crash: 'no way\nback', verdict: 'inconclusive' } as const;
    const report = reportOf([parted, lost], { missingMarks: ['disk/failed'] });
    const text = fuzzSummary(report, PLAIN).join('\n');
    expect(text).toContain('  repeated  1 of 1 run twice DIVERGED');
    expect(text).toContain('  seed 1 is not the same each time:\n    DIVERGED at record #7');
    expect(text).toContain('  lost: seed 9: no way (a bug in zabsim)');
    expect(text).toContain('  never taken: disk/failed');
  });

  it('shows progress in one line', () => {
    expect(progressText(reportOf([PASS, FAIL]).totals, 2)).toMatch(
      /^1 seeds\/s, 1,000 events\/s, faults 50% effective, 1 of \d+ marks, 1 failing$/,
    );
  });
});

describe('for scripts', () => {
  it('begins with the keys that every report has', () => {
    const json = fuzzJson(reportOf([PASS, FAIL])) as Record<string, unknown>;
    expect(Object.keys(json).slice(0, 7)).toEqual([
      ...['seed', 'verdict', 'traceHash', 'events', 'virtualSeconds', 'violations', 'faults'],
    ]);
    expect(json).toMatchObject({ seed: '2', verdict: 'fail', failing: 1, virtualSeconds: 60 });
  });
});

describe('for test servers', () => {
  const parse = (report: FuzzReport): Record<string, unknown> => {
    const xml = fuzzJunit(report, CHECKERS).join('\n');
    expect(isWellFormed(xml)).toBe(true);
    expect(isWellFormed(xml.replace('</testsuite>', ''))).toBe(false);
    const parser = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '' });
    return parser.parse(xml) as Record<string, unknown>;
  };
  interface Suite {
    readonly tests: string;
    readonly failures: string;
    readonly testcase: readonly { name: string; failure?: { message: string; '#text': string } }[];
  }
  const suiteOf = (report: FuzzReport): Suite =>
    (parse(report)['testsuites'] as { testsuite: Suite }).testsuite;

  it('has a case for each invariant, all of which pass', () => {
    const suite = suiteOf(reportOf([PASS]));
    const names = suite.testcase.map(({ name }) => name);
    expect(names.slice(0, CHECKERS.length)).toEqual(CHECKERS.map(({ id }) => id));
    expect([suite.failures, suite.tests]).toEqual(['0', String(names.length)]);
  });

  it('fails the case of the invariant, with text that survives the way', () => {
    const suite = suiteOf(reportOf([PASS, FAIL], { findings: [FINDING] }));
    const [failed, ...others] = suite.testcase.filter(({ failure }) => failure !== undefined);
    expect(others).toEqual([]);
    expect(failed?.name).toBe('ack-truthfulness');
    const text = failed?.failure?.['#text'].replaceAll('&#10;', '\n');
    expect(text).toContain(FINDING.words);
    expect(text).toContain('to reproduce: npx zabsim replay x.yaml');
  });

  it('fails cases of its own for paths that were missed, and for what is no invariant', () => {
    const died = { ...FAIL, violated: [], deaths: 1 };
    const findings = [{ ...FINDING, checker: 'server-died', words: 'a \u0007 bell' }];
    const suite = suiteOf(reportOf([died], { findings, missingMarks: ['disk/failed'] }));
    const failed = suite.testcase.filter(({ failure }) => failure !== undefined);
    expect(failed.map(({ name }) => name)).toEqual(['no-other-failure', 'marks']);
  });
});

describe('for GitHub Actions', () => {
  it('is one line an annotation, with everything escaped that ends one', () => {
    const lines = fuzzAnnotations(reportOf([PASS, FAIL], { findings: [FINDING] }));
    expect(lines).toEqual([
      '::error file=found%3A here%2C there/seed-2.yaml,title=zabsim%3A ack-truthfulness' +
        '::s2 acknowledges 1:1, but "disk" <holds> nothing & 100%25%0Areally%0Aseeds: 2%0A' +
        'shape: ack-truthfulness; 3 servers; crash leader%0A' +
        'to reproduce: npx zabsim replay x.yaml',
      '::notice title=zabsim fuzz::2 runs: 1 pass, 1 fail, 0 inconclusive',
    ]);
  });
});
