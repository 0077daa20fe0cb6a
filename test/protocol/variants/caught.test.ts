// The museum: each variant is caught, by the checker that it names first, in a scenario kept for it;
// and with safe rules the same scenario breaks nothing.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ELECTION_BUGS } from '../../../protocol/variants/election-registry.js';
import { MUTATIONS } from '../../../protocol/variants/mutations/registry.js';
import { VARIANTS, variantsNamed } from '../../../protocol/variants/registry.js';
import { CHECKERS } from '../../../sim/checkers/registry.js';
import { runScenario } from '../../../sim/run.js';
import { parseScenario } from '../../../sim/scenario.js';
import type { Scenario } from '../../../sim/scenario/scenario.js';

function load(id: string): Scenario {
  const file = `${id}.yaml`;
  const parsed = parseScenario(readFileSync(join(import.meta.dirname, file), 'utf8'), file);
  if (parsed.ok === undefined) throw new Error(JSON.stringify(parsed));
  return parsed.ok;
}

/** Checkers that fire, the first one first. */
function firing(scenario: Scenario): string[] {
  const { violations } = runScenario(scenario, { level: 'hash' });
  const inOrder = violations.toSorted((a, b) => a.record - b.record);
  return [...new Set(inOrder.map(({ checker }) => checker))];
}

const kept = readdirSync(import.meta.dirname)
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => name.replace('.yaml', ''))
  .filter((id) => VARIANTS.some((variant) => variant.id === id));

describe.each(VARIANTS.filter(({ id }) => kept.includes(id)))('$id', ({ id, breaks }) => {
  const scenario = load(id);

  it('is caught', () => {
    expect(scenario.variants).toEqual([id]);
    expect(firing(scenario)[0]).toBe(breaks[0]);
  });

  it('is not there with safe rules', () => {
    const { violations, deaths } = runScenario({ ...scenario, variants: [] }, { level: 'hash' });
    expect([violations, deaths]).toEqual([[], []]);
  });
});

describe('the registry of variants', () => {
  it('has a scenario for each, or a seed of mutations.test.ts', () => {
    const seeded = new Set([...ELECTION_BUGS, ...MUTATIONS].map(({ id }) => id));
    const without = VARIANTS.filter(({ id }) => !kept.includes(id) && !seeded.has(id));
    expect(without).toEqual([]);
  });

  it('names each once, and checkers that exist', () => {
    const ids = VARIANTS.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const checkers = new Set(CHECKERS.map(({ id }) => id));
    expect(VARIANTS.flatMap(({ breaks }) => breaks).filter((id) => !checkers.has(id))).toEqual([]);
    const harmless = VARIANTS.filter(({ breaks }) => breaks.length === 0);
    expect(harmless.filter(({ control }) => control === undefined)).toEqual([]);
  });

  it('finds a bug by its issue', () => {
    const ids = (name: string): string[] => variantsNamed(name).map(({ id }) => id);
    expect(ids('ZOOKEEPER-3911')).toEqual(['ack-newleader-before-log']);
    expect(ids('3911')).toEqual(ids('ZOOKEEPER-3911'));
    expect(ids('4785')).toEqual(['ack-newleader-before-fsync']);
    expect(ids('memory-behind-log')).toEqual(['memory-behind-log']);
    expect(ids('no-such-bug')).toEqual([]);
  });
});
