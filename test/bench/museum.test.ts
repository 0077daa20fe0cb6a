// The page of the museum: its tables are what the record makes of them, every bug has its rows, and
// everything that fails in a release is put down to somebody. What it counts is measured by
// `npm run museum`; here are small measurements.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { attribute, failsIn } from '../../bench/museum/attribution.js';
import { campaign } from '../../bench/museum/campaigns.js';
import { museumTables, withTables } from '../../bench/museum/page.js';
import { readRecord } from '../../bench/museum/record.js';
import { loadKept } from '../../cli/bug-scenarios.js';
import { VARIANTS } from '../../protocol/variants/registry.js';
import { PROFILES } from '../../sim/profiles.js';

const ROOT = join(import.meta.dirname, '..', '..');
const PAGE = readFileSync(join(ROOT, 'docs', 'museum.md'), 'utf8');
const RECORD = readRecord(join(ROOT, 'bench', 'museum.json'));

describe('docs/museum.md', () => {
  it('has the tables that the record makes (npm run museum -- --page writes them)', () => {
    expect(withTables(PAGE, RECORD, loadKept)).toBe(PAGE);
  });

  it('has every bug and every release', () => {
    const bugs = VARIANTS.filter(({ control }) => control === undefined);
    expect(bugs.map(({ id }) => id).filter((id) => RECORD.bugs[id] === undefined)).toEqual([]);
    const releases = PROFILES.filter(({ variants }) => variants.length > 0);
    expect(Object.keys(RECORD.profiles)).toEqual(releases.map(({ name }) => name));
    expect(PAGE).not.toContain('NOT EXPLAINED');
  });

  it('shows the six bugs of release 3.9.1 that Remix found', () => {
    const { attributions = [] } = RECORD.profiles['zookeeper-3.9.1'] ?? {};
    const alone = attributions.flatMap(({ variants }) => (variants.length === 1 ? variants : []));
    const six = ['3023', '4394', '4643', '4646', '4685', '4712'].map((issue) => {
      return VARIANTS.find(({ jira }) => jira.includes(`ZOOKEEPER-${issue}`))?.id ?? issue;
    });
    expect(six.filter((id) => !alone.includes(id))).toEqual([]);
  });
});

describe('a campaign', () => {
  it('counts the seeds until somebody notices, the same ones each time', () => {
    const first = campaign('ack-before-fsync', 1, 'all', 50);
    expect(first).toMatchObject({ by: 'ack-truthfulness' });
    expect(campaign('ack-before-fsync', 1, 'all', 50).seeds).toBe(first.seeds);
    const none = campaign('gaps-accepted', 1, 'all', 3);
    expect([none.seeds, none.by]).toEqual([undefined, undefined]);
  });

  it('sees less with the checkers of clients alone', () => {
    const { seeds } = campaign('ack-before-fsync', 1, 'clients', 3);
    expect(seeds).toBeUndefined();
  });
});

describe('an attribution', () => {
  const fails = (seed: number, variants: readonly string[]): ReadonlySet<string> => {
    const has = (...ids: string[]): boolean => ids.every((id) => variants.includes(id));
    const found = new Set<string>();
    if (seed !== 2 && has('a')) found.add('x');
    if (seed === 3 && has('b', 'c')) found.add('y');
    if (seed === 4) found.add('z');
    return found;
  };

  it('names who does it alone, who only together, and nobody if safe rules fail', () => {
    const { failing, attributions } = attribute({ variants: ['a', 'b', 'c'] }, 4, fails);
    expect(failing).toBe(3);
    expect(attributions).toEqual([
      { variants: [], seeds: 1, firstSeed: 4, breaks: { z: 1 } },
      { variants: ['a'], seeds: 3, firstSeed: 1, breaks: { x: 3 } },
      { variants: ['b', 'c'], seeds: 1, firstSeed: 3, breaks: { y: 1 } },
    ]);
    const profiles = { 'zookeeper-3.9.1': { seeds: 4, failing, attributions } };
    const { releases = [] } = museumTables({ bugs: {}, profiles }, () => undefined);
    expect(releases.join('\n')).toContain('`z` (NOT EXPLAINED, seed 4)');
  });

  it('runs what it is told', () => {
    expect([...failsIn(3, ['ack-before-fsync'])]).toContain('ack-truthfulness');
  });
});
