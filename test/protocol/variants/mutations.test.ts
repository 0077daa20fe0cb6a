// Every mutation, and every historical bug of election and discovery, with a seed of the swarm that
// shows it, or a story where the swarm hardly ever goes: the checker named first finds it there,
// and with safe rules the same run ends well. Controls are found by nobody. When the swarm or a
// reducer changes, the seeds do too: UPDATE_GOLDEN=1 looks for the first ones anew.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ELECTION_BUGS } from '../../../protocol/variants/election-registry.js';
import { MUTATIONS } from '../../../protocol/variants/mutations/registry.js';
import { VARIANTS } from '../../../protocol/variants/registry.js';
import type { Variant } from '../../../protocol/variants/variant.js';
import { CHECKERS } from '../../../sim/checkers/registry.js';
import type { RunOutcome } from '../../../sim/run.js';
import { runScenario } from '../../../sim/run.js';
import { parseScenario } from '../../../sim/scenario.js';
import type { Scenario } from '../../../sim/scenario/scenario.js';
import { drawScenario } from '../../../sim/swarm.js';

const FILE = join(import.meta.dirname, 'seeds.json');
const ALL = [...ELECTION_BUGS, ...MUTATIONS];
const CONTROLS = ALL.filter(({ control }) => control !== undefined);
const CAUGHT = ALL.filter(({ control }) => control === undefined);
const SEARCHED = 20_000;
const CONTROL_SEEDS = 40;

function run(scenario: Scenario, variants: readonly string[]): RunOutcome {
  return runScenario({ ...scenario, variants }, { level: 'hash' });
}

function storyOf(id: string): string | undefined {
  const path = join(import.meta.dirname, `${id}.yaml`);
  return existsSync(path) ? path : undefined;
}

function findersOf({ violations }: RunOutcome): readonly string[] {
  return [...new Set(violations.map(({ checker }) => checker))];
}

function search({ id, breaks }: Variant): number {
  for (let seed = 1; seed <= SEARCHED; seed++) {
    if (findersOf(run(drawScenario(`${seed}`), [id])).includes(breaks[0] ?? '')) return seed;
  }
  throw new Error(`no seed up to ${SEARCHED} shows ${id} to ${breaks[0] ?? ''}`);
}

function pinned(): Readonly<Record<string, number>> {
  if (process.env['UPDATE_GOLDEN'] === '1') {
    const sought = CAUGHT.filter(({ id }) => storyOf(id) === undefined);
    const seeds = Object.fromEntries(sought.map((variant) => [variant.id, search(variant)]));
    writeFileSync(FILE, `${JSON.stringify(seeds, undefined, 2)}\n`);
  }
  return JSON.parse(readFileSync(FILE, 'utf8')) as Record<string, number>;
}

const SEEDS = pinned();

function scenarioFor(id: string): Scenario {
  const path = storyOf(id);
  if (path === undefined) return drawScenario(`${SEEDS[id] ?? 0}`);
  const parsed = parseScenario(readFileSync(path, 'utf8'), path);
  if (parsed.ok === undefined) throw new Error(`${path} does not parse`);
  return parsed.ok;
}

describe('a mutation', () => {
  it.each(CAUGHT)('$id is found', ({ id, breaks }) => {
    expect(findersOf(run(scenarioFor(id), [id]))).toContain(breaks[0]);
  });

  it.each(CAUGHT)('$id is what is found, not something else', ({ id }) => {
    const { violations, deaths } = run(scenarioFor(id), []);
    expect(violations).toEqual([]);
    expect(deaths).toEqual([]);
  });

  it.each(ALL)('$id names checkers that there are', ({ breaks }) => {
    const known = new Set(CHECKERS.map(({ id }) => id));
    expect(breaks.filter((id) => !known.has(id))).toEqual([]);
  });

  it('is in the one registry', () => {
    const known = new Set(VARIANTS.map(({ id }) => id));
    expect(ALL.map(({ id }) => id).filter((id) => !known.has(id))).toEqual([]);
  });
});

describe('a control', () => {
  it.each(CONTROLS)('$id is found by nobody: $control', ({ id }) => {
    for (let seed = 1; seed <= CONTROL_SEEDS; seed++) {
      const { violations, deaths } = run(drawScenario(`${seed}`), [id]);
      expect([seed, violations, deaths]).toEqual([seed, [], []]);
    }
  });
});
