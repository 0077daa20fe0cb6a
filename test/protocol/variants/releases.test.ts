// Ranges of releases as people write them, and what the registry says with them.
import { describe, expect, it } from 'vitest';
import { VARIANTS } from '../../../protocol/variants/registry.js';
import { compareReleases, isPresent } from '../../../protocol/variants/releases.js';
import { PROFILES } from '../../../sim/profiles.js';

describe('releases', () => {
  it.each([
    ['3.9.1', ['3.9.1'], ['3.9.0', '3.9.10', 'head']],
    ['3.4.10 to 3.4.14', ['3.4.10', '3.4.12', '3.4.14'], ['3.4.9', '3.4.15', '3.5.0', 'head']],
    ['up to 3.3.3', ['3.3.3', '3.2.9', '3.0.0'], ['3.3.4', '3.4.0']],
    ['before 3.4.0', ['3.3.6'], ['3.4.0', 'head']],
    ['3.5.3 and later', ['3.5.3', '3.5.10', '3.9.4', 'head'], ['3.5.2', '3.4.14']],
    ['3.5.9 and later of 3.5', ['3.5.9', '3.5.10'], ['3.5.8', '3.6.0', 'head']],
  ])('%s', (range, inside, outside) => {
    expect(inside.filter((release) => !isPresent([range], release))).toEqual([]);
    expect(outside.filter((release) => isPresent([range], release))).toEqual([]);
  });

  it('are compared as numbers', () => {
    expect(compareReleases('3.4.9', '3.4.10')).toBeLessThan(0);
    expect(compareReleases('head', '3.10.0')).toBeGreaterThan(0);
    expect(() => isPresent(['some day'], '3.9.1')).toThrow('some day');
  });
});

describe('the registry', () => {
  it('says of no release both that it has a bug and that it was fixed there', () => {
    const wrong = VARIANTS.flatMap(({ id, presentIn = [], fixedIn = [] }) =>
      fixedIn.filter((release) => isPresent(presentIn, release)).map((release) => [id, release]),
    );
    expect(wrong).toEqual([]);
  });

  it('gives release 3.9.1 the six bugs of Remix, and safe none', () => {
    const of = (name: string): readonly string[] =>
      PROFILES.find((profile) => profile.name === name)?.variants ?? [];
    const issues = VARIANTS.filter(({ id }) => of('zookeeper-3.9.1').includes(id)).flatMap(
      ({ jira }) => jira,
    );
    const six = [3023, 4394, 4643, 4646, 4685, 4712].map((number) => `ZOOKEEPER-${number}`);
    expect(six.filter((issue) => !issues.includes(issue))).toEqual([]);
    expect(of('safe')).toEqual([]);
    expect(of('zookeeper-3.9.4')).not.toContain('epoch-before-history');
    expect(of('zookeeper-3.4.10')).toContain('memory-behind-log');
  });
});
