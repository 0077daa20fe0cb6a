// What the swarm has found, kept as the scenarios that showed it. Each ends well with safe rules; one
// that names a variant ends badly with it, and a checker says so.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { VARIANTS } from '../../protocol/variants/registry.js';
import { runScenario } from '../../sim/run.js';
import { parseScenario } from '../../sim/scenario.js';
import type { Scenario } from '../../sim/scenario/scenario.js';

const FOLDER = join(import.meta.dirname, '..', 'regressions');
const files = readdirSync(FOLDER).filter((name) => name.endsWith('.yaml'));

function load(file: string): Scenario {
  const parsed = parseScenario(readFileSync(join(FOLDER, file), 'utf8'), file);
  if (parsed.ok === undefined) throw new Error(`${file} does not parse`);
  return parsed.ok;
}

function violatedBy(scenario: Scenario): string[] {
  const { violations } = runScenario(scenario, { level: 'hash' });
  return [...new Set(violations.map(({ checker }) => checker))];
}

const all = files.map((file) => [file, load(file)] as const);

describe('what the swarm found once', () => {
  it.each(all)('%s does not happen with safe rules', (_file, scenario) => {
    expect(violatedBy({ ...scenario, variants: [] })).toEqual([]);
  });

  const planted = all.filter(([, { variants }]) => variants.length > 0);

  it.each(planted)('%s happens with its variant', (_file, scenario) => {
    for (const id of scenario.variants) {
      expect(VARIANTS.map((variant) => variant.id)).toContain(id);
    }
    const { violates } = scenario.expect;
    expect(violates).not.toEqual([]);
    expect(violatedBy(scenario)).toEqual(expect.arrayContaining([...violates]));
  });
});
