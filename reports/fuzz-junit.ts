// A campaign as a JUnit report, as continuous integration servers read it: one test case for each
// invariant, so that the list is the same from day to day and a dashboard can tell which of them
// broke when; further cases for what a campaign checks about itself.
import type { FuzzFinding, FuzzReport } from './fuzz-findings.js';

export interface Invariant {
  readonly id: string;
  readonly claim: string;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\n': '&#10;',
  '\t': '&#9;',
};

/** XML 1.0 has no room for other control characters, whatever the escape. */
function isWritable(character: string): boolean {
  const code = character.codePointAt(0) ?? 0;
  const surrogate = code >= 0xd800 && code <= 0xdfff;
  return code === 9 || code === 10 || (code >= 32 && !surrogate && (code & 0xfffe) !== 0xfffe);
}

function escaped(text: string): string {
  return Array.from(text, (character) =>
    isWritable(character) ? (ESCAPES[character] ?? character) : '?',
  ).join('');
}

type Attributes = Readonly<Record<string, string | number>>;

function element(name: string, attributes: Attributes, content: readonly string[]): string[] {
  const written = Object.entries(attributes).map(
    ([key, value]) => ` ${key}="${escaped(String(value))}"`,
  );
  const head = `<${name}${written.join('')}`;
  if (content.length === 0) return [`${head}/>`];
  return [`${head}>`, ...content.map((line) => `  ${line}`), `</${name}>`];
}

interface Case {
  readonly name: string;
  readonly claim: string;
  readonly outcome: 'pass' | 'failure' | 'error' | 'skipped';
  readonly message: string;
}

function findingText(findings: readonly FuzzFinding[]): string {
  return findings
    .map(({ shape, words, seeds, reproduce }) =>
      [words, `shape: ${shape}`, `seeds: ${seeds.join(' ')}`, `to reproduce: ${reproduce}`].join(
        '\n',
      ),
    )
    .join('\n\n');
}

function invariantCase(report: FuzzReport, { id, claim }: Invariant): Case {
  const seeds = report.totals.violated[id] ?? 0;
  if (seeds === 0) return { name: id, claim, outcome: 'pass', message: '' };
  const own = report.findings.filter(({ checker }) => checker === id);
  const text = own.length === 0 ? 'after another violation in each of them' : findingText(own);
  return { name: id, claim, outcome: 'failure', message: `${seeds} of the runs\n${text}` };
}

function selfCases(
  { totals, findings, missingMarks }: FuzzReport,
  known: ReadonlySet<string>,
): Case[] {
  const others = findings.filter(({ checker }) => !known.has(checker));
  const test = (name: string, claim: string, outcome: Case['outcome'], message: string): Case => ({
    ...{ name, claim, outcome: message === '' ? 'pass' : outcome, message },
  });
  const parted = totals.diverged.map(({ seed, lines }) => [`seed ${seed}`, ...lines].join('\n'));
  const lost = totals.crashed.map(({ seed, message }) => `seed ${seed}: ${message}`);
  const proved = totals.verdicts.pass + totals.verdicts.fail;
  return [
    test(
      'no-other-failure',
      'No server dies, no scenario disappoints.',
      'failure',
      findingText(others),
    ),
    test('determinism', 'A run is the same each time.', 'error', parted.join('\n')),
    test('simulator', 'The simulator gets to the end of each run.', 'error', lost.join('\n')),
    test('marks', 'Rare paths that were asked for are taken.', 'failure', missingMarks.join('\n')),
    test('not-vacuous', 'Some run proves something.', 'skipped', proved > 0 ? '' : 'none did'),
  ];
}

function caseLines({ name, claim, outcome, message }: Case): string[] {
  const attributes = { name, classname: `zabsim.${name}`, time: 0 };
  const described = element(
    'properties',
    {},
    element('property', { name: 'claim', value: claim }, []),
  );
  if (outcome === 'pass') return element('testcase', attributes, described);
  const [first = ''] = message.split('\n');
  const told = outcome === 'skipped' ? [] : [escaped(message)];
  return element('testcase', attributes, [
    ...described,
    ...element(outcome, { message: first }, told),
  ]);
}

export function fuzzJunit(report: FuzzReport, invariants: readonly Invariant[]): string[] {
  const { totals, elapsedUs } = report;
  const known = new Set(invariants.map(({ id }) => id));
  const cases = [
    ...invariants.map((invariant) => invariantCase(report, invariant)),
    ...selfCases(report, known),
  ];
  const having = (outcome: Case['outcome']): number =>
    cases.filter((one) => one.outcome === outcome).length;
  const sums = {
    ...{ tests: cases.length, failures: having('failure'), errors: having('error') },
    ...{ skipped: having('skipped'), time: (elapsedUs / 1e6).toFixed(3) },
  };
  const facts = {
    ...{ seeds: report.seeds, runs: totals.runs, hash: totals.hash, events: totals.events },
    ...{ vacuous: totals.vacuous, interrupted: String(report.interrupted) },
  };
  const properties = Object.entries(facts).flatMap(([name, value]) =>
    element('property', { name, value }, []),
  );
  const suite = element('testsuite', { name: 'zabsim fuzz', ...sums }, [
    ...element('properties', {}, properties),
    ...cases.flatMap(caseLines),
  ]);
  return ['<?xml version="1.0" encoding="UTF-8"?>', ...element('testsuites', sums, suite)];
}
