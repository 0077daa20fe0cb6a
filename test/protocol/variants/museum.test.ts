// The museum: each variant has the smallest scenario that shows it, where the checker that it names
// first is the first to fail; with safe rules the same scenario breaks nothing; and nothing can be
// taken out of it. Controls are found by nobody. Where a run is another one than its file tells
// of, UPDATE_GOLDEN=1 makes another one.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compareCodeUnits } from '../../../base/order.js';
import { SAFE_RULES } from '../../../protocol/rules.js';
import { differencesOf } from '../../../protocol/variants/differences.js';
import { MUTATIONS } from '../../../protocol/variants/mutations/registry.js';
import { VARIANTS, variantsNamed } from '../../../protocol/variants/registry.js';
import { CHECKERS } from '../../../sim/checkers/registry.js';
import { runScenario } from '../../../sim/run.js';
import { sizeOf } from '../../../sim/shrink/size.js';
import { drawScenario } from '../../../sim/swarm.js';
import {
  failing,
  folderOf,
  load,
  notedHash,
  pathOf,
  retold,
  SCENARIOS,
  shrinkAnew,
  textOf,
} from './kept-scenarios.js';

const CONTROLS = VARIANTS.filter(({ control }) => control !== undefined);
const CAUGHT = VARIANTS.filter(({ control }) => control === undefined);
const CONTROL_SEEDS = 40;

if (process.env['UPDATE_GOLDEN'] === '1') CAUGHT.forEach(shrinkAnew);

describe.each(CAUGHT)('$id', (variant) => {
  const { id, breaks } = variant;
  const scenario = load(variant);

  it('is caught, by the checker that it names first', () => {
    expect(scenario.variants).toEqual([id]);
    expect(scenario.expect.violates).toEqual([breaks[0]]);
    expect(failing(scenario)[0]).toBe(breaks[0]);
  });

  it('is what is caught, not something else: safe rules break nothing', () => {
    const { violations, deaths } = runScenario({ ...scenario, variants: [] }, { level: 'hash' });
    expect([violations, deaths]).toEqual([[], []]);
  });

  it('has a scenario without anything to spare', () => {
    expect(textOf(variant)).toMatch(/^# 1-minimal: (\d+) of \1 single removals pass$/m);
    const { operations, faults } = sizeOf(scenario);
    expect(operations).toBeLessThanOrEqual(8);
    expect(faults).toBeLessThanOrEqual(3);
  });

  it('runs as its file tells (UPDATE_GOLDEN=1 makes it so)', () => {
    expect(runScenario(scenario, { level: 'hash' }).traceHash).toBe(notedHash(variant));
    expect(textOf(variant)).toBe(retold(variant));
  });
});

describe('the registry of variants', () => {
  it('has every scenario of the two folders, and the folders nothing else', () => {
    for (const folder of ['bugs', 'mutations']) {
      const files = readdirSync(join(SCENARIOS, folder)).toSorted(compareCodeUnits);
      const ids = CAUGHT.filter((variant) => folderOf(variant) === folder).map(({ id }) => id);
      expect(files).toEqual(ids.map((id) => `${id}.yaml`).toSorted(compareCodeUnits));
    }
    const kept = CONTROLS.filter((one) => existsSync(pathOf(one)));
    expect(kept).toEqual([]);
  });

  it('names each once, and checkers that exist', () => {
    const ids = VARIANTS.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const checkers = new Set(CHECKERS.map(({ id }) => id));
    expect(VARIANTS.flatMap(({ breaks }) => breaks).filter((id) => !checkers.has(id))).toEqual([]);
    const harmless = VARIANTS.filter(({ breaks }) => breaks.length === 0);
    expect(harmless.filter(({ control }) => control === undefined)).toEqual([]);
  });

  it('calls mutations what stands among them, and the rest by their story and releases', () => {
    const mutations = VARIANTS.filter(({ kind }) => kind === 'mutation');
    expect(mutations).toEqual(MUTATIONS);
    const bugs = VARIANTS.filter(({ kind }) => kind === undefined);
    expect(bugs.filter(({ story = [] }) => story.length < 3).map(({ id }) => id)).toEqual([]);
    const nowhere = bugs.filter(({ jira, presentIn, fixedIn }) => {
      return jira.length > 0 && presentIn === undefined && fixedIn === undefined;
    });
    expect(nowhere).toEqual([]);
  });

  it('finds a bug by its issue', () => {
    const ids = (name: string): string[] => variantsNamed(name).map(({ id }) => id);
    expect(ids('ZOOKEEPER-3911')).toEqual(['ack-newleader-before-log']);
    expect(ids('3911')).toEqual(ids('zookeeper-3911'));
    expect(ids('4785')).toEqual(['ack-newleader-before-fsync']);
    expect(ids('1732')).toEqual(['settled-votes-compared-whole', 'settled-vote-not-refreshed']);
    expect(ids('memory-behind-log')).toEqual(['memory-behind-log']);
    expect(ids('no-such-bug')).toEqual([]);
    expect(ids('')).toEqual([]);
  });
});

describe('the differences of a variant', () => {
  it.each(VARIANTS)('$id decides something otherwise', (variant) => {
    expect(differencesOf(variant).length).toBeGreaterThan(0);
  });

  it('are the steps in both orders, and nothing for safe rules', () => {
    const [variant] = variantsNamed('4643');
    expect(variant === undefined ? [] : differencesOf(variant)).toMatchObject([
      { decision: 'onNewLeader', safe: SAFE_RULES.onNewLeader },
    ]);
    const none = { ...VARIANTS[0]!, apply: () => SAFE_RULES };
    expect(differencesOf(none)).toEqual([]);
  });
});

describe('a control', () => {
  it.each(CONTROLS)('$id is found by nobody: $control', ({ id }) => {
    for (let seed = 1; seed <= CONTROL_SEEDS; seed++) {
      const { violations, deaths } = runScenario(drawScenario(`${seed}`, { variants: [id] }), {
        level: 'hash',
      });
      expect([seed, violations, deaths]).toEqual([seed, [], []]);
    }
  });
});
